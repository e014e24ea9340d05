import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CELL, END, RUN, SAMPLE } from "../testing/records.ts";
import { soundRecord } from "./sound.ts";
import type { FailureRecord, ResultRecord, SampleRecord } from "./types.ts";

Deno.test("soundRecord leaves right records as they are", () => {
  for (const record of [RUN, CELL, SAMPLE, END]) assertEquals(soundRecord(record), record);
});

Deno.test("soundRecord leaves a time before the start out and says so", () => {
  const sample = soundRecord({ ...SAMPLE, startSeconds: -1.98 }) as SampleRecord;
  assertEquals("startSeconds" in sample, false);
  assertEquals(sample.warnings.length, 1);
  assertStringIncludes(sample.warnings[0], "Left out startSeconds, which was -1.98: ");
  assertEquals(soundRecord({ ...END, startSeconds: -1.98 }), END);
});

Deno.test("soundRecord writes null where a value may be unknown, deep inside too", () => {
  const [first, second] = SAMPLE.vcpus;
  const sample = soundRecord({
    ...SAMPLE,
    cpuSeconds: NaN,
    peakRssBytes: 1e300,
    vcpus: [{ ...first, cpuSeconds: -3 }, second],
  }) as SampleRecord;
  assertEquals([sample.cpuSeconds, sample.peakRssBytes, sample.vcpus[0].cpuSeconds], [
    null,
    null,
    null,
  ]);
  assertEquals(sample.warnings.length, 2);
});

Deno.test("soundRecord makes a failure of a sample whose numbers cannot be true", () => {
  const failure = soundRecord({ ...SAMPLE, seconds: NaN }) as FailureRecord;
  assertEquals([failure.kind, failure.failure, failure.repeat], ["failure", "guest-error", 0]);
  assertStringIncludes(failure.message, "field seconds");
});

Deno.test("soundRecord throws for another record that nobody could read", () => {
  const run = { ...RUN, seed: 0.5 } as ResultRecord;
  assertThrows(() => soundRecord(run), TypeError, "field seed");
});
