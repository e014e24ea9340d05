import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CELL, END, FAILURE, RUN, SAMPLE } from "../testing/records.ts";
import { parseResults } from "./reader.ts";
import { ResultsError } from "./schema.ts";
import type { FailureRecord, SampleRecord } from "./types.ts";

const RESUMED = { ...RUN, resumed: true, started: "2026-01-03T00:00:00.000Z" };

function read(...records: readonly unknown[]) {
  return parseResults(records.map((one) => JSON.stringify(one) + "\n").join(""), "out/r.jsonl");
}

function refused(...records: readonly unknown[]): string {
  return assertThrows(() => read(...records), ResultsError).message;
}

Deno.test("a value that contradicts others is refused by file, line, field and remedy", () => {
  const wrong: [string, Partial<SampleRecord>][] = [
    ["throughput", { throughput: 5000 }],
    ["throughput", { throughput: 0 }],
    ["unit", { unit: "runs" }],
    ["vcpus.1.id", { vcpus: [SAMPLE.vcpus[0], { ...SAMPLE.vcpus[1], id: 2 }] }],
    ["vcpus.1.id", { vcpus: [SAMPLE.vcpus[0], { ...SAMPLE.vcpus[1], id: 0 }] }],
    ["vcpus.0.seconds", { vcpus: [{ ...SAMPLE.vcpus[0], seconds: 9 }, SAMPLE.vcpus[1]] }],
    ["ops", { vcpus: [{ ...SAMPLE.vcpus[0], ops: 1 }, SAMPLE.vcpus[1]] }],
    ["counters.guestInsns", { counters: { guestInsns: 6 } }],
    ["params.counters", { params: { counters: 2 } }],
  ];
  for (const [field, change] of wrong) {
    const message = refused(RUN, CELL, { ...SAMPLE, ...change });
    assertStringIncludes(message, `out/r.jsonl, line 3, field ${field}: `);
    assertStringIncludes(message, "deno task report --repair out");
  }
});

Deno.test("values that no machine can have are refused", () => {
  const line = (text: string) => JSON.stringify(SAMPLE).replace('"ops":2000,"seconds"', text);
  for (const number of ["1e308", "1e999", "-1", "null", '"5"']) {
    const text = [JSON.stringify(RUN), JSON.stringify(CELL), line(`"ops":${number},"seconds"`), ""];
    const { message } = assertThrows(() => parseResults(text.join("\n"), "f"), ResultsError);
    assertStringIncludes(message, "f, line 3, field ops: ");
  }
});

Deno.test("names with control characters are refused and not repeated to the terminal", () => {
  const message = refused(RUN, { ...CELL, cell: "a\x1b[2Jb" });
  assertStringIncludes(message, "field cell: has control characters");
  const unknown = refused(RUN, CELL, { ...SAMPLE, cell: "other\x1b]0;title\x07" });
  assertEquals(unknown.includes("\x1b"), false);
});

Deno.test("a line that comes twice counts once, with a warning; with other values it is refused", () => {
  const results = read(RUN, CELL, SAMPLE, CELL, SAMPLE);
  assertEquals([results.samples.length, results.cells.size], [1, 1]);
  assertEquals(results.warnings.length, 2);
  assertStringIncludes(results.warnings[1], "line 5 repeats line 3");
  const other = { ...SAMPLE, wallSeconds: 8 };
  assertStringIncludes(refused(RUN, CELL, SAMPLE, other), "line 4, field repeat: repeat 0 of");
  assertStringIncludes(refused(RUN, CELL, SAMPLE, { ...FAILURE, repeat: 0 }), "on line 3 already");
  assertStringIncludes(refused(RUN, CELL, { ...CELL, vcpus: 1 }), "line 3, field cell");
});

Deno.test("two files put together are refused", () => {
  assertStringIncludes(
    refused(RUN, CELL, SAMPLE, END, RUN, CELL, SAMPLE, END),
    "line 5, field resumed: a second run that does not go on with the first",
  );
  const other = { ...RESUMED, commandLine: ["--seed", "2"] };
  assertStringIncludes(refused(RUN, CELL, other), "line 3, field commandLine");
  assertStringIncludes(refused(RUN, CELL, END, SAMPLE), "line 4, field kind");
});

Deno.test("an end that contradicts the plan is refused", () => {
  assertStringIncludes(refused(RUN, CELL, { ...END, cellsLeft: 5 }), "field cellsLeft");
  assertStringIncludes(refused(RUN, CELL, { ...END, cellsUnmeasured: 1 }), "field cellsUnmeasured");
  const left = { ...END, cellsDone: 0, cellsLeft: 1 };
  assertStringIncludes(refused(RUN, CELL, left), "field reason: is complete, but 1 cells are left");
  assertEquals(read(RUN, CELL, { ...left, reason: "budget" }).ends.length, 1);
});

Deno.test("the end of each run is known, a killed one's too", () => {
  const { runs, endOf } = read(RUN, CELL, RESUMED, SAMPLE, END);
  assertEquals(runs.map((run) => endOf.get(run)?.reason), [undefined, "complete"]);
});

Deno.test("what a signal ended is set aside, and its repeat may come again", () => {
  const cut: FailureRecord = { ...FAILURE, failure: "interrupted", repeat: 0 };
  const results = read(RUN, CELL, cut, cut, SAMPLE);
  assertEquals([results.setAside.length, results.failures, results.samples.length], [2, [], 1]);
});

Deno.test("a run that tries a cell again sets aside what made it be given up, and nothing else", () => {
  const crash: FailureRecord = { ...FAILURE, failure: "crash", repeat: 1 };
  const again = { ...RESUMED, retried: [CELL.cell] };
  const results = read(RUN, CELL, { ...FAILURE, repeat: 2 }, crash, again, {
    ...SAMPLE,
    repeat: 1,
  });
  assertEquals(results.setAside, [crash]);
  assertEquals(results.failures.map(({ repeat }) => repeat), [2]);
  assertEquals(results.samples.map(({ repeat }) => repeat), [1]);
  assertStringIncludes(refused(RUN, CELL, crash, RESUMED, { ...SAMPLE, repeat: 1 }), "repeat 1 of");
});
