import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CELL, MACHINE, RUN, SAMPLE } from "../testing/records.ts";
import { parseResults } from "./reader.ts";
import { chosenStratum, runDifferences, StrataError } from "./strata.ts";
import type { RunRecord } from "./types.ts";

const AGAIN: RunRecord = { ...RUN, resumed: true, started: "2026-01-03T00:00:00.000Z", pid: 5 };

function read(...records: readonly unknown[]) {
  return parseResults(records.map((one) => JSON.stringify(one) + "\n").join(""), "f");
}

Deno.test("runDifferences looks at machine, engine, peer and images", () => {
  const load = { ...MACHINE, loadAverage: [5, 5, 5], frequencyMhz: 1000 } as const;
  assertEquals(runDifferences(RUN, { ...AGAIN, machine: load }), []);
  const others: RunRecord[] = [
    { ...AGAIN, machine: { ...MACHINE, cpuModel: "Another" } },
    { ...AGAIN, machine: { ...MACHINE, governor: "powersave" } },
    { ...AGAIN, machine: { ...MACHINE, cgroup: { cpuMax: "1 2", memoryMax: "max" } } },
    { ...AGAIN, engine: { ...RUN.engine, commit: "def" } },
    { ...AGAIN, engine: { ...RUN.engine, deno: "2.9.7" } },
    { ...AGAIN, peers: { qemu: "QEMU 7", qemuSha256: "2".repeat(64) } },
    { ...AGAIN, images: { dhrystone: "3".repeat(64) } },
  ];
  for (const other of others) assertEquals(runDifferences(RUN, other).length, 1);
  assertEquals(runDifferences(RUN, { ...AGAIN, images: { memory: "3".repeat(64) } }), []);
});

Deno.test("chosenStratum pools resumed runs under the same conditions", () => {
  const results = read(RUN, CELL, SAMPLE, AGAIN, { ...SAMPLE, repeat: 1 });
  assertEquals(chosenStratum(results), results);
  assertEquals(chosenStratum(results, 1), results);
  assertThrows(() => chosenStratum(results, 2), StrataError);
});

Deno.test("chosenStratum never gives samples of two machines together", () => {
  const other = { ...AGAIN, machine: { ...MACHINE, cpuModel: "Another" } };
  const results = read(RUN, CELL, SAMPLE, other, { ...SAMPLE, repeat: 1 });
  const { message } = assertThrows(() => chosenStratum(results), StrataError);
  assertStringIncludes(message, "--stratum");
  assertStringIncludes(message, "2: begun 2026-01-03T00:00:00.000Z, 1 samples (processor: A proc");
  assertEquals(chosenStratum(results, 1).samples.map(({ repeat }) => repeat), [0]);
  assertEquals(chosenStratum(results, 2).samples.map(({ repeat }) => repeat), [1]);
  assertEquals(chosenStratum(results, 2).runs, [other]);
  assertThrows(() => chosenStratum(results, 3), StrataError);
});
