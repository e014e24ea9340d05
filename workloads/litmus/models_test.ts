/**
 * The memory models on tests whose verdicts are published: "Herding Cats" (Alglave, Maranget,
 * Tautschnig, TOPLAS 2014), "A tutorial introduction to the ARM and POWER relaxed memory models"
 * (Maranget, Sarkar, Sewell, 2012), and for x86 "x86-TSO" (Sewell and others, CACM 2010).
 */
import { assert, assertEquals } from "@std/assert";
import { LITMUS_TESTS } from "./shapes.ts";
import { type LitmusTest, parseShape, testOf } from "./shape.ts";
import { relaxedOf, verdictsOf } from "./verdicts.ts";

function find(name: string): LitmusTest {
  const found = LITMUS_TESTS.find((one) => one.name === name);
  assert(found !== undefined, `there is no test ${name}`);
  return found;
}

/** Test, the outcome that its name stands for, whether ARMv7 allows it, and with multi-copy atomicity. */
const PUBLISHED: readonly [test: string, outcome: string, armv7: boolean, atomic: boolean][] = [
  ["SB", "0,0", true, true],
  ["SB+dmb+po", "0,0", true, true],
  ["SB+dmb.sts", "0,0", true, true],
  ["SB+dmbs", "0,0", false, false],
  ["MP", "1,0", true, true],
  ["MP+po+addr", "1,0", true, true],
  ["MP+dmb+po", "1,0", true, true],
  ["MP+dmb+ctrl", "1,0", true, true],
  ["MP+dmb+ctrlisb", "1,0", false, false],
  ["MP+dmb+addr", "1,0", false, false],
  ["MP+dmb.st+addr", "1,0", false, false],
  ["MP+dmbs", "1,0", false, false],
  ["LB", "1,1", true, true],
  ["LB+datas", "1,1", false, false],
  ["LB+addrs", "1,1", false, false],
  ["LB+ctrls", "1,1", false, false],
  ["S+dmb+po", "1,2", true, true],
  ["S+dmb+ctrl", "1,2", false, false],
  ["S+dmb+data", "1,2", false, false],
  ["R+po+dmb", "0,2", true, true],
  ["R+dmbs", "0,2", false, false],
  ["2+2W", "1,1", true, true],
  ["2+2W+dmb.sts", "1,1", false, false],
  ["CoRR", "1,0", false, false],
  ["WRC+addrs", "1,1,0", true, false],
  ["WRC+dmb+addr", "1,1,0", false, false],
  ["RWC+addr+dmb", "1,0,0", true, false],
  ["RWC+dmbs", "1,0,0", false, false],
  ["WWC+addrs", "2,1,2", true, false],
  ["ISA2+dmb+addr+addr", "1,1,0", false, false],
  ["IRIW+addrs", "1,0,1,0", true, false],
  ["IRIW+dmbs", "1,0,1,0", false, false],
  ["3.SB+dmbs", "0,0,0", false, false],
  ["Z6.0+dmb+data+dmb", "1,0,2", false, false],
  ["Z6.3+dmb+dmb+addr", "1,0,2", false, false],
  // PPOCA and PPOAA of the literature.
  ["PPO+dmb+ctrl-po-addr", "1,1,0", true, true],
  ["PPO+dmb+addr-po-addr", "1,1,0", false, false],
];

for (const [name, outcome, armv7, atomic] of PUBLISHED) {
  Deno.test(`${name} may ${armv7 ? "" : "not "}show ${outcome} on ARMv7`, () => {
    const verdicts = verdictsOf(find(name));
    assert(verdicts.possible.has(outcome), `${outcome} is no outcome of ${name}`);
    assertEquals(verdicts.sequential.has(outcome), false, "sequential consistency");
    assertEquals(verdicts.armv7.has(outcome), armv7);
    assertEquals(verdicts.multiCopyAtomic.has(outcome), atomic, "multi-copy atomic");
  });
}

Deno.test("a stronger model never allows what a weaker one forbids", () => {
  for (const test of LITMUS_TESTS) {
    const { possible, sequential, armv7, multiCopyAtomic } = verdictsOf(test);
    assert(sequential.size > 0, test.name);
    assert(sequential.isSubsetOf(multiCopyAtomic), test.name);
    assert(multiCopyAtomic.isSubsetOf(armv7), test.name);
    assert(armv7.isSubsetOf(possible), test.name);
  }
});

Deno.test("more order between accesses never allows more", () => {
  const byShape = Map.groupBy(LITMUS_TESTS, (test) => test.shape);
  for (const [shape, tests] of byShape) {
    const plain = verdictsOf(testOf(shape, "po")).armv7;
    for (const test of tests) assert(verdictsOf(test).armv7.isSubsetOf(plain), test.name);
    const fenced = verdictsOf(testOf(shape, "dmbs"));
    assertEquals(relaxedOf(fenced).allowed, [], `${shape.name} with a DMB everywhere`);
  }
});

Deno.test("an x86 host without fences passes a load by a store and nothing else", () => {
  const shown = (name: string, outcome: string) =>
    verdictsOf(find(name)).tsoWithoutFences.has(outcome);
  assert(shown("SB+dmbs", "0,0") && shown("R+dmbs", "0,2") && shown("3.SB+dmbs", "0,0,0"));
  assert(!shown("MP", "1,0") && !shown("LB", "1,1") && !shown("S", "1,2"));
  assert(!shown("2+2W", "1,1") && !shown("IRIW", "1,0,1,0") && !shown("WRC", "1,1,0"));
  // The store of an LL/SC pair is a locked instruction.
  assert(!shown("SB.ex", "0,0,0,0"));
});

Deno.test("of two LL/SC pairs on one location one sees the other", () => {
  const { armv7 } = verdictsOf(find("2U"));
  assertEquals([...armv7].sort(), ["0,1,2", "2,0,1"]);
});

Deno.test("an access never sees a part of a store, two accesses may", () => {
  const torn = verdictsOf(find("CoRR.byte"));
  assert(torn.possible.has("1,1") && !torn.armv7.has("1,1") && !torn.armv7.has("256,1"));
  assert(verdictsOf(find("MP.half")).armv7.has("1,0"));
  assert(!verdictsOf(find("MP.half+dmb")).armv7.has("1,0"));
});

Deno.test("forwarding of a byte into a word load may precede the other thread's byte", () => {
  assert(verdictsOf(find("SB.byte")).armv7.has("1,256"));
  assert(!verdictsOf(find("SB.byte+dmbs")).armv7.has("1,256"));
});

Deno.test("a DMB ST orders stores and nothing else", () => {
  const loads = testOf(parseShape("MP", "W x 1; W y 1 | R y; R x"), "dmb.sts");
  assert(verdictsOf(loads).armv7.has("1,0"));
  const buffering = testOf(parseShape("LB", "R x; W y 1 | R y; W x 1"), "dmb.sts");
  assert(verdictsOf(buffering).armv7.has("1,1"));
});
