/**
 * Inline forms of the shifts.
 * @module
 */
import type { IrBuilder, V128 } from "../../../ir/builder.ts";
import { VEC } from "../../../ir/vector.ts";
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import { leftCount, rightCount, shiftBits } from "../../simd/shift_amount.ts";
import {
  bitsOf,
  constant,
  double,
  type Inline,
  markSaturated,
  negative,
  op,
  quadword,
  shift,
  signedName,
  splat,
  store,
  type Three,
  two,
  zero,
} from "./lanes.ts";
import { clamp, limit, repeated } from "./saturate.ts";
import { regD, regM } from "../../simd/fields.ts";

/** Shift right by 1 to `bits`; vec_shift takes the count modulo the width. */
function shiftRight(b: IrBuilder, m: V128, bits: number, count: number, signed: boolean): V128 {
  if (count === bits && !signed) return zero(b);
  return shift(b, signed ? "shr_s" : "shr_u", bits, m, Math.min(count, bits - 1));
}

/** The same, rounded: the last bit that goes out is added. */
function roundedRight(b: IrBuilder, m: V128, bits: number, count: number, signed: boolean): V128 {
  const last = count === 1 ? m : shift(b, "shr_u", bits, m, count - 1);
  const carry = b.vec(VEC.and, last, splat(b, bits, 1));
  return op(b, "add", bits, shiftRight(b, m, bits, count, signed), carry);
}

function right(rounding: boolean): (b: IrBuilder, m: V128, f: Fields) => V128 {
  const move = rounding ? roundedRight : shiftRight;
  return (b, m, f) => move(b, m, shiftBits(f), rightCount(f), f.U === 0);
}

/** Ones in every lane where a shift moves ones to. */
function reached(f: Fields, left: boolean): bigint {
  const bits = shiftBits(f);
  const ones = (1n << BigInt(bits)) - 1n;
  return repeated(
    left ? ones << BigInt(leftCount(f)) & ones : ones >> BigInt(rightCount(f)),
    bits,
  );
}

function left(b: IrBuilder, m: V128, f: Fields): V128 {
  return shift(b, "shl", shiftBits(f), m, leftCount(f));
}

/** A left shift whose result is unsigned, of an unsigned number; `also` marks further lanes. */
function unsignedLeft(b: IrBuilder, m: V128, f: Fields): { result: V128; lost: V128 } {
  const bits = shiftBits(f);
  const moved = left(b, m, f);
  const back = shift(b, "shr_u", bits, moved, leftCount(f));
  const lost = b.vec(VEC.not, op(b, "eq", bits, back, m));
  return { result: b.vec(VEC.or, moved, lost), lost };
}

function saturatingLeft(b: IrBuilder, m: V128, f: Fields): V128 {
  if (f.U === 1) {
    const { result, lost } = unsignedLeft(b, m, f);
    markSaturated(b, lost);
    return result;
  }
  const bits = shiftBits(f);
  const moved = left(b, m, f);
  const kept = op(b, "eq", bits, shift(b, "shr_s", bits, moved, leftCount(f)), m);
  markSaturated(b, b.vec(VEC.not, kept));
  return b.vec(VEC.select, moved, limit(b, m, bits), kept);
}

/** Of a signed number to an unsigned one: negative numbers become 0. */
function saturatingLeftUnsigned(b: IrBuilder, m: V128, f: Fields): V128 {
  const { result, lost } = unsignedLeft(b, m, f);
  const below = negative(b, m, shiftBits(f));
  markSaturated(b, b.vec(VEC.or, lost, below));
  return b.vec(VEC.and_not, result, below);
}

/**
 * A quadword shifted right to a double register; the field names the narrow size.
 * @param saturation signedness of the operand and of the result, or null when it is truncated
 */
function narrow(
  rounding: boolean,
  saturation: ((f: Fields) => readonly [boolean, boolean]) | null,
): Inline {
  const move = rounding ? roundedRight : shiftRight;
  return {
    even: (f) => f.m,
    emit: (b, f) => {
      const bits = shiftBits(f);
      const [from, to] = saturation?.(f) ?? [false, false];
      const moved = move(b, quadword(b, regM(f)), 2 * bits, rightCount(f), from);
      const result = saturation === null ? moved : clamp(b, moved, 2 * bits, from, to);
      store(b, regD(f), 0, op(b, "even", bits, result));
    },
  };
}

const byU = (f: Fields): readonly [boolean, boolean] => [f.U === 0, f.U === 0];
const toUnsigned = (): readonly [boolean, boolean] => [true, false];

/** The last place of a shift right, of which all but one are done: rounded. */
function roundedDown(b: IrBuilder, x: V128, bits: number, f: Fields): V128 {
  const half = shift(b, signedName("shr", f), bits, x, 1);
  return op(b, "add", bits, half, b.vec(VEC.and, x, splat(b, bits, 1)));
}

/** Shift of the lanes of m by the signed low bytes of those of n: to the left, or back when negative. */
export function shiftByRegister(rounding: boolean, saturating: boolean): Three {
  return (b, n, m, f) => {
    const bits = bitsOf(f);
    const right = signedName("shr", f) + "_each";
    const count = bits === 8
      ? n
      : shift(b, "shr_s", bits, shift(b, "shl", bits, n, bits - 8), bits - 8);
    const back = negative(b, count, bits);
    const moved = op(b, "shl_each", bits, m, count);
    const down = rounding
      ? roundedDown(b, op(b, right, bits, m, b.vec(VEC.not, count)), bits, f)
      : op(b, right, bits, m, op(b, "neg", bits, count));
    const result = b.vec(VEC.select, down, moved, back);
    if (!saturating) return result;
    const same = op(b, "eq", bits, op(b, right, bits, moved, count), m);
    const lost = b.vec(VEC.not, b.vec(VEC.or, same, back));
    markSaturated(b, lost);
    return f.U === 1
      ? b.vec(VEC.or, result, lost)
      : b.vec(VEC.select, limit(b, m, bits), result, lost);
  };
}

/** By handler. */
export const SHIFT_INLINE: Readonly<Record<HandlerName<"neon_shifts">, Inline>> = {
  vshr: two(right(false)),
  vrshr: two(right(true)),
  vsra: two((b, m, f, old) => op(b, "add", shiftBits(f), old(), right(false)(b, m, f))),
  vrsra: two((b, m, f, old) => op(b, "add", shiftBits(f), old(), right(true)(b, m, f))),
  vsri: two((b, m, f, old) => {
    const moved = shiftRight(b, m, shiftBits(f), rightCount(f), false);
    return b.vec(VEC.select, moved, old(), constant(b, reached(f, false)));
  }),
  vsli: two((b, m, f, old) =>
    b.vec(VEC.select, left(b, m, f), old(), constant(b, reached(f, true)))
  ),
  vshl_imm: two(left),
  vqshlu: two(saturatingLeftUnsigned),
  vqshl_imm: two(saturatingLeft),
  vshrn: narrow(false, null),
  vrshrn: narrow(true, null),
  vqshrun: narrow(false, toUnsigned),
  vqrshrun: narrow(true, toUnsigned),
  vqshrn: narrow(false, byU),
  vqrshrn: narrow(true, byU),
  vshll: {
    even: (f) => f.d,
    emit: (b, f) => {
      const bits = shiftBits(f);
      const wide = op(b, signedName("widen", f), bits, double(b, regM(f)));
      store(b, regD(f), 1, shift(b, "shl", 2 * bits, wide, leftCount(f)));
    },
  },
};
