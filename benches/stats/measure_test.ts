import { assertEquals } from "@std/assert";
import { measuresOf } from "./measure.ts";

Deno.test("measuresOf averages the runs of a process and keeps processes apart", () => {
  const runs = [
    { turn: 1, process: 5, value: 4 },
    { turn: 0, process: 2, value: 1 },
    { turn: 0, process: 2, value: 3 },
  ];
  assertEquals(measuresOf(runs, ({ value }) => value), [
    { turn: 0, value: 2 },
    { turn: 1, value: 4 },
  ]);
});

Deno.test("measuresOf leaves runs without a value out, and processes without any", () => {
  const runs = [
    { turn: 0, process: 0, value: null },
    { turn: 0, process: 0, value: 6 },
    { turn: 1, process: 1, value: null },
  ];
  assertEquals(measuresOf(runs, ({ value }) => value), [{ turn: 0, value: 6 }]);
  assertEquals(measuresOf([], () => 1), []);
});
