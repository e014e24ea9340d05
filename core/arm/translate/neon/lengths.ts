/**
 * Inline forms of the instructions whose operands and result differ in length.
 * @module
 */
import type { IrBuilder, V128 } from "../../../ir/builder.ts";
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import { polynomialProduct } from "./integer.ts";
import {
  bitsOf,
  constant,
  double,
  type Inline,
  op,
  quadword,
  scalar,
  shift,
  signedName,
  store,
  two,
} from "./lanes.ts";
import { clamp, doublingWide, repeated, saturatingSum } from "./saturate.ts";
import { regD, regM, regN } from "../../simd/fields.ts";

function widened(b: IrBuilder, d: number, f: Fields): V128 {
  return op(b, signedName("widen", f), bitsOf(f), double(b, d));
}

/** Sums and differences: the first operand is a quadword when `wide`. */
function longSum(name: "add" | "sub", wide: boolean): Inline {
  return {
    even: (f) => wide ? f.d | f.n : f.d,
    emit: (b, f) => {
      const n = wide ? quadword(b, regN(f)) : widened(b, regN(f), f);
      store(b, regD(f), 1, op(b, name, 2 * bitsOf(f), n, widened(b, regM(f), f)));
    },
  };
}

/** Two double registers, or one and a scalar, to a quadword; `old` reads the destination. */
function long(
  compute: (b: IrBuilder, n: V128, m: V128, f: Fields, old: () => V128) => V128,
  withScalar = false,
): Inline {
  return {
    even: (f) => f.d,
    emit: (b, f) => {
      const n = double(b, regN(f));
      const m = withScalar ? scalar(b, f) : double(b, regM(f));
      store(b, regD(f), 1, compute(b, n, m, f, () => quadword(b, regD(f))));
    },
  };
}

/** Products, alone or added to or taken from the destination. */
function product(name: "add" | "sub" | null, withScalar = false): Inline {
  return long((b, n, m, f, old) => {
    const p = op(b, signedName("mul_wide", f), bitsOf(f), n, m);
    return name === null ? p : op(b, name, 2 * bitsOf(f), old(), p);
  }, withScalar);
}

/** The same doubled, each step saturating. */
function doubling(name: "add" | "sub" | null, withScalar = false): Inline {
  return long((b, n, m, f, old) => {
    const p = doublingWide(b, bitsOf(f), n, m);
    return name === null ? p : saturatingSum(b, name, 2 * bitsOf(f), true, old(), p);
  }, withScalar);
}

function difference(b: IrBuilder, n: V128, m: V128, f: Fields): V128 {
  const [x, y] = [n, m].map((v) => op(b, signedName("widen", f), bitsOf(f), v));
  return op(b, "abs", 2 * bitsOf(f), op(b, "sub", 2 * bitsOf(f), x, y));
}

/** The high half of a sum or difference of quadwords. */
function highHalf(name: "add" | "sub", rounding: boolean): Inline {
  return {
    even: (f) => f.n | f.m,
    emit: (b, f) => {
      const bits = bitsOf(f);
      const wide = 2 * bits;
      const exact = op(b, name, wide, quadword(b, regN(f)), quadword(b, regM(f)));
      const half = constant(b, repeated(1n << BigInt(bits - 1), wide));
      const sum = rounding ? op(b, "add", wide, exact, half) : exact;
      store(b, regD(f), 0, op(b, "unzip_odd", bits, sum, sum));
    },
  };
}

/** A quadword to a double register; `saturation` is the signedness of operand and result. */
function narrow(saturation: ((f: Fields) => readonly [boolean, boolean]) | null): Inline {
  return {
    even: (f) => f.m,
    emit: (b, f) => {
      const bits = bitsOf(f);
      const m = quadword(b, regM(f));
      const result = saturation === null ? m : clamp(b, m, 2 * bits, ...saturation(f));
      store(b, regD(f), 0, op(b, "even", bits, result));
    },
  };
}

/** The upper and lower lane of each pair summed, at twice the width. */
function pairSums(b: IrBuilder, m: V128, f: Fields): V128 {
  const bits = bitsOf(f);
  const wide = 2 * bits;
  const name = signedName("shr", f);
  const upper = shift(b, name, wide, m, bits);
  const lower = shift(b, name, wide, shift(b, "shl", wide, m, bits), bits);
  return op(b, "add", wide, upper, lower);
}

/** By handler. */
export const LENGTH_INLINE: Readonly<Record<HandlerName<"neon_lengths">, Inline>> = {
  vaddl: longSum("add", false),
  vaddw: longSum("add", true),
  vsubl: longSum("sub", false),
  vsubw: longSum("sub", true),
  vaddhn: highHalf("add", false),
  vraddhn: highHalf("add", true),
  vsubhn: highHalf("sub", false),
  vrsubhn: highHalf("sub", true),
  vabal: long((b, n, m, f, old) => op(b, "add", 2 * bitsOf(f), old(), difference(b, n, m, f))),
  vabdl: long(difference),
  vmlal: product("add"),
  vmlsl: product("sub"),
  vmull: product(null),
  vmull_poly: long((b, n, m) => {
    const [x, y] = [n, m].map((v) => op(b, "widen_u", 8, v));
    return polynomialProduct(b, x, y, 16);
  }),
  vqdmlal: doubling("add"),
  vqdmlsl: doubling("sub"),
  vqdmull: doubling(null),
  vmlal_scalar: product("add", true),
  vmlsl_scalar: product("sub", true),
  vmull_scalar: product(null, true),
  vqdmlal_scalar: doubling("add", true),
  vqdmlsl_scalar: doubling("sub", true),
  vqdmull_scalar: doubling(null, true),
  vmovn: narrow(null),
  vqmovun: narrow(() => [true, false]),
  vqmovn: narrow((f) => [f.U === 0, f.U === 0]),
  vpaddl: two(pairSums),
  vpadal: two((b, m, f, old) => op(b, "add", 2 * bitsOf(f), old(), pairSums(b, m, f))),
  vshll_max: {
    even: (f) => f.d,
    emit: (b, f) => {
      const bits = bitsOf(f);
      const wide = op(b, "widen_u", bits, double(b, regM(f)));
      store(b, regD(f), 1, shift(b, "shl", 2 * bits, wide, bits));
    },
  },
};
