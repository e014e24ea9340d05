/**
 * Saturating arithmetic on vectors of any lane width. Each adds to FPSCR.QC.
 * @module
 */
import type { IrBuilder, V128 } from "../../../ir/builder.ts";
import { VEC } from "../../../ir/vector.ts";
import {
  constant,
  highest,
  lowest,
  markSaturated,
  negative,
  op,
  shift,
  splat,
  zero,
} from "./lanes.ts";

/** Sum or difference; the lanes may be up to 64 bits wide. */
export function saturatingSum(
  b: IrBuilder,
  name: "add" | "sub",
  bits: number,
  signed: boolean,
  x: V128,
  y: V128,
): V128 {
  const wrapped = op(b, name, bits, x, y);
  if (bits <= 16) {
    const result = op(b, `${name}_sat_${signed ? "s" : "u"}`, bits, x, y);
    markSaturated(b, b.vec(VEC.xor, result, wrapped));
    return result;
  }
  if (signed) {
    // Overflow: the operands' signs (that of y turned for a difference) agree, the result's differs.
    const other = b.vec(VEC.xor, y, name === "add" ? wrapped : x);
    const overflow = negative(b, b.vec(VEC.and, b.vec(VEC.xor, x, wrapped), other), bits);
    markSaturated(b, overflow);
    return b.vec(VEC.select, limit(b, x, bits), wrapped, overflow);
  }
  const carry = carryOut(b, name, bits, x, y, wrapped);
  markSaturated(b, carry);
  return b.vec(name === "add" ? VEC.or : VEC.and_not, wrapped, carry);
}

/** The highest signed number, or the lowest where x is negative. */
export function limit(b: IrBuilder, x: V128, bits: number): V128 {
  return b.vec(VEC.xor, negative(b, x, bits), highest(b, bits));
}

/** Ones in the lanes whose unsigned sum or difference does not fit. */
function carryOut(
  b: IrBuilder,
  name: "add" | "sub",
  bits: number,
  x: V128,
  y: V128,
  wrapped: V128,
): V128 {
  if (bits < 64) {
    return name === "add" ? op(b, "gt_u", bits, x, wrapped) : op(b, "gt_u", bits, y, x);
  }
  const top = name === "add"
    ? b.vec(VEC.or, b.vec(VEC.and, x, y), b.vec(VEC.and_not, b.vec(VEC.or, x, y), wrapped))
    : b.vec(VEC.or, b.vec(VEC.and_not, y, x), b.vec(VEC.and_not, wrapped, b.vec(VEC.xor, x, y)));
  return negative(b, top, bits);
}

/** Lanes of `wide` bits made to fit into half as many; the numbers stay `wide` bits long. */
export function clamp(
  b: IrBuilder,
  x: V128,
  wide: number,
  signedFrom: boolean,
  signedTo: boolean,
): V128 {
  const half = wide / 2;
  const most = 2 ** (signedTo ? half - 1 : half) - 1;
  const least = signedTo ? -(2 ** (half - 1)) : 0;
  const result = wide === 64
    ? clampWide(b, x, signedFrom, BigInt(least), BigInt(most))
    : signedFrom
    ? op(b, "max_s", wide, op(b, "min_s", wide, x, splat(b, wide, most)), splat(b, wide, least))
    : op(b, "min_u", wide, x, splat(b, wide, most));
  markSaturated(b, b.vec(VEC.xor, result, x));
  return result;
}

function clampWide(b: IrBuilder, x: V128, signed: boolean, least: bigint, most: bigint): V128 {
  const upper = constant(b, most);
  if (!signed) {
    const fits = op(b, "eq", 64, shift(b, "shr_u", 64, x, 32), zero(b));
    return b.vec(VEC.select, x, upper, fits);
  }
  const lower = constant(b, least);
  const below = b.vec(VEC.select, upper, x, op(b, "gt_s", 64, x, upper));
  return b.vec(VEC.select, lower, below, op(b, "gt_s", 64, lower, x));
}

/** Twice the products of the lanes: high halves, saturating. */
export function doublingHigh(
  b: IrBuilder,
  bits: number,
  x: V128,
  y: V128,
  rounding: boolean,
): V128 {
  const [low, high] = ["mul_wide_s", "mul_wide_high_s"].map((name) => {
    const twice = shift(b, "shl", 2 * bits, op(b, name, bits, x, y), 1);
    return rounding
      ? op(b, "add", 2 * bits, twice, constant(b, repeated(1n << BigInt(bits - 1), 2 * bits)))
      : twice;
  });
  // Only the square of the lowest number does not fit; it gives the lowest again, one too much.
  const least = lowest(b, bits);
  const overflow = b.vec(VEC.and, op(b, "eq", bits, x, least), op(b, "eq", bits, y, least));
  markSaturated(b, overflow);
  return op(b, "add", bits, op(b, "unzip_odd", bits, low, high), overflow);
}

/** Twice the products of the low half's lanes, twice as wide, saturating. */
export function doublingWide(b: IrBuilder, bits: number, x: V128, y: V128): V128 {
  const wide = 2 * bits;
  const product = op(b, "mul_wide_s", bits, x, y);
  const square = constant(b, repeated(1n << BigInt(wide - 2), wide));
  const overflow = op(b, "eq", wide, product, square);
  markSaturated(b, overflow);
  return op(b, "add", wide, shift(b, "shl", wide, product, 1), overflow);
}

/** 64 bits of lanes of `bits` with the same value. */
export function repeated(value: bigint, bits: number): bigint {
  let all = 0n;
  for (let at = 0; at < 64; at += bits) all |= value << BigInt(at);
  return all;
}
