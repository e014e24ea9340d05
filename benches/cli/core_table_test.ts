import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { parseResults, type Results } from "../results/reader.ts";
import type { CellRecord, Subject } from "../results/types.ts";
import { CELL, RUN, SAMPLE } from "../testing/records.ts";
import { coreRows, coreTable, metWords } from "./core_table.ts";

const QEMU: Subject = { engine: "qemu", thread: "multi" };

function results(experiment: string, ours: readonly number[], theirs: readonly number[]): Results {
  const cell = (name: string, subject: Subject): CellRecord => ({
    ...CELL,
    cell: name,
    experiment,
    subject,
    workload: "calls",
    params: { kind: "svc" },
    vcpus: 1,
  });
  const samples = (name: string, values: readonly number[]) =>
    values.map((throughput, repeat) => ({
      ...SAMPLE,
      cell: name,
      params: { kind: "svc", milliseconds: 100 },
      repeat,
      turn: repeat,
      process: 2 * repeat + (name === "a" ? 0 : 1),
      throughput,
      seconds: SAMPLE.ops / throughput,
      vcpus: [],
    }));
  const records = [
    RUN,
    cell("a", CELL.subject),
    ...samples("a", ours),
    cell("b", QEMU),
    ...samples("b", theirs),
  ];
  return parseResults(records.map((one) => JSON.stringify(one) + "\n").join(""), "f");
}

Deno.test("coreRows divides ours by QEMU's and names the target of the case", () => {
  const [row, ...more] = coreRows(results("core", [30, 31, 32, 33, 34], [16, 16, 16, 16, 16]));
  assertEquals(more, []);
  assertEquals([row.one.title, row.at.target, row.samples], ["SVC round trips", 0.7, 5]);
  assertAlmostEquals(row.ours!, 31.969, 1e-3);
  assertAlmostEquals(row.qemu!, 16, 1e-9);
  assertAlmostEquals(row.compared!.ratio, 31.969 / 16, 1e-3);
  assertEquals([row.compared!.paired, row.compared!.verdict], [true, "higher"]);
});

Deno.test("coreTable is empty for results of other experiments", () => {
  assertEquals(coreTable(results("scaling", [1], [1])), "");
});

Deno.test("coreTable shows our speed alone where QEMU is missing", () => {
  const text = coreTable(results("core", [5e6], []));
  assertStringIncludes(text, "SVC round trips");
  assert(/SVC round trips\s+1\s+5\.00 M\s+-\s+-/.test(text), text);
});

Deno.test("metWords goes by the interval", () => {
  const at = { vcpus: 1, target: 1, reference: null };
  const words = (low: number, ratio: number, high: number, samples = 5) =>
    metWords({
      at,
      compared: {
        ratio,
        interval: samples < 5 ? null : { low, high },
        probability: 0,
        corrected: 0,
        samples,
        paired: true,
        verdict: "higher",
      },
    });
  assertEquals(words(1.1, 1.2, 1.3), "met");
  assertEquals(words(0.4, 0.5, 0.6), "short by 50 %");
  assertEquals(words(0.9, 1.1, 1.2), "met, not surely");
  assertEquals(words(0.8, 0.9, 1.1), "open");
  assertEquals([words(1.1, 1.2, 1.3, 3), words(0.8, 0.9, 0.95, 3)], ["above", "below"]);
});
