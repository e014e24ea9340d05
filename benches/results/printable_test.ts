import { assertEquals } from "@std/assert";
import { printable } from "./printable.ts";

Deno.test("printable writes out what a terminal would obey and leaves the rest", () => {
  assertEquals(printable("a\tb\nc é 漢 ±"), "a\tb\nc é 漢 ±");
  assertEquals(printable("\x1b]0;title\x07 \r\x9b2J"), "\\x1b]0;title\\x07 \\x0d\\x9b2J");
  assertEquals(printable("abc\u202etxt\u2028"), "abc\\u202etxt\\u2028");
});
