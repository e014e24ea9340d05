import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseResults } from "../results/reader.ts";
import { CELL, FAILURE, RUN, SAMPLE, SMALL_CATALOGUE } from "../testing/records.ts";
import { duration, ProgressLine, progressText } from "./progress_line.ts";
import { strategiesData, strategiesText } from "./strategies.ts";
import { aligned, allAsClaimed, shortNumber, summaryText } from "./summary_table.ts";

function results(...records: readonly unknown[]) {
  return parseResults(records.map((record) => JSON.stringify(record) + "\n").join(""), "f");
}

Deno.test("summaryText shows mean and interval over processes", () => {
  const sample = (throughput: number) => ({
    ...SAMPLE,
    throughput,
    seconds: SAMPLE.ops / throughput,
    vcpus: [],
  });
  const samples = (values: readonly number[]) =>
    values.map((speed, at) => ({ ...sample(speed), repeat: at, process: at }));
  const text = summaryText(results(RUN, CELL, ...samples([4000, 4500, 5000, 5500, 6250])));
  assertStringIncludes(text, "default: atomic-add(counters=1), increments");
  assertStringIncludes(text, "cmpxchg+typed+thread-per-vcpu");
  assertStringIncludes(text, "4.99 k/s [4.03 k, 6.19 k]");
  const few = summaryText(results(RUN, CELL, ...samples([4000, 4000])));
  assertStringIncludes(few, "4.00 k/s (n = 2)");
  assertStringIncludes(text, "2 vCPUs");
});

Deno.test("summaryText shows an A/A cell in a line of its own", () => {
  const again = { ...CELL, cell: "once more", again: CELL.cell };
  const text = summaryText(
    results(RUN, CELL, SAMPLE, again, { ...SAMPLE, cell: again.cell, process: 1 }),
  );
  assertStringIncludes(text, "cmpxchg+typed+thread-per-vcpu (again)  4.00 k/s (n = 1)");
});

Deno.test("summaryText shows no time for a wrong result and lists it", () => {
  const text = summaryText(results(RUN, CELL, SAMPLE, FAILURE));
  assertStringIncludes(text, "WRONG (1/2)");
  assertStringIncludes(text, `wrong: ${CELL.cell}: ${FAILURE.message}`);
  assert(!text.includes("4.00 k/s"));
});

Deno.test("allAsClaimed excuses what the scheme predicts and nothing else", () => {
  const predicted = { ...CELL, prediction: { check: "may-fail", because: "A reason." } };
  assert(allAsClaimed(results(RUN, CELL, SAMPLE)));
  assert(allAsClaimed(results(RUN, predicted, FAILURE)));
  assert(!allAsClaimed(results(RUN, CELL, FAILURE)));
  assert(!allAsClaimed(results(RUN, predicted, { ...FAILURE, failure: "crash" })));
});

Deno.test("shortNumber keeps three digits", () => {
  assertEquals([0.5, 12, 123.4, 1234, 5.6e6, 7e9].map(shortNumber), [
    "0.500",
    "12.0",
    "123",
    "1.23 k",
    "5.60 M",
    "7.00 G",
  ]);
});

Deno.test("aligned pads every column but the last", () => {
  assertEquals(aligned([["", "b"], ["long", "c"]]), ["      b", "long  c"]);
});

Deno.test("progressText says what runs, how many are left and how long", () => {
  const progress = { running: "cell", jobsDone: 4, jobs: 20, secondsLeft: 75 };
  assertEquals(progressText(progress), "5 of 20, 1 min 15 s left: cell");
  assertEquals(
    progressText({ ...progress, budgetLeft: 40 }),
    "5 of 20, the time budget ends in 40 s: cell",
  );
  assertEquals(progressText({ ...progress, jobsDone: 0 }), "1 of 20: cell");
  assertEquals(progressText({ ...progress, running: "", jobsDone: 20 }), "20 of 20 done");
  assertEquals([0.4, 59.7, 3600].map(duration), ["0 s", "1 min 0 s", "60 min 0 s"]);
});

Deno.test("ProgressLine rewrites its line on a terminal and fits it in", () => {
  const written: string[] = [];
  const line = new ProgressLine({
    terminal: true,
    columns: 20,
    write: (text) => void written.push(text),
  });
  line.show({ running: "x".repeat(50), jobsDone: 0, jobs: 9, secondsLeft: 0 });
  line.end();
  line.end();
  assertEquals(written, [`\r1 of 9: ${"x".repeat(11)}\x1b[K`, "\n"]);
});

Deno.test("ProgressLine writes a line only now and then elsewhere, the last always", () => {
  const written: string[] = [];
  const line = new ProgressLine({
    terminal: false,
    columns: 80,
    write: (text) => void written.push(text),
  });
  const progress = { running: "a", jobsDone: 0, jobs: 3, secondsLeft: 0 };
  line.show(progress, 0);
  line.show({ ...progress, jobsDone: 1 }, 1);
  line.show({ ...progress, jobsDone: 2 }, 15);
  line.show({ ...progress, running: "", jobsDone: 3 }, 16);
  line.end();
  assertEquals(written, ["1 of 3: a\n", "3 of 3, 0 s left: a\n", "3 of 3 done\n"]);
});

Deno.test("strategiesText lists source, constraints and weaknesses of the wanted kinds", () => {
  const text = strategiesText(SMALL_CATALOGUE, ["atomics"]);
  for (const words of ["pico-st", "Source: A paper.", "Weakness: One.", "aba safe: yes"]) {
    assertStringIncludes(text, words);
  }
  assertStringIncludes(text, "stops the world: load-exclusive, store-exclusive");
  assert(!text.includes("round-robin"));
});

Deno.test("strategiesData holds facts that survive JSON", () => {
  const data = strategiesData(SMALL_CATALOGUE, []);
  assertEquals(JSON.parse(JSON.stringify(data)), data);
  assertEquals(Object.keys(data as object), ["atomics", "barriers", "scheduling"]);
});
