/**
 * Branch instructions, and the permanently undefined one.
 * @module
 */
import { ARM, reg } from "../state.ts";
import type { Fields } from "../decode/row.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

function target(t: Translation, f: Fields): number {
  return (t.pcValue + f.v) >>> 0;
}

/** Sets LR; bit 0 says which state to return to. */
function link(t: Translation): void {
  t.b.set(reg(14), t.b.codeAddr(t.next | (t.thumb ? 1 : 0)));
}

/** Branches forward by a number of halfwords that a table in memory holds. */
function tableBranch(size: 0 | 1): Handler {
  return (t, f) => {
    const b = t.b;
    t.it.settle();
    const index = t.reg(f.m);
    const offset = size === 0 ? index : b.shl(index, b.const(1));
    const halfwords = b.guestLoad(b.add(t.reg(f.n), offset), t.memop(size));
    b.set(ARM.PC, b.add(b.codeAddr(t.pcValue), b.shl(halfwords, b.const(1))));
    t.gotoPtr();
  };
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
  // BLX<c> <label>: to the other state; A32 code is word-aligned
  blx_imm: (t, f) => {
    link(t);
    t.gotoOtherState(t.thumb ? (t.literalBase + f.v) >>> 0 : target(t, f) | 1);
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
  // CB{N}Z <Rn>, <label>
  cbz: (t, f) => {
    const n = t.reg(f.n);
    t.gotoIf(f.x === 1 ? n : t.b.eqz(n), target(t, f));
  },
  // TBB<c> [<Rn>, <Rm>]
  tbb: tableBranch(0),
  // TBH<c> [<Rn>, <Rm>, LSL #1]
  tbh: tableBranch(1),
  // UDF #<imm16>
  udf: (t) => t.undefined(),
};
