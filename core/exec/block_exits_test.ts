import { assertEquals } from "@std/assert";
import { IrBuilder } from "../ir/builder.ts";
import { testHelperTable } from "../ir/testing/test_helpers.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { type BlockExit, blockExits } from "./block_exits.ts";

const PC = 0x8000;
const LINK = 0x38;

/** Ways out of a block of two instructions. */
function exitsOf(emit: (b: IrBuilder) => void): BlockExit[] {
  const b = new IrBuilder(testHelperTable());
  b.begin(PC);
  b.insn(PC, 4);
  b.insn(PC + 4, 4);
  emit(b);
  return blockExits(b.finish());
}

Deno.test("a branch that stores the address after the block elsewhere is a call", () => {
  for (const state of [0, 1]) {
    const exits = exitsOf((b) => {
      b.set(LINK, b.codeAddr(PC + 8 + state));
      b.gotoTb(0, 0x8100);
    });
    assertEquals(exits, [{ kind: "direct", pc: 0x8100, call: true }]);
  }
});

Deno.test("a call under a condition is one way out of two", () => {
  const exits = exitsOf((b) => {
    b.if(b.get(0), () => {
      b.set(LINK, b.codeAddr(PC + 8));
      b.gotoTb(1, 0x8100);
    });
    b.gotoTb(0, PC + 8);
  });
  assertEquals(exits, [
    { kind: "direct", pc: 0x8100, call: true },
    { kind: "direct", pc: PC + 8, call: false },
  ]);
});

Deno.test("a jump to a place is known, one to a constant or a register is not", () => {
  const exits = exitsOf((b) => {
    b.if(b.get(0), () => {
      b.set(VCPU.PC, b.codeAddr(0x9000));
      b.gotoPtr();
    });
    b.if(b.get(8), () => {
      b.set(VCPU.PC, b.const(0x9000));
      b.gotoPtr();
    });
    b.set(VCPU.PC, b.get(4));
    b.gotoPtr();
  });
  assertEquals(exits, [
    { kind: "jump", pc: 0x9000, call: false },
    { kind: "jump", pc: null, call: false },
    { kind: "jump", pc: null, call: false },
  ]);
});
