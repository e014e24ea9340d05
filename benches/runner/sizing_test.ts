import { assert, assertEquals } from "@std/assert";
import { MOST_PILOTS, nextSize } from "./sizing.ts";

const TIMED = { parameter: "iterations", pilot: 1000, most: 1_000_000, seconds: 1 };

Deno.test("nextSize scales a warm-up that was long enough to the wanted time", () => {
  assertEquals(nextSize(TIMED, 1000, 0.2, 1), { size: 5000, final: true });
  assertEquals(nextSize(TIMED, 1000, 4, 1), { size: 250, final: true });
});

Deno.test("nextSize grows by steps while the warm-up is too short to tell", () => {
  const next = nextSize(TIMED, 1000, 0.001, 1);
  assertEquals(next, { size: 50_000, final: false });
  assertEquals(nextSize(TIMED, 1000, 0.05, 1), { size: 20_000, final: false });
});

Deno.test("nextSize keeps within the workload's limit and above nothing", () => {
  assertEquals(nextSize(TIMED, 900_000, 0.2, 1).size, 1_000_000);
  assertEquals(nextSize(TIMED, 1, 60, 1).size, 1);
});

Deno.test("nextSize ends however short the runs are", () => {
  assert(nextSize(TIMED, 10, 0, MOST_PILOTS).final);
});
