/**
 * Branch instructions, and the permanently undefined one.
 * @module
 */
import { reg } from "../state.ts";
import type { Fields } from "../decode/row.ts";
import type { Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** pc + 8 + the sign-extended word offset. */
function target(t: Translation, f: Fields): number {
  return (t.pcValue + ((f.v << 8) >> 6)) >>> 0;
}

function link(t: Translation): void {
  t.b.set(reg(14), t.b.const(t.next));
}

/** Handlers of the group. */
export const branch: Handlers<"branch"> = {
  // B<c> <label>
  b: (t, f) => t.goto(target(t, f)),
  // BL<c> <label>
  bl: (t, f) => {
    link(t);
    t.goto(target(t, f));
  },
  // BLX <label>: to Thumb; x is bit 1 of the target
  blx_imm: (t, f) => {
    link(t);
    t.b.callVoid("arm_set_thumb", t.b.const(target(t, f) | f.x << 1 | 1));
    t.gotoPtr();
  },
  // BX<c> <Rm>
  bx: (t, f) => t.branchExchange(t.reg(f.m)),
  // BXJ<c> <Rm>: Jazelle is the trivial implementation, so BX
  bxj: (t, f) => t.branchExchange(t.reg(f.m)),
  // BLX<c> <Rm>
  blx_reg: (t, f) => {
    const to = t.reg(f.m);
    link(t);
    t.branchExchange(to);
  },
  // UDF #<imm16>
  udf: (t) => t.undefined(),
};
