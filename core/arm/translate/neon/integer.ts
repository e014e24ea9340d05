/**
 * Inline forms of the integer instructions on registers of the same length, and of those with a
 * scalar.
 * @module
 */
import type { IrBuilder, V128 } from "../../../ir/builder.ts";
import { VEC } from "../../../ir/vector.ts";
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import {
  bitsOf,
  type Inline,
  lowest,
  markSaturated,
  negative,
  op,
  pairs,
  shift,
  signedName,
  splat,
  type Three,
  three,
  type Two,
  two,
  withScalar,
  zero,
} from "./lanes.ts";
import { doublingHigh, saturatingSum } from "./saturate.ts";
import { shiftByRegister } from "./shifts.ts";

function lanes(name: string): Three {
  return (b, n, m, f) => op(b, name, bitsOf(f), n, m);
}

/** An operation with a signed and an unsigned form. */
function signedLanes(name: string): Three {
  return (b, n, m, f) => op(b, signedName(name, f), bitsOf(f), n, m);
}

function difference(b: IrBuilder, n: V128, m: V128, f: Fields): V128 {
  const bits = bitsOf(f);
  const larger = op(b, signedName("max", f), bits, n, m);
  return op(b, "sub", bits, larger, op(b, signedName("min", f), bits, n, m));
}

/** Product of lanes; those of 8 bits as products of the even and of the odd ones. */
function product(b: IrBuilder, n: V128, m: V128, bits: number): V128 {
  if (bits > 8) return op(b, "mul", bits, n, m);
  const low = splat(b, 16, 0xff);
  const even = b.vec(VEC.and, op(b, "mul", 16, n, m), low);
  const odd = op(b, "mul", 16, shift(b, "shr_u", 16, n, 8), b.vec(VEC.and_not, m, low));
  return b.vec(VEC.or, even, odd);
}

const multiply: Three = (b, n, m, f) => product(b, n, m, bitsOf(f));

function accumulate(name: "add" | "sub"): Three {
  return (b, n, m, f, old) => op(b, name, bitsOf(f), old(), product(b, n, m, bitsOf(f)));
}

/** Halves of sums and differences, which never leave the lane: carries apart from the bits that differ. */
function halving(name: "add" | "sub", rounding: boolean): Three {
  return (b, n, m, f) => {
    const bits = bitsOf(f);
    if (rounding && f.U === 1 && bits < 32) return op(b, "average_u", bits, n, m);
    const differing = shift(b, signedName("shr", f), bits, b.vec(VEC.xor, n, m), 1);
    if (name === "sub") return op(b, "sub", bits, differing, b.vec(VEC.and_not, m, n));
    return rounding
      ? op(b, "sub", bits, b.vec(VEC.or, n, m), differing)
      : op(b, "add", bits, b.vec(VEC.and, n, m), differing);
  };
}

function saturating(name: "add" | "sub"): Three {
  return (b, n, m, f) => saturatingSum(b, name, bitsOf(f), f.U === 0, n, m);
}

/**
 * Product of polynomials over {0, 1}: multiples of n by the bits of m. Operands of 8 bits stand in
 * lanes of `bits`.
 */
export function polynomialProduct(b: IrBuilder, n: V128, m: V128, bits: number): V128 {
  let sum = zero(b);
  let multiple = n;
  for (let i = 0; i < 8; i++) {
    const bit = splat(b, bits, 1 << i);
    const set = op(b, "eq", bits, b.vec(VEC.and, m, bit), bit);
    sum = b.vec(VEC.xor, sum, b.vec(VEC.and, multiple, set));
    if (i < 7) multiple = op(b, "add", bits, multiple, multiple);
  }
  return sum;
}

function doubling(rounding: boolean): Three {
  return (b, n, m, f) => doublingHigh(b, bitsOf(f), n, m, rounding);
}

/** Bytes 0 to 15 of a table. */
function table(b: IrBuilder, entry: (i: number) => number): V128 {
  const half = (first: number): [number, number] => {
    const words = [0, 0];
    for (let i = 0; i < 8; i++) words[i >> 2] |= entry(first + i) << 8 * (i & 3);
    return [words[0], words[1]];
  };
  return b.vecJoin(b.const64(...half(0)), b.const64(...half(8)));
}

/** Leading zeros: of bytes by tables of their halves, then of lanes twice as wide from both parts. */
function leadingZeros(b: IrBuilder, x: V128, bits: number): V128 {
  const ofByte = (byte: number): number => Math.clz32(byte) - 24;
  const high = shift(b, "shr_u", 8, x, 4);
  const low = b.vec(VEC.and, x, splat(b, 8, 0xf));
  let count = op(
    b,
    "min_u",
    8,
    op(b, "swizzle", 8, table(b, (i) => ofByte(i << 4)), high),
    op(b, "swizzle", 8, table(b, ofByte), low),
  );
  for (let width = 8; width < bits; width *= 2) {
    const wide = 2 * width;
    const upper = shift(b, "shr_u", wide, count, width);
    const all = op(b, "eq", wide, upper, splat(b, wide, width));
    const lower = b.vec(VEC.and, count, splat(b, wide, 2 ** width - 1));
    count = op(b, "add", wide, upper, b.vec(VEC.and, lower, all));
  }
  return count;
}

