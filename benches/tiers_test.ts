/**
 * The tiers reach the same places however vCPUs are placed on threads, by the engine's counters.
 */
import { assert, assertEquals } from "@std/assert";
import { type MachineOptions, type MachineResult, runMachine } from "../core/machine/machine.ts";

const IMAGE = new URL("../workloads/images/dhrystone.elf", import.meta.url);

/** A Dhrystone run that is long enough for every tier. */
async function run(options: Partial<MachineOptions>): Promise<MachineResult> {
  const result = await runMachine({
    kernel: await Deno.readFile(IMAGE),
    name: "dhrystone",
    append: "iterations=3000 warmup=3000",
    vcpus: 1,
    memoryMiB: 64,
    atomics: "cmpxchg",
    barriers: "typed",
    scheduling: "round-robin",
    strategies: new URL("../strategies/mod.ts", import.meta.url).href,
    compileThread: "never",
    sampleInsns: 10_000,
    timeoutSeconds: 120,
    marks: { begin: "@mttcg begin", end: "@mttcg end" },
    ...options,
  });
  assertEquals(result.end, "power-off", result.message);
  return result;
}

Deno.test("regions form however many vCPUs share a thread", async () => {
  for (const vcpus of [2, 4]) {
    const { counters, measured } = await run({ vcpus });
    const formed = counters.reduce((sum, one) => sum + one.regionsFormed, 0);
    assert(formed > 0, `${vcpus} vCPUs on one thread: ${formed} regions`);
    for (const [vcpu, { interpreter, first, region }] of measured!.entries()) {
      const all = interpreter + first + region;
      assert(region > 0.9 * all, `vCPU ${vcpu} of ${vcpus}: ${region} of ${all} in regions`);
    }
  }
});

Deno.test("guest instructions of the measured part are counted by the tier that ran them", async () => {
  const runs = {
    interpreter: await run({ backend: "interp", append: "iterations=100 warmup=100" }),
    first: await run({ regionSamples: 0 }),
    region: await run({ append: "iterations=3000 warmup=10000" }),
  };
  for (const [tier, { counters, measured }] of Object.entries(runs)) {
    const [counts] = measured!;
    const all = counts.interpreter + counts.first + counts.region;
    const most = counts[tier as keyof typeof runs];
    assert(most > 0.95 * all, `${tier}: ${JSON.stringify(counts)}`);
    // The warm-up is part of the run and not of the measured part.
    assert(all < counters[0].guestInsns, `${tier}: ${all} of ${counters[0].guestInsns}`);
    assert(counts.compileNs < counters[0].compileNs);
  }
  // The same work, whatever runs it.
  const insns = (result: MachineResult) => {
    const [{ interpreter, first, region }] = result.measured!;
    return interpreter + first + region;
  };
  const [few, more, same] = Object.values(runs).map(insns);
  assert(Math.abs(more - same) < 0.01 * same, `${more} and ${same} instructions`);
  // What the guest checks between its measured part and its end line is in the interval too.
  assert(Math.abs(few - same / 30) < 20_000, `${few} and a 30th of ${same} instructions`);
});

Deno.test("a vCPU that does not run between the marks has run nothing there", async () => {
  const { counters, measured } = await run({ append: "iterations=1000 vcpus=1", vcpus: 2 });
  const { interpreter, first, region } = measured![1];
  assertEquals([interpreter, first, region], [0, 0, 0]);
  assertEquals(counters.length, 2);
});

Deno.test("one vCPU runs the code of several where that is forced", async () => {
  const locks = async (more: Partial<MachineOptions>) => {
    const kernel = await Deno.readFile(
      new URL("../workloads/images/atomic-add.elf", import.meta.url),
    );
    const { counters } = await run({
      kernel,
      append: "counters=1 iterations=1000",
      atomics: "mutex",
      ...more,
    });
    return counters[0].lockAcquisitions;
  };
  for (const scheduling of ["thread-per-vcpu", "round-robin"]) {
    assertEquals(await locks({ scheduling }), 0, scheduling);
    assert(await locks({ scheduling, parallelCode: "forced" }) >= 2000, scheduling);
  }
  const together = { scheduling: "round-robin", vcpus: 2, parallelCode: "forced" } as const;
  assert(await locks(together) >= 2000);
});

Deno.test("without marks nothing is said of the measured part", async () => {
  const { measured } = await run({ marks: { begin: "never said", end: "!mttcg end" } });
  assertEquals(measured, undefined);
});
