/**
 * The tiers reach the same places however vCPUs are placed on threads, by the engine's counters.
 */
import { assert, assertEquals } from "@std/assert";
import { type MachineOptions, runMachine } from "../core/machine/machine.ts";

const IMAGE = new URL("../workloads/images/dhrystone.elf", import.meta.url);

/** Counters of each vCPU of a Dhrystone run that is long enough for every tier. */
async function counters(options: Partial<MachineOptions>) {
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
    ...options,
  });
  assertEquals(result.end, "power-off", result.message);
  return result.counters;
}

Deno.test("regions form however many vCPUs share a thread", async () => {
  for (const vcpus of [1, 2, 4]) {
    const formed = (await counters({ vcpus })).reduce((sum, one) => sum + one.regionsFormed, 0);
    assert(formed > 0, `${vcpus} vCPUs on one thread: ${formed} regions`);
  }
});
