/**
 * Semantics of the floating-point instructions of Advanced SIMD: single precision, to nearest,
 * flush-to-zero, default NaN, whatever FPSCR says.
 * @module
 */
import { compare, propagateNan } from "../../../fp/arithmetic.ts";
import { F32, type FpMode, KIND, signed, unpack } from "../../../fp/format.ts";
import { SHAPE } from "../../../fp/unit.ts";
import { FP, fpAux, ROUND } from "../../../ir/fp_aux.ts";
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import {
  reciprocalEstimate,
  reciprocalEstimateFloat,
  reciprocalRootEstimate,
  reciprocalRootEstimateFloat,
} from "./estimate.ts";
import type { Semantic, SimdUnit } from "./simd_unit.ts";
import { regD, regM, regN, scalarOf, STANDARD_MODE } from "../../simd/fields.ts";

type FloatOp = (u: SimdUnit, a: bigint, b: bigint, old: bigint) => bigint;

const SIGN = F32.signBit;
const TWO = 0x40000000n;
const ONE_AND_A_HALF = 0x3fc00000n;
const THREE = 0x40400000n;
const HALF = 0x3f000000n;
const STANDARD: FpMode = { round: ROUND.NEAREST, flush: true, defaultNan: true };
const TRUE = 0xffff_ffffn;

/** Runs with fresh exception flags and adds them to the cumulative ones. */
function floating(run: (u: SimdUnit, f: Fields) => void): (u: SimdUnit, f: Fields) => void {
  return (u, f) => {
    u.fp.flags = 0;
    run(u, f);
    u.fp.commit(u.env);
  };
}

const quadDnm = (f: Fields): number => f.q === 1 ? f.d | f.n | f.m : 0;
const quadDm = (f: Fields): number => f.q === 1 ? f.d | f.m : 0;

function same(op: FloatOp): Semantic {
  return {
    even: quadDnm,
    run: floating((u, f) => {
      const bytes = 8 << f.q;
      const a = u.get(regN(f), bytes, 32, false);
      const b = u.get(regM(f), bytes, 32, false);
      const old = u.get(regD(f), bytes, 32, false);
      u.put(regD(f), 32, a.map((x, i) => op(u, x, b[i], old[i])));
    }),
  };
}

function pairs(op: FloatOp): Semantic {
  return {
    even: () => 0,
    run: floating((u, f) => {
      const n = u.get(regN(f), 8, 32, false);
      const m = u.get(regM(f), 8, 32, false);
      u.put(regD(f), 32, [op(u, n[0], n[1], 0n), op(u, m[0], m[1], 0n)]);
    }),
  };
}

function withScalar(op: FloatOp): Semantic {
  return {
    even: (f) => f.q === 1 ? f.d | f.n : 0,
    run: floating((u, f) => {
      const bytes = 8 << f.q;
      const { d, lane } = scalarOf(f);
      const scalar = u.get(d, 8, 32, false)[lane];
      const old = u.get(regD(f), bytes, 32, false);
      const n = u.get(regN(f), bytes, 32, false);
      u.put(regD(f), 32, n.map((x, i) => op(u, x, scalar, old[i])));
    }),
  };
}

function unary(op: (u: SimdUnit, a: bigint, f: Fields) => bigint): Semantic {
  return {
    even: quadDm,
    run: floating((u, f) => {
      const m = u.get(regM(f), 8 << f.q, 32, false);
      u.put(regD(f), 32, m.map((x) => op(u, x, f)));
    }),
  };
}

/** All ones when the comparison, as a set of outcomes (less 8, equal 6, greater 2), holds. */
function comparison(holds: (order: number) => boolean, signalQuiet: boolean): FloatOp {
  return (u, a, b) => holds(compare(F32, a, b, signalQuiet, STANDARD, u.fp)) ? TRUE : 0n;
}

const equal = comparison((order) => order === 6, false);
const greaterOrEqual = comparison((order) => order === 6 || order === 2, true);
const greater = comparison((order) => order === 2, true);
const absolute = (x: bigint): bigint => x & ~SIGN;

/** The larger or smaller operand; zeros are ordered by sign. */
function extreme(largest: boolean): FloatOp {
  return (u, x, y) => {
    const a = unpack(F32, x, true, u.fp);
    const b = unpack(F32, y, true, u.fp);
    const nan = propagateNan(F32, STANDARD, u.fp, a, b);
    if (nan !== undefined) return nan;
    const bits = (v: typeof a): bigint =>
      v.kind === KIND.ZERO ? signed(F32, v.negative, 0n) : v.bits;
    const order = compare(F32, x, y, false, STANDARD, { flags: 0 });
    if (order === 6 && a.negative !== b.negative) return signed(F32, !largest, 0n);
    return bits((order === 2) === largest ? a : b);
  };
}

