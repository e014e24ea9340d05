import { assertEquals, assertThrows } from "@std/assert";
import { parseCategories, parseModes, parseRange, TRACE_CATEGORIES } from "./trace_config.ts";

Deno.test("parseCategories takes names and all, and names the others", () => {
  assertEquals(parseCategories(["int", "op_opt"]), ["int", "op_opt"]);
  assertEquals(parseCategories(["int", "all"]).length, Object.keys(TRACE_CATEGORIES).length);
  assertThrows(() => parseCategories(["op-opt"]), RangeError, '"op-opt"; choose from in_asm');
});

Deno.test("parseRange takes one address, both ends and a size", () => {
  assertEquals(parseRange("0x8000"), { first: 0x8000, last: 0x8000 });
  assertEquals(parseRange("0x8000-0x8FFF"), { first: 0x8000, last: 0x8fff });
  assertEquals(parseRange("0xfffff000+4096"), { first: 0xffff_f000, last: 0xffff_ffff });
  for (const wrong of ["", "main", "0x10-0x8", "0x8000+0", "0xfffff000+4097", "0x8000..0x9000"]) {
    assertThrows(() => parseRange(wrong), RangeError, `"${wrong}" is no range`);
  }
});

Deno.test("parseModes knows user, kernel and each mode", () => {
  assertEquals(parseModes(["user", "svc"]), ["usr", "svc"]);
  assertEquals(parseModes(["kernel"]), ["fiq", "irq", "svc", "abt", "und", "sys"]);
  assertThrows(() => parseModes(["hyp"]), RangeError, 'no mode "hyp"');
});
