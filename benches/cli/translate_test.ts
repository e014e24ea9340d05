import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parseCommand, UserError } from "./command.ts";
import { TRANSLATE, translationText } from "./translate.ts";

const text = (...args: string[]): Promise<string> =>
  translationText(parseCommand(TRANSLATE, args)!);

/** Lines below a heading. */
function below(listing: string, heading: string): string[] {
  const lines = listing.split("\n");
  const at = lines.indexOf(heading);
  return lines.slice(at + 2, lines.indexOf("", at));
}

Deno.test("translate shows a block at every stage", async () => {
  const listing = await text("--hex", "9f4f93e1 1eff2fe1", "--atomics", "cmpxchg");
  assertEquals(below(listing, "Guest code"), [
    "  40000000  e1934f9f  ldrex r4, [r3]",
    "  40000004  e12fff1e  bx lr",
  ]);
  assertStringIncludes(below(listing, "IR of the front end").join(), "load_exclusive");
  const passed = below(listing, "IR after the passes").join();
  assertEquals(passed.includes("load_exclusive"), false);
  assertStringIncludes(listing, "i32.atomic.load");
});

Deno.test("translate shows the helpers in IR that the block calls, and no others", async () => {
  const listing = await text("--hex", "9f4f93e1", "--atomics", "mutex");
  const body = below(listing, "IR of the helper mutex_load_exclusive32_mmu0").join();
  assertStringIncludes(body, "atomic_cas");
  assertStringIncludes(body, "ret_value");
  assertEquals(listing.match(/^IR of the helper /gm)?.length, 1);
});

Deno.test("translate lists Thumb code halfword by halfword, and ends where the bytes end", async () => {
  assertEquals(below(await text("--thumb", "--hex", "0120 0a30"), "Guest code"), [
    "  40000000  2001      movs r0, #1",
    "  40000002  300a      adds r0, #10",
  ]);
});

Deno.test("translate refuses code that is none, or given twice", async () => {
  await assertRejects(() => text(), UserError, "--kernel FILE with --at ADDR, or --hex BYTES");
  await assertRejects(() => text("--hex", "abc"), UserError, "pairs of hexadecimal digits");
});
