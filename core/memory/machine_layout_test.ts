import { assertEquals } from "@std/assert";
import { GLOBAL } from "./machine_layout.ts";

Deno.test("no two machine-wide words share a place", () => {
  const { ERROR_TEXT_BYTES: _, ...words } = GLOBAL;
  const places = Object.values<number>(words);
  assertEquals(new Set(places).size, places.length, JSON.stringify(words));
});
