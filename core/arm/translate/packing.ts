/**
 * Packing and extending instructions.
 * @module
 */
import type { IrBuilder, V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import type { Handler, Handlers } from "./handler.ts";
import { SHIFT, shiftConstant } from "./operands.ts";
import type { Translation } from "./translation.ts";

/** Rm rotated right by 0, 8, 16 or 24. */
function rotated(t: Translation, f: Fields): V32 {
  const m = t.reg(f.m);
  return f.r === 0 ? m : t.b.bin("rotr", m, t.b.const(f.r * 8));
}

/** Two halfwords put together; bits 31-16 of `low` are ignored. */
function halves(b: IrBuilder, low: V32, high: V32): V32 {
  return b.or(b.and(low, b.const(0xffff)), b.shl(high, b.const(16)));
}

type Extend = (b: IrBuilder, value: V32) => V32;

const signedByte: Extend = (b, x) => b.un("sext8", x);
const signedHalf: Extend = (b, x) => b.un("sext16", x);
const byte: Extend = (b, x) => b.and(x, b.const(0xff));
const half: Extend = (b, x) => b.and(x, b.const(0xffff));
const signedBytes: Extend = (b, x) =>
  halves(b, b.un("sext8", x), b.un("sext8", b.shrU(x, b.const(16))));
const bytes: Extend = (b, x) => b.and(x, b.const(0x00ff00ff));

function extend(how: Extend): Handler {
  return (t, f) => t.setReg(f.d, how(t.b, rotated(t, f)));
}

function extendAdd(how: Extend): Handler {
  return (t, f) => t.setReg(f.d, t.b.add(t.reg(f.n), how(t.b, rotated(t, f))));
}

/** Extends bytes 0 and 2 and adds them to the halfwords of Rn. */
function extendAdd16(how: Extend): Handler {
  return (t, f) => {
    const b = t.b;
    const n = t.reg(f.n);
    const x = rotated(t, f);
    const sixteen = b.const(16);
    const low = b.add(n, how(b, x));
    const high = b.add(b.shrU(n, sixteen), how(b, b.shrU(x, sixteen)));
    t.setReg(f.d, halves(b, low, high));
  };
}

/** Handlers of the group. */
export const packing: Handlers<"packing"> = {
  // PKHBT<c> <Rd>, <Rn>, <Rm>{, LSL #<imm>}
  pkhbt: (t, f) => {
    const b = t.b;
    const m = shiftConstant(b, t.reg(f.m), SHIFT.LSL, f.z).value;
    t.setReg(f.d, b.or(b.and(t.reg(f.n), b.const(0xffff)), b.and(m, b.const(-0x10000))));
  },
  // PKHTB<c> <Rd>, <Rn>, <Rm>{, ASR #<imm>}
  pkhtb: (t, f) => {
    const b = t.b;
    const m = shiftConstant(b, t.reg(f.m), SHIFT.ASR, f.z).value;
    t.setReg(f.d, b.or(b.and(t.reg(f.n), b.const(-0x10000)), b.and(m, b.const(0xffff))));
  },
  // <op><c> <Rd>, {<Rn>, }<Rm>{, <rotation>}
  sxtb: extend(signedByte),
  sxth: extend(signedHalf),
  uxtb: extend(byte),
  uxth: extend(half),
  sxtb16: extend(signedBytes),
  uxtb16: extend(bytes),
  sxtab: extendAdd(signedByte),
  sxtah: extendAdd(signedHalf),
  uxtab: extendAdd(byte),
  uxtah: extendAdd(half),
  sxtab16: extendAdd16(signedByte),
  uxtab16: extendAdd16(byte),
};