/** 2 - a * b, or (3 - a * b) / 2; infinity times zero counts as zero. */
function step(constant: bigint, exception: bigint, halve: boolean): FloatOp {
  return (u, x, y) => {
    const probe = { flags: 0 };
    const a = unpack(F32, x, true, probe);
    const b = unpack(F32, y, true, probe);
    const special = a.kind === KIND.INFINITY && b.kind === KIND.ZERO ||
      a.kind === KIND.ZERO && b.kind === KIND.INFINITY;
    if (special) {
      u.fp.flags |= probe.flags;
      return exception;
    }
    const difference = u.float(FP.SUB, constant, u.float(FP.MUL, x, y));
    return halve ? u.float(FP.MUL, difference, HALF) : difference;
  };
}

const multiplyAdd: FloatOp = (u, a, b, old) => u.float(FP.ADD, old, u.float(FP.MUL, a, b));
const multiplySubtract: FloatOp = (u, a, b, old) => u.float(FP.SUB, old, u.float(FP.MUL, a, b));
const multiply: FloatOp = (u, a, b) => u.float(FP.MUL, a, b);
const add: FloatOp = (u, a, b) => u.float(FP.ADD, a, b);

/** Conversion from or to a fixed-point number with the field's fraction bits. */
const fixed: Semantic = {
  even: quadDm,
  invalid: (f) => f.h < 4,
  run: floating((u, f) => {
    const fraction = 64 - (f.h << 3 | f.v);
    const op = f.o === 1
      ? (f.U === 1 ? FP.TO_U32 : FP.TO_S32)
      : (f.U === 1 ? FP.FROM_U32 : FP.FROM_S32);
    const aux = fpAux(op, f.o === 1 ? ROUND.ZERO : 0, fraction) | STANDARD_MODE;
    const m = u.get(regM(f), 8 << f.q, 32, false);
    u.put(regD(f), 32, m.map((x) => u.fp.compute(aux, SHAPE.ONE_SIZE_32, x, 0n, 0n)));
  }),
};

/** Semantics by handler. */
export const FLOATING_SEMANTICS: Readonly<Record<HandlerName<"neon_float">, Semantic>> = {
  vfma_f: same((u, a, b, old) => u.float(FP.FMA, a, b, old)),
  vfms_f: same((u, a, b, old) => u.float(FP.FMA, a ^ SIGN, b, old)),
  vadd_f: same(add),
  vsub_f: same((u, a, b) => u.float(FP.SUB, a, b)),
  vpadd_f: pairs(add),
  vabd_f: same((u, a, b) => absolute(u.float(FP.SUB, a, b))),
  vmla_f: same(multiplyAdd),
  vmls_f: same(multiplySubtract),
  vmul_f: same(multiply),
  vceq_f: same(equal),
  vcge_f: same(greaterOrEqual),
  vcgt_f: same(greater),
  vacge: same((u, a, b, old) => greaterOrEqual(u, absolute(a), absolute(b), old)),
  vacgt: same((u, a, b, old) => greater(u, absolute(a), absolute(b), old)),
  vmax_f: same(extreme(true)),
  vmin_f: same(extreme(false)),
  vpmax_f: pairs(extreme(true)),
  vpmin_f: pairs(extreme(false)),
  vrecps: same(step(TWO, TWO, false)),
  vrsqrts: same(step(THREE, ONE_AND_A_HALF, true)),
  vmla_f_scalar: withScalar(multiplyAdd),
  vmls_f_scalar: withScalar(multiplySubtract),
  vmul_f_scalar: withScalar(multiply),
  vcgt_zero_f: unary((u, a) => greater(u, a, 0n, 0n)),
  vcge_zero_f: unary((u, a) => greaterOrEqual(u, a, 0n, 0n)),
  vceq_zero_f: unary((u, a) => equal(u, a, 0n, 0n)),
  vcle_zero_f: unary((u, a) => greaterOrEqual(u, 0n, a, 0n)),
  vclt_zero_f: unary((u, a) => greater(u, 0n, a, 0n)),
  vabs_f: unary((_u, a) => absolute(a)),
  vneg_f: unary((_u, a) => a ^ SIGN),
  vrecpe: unary((_u, a) => reciprocalEstimate(a)),
  vrecpe_f: unary((u, a) => reciprocalEstimateFloat(a, u.fp)),
  vrsqrte: unary((_u, a) => reciprocalRootEstimate(a)),
  vrsqrte_f: unary((u, a) => reciprocalRootEstimateFloat(a, u.fp)),
  vcvt_from_int_neon: unary((u, a, f) => u.float(f.U === 1 ? FP.FROM_U32 : FP.FROM_S32, a)),
  vcvt_to_int_neon: unary((u, a, f) =>
    u.float(fpAux(f.U === 1 ? FP.TO_U32 : FP.TO_S32, ROUND.ZERO), a)
  ),
  vcvt_fixed_neon: fixed,
  vcvt_f16_f32: {
    even: (f) => f.m,
    run: floating((u, f) => {
      const m = u.get(regM(f), 16, 32, false);
      u.put(regD(f), 16, m.map((x) => u.float(FP.TO_HALF | u.alternativeHalf, x)));
    }),
  },
  vcvt_f32_f16: {
    even: (f) => f.d,
    run: floating((u, f) => {
      const m = u.get(regM(f), 8, 16, false);
      u.put(regD(f), 32, m.map((x) => u.float(FP.FROM_HALF | u.alternativeHalf, x)));
    }),
  },
};
