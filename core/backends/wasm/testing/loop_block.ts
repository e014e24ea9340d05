/**
 * The guest loop that the backend's speed is measured on, as the front end and the passes would
 * give it: seven instructions with a load and a store.
 *
 * ```text
 * loop: and  r0, r5, r2, lsl #2
 *       orr  r0, r0, r6
 *       ldr  r3, [r0]
 *       add  r1, r1, r3
 *       str  r1, [r0, #4]
 *       subs r2, r2, #1
 *       bne  loop
 * ```
 * @module
 */
import type { IrBlock } from "../../../ir/block.ts";
import { IrBuilder } from "../../../ir/builder.ts";
import type { HelperTable } from "../../../ir/helper.ts";

/** Offsets of the state slots that the loop uses. */
export const LOOP_STATE = {
  r: (n: number): number => 4 * n,
  NF: 0x40,
  ZF: 0x44,
  CF: 0x48,
  VF: 0x4c,
};
const WORD = 2;

/** The loop's block at `pc`; it continues at `taken` until r2 is 0, then at pc + 28. */
export function loopBlock(helpers: HelperTable, pc: number, taken: number = pc): IrBlock {
  const b = new IrBuilder(helpers);
  const { r, NF, ZF, CF, VF } = LOOP_STATE;
  b.begin(pc);
  b.insn(pc, 4);
  b.set(r(0), b.and(b.get(r(5)), b.shl(b.get(r(2)), b.const(2))));
  b.insn(pc + 4, 4);
  b.set(r(0), b.or(b.get(r(0)), b.get(r(6))));
  b.insn(pc + 8, 4);
  b.set(r(3), b.guestLoad(b.get(r(0)), WORD));
  b.insn(pc + 12, 4);
  b.set(r(1), b.add(b.get(r(1)), b.get(r(3))));
  b.insn(pc + 16, 4);
  b.guestStore(b.add(b.get(r(0)), b.const(4)), b.get(r(1)), WORD);
  b.insn(pc + 20, 4);
  const before = b.get(r(2));
  const one = b.const(1);
  const after = b.sub(before, one);
  b.set(r(2), after);
  b.set(NF, after);
  b.set(ZF, after);
  b.set(CF, b.bin("le_u", one, before));
  b.set(VF, b.and(b.xor(before, one), b.xor(before, after)));
  b.insn(pc + 24, 4);
  b.if(b.get(ZF), () => b.gotoTb(0, taken));
  b.gotoTb(1, pc + 28);
  return b.finish();
}
