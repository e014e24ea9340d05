/**
 * Multiply instructions. S sets N and Z only; the signed halfword and dual forms set Q when an
 * accumulation overflows.
 * @module
 */
import type { IrBuilder, V32, V64 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { ARM } from "../state.ts";
import type { Handler, Handlers } from "./handler.ts";
import { orQ, setNZ } from "./operands.ts";
import type { Translation } from "./translation.ts";

function product(b: IrBuilder, signed: boolean, x: V32, y: V32): V64 {
  return signed
    ? b.bin64("mul64", b.extendS(x), b.extendS(y))
    : b.bin64("mul64", b.extendU(x), b.extendU(y));
}

/** Sign-extended bottom (0) or top (1) half. */
function half(b: IrBuilder, value: V32, top: number): V32 {
  return top ? b.shrS(value, b.const(16)) : b.un("sext16", value);
}

/** Writes RdLo and RdHi. */
function setLong(t: Translation, f: Fields, value: V64): void {
  const lo = t.b.lo(value);
  const hi = t.b.hi(value);
  t.setReg(f.l, lo);
  if (!t.ended) t.setReg(f.h, hi);
}

function accumulator(t: Translation, f: Fields): V64 {
  return t.b.concat(t.reg(f.l), t.reg(f.h));
}

function long(signed: boolean, accumulate: boolean): Handler {
  return (t, f) => {
    const b = t.b;
    const p = product(b, signed, t.reg(f.n), t.reg(f.m));
    const result = accumulate ? b.bin64("add64", p, accumulator(t, f)) : p;
    if (f.S === 1) {
      const hi = b.hi(result);
      b.set(ARM.NF, hi);
      b.set(ARM.ZF, b.or(b.lo(result), hi));
      t.flagsWritten();
    }
    setLong(t, f, result);
  };
}

/** Writes x + Ra to Rd and sets Q when the signed sum overflows. */
function accumulateQ(t: Translation, f: Fields, x: V32): void {
  const b = t.b;
  const a = t.reg(f.a);
  const r = b.add(x, a);
  orQ(b, b.shrU(b.and(b.xor(x, r), b.xor(a, r)), b.const(31)));
  t.setReg(f.d, r);
}

/** Bits 47-16 of Rn times a half of Rm. */
function wordByHalf(t: Translation, f: Fields): V32 {
  const b = t.b;
  const p = product(b, true, t.reg(f.n), half(b, t.reg(f.m), f.M));
  return b.lo(b.bin64("shr_s64", p, b.const64(16, 0)));
}

function halfByHalf(t: Translation, f: Fields): V32 {
  const b = t.b;
  return b.bin("mul", half(b, t.reg(f.n), f.N), half(b, t.reg(f.m), f.M));
}

/** The products of the halves of Rn with those of Rm (exchanged when x is set). */
function dualProducts(t: Translation, f: Fields): { readonly low: V32; readonly high: V32 } {
  const b = t.b;
  const n = t.reg(f.n);
  const m = t.reg(f.m);
  return {
    low: b.bin("mul", half(b, n, 0), half(b, m, f.x)),
    high: b.bin("mul", half(b, n, 1), half(b, m, 1 - f.x)),
  };
}

/** low ± high as a 64-bit sum, which cannot overflow. */
function dualSum(t: Translation, f: Fields, subtract: boolean): V64 {
  const b = t.b;
  const { low, high } = dualProducts(t, f);
  return b.bin64(subtract ? "sub64" : "add64", b.extendS(low), b.extendS(high));
}

/** Writes the low half of a sum to Rd and sets Q when the sum does not fit in it. */
function setNarrowedQ(t: Translation, f: Fields, sum: V64): void {
  const b = t.b;
  const r = b.lo(sum);
  orQ(b, b.ne(b.hi(sum), b.shrS(r, b.const(31))));
  t.setReg(f.d, r);
}

function dual(subtract: boolean, accumulate: boolean): Handler {
  return (t, f) => {
    const sum = dualSum(t, f, subtract);
    setNarrowedQ(
      t,
      f,
      accumulate ? t.b.bin64("add64", sum, t.b.extendS(t.reg(f.a))) : sum,
    );
  };
}

function dualLong(subtract: boolean): Handler {
  return (t, f) => setLong(t, f, t.b.bin64("add64", dualSum(t, f, subtract), accumulator(t, f)));
}

/** Most significant word of Ra:0 ± Rn * Rm, rounded when R is set. */
function mostSignificant(how: "none" | "add64" | "sub64"): Handler {
  return (t, f) => {
    const b = t.b;
    let x = product(b, true, t.reg(f.n), t.reg(f.m));
    if (how !== "none") x = b.bin64(how, b.concat(b.const(0), t.reg(f.a)), x);
    if (f.R === 1) x = b.bin64("add64", x, b.const64(0x80000000, 0));
    t.setReg(f.d, b.hi(x));
  };
}

/** Handlers of the group. */
export const multiply: Handlers<"multiply"> = {
  // MUL{S}<c> <Rd>, <Rn>, <Rm>
  mul: (t, f) => {
    const r = t.b.bin("mul", t.reg(f.n), t.reg(f.m));
    if (f.S === 1) setNZ(t, r);
    t.setReg(f.d, r);
  },
  // MLA{S}<c> <Rd>, <Rn>, <Rm>, <Ra>
  mla: (t, f) => {
    const r = t.b.add(t.b.bin("mul", t.reg(f.n), t.reg(f.m)), t.reg(f.a));
    if (f.S === 1) setNZ(t, r);
    t.setReg(f.d, r);
  },
  // MLS<c> <Rd>, <Rn>, <Rm>, <Ra>
  mls: (t, f) => t.setReg(f.d, t.b.sub(t.reg(f.a), t.b.bin("mul", t.reg(f.n), t.reg(f.m)))),
  // UMAAL<c> <RdLo>, <RdHi>, <Rn>, <Rm>
  umaal: (t, f) => {
    const b = t.b;
    const sum = b.bin64("add64", b.extendU(t.reg(f.l)), b.extendU(t.reg(f.h)));
    setLong(t, f, b.bin64("add64", product(b, false, t.reg(f.n), t.reg(f.m)), sum));
  },
  // <op>{S}<c> <RdLo>, <RdHi>, <Rn>, <Rm>
  umull: long(false, false),
  umlal: long(false, true),
  smull: long(true, false),
  smlal: long(true, true),
  // SMLA<x><y><c> <Rd>, <Rn>, <Rm>, <Ra>
  smlaxy: (t, f) => accumulateQ(t, f, halfByHalf(t, f)),
  // SMLAW<y><c> <Rd>, <Rn>, <Rm>, <Ra>
  smlawy: (t, f) => accumulateQ(t, f, wordByHalf(t, f)),
  // SMULW<y><c> <Rd>, <Rn>, <Rm>
  smulwy: (t, f) => t.setReg(f.d, wordByHalf(t, f)),
  // SMLAL<x><y><c> <RdLo>, <RdHi>, <Rn>, <Rm>
  smlalxy: (t, f) =>
    setLong(t, f, t.b.bin64("add64", t.b.extendS(halfByHalf(t, f)), accumulator(t, f))),
  // SMUL<x><y><c> <Rd>, <Rn>, <Rm>
  smulxy: (t, f) => t.setReg(f.d, halfByHalf(t, f)),
  // SMLAD{X}<c> <Rd>, <Rn>, <Rm>, <Ra>
  smlad: dual(false, true),
  // SMUAD{X}<c> <Rd>, <Rn>, <Rm>
  smuad: dual(false, false),
  // SMLSD{X}<c> <Rd>, <Rn>, <Rm>, <Ra>
  smlsd: dual(true, true),
  // SMUSD{X}<c> <Rd>, <Rn>, <Rm>: cannot overflow
  smusd: (t, f) => {
    const { low, high } = dualProducts(t, f);
    t.setReg(f.d, t.b.sub(low, high));
  },
  // SMLALD{X}<c> <RdLo>, <RdHi>, <Rn>, <Rm>
  smlald: dualLong(false),
  // SMLSLD{X}<c> <RdLo>, <RdHi>, <Rn>, <Rm>
  smlsld: dualLong(true),
  // SMMLA{R}<c> <Rd>, <Rn>, <Rm>, <Ra>
  smmla: mostSignificant("add64"),
  // SMMUL{R}<c> <Rd>, <Rn>, <Rm>
  smmul: mostSignificant("none"),
  // SMMLS{R}<c> <Rd>, <Rn>, <Rm>, <Ra>
  smmls: mostSignificant("sub64"),
};
