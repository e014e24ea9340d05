import { assert, assertEquals } from "@std/assert";
import { MOST_TURNS } from "../../benches/stats/sequential.ts";
import { madeUpTables, schemes } from "../testing/made_up.ts";
import { unsettled } from "./unsettled.ts";

/** Values whose ratios to `around(100, 0, ...)` vary by about `spread`. */
function around(centre: number, shift: number, count: number, spread: number): number[] {
  return Array.from(
    { length: count },
    (_, at) => centre * (1 + spread * (((at + shift) * 5 % 7) / 3 - 1)),
  );
}

function open(centre: number, count: number, spread: number) {
  const tables = madeUpTables(
    schemes({
      cmpxchg: around(100, 0, count, spread),
      mutex: around(centre, 3, count, spread),
    }),
    { untilClear: true },
  );
  return unsettled(tables);
}

Deno.test("a large difference and a clear equality are settled", () => {
  assertEquals(open(40, 7, 0.02), []);
  assertEquals(open(100, 14, 0.001), []);
});

Deno.test("cells below the first look are open until it", () => {
  assertEquals(open(40, 2, 0.02), [{ cells: ["mutex", "cmpxchg"], turns: 3 }]);
});

Deno.test("an open verdict asks for the turns that narrow its interval, up to a look at least", () => {
  const [one] = open(112, 7, 0.1);
  assert(one.turns !== null && one.turns >= 3 && one.turns <= MOST_TURNS, `${one.turns}`);
});

Deno.test("what no number of turns settles is told so, and so is the last look", () => {
  assertEquals(open(105, 7, 0.5)[0].turns, null);
  assertEquals(open(105, MOST_TURNS, 0.5)[0].turns, null);
});

Deno.test("verdicts that are settled soonest come first", () => {
  const tables = madeUpTables(
    schemes({
      cmpxchg: around(100, 0, 7, 0.05),
      mutex: around(105, 3, 7, 0.5),
      alat: around(112, 2, 7, 0.06),
    }),
    { untilClear: true },
  );
  assertEquals(unsettled(tables).map(({ cells }) => cells[0]), ["alat", "mutex"]);
});
