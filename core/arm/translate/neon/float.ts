/**
 * Inline forms of the floating-point instructions: single precision in standard mode, whatever FPSCR
 * says. An operation of lanes looks at both halves of a vector: a double register stands in both.
 * @module
 */
import type { IrBuilder, V128 } from "../../../ir/builder.ts";
import { FP, FP_AUX, fpAux, ROUND } from "../../../ir/fp_aux.ts";
import { VEC } from "../../../ir/vector.ts";
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import {
  double,
  type Inline,
  op,
  pairs,
  quadword,
  splat,
  store,
  type Three,
  three,
  type Two,
  two,
  withScalar,
  zero,
} from "./lanes.ts";
import { regD, regM, STANDARD_MODE } from "../../simd/fields.ts";

/** An operation in standard mode. */
function standard(b: IrBuilder, code: number, x: V128, y?: V128, z?: V128): V128 {
  return b.vecFp(code | STANDARD_MODE, x, y, z);
}

function arithmetic(code: number): Three {
  return (b, n, m) => standard(b, code, n, m);
}

function accumulate(code: number): Three {
  return (b, n, m, _f, old) => standard(b, code, old(), standard(b, FP.MUL, n, m));
}

function absolute(b: IrBuilder, x: V128): V128 {
  return b.vec(VEC.and, x, splat(b, 32, 0x7fffffff));
}

function negated(b: IrBuilder, x: V128): V128 {
  return b.vec(VEC.xor, x, splat(b, 32, -0x80000000));
}

function absoluteComparison(code: number): Three {
  return (b, n, m) => standard(b, code, absolute(b, n), absolute(b, m));
}

function withZero(code: number, swapped: boolean): Two {
  return (b, m) => swapped ? standard(b, code, zero(b), m) : standard(b, code, m, zero(b));
}

function unary(code: (f: Fields) => number): Two {
  return (b, m, f) => standard(b, code(f), m);
}

function ofPairs(code: number): Inline {
  return pairs(() => 32, (b, even, odd) => standard(b, code, even, odd));
}

/** Conversion from or to a fixed-point number with the field's fraction bits. */
function fixed(f: Fields): number {
  const fraction = 64 - (f.h << 3 | f.v);
  return f.o === 1 ? toInteger(f, fraction) : fromInteger(f, fraction);
}

function fromInteger(f: Fields, fraction = 0): number {
  return fpAux(f.U === 1 ? FP.FROM_U32 : FP.FROM_S32, 0, fraction);
}

function toInteger(f: Fields, fraction = 0): number {
  return fpAux(f.U === 1 ? FP.TO_U32 : FP.TO_S32, ROUND.ZERO, fraction);
}

/** A conversion between half and single precision: FPSCR says which format halves have. */
function ofHalves(code: number, mode: number): number {
  return code | mode << FP_AUX.MODE_SHIFT & FP_AUX.ALTERNATIVE_HALF;
}

/** By handler. */
export const FLOAT_INLINE: Readonly<Record<HandlerName<"neon_float">, Inline>> = {
  vfma_f: three((b, n, m, _f, old) => standard(b, FP.FMA, n, m, old())),
  vfms_f: three((b, n, m, _f, old) => standard(b, FP.FMA, negated(b, n), m, old())),
  vadd_f: three(arithmetic(FP.ADD)),
  vsub_f: three(arithmetic(FP.SUB)),
  vpadd_f: ofPairs(FP.ADD),
  vabd_f: three((b, n, m) => absolute(b, standard(b, FP.SUB, n, m))),
  vmla_f: three(accumulate(FP.ADD)),
  vmls_f: three(accumulate(FP.SUB)),
  vmul_f: three(arithmetic(FP.MUL)),
  vceq_f: three(arithmetic(FP.EQUAL)),
  vcge_f: three(arithmetic(FP.GREATER_EQUAL)),
  vcgt_f: three(arithmetic(FP.GREATER)),
  vacge: three(absoluteComparison(FP.GREATER_EQUAL)),
  vacgt: three(absoluteComparison(FP.GREATER)),
  vmax_f: three(arithmetic(FP.MAX)),
  vmin_f: three(arithmetic(FP.MIN)),
  vpmax_f: ofPairs(FP.MAX),
  vpmin_f: ofPairs(FP.MIN),
  vrecps: three(arithmetic(FP.RECIPROCAL_STEP)),
  vrsqrts: three(arithmetic(FP.ROOT_STEP)),
  vmla_f_scalar: withScalar(accumulate(FP.ADD)),
  vmls_f_scalar: withScalar(accumulate(FP.SUB)),
  vmul_f_scalar: withScalar(arithmetic(FP.MUL)),
  vcgt_zero_f: two(withZero(FP.GREATER, false)),
  vcge_zero_f: two(withZero(FP.GREATER_EQUAL, false)),
  vceq_zero_f: two(withZero(FP.EQUAL, false)),
  vcle_zero_f: two(withZero(FP.GREATER_EQUAL, true)),
  vclt_zero_f: two(withZero(FP.GREATER, true)),
  vabs_f: two(absolute),
  vneg_f: two(negated),
  vrecpe: two(unary(() => FP.RECIPROCAL_FRACTION)),
  vrecpe_f: two(unary(() => FP.RECIPROCAL_ESTIMATE)),
  vrsqrte: two(unary(() => FP.ROOT_FRACTION)),
  vrsqrte_f: two(unary(() => FP.ROOT_ESTIMATE)),
  vcvt_from_int_neon: two(unary(fromInteger)),
  vcvt_to_int_neon: two(unary(toInteger)),
  vcvt_fixed_neon: { ...two(unary(fixed)), invalid: (f) => f.h < 4 },
  vcvt_f16_f32: {
    even: (f) => f.m,
    emit: (b, f, mode) => {
      const result = standard(b, ofHalves(FP.TO_HALF, mode), quadword(b, regM(f)));
      store(b, regD(f), 0, op(b, "even", 16, result));
    },
  },
  vcvt_f32_f16: {
    even: (f) => f.d,
    emit: (b, f, mode) => {
      const wide = op(b, "widen_u", 16, double(b, regM(f)));
      store(b, regD(f), 1, standard(b, ofHalves(FP.FROM_HALF, mode), wide));
    },
  },
};
