/**
 * Saturating instructions; all set Q when they saturate.
 * @module
 */
import type { V32 } from "../../ir/builder.ts";
import type { Handler, Handlers } from "./handler.ts";
import { orQ, SHIFT, shiftConstant } from "./operands.ts";
import type { Translation } from "./translation.ts";

/** x + y or x - y, saturated to 32 bits; sets Q. */
function saturated32(t: Translation, how: "add" | "sub", x: V32, y: V32): V32 {
  const b = t.b;
  const r = b.bin(how, x, y);
  const overflow = b.and(b.xor(x, r), how === "add" ? b.xor(y, r) : b.xor(x, y));
  orQ(b, b.shrU(overflow, b.const(31)));
  // An overflowing result has the wrong sign: the limit follows from the sign of x.
  const limit = b.xor(b.shrS(x, b.const(31)), b.const(0x7fffffff));
  return b.select(b.bin("lt_s", overflow, b.const(0)), limit, r);
}

/** QADD, QSUB, QDADD, QDSUB <Rd>, <Rm>, <Rn> */
function arithmetic(how: "add" | "sub", double: boolean): Handler {
  return (t, f) => {
    const n = t.reg(f.n);
    const operand = double ? saturated32(t, "add", n, n) : n;
    t.setReg(f.d, saturated32(t, how, t.reg(f.m), operand));
  };
}

/** `value` limited to min..max. */
function clamp(t: Translation, value: V32, min: number, max: number): V32 {
  const b = t.b;
  const low = b.const(min);
  const high = b.const(max);
  const raised = b.select(b.bin("lt_s", value, low), low, value);
  return b.select(b.bin("lt_s", high, raised), high, raised);
}

/** Limits of a saturation: SSAT counts its bits from 1, USAT from 0. */
function limits(signed: boolean, v: number): readonly [number, number] {
  return [signed ? -(2 ** v) : 0, 2 ** v - 1];
}

function saturateWord(signed: boolean): Handler {
  return (t, f) => {
    const b = t.b;
    const { value } = shiftConstant(b, t.reg(f.n), f.x === 1 ? SHIFT.ASR : SHIFT.LSL, f.z);
    const [min, max] = limits(signed, f.v);
    const r = clamp(t, value, min, max);
    orQ(b, b.ne(r, value));
    t.setReg(f.d, r);
  };
}

function saturateHalves(signed: boolean): Handler {
  return (t, f) => {
    const b = t.b;
    const n = t.reg(f.n);
    const [min, max] = limits(signed, f.v);
    const lowIn = b.un("sext16", n);
    const highIn = b.shrS(n, b.const(16));
    const low = clamp(t, lowIn, min, max);
    const high = clamp(t, highIn, min, max);
    orQ(b, b.or(b.ne(low, lowIn), b.ne(high, highIn)));
    t.setReg(f.d, b.or(b.and(low, b.const(0xffff)), b.shl(high, b.const(16))));
  };
}

/** Handlers of the group. */
export const saturating: Handlers<"saturating"> = {
  // QADD<c> <Rd>, <Rm>, <Rn>
  qadd: arithmetic("add", false),
  // QSUB<c> <Rd>, <Rm>, <Rn>
  qsub: arithmetic("sub", false),
  // QDADD<c> <Rd>, <Rm>, <Rn>
  qdadd: arithmetic("add", true),
  // QDSUB<c> <Rd>, <Rm>, <Rn>
  qdsub: arithmetic("sub", true),
  // SSAT<c> <Rd>, #<imm>, <Rn>{, <shift>}
  ssat: saturateWord(true),
  // USAT<c> <Rd>, #<imm>, <Rn>{, <shift>}
  usat: saturateWord(false),
  // SSAT16<c> <Rd>, #<imm>, <Rn>
  ssat16: saturateHalves(true),
  // USAT16<c> <Rd>, #<imm>, <Rn>
  usat16: saturateHalves(false),
};
