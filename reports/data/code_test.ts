import { assertEquals } from "@std/assert";
import { CELL } from "../../benches/testing/records.ts";
import type { CellRecord, OurSubject } from "../../benches/results/types.ts";
import { madeUpTables, ours, schemes } from "../testing/made_up.ts";
import { SCALING_ATOMICS } from "../charts/scaling_atomics.ts";
import { codeWords, isScalingBase, runSameCode } from "./code.ts";
import { judgedAlone } from "./verdict.ts";

function record(atomics: string, more: Partial<CellRecord> = {}): CellRecord {
  return { ...CELL, cell: atomics, subject: ours(atomics), vcpus: 1, ...more };
}
const forced = (atomics: string): OurSubject =>
  ({ ...ours(atomics), parallelCode: "forced" }) as OurSubject;
const SAME = { sameCodeAs: { atomics: "plain" } };

Deno.test("codeWords names the schemes with the same code and code that was forced", () => {
  assertEquals(codeWords(record("hst")), "");
  assertEquals(
    codeWords(record("cmpxchg", { sameCodeAs: { atomics: "plain", barriers: "none" } })),
    "same code as plain; same code as barriers none",
  );
  assertEquals(
    codeWords(record("cmpxchg", { subject: forced("cmpxchg") })),
    "code as for vCPUs in parallel",
  );
});

Deno.test("runSameCode sees through names only where the cells are alike else", () => {
  const [plain, cmpxchg, mutex] = [record("plain"), record("cmpxchg", SAME), record("mutex", SAME)];
  assertEquals(runSameCode(plain, cmpxchg), true);
  assertEquals(runSameCode(cmpxchg, mutex), true);
  assertEquals(runSameCode(plain, record("hst")), false);
  assertEquals(runSameCode(plain, record("cmpxchg", { ...SAME, vcpus: 2 })), false);
  assertEquals(runSameCode(plain, record("cmpxchg", { subject: forced("cmpxchg") })), false);
  // A cell that is measured again has the same subject: its name is the same too.
  assertEquals(runSameCode(plain, record("plain", { again: "plain" })), false);
});

Deno.test("a verdict on cells with the same code says so", () => {
  const values = { plain: [10, 11, 10, 11, 10], cmpxchg: [20, 21, 20, 21, 20] };
  const tables = madeUpTables([
    ...schemes({ plain: values.plain }, { vcpus: 1 }),
    ...schemes({ cmpxchg: values.cmpxchg }, { vcpus: 1, ...SAME }),
  ]);
  const [plain, cmpxchg] = tables.cells;
  assertEquals(judgedAlone(tables, cmpxchg, plain)?.words.endsWith(" (same code)"), true);
});

Deno.test("scaling is drawn from one vCPU with parallel code or not at all", () => {
  const steady = [100, 101, 99, 100, 102];
  const at = (vcpus: number, subject: CellRecord["subject"]) => ({
    record: { cell: `${JSON.stringify(subject)} ${vcpus}`, vcpus, subject },
    throughputs: steady,
  });
  const drawn = (...cells: ReturnType<typeof at>[]) => SCALING_ATOMICS.draw(madeUpTables(cells));
  const two = at(2, ours("cmpxchg")), four = at(4, ours("cmpxchg"));
  for (const cells of [[two, four], [at(1, ours("cmpxchg")), two]]) {
    const drawing = drawn(...cells);
    assertEquals("missing" in drawing, true, JSON.stringify(cells));
  }
  const drawing = drawn(
    at(1, forced("cmpxchg")),
    two,
    at(1, ours("mutex")),
    at(2, ours("mutex")),
  );
  if ("missing" in drawing) throw new Error(drawing.missing);
  assertEquals(drawing.rows.map(({ series, vcpus }) => `${series} ${vcpus}`), [
    "cmpxchg 1",
    "cmpxchg 2",
  ]);
  assertEquals(drawing.notes[0].includes("mutex on atomic-add, counters 1"), true);
  assertEquals(isScalingBase(record("hst", { vcpus: 2, subject: forced("hst") })), false);
});
