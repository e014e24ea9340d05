import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HARNESS } from "../experiments/harness.ts";
import { planCells } from "../experiments/plan.ts";
import { SMALL_CATALOGUE } from "../testing/records.ts";
import { nextTurn, type OpenVerdict, UntilClear } from "./until_clear.ts";

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

const STATE = { turn: 5, process: 40, runnable: () => true, repeat: () => 5, budgetSeconds: 100 };

function untilClear(open: readonly OpenVerdict[]): UntilClear {
  const [planned] = planCells(HARNESS, { quick: true }, SMALL_CATALOGUE);
  const cells = ["a", "b", "base"].map((cell) => ({
    ...planned,
    cell: { ...planned.cell, cell },
  }));
  return new UntilClear({ cells, seed: 1, open: () => open });
}

Deno.test("UntilClear makes a job of each cell of the turn, with its turn and processes", () => {
  const further = untilClear([{ cells: ["a", "base"], turns: 2 }, {
    cells: ["b", "base"],
    turns: 1,
  }]);
  const jobs = further.jobs(STATE);
  assertEquals(jobs.map(({ planned }) => planned.cell.cell).sort(), ["a", "b", "base"]);
  assertEquals(jobs.map(({ turn, process, repeats }) => [turn, process, repeats]), [
    [5, 40, [5]],
    [5, 41, [5]],
    [5, 42, [5]],
  ]);
  // Two further turns of a and base, one of b, less this turn's three.
  assertEquals(further.secondsLeft, 2);
});

Deno.test("UntilClear goes by what the cells took", () => {
  const further = untilClear([{ cells: ["a", "base"], turns: 2 }, {
    cells: ["b", "base"],
    turns: 2,
  }]);
  further.did("b", 90);
  assertEquals(
    further.jobs(STATE).map(({ planned }) => planned.cell.cell).sort(),
    ["a", "base"],
  );
});

Deno.test("UntilClear leaves out cells that were given up or are not of the plan", () => {
  const open = [{ cells: ["a", "base"], turns: 2 }, { cells: ["other", "base"], turns: 1 }];
  const further = untilClear(open);
  assertEquals(further.openCount(() => true), 1);
  assertEquals(further.jobs({ ...STATE, runnable: (cell) => cell !== "a" }), []);
});
