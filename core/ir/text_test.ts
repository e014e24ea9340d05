import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { IrBuilder } from "./builder.ts";
import { BARRIER, EXIT, RMW } from "./ops.ts";
import { parseBlock } from "./parser.ts";
import { printBlock } from "./printer.ts";
import { randomBlock } from "./testing/random_ir.ts";
import { Rng } from "./testing/rng.ts";
import { testHelperTable } from "./testing/test_helpers.ts";
import type { SlotNames } from "./text.ts";
import { MEMOP } from "../memory/memop.ts";

const helpers = testHelperTable();
const slots: SlotNames = {
  nameOf: (offset) => offset < 64 ? `r${offset / 4}` : undefined,
  offsetOf: (name) => name.startsWith("r") ? 4 * Number(name.slice(1)) : undefined,
};

Deno.test("printBlock shows every kind of operand", () => {
  const b = new IrBuilder(helpers);
  b.begin(0x8000);
  b.insn(0x8000, 4);
  const v = b.get(4);
  const loaded = b.guestLoad(
    v,
    1 | MEMOP.SIGN | 1 << MEMOP.ALIGN_SHIFT | 1 << MEMOP.MMU_SHIFT | MEMOP.BIG_ENDIAN,
  );
  b.if(loaded, () => b.set(64, b.const(0x12345)), () => b.callVoid("test_note", v, loaded));
  b.set64(0, b.const64(-1, 1));
  b.atomicRmw(RMW.ADD, v, loaded, 2);
  b.memoryBarrier(BARRIER.LD_LD | BARRIER.ST_ST | BARRIER.DSB);
  b.exit(EXIT.WFI);
  assertEquals(
    printBlock(b.finish(), { helpers, slots }),
    `block 0x8000 insns=1 bytes=4 temps=5 {
  insn 0x8000, 4, 0
  v0 = get r1
  v1 = guest_load.s16.align2.mmu1.be v0
  if v1 {
    v2 = const 0x12345
    set state[0x40], v2
  } else {
    call test_note(v0, v1)
  }
  w3 = const64 0x1ffffffff
  set64 r0, w3
  v4 = atomic_rmw.add.u32 v0, v1
  memory_barrier ld_ld|st_st|dsb
  exit WFI
}
`,
  );
});

Deno.test("parseBlock gives back what printBlock was given, for any block", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 120 }), (seed, size) => {
      const block = randomBlock(new Rng(seed), {
        helpers,
        size,
        slots: [0, 8, 64, 0x800],
        guestBase: 0x100000,
        guestMask: 0xffff,
        hostBase: 0x2000,
        hostBytes: 0x100,
        abstract: true,
      });
      for (const options of [{ helpers }, { helpers, slots }, {}]) {
        assertEquals(parseBlock(printBlock(block, options), options), block);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("parseBlock skips comments and empty lines", () => {
  const block = parseBlock(
    "\n; a comment\nblock 0x10 insns=0 bytes=0 temps=0 { ; head\n\n goto_ptr\n}",
  );
  assertEquals(block.pc, 16);
  assertEquals(block.code.length, 6);
});

Deno.test("parseBlock names the line and the fault when the text is malformed", () => {
  const cases: readonly [string, string][] = [
    ["v0 = frobnicate v1", "Line 2: Unknown instruction"],
    ["v9 = const 1", "Line 2: v9 is not below the header's temps=2"],
    ["v0 = add v1", "add takes 2 operands"],
    ["set r1", "set takes 1 operands"],
    ["set sp, v0", "Unknown state slot sp"],
    ["v0 = guest_load.u7 v1", "Unknown access suffix .u7"],
    ["v0 = add.u8 v1, v1", "add takes no suffix"],
    ["v0 = const banana", "Not a number: banana"],
    ["call nobody()", "Unknown helper nobody"],
    ["call test_note", "Expected `call name(v1, v2)`"],
    ["memory_barrier sideways", "Unknown barrier kind sideways"],
    ["} else {", "else without an open if"],
    ["if v0", "Expected `if v1 {`"],
    ["set r1, 5", "Not a temporary: 5"],
  ];
  for (const [line, message] of cases) {
    const text = `block 0x0 insns=0 bytes=0 temps=2 {\n${line}\n}`;
    const error = assertThrows(() => parseBlock(text, { helpers, slots }), SyntaxError);
    assertStringIncludes(error.message, message);
  }
  assertThrows(() => parseBlock("set r1, v0"), SyntaxError, "Expected a block header");
  assertThrows(() => parseBlock("block 0x0 insns=0 bytes=0 temps=0 {"), SyntaxError, "no end");
  assertThrows(
    () => parseBlock("block 0x0 insns=0 bytes=0 temps=0 {\n}\ngoto_ptr"),
    SyntaxError,
    "Text after the block's end",
  );
});
