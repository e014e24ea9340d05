import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { nextTurn, type OpenVerdict } from "./until_clear.ts";

const second = () => 1;

Deno.test("nextTurn takes every verdict that fits, cells that are in several once", () => {
  const open = [{ cells: ["a", "base"], turns: 2 }, { cells: ["b", "base"], turns: 5 }];
  assertEquals(nextTurn(open, second, 100), { cells: ["a", "base", "b"], secondsLeft: 12 });
});

Deno.test("nextTurn leaves out what the time does not do for, dearest last", () => {
  const open = [
    { cells: ["slow", "base"], turns: 3 },
    { cells: ["a", "base"], turns: 4 },
    { cells: ["b", "base"], turns: 30 },
  ];
  const secondsOf = (cell: string) => cell === "slow" ? 20 : 1;
  assertEquals(nextTurn(open, secondsOf, 12)?.cells, ["a", "base"]);
  assertEquals(nextTurn(open, secondsOf, 65)?.cells, ["a", "base", "b"]);
});

Deno.test("nextTurn takes the first verdict when the time does for none", () => {
  assertEquals(nextTurn([{ cells: ["a", "b"], turns: 9 }], second, 1)?.cells, ["a", "b"]);
});

Deno.test("nextTurn is over when nothing is open or nothing can be settled", () => {
  assertEquals(nextTurn([], second, 100), null);
  assertEquals(nextTurn([{ cells: ["a", "b"], turns: null }], second, 100), null);
});

Deno.test("property: nextTurn runs only cells of open verdicts, and both of one at least", () => {
  const verdict: fc.Arbitrary<OpenVerdict> = fc.record({
    cells: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 2, maxLength: 2 }),
    turns: fc.option(fc.integer({ min: 1, max: 40 })),
  });
  fc.assert(fc.property(fc.array(verdict), fc.double({ min: 0, max: 300, noNaN: true }), (
    open,
    budget,
  ) => {
    const turn = nextTurn(open, second, budget);
    const settleable = open.filter(({ turns }) => turns !== null);
    assertEquals(turn === null, settleable.length === 0);
    if (turn === null) return;
    assertEquals(new Set(turn.cells).size, turn.cells.length);
    const whole = ({ cells }: OpenVerdict) => cells.every((cell) => turn.cells.includes(cell));
    assert(settleable.some(whole));
    assert(turn.cells.every((cell) => settleable.some(({ cells }) => cells.includes(cell))));
  }));
});
