import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { OurSubject } from "../../benches/results/types.ts";
import { type MadeUpCell, madeUpTables, ours, schemes } from "../testing/made_up.ts";
import { againOf, againWords } from "./again.ts";
import { implausible } from "./plausibility.ts";
import { warningsOf } from "./warnings.ts";

const VALUES = [100, 104, 97, 103, 99, 101];

function times(factor: number): number[] {
  return VALUES.map((value, at) => value * factor * (1 + 0.005 * (at % 2)));
}

function dhrystone(scheduling: string, vcpus: number, throughputs: number[]): MadeUpCell {
  const subject = { ...ours("cmpxchg") as OurSubject, scheduling };
  const record = { cell: `${scheduling} ${vcpus}`, workload: "dhrystone", params: {}, vcpus };
  return { record: { ...record, subject }, throughputs };
}

function words(...cells: MadeUpCell[]): string[] {
  return implausible(madeUpTables(cells)).map((one) => one.words);
}

Deno.test("implausible names a speed-up over one thread that two cores do not allow", () => {
  const [one, ...more] = words(
    dhrystone("round-robin", 2, times(1)),
    dhrystone("thread-per-vcpu", 2, times(2.8)),
  );
  assertEquals(more, []);
  assertStringIncludes(one, "2.80 × for cmpxchg, typed, thread-per-vcpu with 2 vCPUs over");
  assertStringIncludes(one, "where 2 cores allow 2");
});

Deno.test("implausible lets pass what is within 5 % or within the ratio's interval", () => {
  const base = dhrystone("round-robin", 2, times(1));
  assertEquals(words(base, dhrystone("thread-per-vcpu", 2, times(2.04))), []);
  const wild = VALUES.map((value, at) => value * (at % 2 ? 1 : 5));
  assertEquals(words(base, dhrystone("thread-per-vcpu", 2, wild)), []);
  assertEquals(words(base, dhrystone("thread-per-vcpu", 2, times(1.9))), []);
});

Deno.test("implausible takes one vCPU as a baseline, and never more than the host's cores", () => {
  const one = dhrystone("thread-per-vcpu", 1, times(1));
  assertEquals(words(one, dhrystone("thread-per-vcpu", 4, times(1.9))), []);
  assertEquals(words(one, dhrystone("thread-per-vcpu", 4, times(3.5))).length, 1);
  assertEquals(words(one, dhrystone("round-robin", 4, times(1.3))).length, 1);
});

Deno.test("implausible judges a single run by its value, and the warning names the ratio", () => {
  const tables = madeUpTables([
    dhrystone("round-robin", 2, [100]),
    dhrystone("thread-per-vcpu", 2, [600]),
  ]);
  const found = warningsOf(tables).find(({ kind }) => kind === "implausible")!;
  assertStringIncludes(found.message, "6.00 × for");
  assertEquals(found.cells, ["thread-per-vcpu 2", "round-robin 2"]);
});

function withAgain(factor: number, count = 6) {
  const cells = schemes({ cmpxchg: VALUES.slice(0, count), mutex: times(0.3) });
  const record = { ...cells[0].record, cell: "cmpxchg (again)", again: "cmpxchg" };
  return madeUpTables([...cells, { record, throughputs: times(factor).slice(0, count) }]);
}

Deno.test("A/A cells that agree are told in a finding and give no warning", () => {
  const tables = withAgain(0.998);
  assertEquals(againOf(tables).length, 1);
  assertEquals(againWords(tables), [
    "A/A cells (the same cell under two labels) that were called different: 0 of 1.",
  ]);
  assert(warningsOf(tables).every(({ kind }) => kind !== "same-differs"));
});

Deno.test("A/A cells that differ give a warning that names them and the factor", () => {
  const tables = withAgain(1.4);
  assertStringIncludes(againWords(tables)[0], "called different: 1 of 1.");
  const found = warningsOf(tables).find(({ kind }) => kind === "same-differs")!;
  assertStringIncludes(found.message, "by a factor of 1.40");
  assertEquals(found.cells, ["cmpxchg (again)", "cmpxchg"]);
});

Deno.test("A/A cells with too few samples are not counted as agreeing", () => {
  assertStringIncludes(againWords(withAgain(1.4, 3))[0], "none of 1 has enough samples");
  assertEquals(againWords(madeUpTables(schemes({ cmpxchg: VALUES }))), []);
});
