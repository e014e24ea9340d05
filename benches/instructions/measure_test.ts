import { assertEquals, assertThrows } from "@std/assert";
import { instructionTable } from "../cli/instructions.ts";
import { COPIES, ROUNDS, timesOf, timingImage } from "./guest.ts";
import { timedRows, timesOnOurs } from "./measure.ts";
import { type TimedInstruction, timedInstructions } from "./rows.ts";

Deno.test("the list has every group, and each instruction once", () => {
  const list = timedInstructions();
  const groups = new Set(list.map(({ group }) => group));
  const wanted = ["neon_integer", "neon_lengths", "neon_shifts", "neon_permute", "neon_float"]
    .concat(["vfp", "vfp_convert", "memory", "system"]);
  assertEquals([...groups].sort(), wanted.sort());
  assertEquals(new Set(list.map(({ words }) => words.join())).size, list.length);
  assertEquals(timedInstructions(/^clrex$/).map(({ text }) => text), ["clrex"]);
});

Deno.test("times are ticks over calls, and a guest that stopped early is an error", () => {
  // One call, 62,500 ticks: a millisecond.
  assertEquals(timesOf("00000001\n0000f424\n", 1), [1e6 / (COPIES * ROUNDS)]);
  assertThrows(() => timesOf("00000001\n", 2), Error, "0 of 2 instructions");
});

Deno.test("a row that costs far more than its group's median is listed apart", () => {
  const row = (text: string): TimedInstruction => ({
    group: "g",
    text,
    words: [0],
    operands: "integers",
  });
  const rows = timedRows([row("slow"), row("a"), row("b")], [50, 1, 2], [25, 1, 1]);
  assertEquals(rows.map(({ text, overMedian }) => [text, overMedian]), [
    ["slow", 25],
    ["b", 1],
    ["a", 0.5],
  ]);
  const lines = instructionTable(rows).split("\n");
  assertEquals(lines.at(-1)!.split(/\s+/), ["slow", "50.0", "25.0", "2.00", "25.0"]);
  const calm = instructionTable(timedRows([row("a"), row("b")], [1, 2], null));
  assertEquals(calm.split("\n").at(-1), "None costs more than 20 times the median of its group.");
});

Deno.test("the timing guest measures on our machine", async () => {
  const list = timedInstructions(/^(vadd\.i32|clrex)/);
  const times = await timesOnOurs(list, { warm: 0.01, measured: 0.005 });
  assertEquals(times.length, list.length);
  for (const time of times) assertEquals(time > 0 && time < 1e5, true, `${time} ns`);
});

Deno.test("the image has a row's words and ends its table", () => {
  const list = timedInstructions(/^clrex$/);
  const image = new Uint32Array(timingImage(list, 0.1, 0.1).buffer);
  assertEquals(image.filter((word) => word === 0xf57ff01f).length, COPIES);
  assertEquals(image.at(-1), 0);
});
