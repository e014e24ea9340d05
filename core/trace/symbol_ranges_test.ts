import { assertEquals, assertThrows } from "@std/assert";
import { symbolRanges } from "./symbol_ranges.ts";

const MAP = new TextEncoder().encode(
  "80008000 T do_fork\n80008010 t do_exit\n80008040 T schedule\n80009000 D data\n",
);

Deno.test("symbolRanges ends a function without a size where the next one starts", () => {
  assertEquals(symbolRanges(MAP, ["do_exit"]), [{ first: 0x80008010, last: 0x8000803f }]);
  assertEquals(symbolRanges(MAP, ["schedule"]), [{ first: 0x80008040, last: 0x8001803f }]);
});

Deno.test("symbolRanges takes * for any characters and nothing else for special", () => {
  const starts = (name: string) => symbolRanges(MAP, [name]).map(({ first }) => first);
  assertEquals(starts("do_*"), [0x80008000, 0x80008010]);
  assertEquals(starts("*"), [0x80008000, 0x80008010, 0x80008040]);
  assertThrows(() => starts("do."), RangeError, 'no symbol "do."');
});

Deno.test("symbolRanges says where symbols may come from when there are none", () => {
  assertThrows(() => symbolRanges(new Uint8Array(8), ["main"]), RangeError, "--trace-symbol-file");
});
