import { assert, assertEquals } from "@std/assert";
import { EXPECTATIONS } from "./expectation.ts";
import { expectationOf, GUEST_CODE } from "./generate.ts";
import { guestCode, keyOf } from "./guest_code.ts";
import { parseShape, testOf } from "./shape.ts";
import { LITMUS_TESTS } from "./shapes.ts";
import { verdictsOf } from "./verdicts.ts";

Deno.test("the guest's code is what the table of shapes gives (deno task litmus renews it)", async () => {
  assertEquals(await Deno.readTextFile(GUEST_CODE), guestCode(LITMUS_TESTS));
});

Deno.test("the expectations are what the memory models say (deno task litmus renews them)", () => {
  assertEquals(EXPECTATIONS, LITMUS_TESTS.map(expectationOf));
});

Deno.test("every outcome of every test has a key of its own", () => {
  for (const test of LITMUS_TESTS) {
    const { possible } = verdictsOf(test);
    const keys = [...possible].map((outcome) => keyOf(test, outcome));
    assertEquals(new Set(keys).size, possible.size, test.name);
    assert(keys.every((key) => key < 256), test.name);
  }
});

Deno.test("a thread's accesses are one piece of assembly, with its links between them", () => {
  const test = testOf(parseShape("T", "R y; U x 1; W z[1] 2 | W x 1"), "ctrlisb-addr");
  const code = guestCode([test]);
  const lines = [...code.matchAll(/^ {8}"(.*)\\n"$/gm)].map(([, line]) => line);
  assertEquals(lines, [
    "ldr %[r0], [%[a]]",
    "cmp %[r0], #1",
    "bne 1f",
    "1: isb",
    "2: ldrex %[r1], [%[b]]",
    "strex %[f], %[v1], [%[b]]",
    "cmp %[f], #0",
    "bne 2b",
    "eor %[t], %[r1], %[r1]",
    "add %[t], %[t], #1",
    "strb %[v2], [%[c], %[t]]",
    "str %[v1], [%[a]]",
  ]);
});

Deno.test("threads that differ in the names of locations only share their code", () => {
  const code = guestCode([testOf(parseShape("SB", "W x 1; R y | W y 1; R x"), "po")]);
  assertEquals(code.match(/static void thread_/g)?.length, 1);
  assert(code.includes("{{0, 1}, {1, 0}}"), "each thread has its own locations");
});
