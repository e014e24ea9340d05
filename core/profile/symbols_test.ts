import { assertEquals } from "@std/assert";
import { readSymbols, SymbolTable } from "./symbols.ts";

Deno.test("SymbolTable finds the symbol around an address and none beyond its size", () => {
  const table = new SymbolTable([
    { name: "second", start: 0x2000, bytes: 16 },
    { name: "first", start: 0x1000, bytes: 0 },
  ]);
  const names = [0xfff, 0x1000, 0x1fff, 0x2000, 0x200f, 0x2010].map((at) => table.at(at)?.name);
  assertEquals(names, [undefined, "first", "first", "second", "second", undefined]);
});

Deno.test("readSymbols takes code out of a System.map", () => {
  const map = "80008000 T stext\n80008010 t $a\n80009000 D data\n8000a000 t helper\n";
  const table = readSymbols(new TextEncoder().encode(map));
  assertEquals(table.size, 2);
  assertEquals(table.at(0x8000a004)?.name, "helper");
});

Deno.test("readSymbols gives nothing for a raw image", () => {
  assertEquals(readSymbols(new Uint8Array([1, 2, 3, 4, 10, 20])).size, 0);
});
