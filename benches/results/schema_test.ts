import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CELL, END, FAILURE, RUN, SAMPLE } from "../testing/records.ts";
import { parseResults } from "./reader.ts";
import { parseRecord, recordJsonSchema, type ResultRecord, ResultsError } from "./schema.ts";

const RECORDS: readonly ResultRecord[] = [RUN, CELL, SAMPLE, FAILURE, END];

function fileOf(records: readonly unknown[]): string {
  return records.map((record) => JSON.stringify(record) + "\n").join("");
}

for (const record of RECORDS) {
  Deno.test(`parseRecord gives a ${record.kind} record back as it was`, () => {
    assertEquals(parseRecord(JSON.stringify(record), "f", 1), record);
  });

  Deno.test(`parseRecord refuses a ${record.kind} record for every field that is missing`, () => {
    for (const field of Object.keys(record)) {
      const { [field]: _, ...rest } = record as unknown as Record<string, unknown>;
      assertThrows(() => parseRecord(JSON.stringify(rest), "f", 1), ResultsError);
    }
  });

  Deno.test(`parseRecord refuses a ${record.kind} record with an unknown field`, () => {
    const line = JSON.stringify({ ...record, extra: 1 });
    assertThrows(() => parseRecord(line, "f", 1), ResultsError, "extra");
  });
}

Deno.test("parseRecord names file, line and field of a wrong value", () => {
  const line = JSON.stringify({ ...SAMPLE, vcpus: [{ ...SAMPLE.vcpus[0], seconds: -1 }] });
  const error = assertThrows(() => parseRecord(line, "out/results.jsonl", 17), ResultsError);
  assertStringIncludes(error.message, "out/results.jsonl, line 17, field vcpus.0.seconds");
});

Deno.test("parseRecord refuses an unknown counter", () => {
  const line = JSON.stringify({ ...SAMPLE, counters: { guestInsn: 1 } });
  assertThrows(() => parseRecord(line, "f", 1), ResultsError, "counters");
});

Deno.test("parseRecord tells a foreign record from one of another version", () => {
  assertThrows(() => parseRecord('{"a":1}', "f", 1), ResultsError, "not a mttcg-bench record");
  assertThrows(() => parseRecord("[]", "f", 1), ResultsError, "not a mttcg-bench record");
  assertThrows(() => parseRecord("null", "f", 1), ResultsError, "not a mttcg-bench record");
  assertThrows(
    () => parseRecord(JSON.stringify({ ...END, schema: "mttcg-bench/9" }), "f", 1),
    ResultsError,
    "read the file with the one that wrote it",
  );
});

Deno.test("parseRecord says of the older schema which commit wrote it and what it lacks", () => {
  const older = { ...RUN, schema: "mttcg-bench/1", engine: { commit: "0123456789abcdef+changes" } };
  const error = assertThrows(() => parseRecord(JSON.stringify(older), "f", 1), ResultsError);
  assertStringIncludes(error.message, "f, line 1 has schema mttcg-bench/1");
  assertStringIncludes(error.message, "commit 0123456789abcdef+changes");
  assertStringIncludes(error.message, "in which process and turn");
  assertStringIncludes(error.message, "Measure again");
  assertStringIncludes(error.message, "git checkout 0123456789abcdef)");
  const odd = { ...older, engine: { commit: "\x1b]0;title\x07" } };
  const words = assertThrows(() => parseRecord(JSON.stringify(odd), "f", 1), ResultsError).message;
  assert(!words.includes("title"), "only a commit is repeated");
});

Deno.test("parseResults sorts the records of a file", () => {
  const results = parseResults(fileOf(RECORDS), "f");
  assertEquals(results.runs, [RUN]);
  assertEquals([...results.cells.values()], [CELL]);
  assertEquals(results.samples, [SAMPLE]);
  assertEquals(results.failures, [FAILURE]);
  assertEquals(results.ends, [END]);
  assertEquals(results.torn, "");
});

Deno.test("parseResults tolerates a last line torn at any place", () => {
  const whole = fileOf([RUN, CELL]);
  const last = JSON.stringify(SAMPLE);
  for (let length = 1; length <= last.length; length += 7) {
    const results = parseResults(whole + last.slice(0, length), "f");
    assertEquals(results.samples, []);
    assertEquals(results.torn.length, length);
    assertEquals(results.intactBytes, new TextEncoder().encode(whole).length);
  }
});

Deno.test("parseResults refuses a torn line that is not the last", () => {
  const text = fileOf([RUN]) + '{"schema":"mttcg-\n' + fileOf([END]);
  assertThrows(() => parseResults(text, "f"), ResultsError, "f, line 2 is not JSON");
});

Deno.test("parseResults refuses foreign files and says what to do", () => {
  for (const text of ["hello\n", "a,b\n1,2\n", "PK\u0003\u0004", '{"schema":"other"}\n']) {
    const error = assertThrows(() => parseResults(text, "f"), ResultsError);
    assert(/another out directory|move/.test(error.message), error.message);
  }
});

Deno.test("parseResults refuses a file without its head, and samples of no cell", () => {
  assertThrows(() => parseResults(fileOf([CELL]), "f"), ResultsError, "begins with a run record");
  assertThrows(() => parseResults(fileOf([RUN, SAMPLE]), "f"), ResultsError, "line 2, field cell");
});

Deno.test("parseResults takes an empty file as no results", () => {
  assertEquals(parseResults("", "f").runs, []);
});

Deno.test("recordJsonSchema names the units", () => {
  const text = JSON.stringify(recordJsonSchema());
  for (const unit of ["seconds", "bytes", "MiB"]) assertStringIncludes(text, `"${unit}"`);
});
