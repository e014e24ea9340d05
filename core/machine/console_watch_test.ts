import { assertEquals } from "@std/assert";
import { ConsoleWatch } from "./console_watch.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

Deno.test("console watch finds a line that comes in pieces, once it is whole", () => {
  const watch = new ConsoleWatch("Kernel panic");
  const pieces = ["boot\r\n[  1.5] Ker", "nel pa", "nic - not syncing: no init", " found\r"];
  assertEquals(pieces.map((piece) => watch.take(bytes(piece))), [false, false, false, false]);
  assertEquals(watch.found, undefined);
  assertEquals(watch.take(bytes("\nmore\n")), true);
  assertEquals(watch.found, "[  1.5] Kernel panic - not syncing: no init found");
});

Deno.test("console watch keeps the first line that it found", () => {
  const watch = new ConsoleWatch("panic");
  assertEquals(watch.take(bytes("panic one\npanic two\n")), true);
  assertEquals(watch.take(bytes("panic three\n")), false);
  assertEquals(watch.found, "panic one");
});

Deno.test("console watch ignores lines without the text", () => {
  const watch = new ConsoleWatch("Kernel panic");
  assertEquals(watch.take(bytes("kernel panic\nKernel  panic\n")), false);
  assertEquals(watch.found, undefined);
});