/** The lowest number has no opposite: it gives itself, one more than the highest. */
function withoutOpposite(name: "abs" | "neg"): Two {
  return (b, m, f) => {
    const bits = bitsOf(f);
    const least = op(b, "eq", bits, m, lowest(b, bits));
    markSaturated(b, least);
    return op(b, "add", bits, op(b, name, bits, m), least);
  };
}

function withZero(name: string, swapped: boolean): Two {
  return (b, m, f) =>
    swapped ? op(b, name, bitsOf(f), zero(b), m) : op(b, name, bitsOf(f), m, zero(b));
}

/** By handler. */
export const INTEGER_INLINE: Readonly<Record<HandlerName<"neon_integer">, Inline>> = {
  vhadd: three(halving("add", false)),
  vrhadd: three(halving("add", true)),
  vhsub: three(halving("sub", false)),
  vqadd: three(saturating("add")),
  vqsub: three(saturating("sub")),
  vand: three((b, n, m) => b.vec(VEC.and, n, m)),
  vbic: three((b, n, m) => b.vec(VEC.and_not, n, m)),
  vorr: three((b, n, m) => b.vec(VEC.or, n, m)),
  vorn: three((b, n, m) => b.vec(VEC.or, n, b.vec(VEC.not, m))),
  veor: three((b, n, m) => b.vec(VEC.xor, n, m)),
  vbsl: three((b, n, m, _f, old) => b.vec(VEC.select, n, m, old())),
  vbit: three((b, n, m, _f, old) => b.vec(VEC.select, n, old(), m)),
  vbif: three((b, n, m, _f, old) => b.vec(VEC.select, old(), n, m)),
  vcgt: three(signedLanes("gt")),
  vcge: three(signedLanes("ge")),
  vceq: three(lanes("eq")),
  vtst: three((b, n, m, f) =>
    b.vec(VEC.not, op(b, "eq", bitsOf(f), b.vec(VEC.and, n, m), zero(b)))
  ),
  vmax: three(signedLanes("max")),
  vmin: three(signedLanes("min")),
  vabd: three(difference),
  vaba: three((b, n, m, f, old) => op(b, "add", bitsOf(f), old(), difference(b, n, m, f))),
  vshl_reg: three(shiftByRegister(false, false)),
  vqshl_reg: three(shiftByRegister(false, true)),
  vrshl: three(shiftByRegister(true, false)),
  vqrshl: three(shiftByRegister(true, true)),
  vadd: three(lanes("add")),
  vsub: three(lanes("sub")),
  vmla: three(accumulate("add")),
  vmls: three(accumulate("sub")),
  vmul: three(multiply),
  vmul_poly: three((b, n, m) => polynomialProduct(b, n, m, 8)),
  vqdmulh: three(doubling(false)),
  vqrdmulh: three(doubling(true)),
  vpmax: pairs(bitsOf, (b, x, y, f) => op(b, signedName("max", f), bitsOf(f), x, y)),
  vpmin: pairs(bitsOf, (b, x, y, f) => op(b, signedName("min", f), bitsOf(f), x, y)),
  vpadd: pairs(bitsOf, (b, x, y, f) => op(b, "add", bitsOf(f), x, y)),

  vmla_scalar: withScalar(accumulate("add")),
  vmls_scalar: withScalar(accumulate("sub")),
  vmul_scalar: withScalar(multiply),
  vqdmulh_scalar: withScalar(doubling(false)),
  vqrdmulh_scalar: withScalar(doubling(true)),

  vcls: two((b, m, f) => {
    const bits = bitsOf(f);
    const magnitude = b.vec(VEC.xor, m, negative(b, m, bits));
    return op(b, "sub", bits, leadingZeros(b, magnitude, bits), splat(b, bits, 1));
  }),
  vclz: two((b, m, f) => leadingZeros(b, m, bitsOf(f))),
  vcnt: two((b, m) => b.vec(VEC.count_ones8, m)),
  vmvn: two((b, m) => b.vec(VEC.not, m)),
  vqabs: two(withoutOpposite("abs")),
  vqneg: two(withoutOpposite("neg")),
  vcgt_zero: two(withZero("gt_s", false)),
  vcge_zero: two(withZero("ge_s", false)),
  vceq_zero: two(withZero("eq", false)),
  vcle_zero: two(withZero("ge_s", true)),
  vclt_zero: two(withZero("gt_s", true)),
  vabs: two((b, m, f) => op(b, "abs", bitsOf(f), m)),
  vneg: two((b, m, f) => op(b, "neg", bitsOf(f), m)),
};
