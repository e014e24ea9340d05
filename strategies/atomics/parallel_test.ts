import { assertEquals } from "@std/assert";
import { DATA, NODES, runParallel, stackDepth } from "../testing/parallel.ts";
import { ATOMICS } from "./registry.ts";

const VCPUS = 4;
const ROUNDS = 2000;

for (const atomics of ATOMICS.filter((scheme) => scheme.constraints.correctInParallel)) {
  Deno.test(`${atomics.name} is right on ${VCPUS} threads, as it declares`, async () => {
    const rig = await runParallel(atomics, VCPUS, ROUNDS);
    assertEquals(Number(rig.peek(DATA.COUNTER, 4)), VCPUS * ROUNDS, "bare counter");
    assertEquals(Number(rig.peek(DATA.GUARDED, 4)), VCPUS * ROUNDS / 4, "guarded counter");
    if (atomics.constraints.abaSafe === "yes") assertEquals(stackDepth(rig), NODES, "stack");
  });
}
