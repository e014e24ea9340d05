/**
 * What the lowerings of floating-point operations share: the opcodes of both formats, the test
 * whether a result can be trusted, and the way through the unit (core/fp) by the scratch words.
 * @module
 */
import { SHAPE_SHIFT } from "../../fp/unit.ts";
import { FP } from "../../ir/fp_aux.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ENV, SLOW } from "./abi.ts";
import type { UnitLowering } from "./lowering.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** What differs between the two formats. */
export interface FloatCodes {
  /** Type of its locals, a WASM_TYPE. */
  readonly type: number;
  /** Loads from memory. */
  readonly load: number;
  /** Stores to memory. */
  readonly store: number;
  /** Whether two differ; a NaN differs from itself. */
  readonly ne: number;
  /** Whether two are equal. */
  readonly eq: number;
  /** Whether the first is less. */
  readonly lt: number;
  /** Rounds towards zero. */
  readonly trunc: number;
  /** Rounds to nearest, ties to even. */
  readonly nearest: number;
  /** By operation. */
  readonly arithmetic: Readonly<Record<number, number>>;
  /** Second byte of the saturating truncations to a signed and an unsigned integer. */
  readonly truncSat: Readonly<Record<number, number>>;
  /** By operation: from a signed and from an unsigned integer. */
  readonly fromInteger: Readonly<Record<number, number>>;
}

/** Of single precision. */
export const SINGLE: FloatCodes = {
  type: WASM_TYPE.F32,
  load: W.F32_LOAD,
  store: W.F32_STORE,
  ne: W.F32_NE,
  eq: W.F32_EQ,
  lt: W.F32_LT,
  trunc: W.F32_TRUNC,
  nearest: W.F32_NEAREST,
  arithmetic: {
    [FP.ADD]: W.F32_ADD,
    [FP.SUB]: W.F32_SUB,
    [FP.MUL]: W.F32_MUL,
    [FP.DIV]: W.F32_DIV,
    [FP.SQRT]: W.F32_SQRT,
  },
  truncSat: { [FP.TO_S32]: 0, [FP.TO_U32]: 1 },
  fromInteger: { [FP.FROM_S32]: W.F32_CONVERT_I32_S, [FP.FROM_U32]: W.F32_CONVERT_I32_U },
};
/** Of double precision. */
export const DOUBLE: FloatCodes = {
  type: WASM_TYPE.F64,
  load: W.F64_LOAD,
  store: W.F64_STORE,
  ne: W.F64_NE,
  eq: W.F64_EQ,
  lt: W.F64_LT,
  trunc: W.F64_TRUNC,
  nearest: W.F64_NEAREST,
  arithmetic: {
    [FP.ADD]: W.F64_ADD,
    [FP.SUB]: W.F64_SUB,
    [FP.MUL]: W.F64_MUL,
    [FP.DIV]: W.F64_DIV,
    [FP.SQRT]: W.F64_SQRT,
  },
  truncSat: { [FP.TO_S32]: 2, [FP.TO_U32]: 3 },
  fromInteger: { [FP.FROM_S32]: W.F64_CONVERT_I32_S, [FP.FROM_U32]: W.F64_CONVERT_I32_U },
};

/**
 * Adjusts a result's bits, moved so that the exponent is on top, so that normal numbers are small.
 * The smallest normal number is not among them: it may have been rounded up from below, which is an
 * underflow.
 */
const NORMAL = {
  [WASM_TYPE.F32]: { subtract: 0x01000001, bound: 0xfdffffff },
  [WASM_TYPE.F64]: { subtract: 0x00200001, bound: 0xffbfffff },
} as const;

/** Half precision. */
export const HALF = {
  /** Bits of infinity. */
  INFINITE: 0x7c00,
  /** Difference of the exponents' biases, in a single's exponent field. */
  BIAS: 0x38000000,
  /** As singles: the least normal half, and the first number that is too large, in both formats. */
  LEAST_NORMAL: 0x38800000,
  END: 0x477ff000,
  ALTERNATIVE_END: 0x47fff000,
} as const;

function pushZero(u: UnitLowering, f: FloatCodes): void {
  if (f === SINGLE) u.body.f32Const(0);
  else u.body.f64Const(0);
}

/** Pushes whether the float in `local` is not 0 (a NaN is not). */
export function pushNonZero(u: UnitLowering, f: FloatCodes, local: number): void {
  u.body.get(local);
  pushZero(u, f);
  u.body.op(f.ne);
}

/** Pushes FP_EXACT. */
export function pushExact(u: UnitLowering): void {
  u.body.get(ENV);
  u.body.memory(W.I32_LOAD, 2, VCPU.FP_EXACT);
}

/** Pushes whether the result in `local` is no normal number, or may be inexact for the first time. */
export function pushSpecial(u: UnitLowering, f: FloatCodes, local: number): void {
  const { body } = u;
  body.get(local);
  if (f === SINGLE) {
    body.op(W.I32_REINTERPRET_F32);
    body.i32Const(1);
    body.op(W.I32_SHL);
  } else {
    body.op(W.I64_REINTERPRET_F64);
    body.i64Const(31, 0);
    body.op(W.I64_SHR_U);
    body.op(W.I32_WRAP_I64);
  }
  const { subtract, bound } = NORMAL[f === SINGLE ? WASM_TYPE.F32 : WASM_TYPE.F64];
  body.i32Const(subtract);
  body.op(W.I32_SUB);
  pushExact(u);
  body.op(W.I32_OR);
  body.i32Const(bound | 0);
  body.op(W.I32_GE_U);
}

/** Stores a float local as operand number `n`. */
export function storeOperand(u: UnitLowering, f: FloatCodes, local: number, n: number): void {
  u.body.get(ENV);
  u.body.get(local);
  u.body.memory(f.store, 2, VCPU.FP_OPERANDS + 16 * n);
}

/** Runs the operation on the stored operands. */
export function callUnit(u: UnitLowering, aux: number, shape: number): void {
  u.body.get(ENV);
  u.body.i32Const(aux | shape << SHAPE_SHIFT);
  u.body.call(u.imports.indexOf(SLOW.FLOAT));
}

/** Loads the result into a float local. */
export function takeResult(u: UnitLowering, f: FloatCodes, local: number): void {
  u.body.get(ENV);
  u.body.memory(f.load, 2, VCPU.FP_RESULT);
  u.body.set(local);
}

/** Takes an operand from the stack machine into a float local. */
export function operand(u: UnitLowering, f: FloatCodes, temp: number): number {
  const local = u.body.allocateTyped(f.type);
  u.values.pushFloat(temp, f.type);
  u.body.set(local);
  return local;
}
