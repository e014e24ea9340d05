import { assert, assertEquals } from "@std/assert";
import { LOOKS, looksUpTo, MOST_TURNS, nextLook } from "./sequential.ts";
import { FEWEST_MEASURES } from "./summary.ts";

Deno.test("the first look is at the fewest measures that carry a verdict, and looks ascend", () => {
  assertEquals(LOOKS[0], FEWEST_MEASURES);
  assert(LOOKS.every((look, at) => at === 0 || look > LOOKS[at - 1]));
});

Deno.test("looksUpTo and nextLook cut the looks at a number of measures", () => {
  assertEquals(looksUpTo(4), []);
  assertEquals(looksUpTo(7), [5, 7]);
  assertEquals(looksUpTo(1000), LOOKS);
  assertEquals([nextLook(0), nextLook(5), nextLook(6), nextLook(MOST_TURNS)], [5, 7, 7, null]);
});
