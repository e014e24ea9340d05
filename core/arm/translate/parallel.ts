/**
 * Parallel addition and subtraction on two halfwords or four bytes, the selection by the GE flags
 * that they set, and sums of absolute differences.
 * @module
 */
import type { IrBuilder, V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { ARM } from "../state.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** One lane: which lanes of Rn and Rm it combines, and how. */
interface Lane {
  readonly n: number;
  readonly m: number;
  readonly how: "add" | "sub";
}

/** The lanes of an operation, lowest first. */
interface Shape {
  readonly bits: 8 | 16;
  readonly lanes: readonly Lane[];
}

const lane = (n: number, m: number, how: "add" | "sub"): Lane => ({ n, m, how });
const add16: Shape = { bits: 16, lanes: [lane(0, 0, "add"), lane(1, 1, "add")] };
const sub16: Shape = { bits: 16, lanes: [lane(0, 0, "sub"), lane(1, 1, "sub")] };
const asx: Shape = { bits: 16, lanes: [lane(0, 1, "sub"), lane(1, 0, "add")] };
const sax: Shape = { bits: 16, lanes: [lane(0, 1, "add"), lane(1, 0, "sub")] };
const add8: Shape = { bits: 8, lanes: [0, 1, 2, 3].map((i) => lane(i, i, "add")) };
const sub8: Shape = { bits: 8, lanes: [0, 1, 2, 3].map((i) => lane(i, i, "sub")) };

/** What becomes of the exact result of a lane. */
interface Finish {
  readonly signed: boolean;
  /** The lane's result; bits above the lane are ignored. */
  readonly result: (b: IrBuilder, exact: V32, bits: number) => V32;
  /** Whether the GE flags are set. */
  readonly setsGe: boolean;
}

const modulo = (signed: boolean): Finish => ({
  signed,
  result: (_b, exact) => exact,
  setsGe: true,
});

const halve = (signed: boolean): Finish => ({
  signed,
  result: (b, exact) => b.shrS(exact, b.const(1)),
  setsGe: false,
});

const saturate = (signed: boolean): Finish => ({
  signed,
  result: (b, exact, bits) => {
    const low = b.const(signed ? -(2 ** (bits - 1)) : 0);
    const high = b.const(signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1);
    const raised = b.select(b.bin("lt_s", exact, low), low, exact);
    return b.select(b.bin("lt_s", high, raised), high, raised);
  },
  setsGe: false,
});

/** Lane `index` of `value`, extended to 32 bits. */
function extract(b: IrBuilder, value: V32, index: number, bits: 8 | 16, signed: boolean): V32 {
  const last = (index + 1) * bits === 32;
  if (last && signed) return b.shrS(value, b.const(32 - bits));
  const shifted = index === 0 ? value : b.shrU(value, b.const(index * bits));
  if (signed) return b.un(bits === 8 ? "sext8" : "sext16", shifted);
  return last ? shifted : b.and(shifted, b.const(2 ** bits - 1));
}

/** GE of a lane, 0 or 1: no borrow, no negative result, or a carry out of an unsigned sum. */
function greaterOrEqual(b: IrBuilder, exact: V32, carries: boolean, bits: number): V32 {
  if (carries) return b.shrU(exact, b.const(bits));
  return b.xor(b.shrU(exact, b.const(31)), b.const(1));
}

/** Places the low `bits` of `value` at lane `index`. */
function place(b: IrBuilder, value: V32, index: number, bits: number): V32 {
  if ((index + 1) * bits === 32) return b.shl(value, b.const(32 - bits));
  const low = b.and(value, b.const(2 ** bits - 1));
  return index === 0 ? low : b.shl(low, b.const(index * bits));
}

function parallelOp(shape: Shape, finish: Finish): Handler {
  return (t, f) => {
    const b = t.b;
    const n = t.reg(f.n);
    const m = t.reg(f.m);
    let result: V32 | null = null;
    let ge: V32 | null = null;
    for (const [index, { n: from, m: to, how }] of shape.lanes.entries()) {
      const exact = b.bin(
        how,
        extract(b, n, from, shape.bits, finish.signed),
        extract(b, m, to, shape.bits, finish.signed),
      );
      const part = place(b, finish.result(b, exact, shape.bits), index, shape.bits);
      result = result === null ? part : b.or(result, part);
      if (finish.setsGe) {
        const bit = greaterOrEqual(b, exact, how === "add" && !finish.signed, shape.bits);
        // A halfword lane sets two of the four flags.
        const flags = shape.bits === 8
          ? b.shl(bit, b.const(index))
          : b.bin("mul", bit, b.const(index === 0 ? 3 : 12));
        ge = ge === null ? flags : b.or(ge, flags);
      }
    }
    if (ge !== null) b.set(ARM.GE, ge);
    t.setReg(f.d, result!);
  };
}

/** Sum of the absolute differences of the bytes of Rn and Rm. */
function absoluteDifferences(t: Translation, f: Fields): V32 {
  const b = t.b;
  const n = t.reg(f.n);
  const m = t.reg(f.m);
  const differences = [0, 1, 2, 3].map((index) => {
    const d = b.sub(extract(b, n, index, 8, false), extract(b, m, index, 8, false));
    const sign = b.shrS(d, b.const(31));
    return b.sub(b.xor(d, sign), sign);
  });
  return differences.reduce((sum, d) => b.add(sum, d));
}

/** Handlers of the group. */
export const parallel: Handlers<"parallel"> = {
  // S<op><c> <Rd>, <Rn>, <Rm>
  sadd16: parallelOp(add16, modulo(true)),
  sasx: parallelOp(asx, modulo(true)),
  ssax: parallelOp(sax, modulo(true)),
  ssub16: parallelOp(sub16, modulo(true)),
  sadd8: parallelOp(add8, modulo(true)),
  ssub8: parallelOp(sub8, modulo(true)),
  // Q<op><c> <Rd>, <Rn>, <Rm>
  qadd16: parallelOp(add16, saturate(true)),
  qasx: parallelOp(asx, saturate(true)),
  qsax: parallelOp(sax, saturate(true)),
  qsub16: parallelOp(sub16, saturate(true)),
  qadd8: parallelOp(add8, saturate(true)),
  qsub8: parallelOp(sub8, saturate(true)),
  // SH<op><c> <Rd>, <Rn>, <Rm>
  shadd16: parallelOp(add16, halve(true)),
  shasx: parallelOp(asx, halve(true)),
  shsax: parallelOp(sax, halve(true)),
  shsub16: parallelOp(sub16, halve(true)),
  shadd8: parallelOp(add8, halve(true)),
  shsub8: parallelOp(sub8, halve(true)),
  // U<op><c> <Rd>, <Rn>, <Rm>
  uadd16: parallelOp(add16, modulo(false)),
  uasx: parallelOp(asx, modulo(false)),
  usax: parallelOp(sax, modulo(false)),
  usub16: parallelOp(sub16, modulo(false)),
  uadd8: parallelOp(add8, modulo(false)),
  usub8: parallelOp(sub8, modulo(false)),
  // UQ<op><c> <Rd>, <Rn>, <Rm>
  uqadd16: parallelOp(add16, saturate(false)),
  uqasx: parallelOp(asx, saturate(false)),
  uqsax: parallelOp(sax, saturate(false)),
  uqsub16: parallelOp(sub16, saturate(false)),
  uqadd8: parallelOp(add8, saturate(false)),
  uqsub8: parallelOp(sub8, saturate(false)),
  // UH<op><c> <Rd>, <Rn>, <Rm>
  uhadd16: parallelOp(add16, halve(false)),
  uhasx: parallelOp(asx, halve(false)),
  uhsax: parallelOp(sax, halve(false)),
  uhsub16: parallelOp(sub16, halve(false)),
  uhadd8: parallelOp(add8, halve(false)),
  uhsub8: parallelOp(sub8, halve(false)),
  // SEL<c> <Rd>, <Rn>, <Rm>
  sel: (t, f) => {
    const b = t.b;
    // Spreads the four flags to the low bit of each byte, then each to its whole byte.
    const spread = b.and(
      b.bin("mul", b.get(ARM.GE), b.const(0x00204081)),
      b.const(0x01010101),
    );
    const mask = b.bin("mul", spread, b.const(0xff));
    const m = t.reg(f.m);
    t.setReg(f.d, b.xor(m, b.and(b.xor(t.reg(f.n), m), mask)));
  },
  // USAD8<c> <Rd>, <Rn>, <Rm>
  usad8: (t, f) => t.setReg(f.d, absoluteDifferences(t, f)),
  // USADA8<c> <Rd>, <Rn>, <Rm>, <Ra>
  usada8: (t, f) => t.setReg(f.d, t.b.add(absoluteDifferences(t, f), t.reg(f.a))),
};
