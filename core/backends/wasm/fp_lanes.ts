/**
 * Floating-point operations on four singles at once, in the mode that flushes and gives the default
 * NaN. Each has a form in WebAssembly SIMD that is right for ordinary operands and results, and a
 * doubt: a test whether some lane is not ordinary. Then all lanes go through the unit (core/fp).
 * @module
 */
import { FP, FP_AUX, ROUND } from "../../ir/fp_aux.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ENV, SLOW } from "./abi.ts";
import { HALF, pushExact } from "./fp_codes.ts";
import {
  pushReciprocalOfFraction,
  pushReciprocalOfSingle,
  pushRootOfFraction,
  pushRootOfSingle,
} from "./fp_estimates.ts";
import type { FunctionBody } from "./function_body.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { WSIMD } from "./simd_codes.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Operands, locals of vectors. */
type Operands = readonly number[];

/** How an operation is done inline. */
interface LaneForm {
  /** Pushes the result. */
  readonly compute: (u: UnitLowering, operands: Operands, aux: number) => void;
  /** Pushes a condition: not 0 when the unit must do the operation. */
  readonly doubt: (u: UnitLowering, operands: Operands, result: number, aux: number) => void;
}

/** Room for the longest form. */
const BYTES = 1024;
const STANDARD = FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN;
/** Twice the bits of 2^31 and of 2^32: the sign is shifted out. */
const TWICE_2_31 = 0x9e000000, TWICE_2_32 = 0x9f000000;

function pushWord(u: UnitLowering, value: number): void {
  u.body.i32Const(value | 0);
  u.body.simd(WSIMD.I32_SPLAT);
}

function pushSingle(u: UnitLowering, value: number): void {
  u.body.f32Const(value);
  u.body.simd(WSIMD.F32_SPLAT);
}

/** Pushes an operation of two locals. */
function binary(u: UnitLowering, opcode: number, a: number, b: number): void {
  u.body.get(a);
  u.body.get(b);
  u.body.simd(opcode);
}

/** Runs `emit` with a vector local that is free afterwards. */
function withLocal(u: UnitLowering, emit: (local: number) => void): void {
  const local = u.body.allocateTyped(WASM_TYPE.V128);
  emit(local);
  u.body.releaseTyped(local, WASM_TYPE.V128);
}

/**
 * Pushes ones in the lanes that are neither normal (see fp_codes.ts) nor zero. With the sign shifted
 * out and the smallest normal number taken off, infinities and NaNs are the least above the normal
 * numbers, then comes zero, then the subnormal ones.
 */
function pushOddLanes(u: UnitLowering, vector: number): void {
  const { body } = u;
  withLocal(u, (moved) => {
    body.get(vector);
    body.i32Const(1);
    body.simd(WSIMD.I32_SHL);
    pushWord(u, 0x01000001);
    body.simd(WSIMD.I32_SUB);
    body.tee(moved);
    pushWord(u, 0xfdffffff);
    body.simd(WSIMD.I32_GE_U);
    body.get(moved);
    pushWord(u, 0xfeffffff);
    body.simd(WSIMD.I32_EQ);
    body.simd(WSIMD.ANDNOT);
  });
}

/** Pushes ones in the lanes that are odd in one of the vectors. */
function pushAnyOdd(u: UnitLowering, vectors: readonly number[]): void {
  for (const [i, vector] of vectors.entries()) {
    pushOddLanes(u, vector);
    if (i > 0) u.body.simd(WSIMD.OR);
  }
}

/** Pushes ones in the lanes that are 0. */
function pushZeroLanes(u: UnitLowering, vector: number): void {
  u.body.get(vector);
  pushWord(u, 0);
  u.body.simd(WSIMD.F32_EQ);
}

/** Pushes ones where a product is 0 but no factor is: it has been flushed, or a sum cancels. */
function pushZeroDoubt(u: UnitLowering, product: number, a: number, b: number): void {
  pushZeroLanes(u, product);
  pushZeroLanes(u, a);
  pushZeroLanes(u, b);
  u.body.simd(WSIMD.OR);
  u.body.simd(WSIMD.ANDNOT);
}

/** Turns the lanes on the stack into a condition, or-ed with FP_EXACT. */
function anyOrExact(u: UnitLowering): void {
  u.body.simd(WSIMD.ANY_TRUE);
  pushExact(u);
  u.body.op(W.I32_OR);
}

/** A sum or difference. */
function sum(opcode: number): LaneForm {
  return {
    compute: (u, [a, b]) => binary(u, opcode, a, b),
    doubt: (u, [a, b], result) => {
      pushAnyOdd(u, [a, b, result]);
      anyOrExact(u);
    },
  };
}

const PRODUCT: LaneForm = {
  compute: (u, [a, b]) => binary(u, WSIMD.F32_MUL, a, b),
  doubt: (u, [a, b], result) => {
    pushAnyOdd(u, [a, b, result]);
    pushZeroDoubt(u, result, a, b);
    u.body.simd(WSIMD.OR);
    anyOrExact(u);
  },
};

/** An operation whose result is exact for ordinary operands. */
function exact(opcode: number): LaneForm {
  return {
    compute: (u, [a, b]) => binary(u, opcode, a, b),
    doubt: (u, [a, b]) => {
      pushAnyOdd(u, [a, b]);
      u.body.simd(WSIMD.ANY_TRUE);
    },
  };
}

/** Pushes a half of a vector of singles as doubles. */
function pushDoubles(u: UnitLowering, vector: number, high: boolean): void {
  const { body } = u;
  body.get(vector);
  if (high) {
    body.get(vector);
    body.simd(WSIMD.SHUFFLE);
    for (let i = 0; i < 16; i++) body.op(8 + i);
  }
  body.simd(WSIMD.F64_PROMOTE);
}

/**
 * Pushes a half of a * b + c: the product of singles is exact as a double; its sum with the addend is
 * rounded to odd, so that rounding it once more to singles is right.
 */
function pushFusedHalf(u: UnitLowering, [a, b, c]: Operands, high: boolean): void {
  const { body } = u;
  const locals = Array.from({ length: 5 }, () => body.allocateTyped(WASM_TYPE.V128));
  const [product, addend, rounded, back, error] = locals;
  pushDoubles(u, a, high);
  pushDoubles(u, b, high);
  body.simd(WSIMD.F64_MUL);
  body.set(product);
  pushDoubles(u, c, high);
  body.set(addend);
  binary(u, WSIMD.F64_ADD, product, addend);
  body.set(rounded);
  binary(u, WSIMD.F64_SUB, rounded, product);
  body.set(back);
  body.get(product);
  binary(u, WSIMD.F64_SUB, rounded, back);
  body.simd(WSIMD.F64_SUB);
  binary(u, WSIMD.F64_SUB, addend, back);
  body.simd(WSIMD.F64_ADD);
  body.set(error);
  // One towards the exact sum where there is an error and the last bit is even.
  body.get(rounded);
  pushWord(u, 0);
  binary(u, WSIMD.XOR, error, rounded);
  body.simd(WSIMD.I64_GT_S);
  body.i64Const(1, 0);
  body.simd(WSIMD.I64_SPLAT);
  body.tee(back);
  body.simd(WSIMD.OR);
  binary(u, WSIMD.AND, rounded, back);
  pushWord(u, 0);
  body.simd(WSIMD.I64_EQ);
  body.simd(WSIMD.AND);
  body.get(error);
  pushWord(u, 0);
  body.simd(WSIMD.F64_NE);
  body.simd(WSIMD.AND);
  body.simd(WSIMD.I64_ADD);
  body.simd(WSIMD.F32_DEMOTE);
  for (const local of locals) body.releaseTyped(local, WASM_TYPE.V128);
}

const FUSED: LaneForm = {
  compute: (u, operands) => {
    pushFusedHalf(u, operands, false);
    pushFusedHalf(u, operands, true);
    u.body.simd(WSIMD.SHUFFLE);
    for (let i = 0; i < 16; i++) u.body.op(i < 8 ? i : 8 + i);
  },
  doubt: (u, [a, b, c], result) => {
    pushAnyOdd(u, [a, b, c, result]);
    pushZeroDoubt(u, result, a, b);
    u.body.simd(WSIMD.OR);
    anyOrExact(u);
  },
};

/** 2 - a * b, or (3 - a * b) / 2; the doubt computes the product again, which V8 finds out. */
function step(constant: number, halve: boolean): LaneForm {
  return {
    compute: (u, [a, b]) => {
      pushSingle(u, constant);
      binary(u, WSIMD.F32_MUL, a, b);
      u.body.simd(WSIMD.F32_SUB);
      if (!halve) return;
      pushSingle(u, 0.5);
      u.body.simd(WSIMD.F32_MUL);
    },
    doubt: (u, [a, b], result) =>
      withLocal(u, (product) => {
        binary(u, WSIMD.F32_MUL, a, b);
        u.body.set(product);
        pushAnyOdd(u, [a, b, product, result]);
        pushZeroDoubt(u, product, a, b);
        u.body.simd(WSIMD.OR);
        anyOrExact(u);
      }),
  };
}

/** Pushes 2 to the power of the fixed-point fraction, or its reciprocal. */
function pushScale(u: UnitLowering, aux: number, negative: boolean): void {
  const fraction = fractionOf(aux);
  pushSingle(u, 2 ** (negative ? -fraction : fraction));
}

function fractionOf(aux: number): number {
  return (aux & FP_AUX.FRACTION_MASK) >> FP_AUX.FRACTION_SHIFT;
}

/** From integers: a scale changes no bit of the fraction; magnitudes up to 2^24 are exact. */
function fromInteger(signed: boolean): LaneForm {
  return {
    compute: (u, [a], aux) => {
      u.body.get(a);
      u.body.simd(signed ? WSIMD.F32_CONVERT_S : WSIMD.F32_CONVERT_U);
      if (fractionOf(aux) === 0) return;
      pushScale(u, aux, true);
      u.body.simd(WSIMD.F32_MUL);
    },
    doubt: (u, [a]) => {
      u.body.get(a);
      if (signed) u.body.simd(WSIMD.I32_ABS);
      pushWord(u, 1 << 24);
      u.body.simd(WSIMD.I32_GT_U);
      u.body.simd(WSIMD.ANY_TRUE);
      pushExact(u);
      u.body.op(W.I32_AND);
    },
  };
}

/** To integers, towards zero. */
function toInteger(signed: boolean): LaneForm {
  const pushScaled = (u: UnitLowering, a: number, aux: number) => {
    u.body.get(a);
    if (fractionOf(aux) === 0) return;
    pushScale(u, aux, false);
    u.body.simd(WSIMD.F32_MUL);
  };
  return {
    compute: (u, [a], aux) => {
      pushScaled(u, a, aux);
      u.body.simd(signed ? WSIMD.I32_TRUNC_S : WSIMD.I32_TRUNC_U);
    },
    doubt: (u, [a], result, aux) =>
      withLocal(u, (scaled) => {
        const { body } = u;
        pushScaled(u, a, aux);
        body.set(scaled);
        pushOddLanes(u, a);
        body.get(scaled);
        body.i32Const(1);
        body.simd(WSIMD.I32_SHL);
        pushWord(u, signed ? TWICE_2_31 : TWICE_2_32);
        body.simd(WSIMD.I32_GE_U);
        body.simd(WSIMD.OR);
        if (!signed) {
          pushWord(u, 0);
          body.get(a);
          body.simd(WSIMD.I32_GT_S);
          body.simd(WSIMD.OR);
        }
        body.simd(WSIMD.ANY_TRUE);
        body.get(result);
        body.simd(signed ? WSIMD.F32_CONVERT_S : WSIMD.F32_CONVERT_U);
        body.get(scaled);
        body.simd(WSIMD.F32_NE);
        body.simd(WSIMD.ANY_TRUE);
        pushExact(u);
        body.op(W.I32_AND);
        body.op(W.I32_OR);
      }),
  };
}

/** Halves in the low bits of lanes, as singles; of the IEEE format infinities and NaNs are doubtful. */
const FROM_HALF: LaneForm = {
  compute: (u, [a]) => {
    const { body } = u;
    const shift = (count: number, opcode: number) => {
      body.i32Const(count);
      body.simd(opcode);
    };
    // The exponent is moved by a product, which makes subnormal halves normal.
    body.get(a);
    shift(17, WSIMD.I32_SHL);
    shift(4, WSIMD.I32_SHR_U);
    pushSingle(u, 2 ** 112);
    body.simd(WSIMD.F32_MUL);
    body.get(a);
    shift(15, WSIMD.I32_SHR_U);
    shift(31, WSIMD.I32_SHL);
    body.simd(WSIMD.OR);
  },
  doubt: (u, [a], _result, aux) => {
    const { body } = u;
    if ((aux & FP_AUX.ALTERNATIVE_HALF) !== 0) {
      body.i32Const(0);
      return;
    }
    body.get(a);
    body.i32Const(17);
    body.simd(WSIMD.I32_SHL);
    pushWord(u, HALF.INFINITE << 17);
    body.simd(WSIMD.I32_GE_U);
    body.simd(WSIMD.ANY_TRUE);
  },
};

/** Singles as halves: those that are normal halves, and zeros, by integers. */
const TO_HALF: LaneForm = {
  compute: (u, [a]) =>
    withLocal(u, (magnitude) => {
      const { body } = u;
      body.get(a);
      pushWord(u, 0x7fffffff);
      body.simd(WSIMD.AND);
      body.tee(magnitude);
      // Up to the next half or, at a tie, to the even one.
      body.get(magnitude);
      body.i32Const(13);
      body.simd(WSIMD.I32_SHR_U);
      pushWord(u, 1);
      body.simd(WSIMD.AND);
      body.simd(WSIMD.I32_ADD);
      pushWord(u, 0xfff - HALF.BIAS);
      body.simd(WSIMD.I32_ADD);
      body.i32Const(13);
      body.simd(WSIMD.I32_SHR_U);
      body.get(magnitude);
      pushWord(u, 0);
      body.simd(WSIMD.I32_EQ);
      body.simd(WSIMD.ANDNOT);
      body.get(a);
      body.i32Const(31);
      body.simd(WSIMD.I32_SHR_U);
      body.i32Const(15);
      body.simd(WSIMD.I32_SHL);
      body.simd(WSIMD.OR);
    }),
  doubt: (u, [a], _result, aux) =>
    withLocal(u, (magnitude) => {
      const { body } = u;
      const end = (aux & FP_AUX.ALTERNATIVE_HALF) !== 0 ? HALF.ALTERNATIVE_END : HALF.END;
      body.get(a);
      pushWord(u, 0x7fffffff);
      body.simd(WSIMD.AND);
      body.tee(magnitude);
      pushWord(u, HALF.LEAST_NORMAL);
      body.simd(WSIMD.I32_SUB);
      pushWord(u, end - HALF.LEAST_NORMAL);
      body.simd(WSIMD.I32_GE_U);
      body.get(magnitude);
      pushWord(u, 0);
      body.simd(WSIMD.I32_EQ);
      body.simd(WSIMD.ANDNOT);
      body.simd(WSIMD.ANY_TRUE);
      body.get(magnitude);
      pushWord(u, 0x1fff);
      body.simd(WSIMD.AND);
      body.simd(WSIMD.ANY_TRUE);
      pushExact(u);
      body.op(W.I32_AND);
      body.op(W.I32_OR);
    }),
};

/** An estimate; doubtful are numbers that are not `fields` exponents from the least normal one on. */
function estimate(
  push: (body: FunctionBody, x: number) => void,
  fields: number,
  signed: boolean,
): LaneForm {
  return {
    compute: (u, [a]) => push(u.body, a),
    doubt: (u, [a]) => {
      const { body } = u;
      body.get(a);
      if (!signed) {
        pushWord(u, 0x7fffffff);
        body.simd(WSIMD.AND);
      }
      pushWord(u, 1 << 23);
      body.simd(WSIMD.I32_SUB);
      pushWord(u, fields << 23);
      body.simd(WSIMD.I32_GE_U);
      body.simd(WSIMD.ANY_TRUE);
    },
  };
}

/** An estimate of fractions, which all are ordinary. */
function ofFraction(push: (body: FunctionBody, x: number) => void): LaneForm {
  return { compute: (u, [a]) => push(u.body, a), doubt: (u) => u.body.i32Const(0) };
}

/** By operation, to nearest. */
const FORMS: Readonly<Record<number, LaneForm>> = {
  [FP.ADD]: sum(WSIMD.F32_ADD),
  [FP.SUB]: sum(WSIMD.F32_SUB),
  [FP.MUL]: PRODUCT,
  [FP.FMA]: FUSED,
  [FP.MAX]: exact(WSIMD.F32_MAX),
  [FP.MIN]: exact(WSIMD.F32_MIN),
  [FP.EQUAL]: exact(WSIMD.F32_EQ),
  [FP.GREATER_EQUAL]: exact(WSIMD.F32_GE),
  [FP.GREATER]: exact(WSIMD.F32_GT),
  [FP.RECIPROCAL_STEP]: step(2, false),
  [FP.ROOT_STEP]: step(3, true),
  [FP.RECIPROCAL_ESTIMATE]: estimate(pushReciprocalOfSingle, 252, false),
  [FP.ROOT_ESTIMATE]: estimate(pushRootOfSingle, 254, true),
  [FP.RECIPROCAL_FRACTION]: ofFraction(pushReciprocalOfFraction),
  [FP.ROOT_FRACTION]: ofFraction(pushRootOfFraction),
  [FP.FROM_HALF]: FROM_HALF,
  [FP.TO_HALF]: TO_HALF,
  [FP.FROM_S32]: fromInteger(true),
  [FP.FROM_U32]: fromInteger(false),
};
/** By operation, towards zero. */
const TRUNCATIONS: Readonly<Record<number, LaneForm>> = {
  [FP.TO_S32]: toInteger(true),
  [FP.TO_U32]: toInteger(false),
};

function formOf(aux: number): LaneForm | undefined {
  const op = aux & FP_AUX.OP_MASK;
  const mode = aux & FP_AUX.MODE_MASK & ~FP_AUX.ALTERNATIVE_HALF;
  if (mode === STANDARD) return FORMS[op];
  return mode === (STANDARD | ROUND.ZERO << FP_AUX.MODE_SHIFT) ? TRUNCATIONS[op] : undefined;
}

function throughUnit(u: UnitLowering, operands: Operands, aux: number, result: number): void {
  const { body } = u;
  for (const [i, local] of operands.entries()) {
    body.get(ENV);
    body.get(local);
    body.op(W.PREFIX_SIMD);
    body.memory(WSIMD.STORE, 4, VCPU.FP_OPERANDS + 16 * i);
  }
  body.get(ENV);
  body.i32Const(aux);
  body.call(u.imports.indexOf(SLOW.FLOAT_LANES));
  body.get(ENV);
  body.op(W.PREFIX_SIMD);
  body.memory(WSIMD.LOAD, 4, VCPU.FP_RESULT);
  body.set(result);
}

/** Four lanes at once when all are ordinary, else in the unit. */
export const lanes: Handler = (u, at) => {
  const { body, code, values } = u;
  body.reserve(BYTES);
  const aux = code[at + 1];
  const form = formOf(aux);
  const operands: number[] = [];
  for (let i = 3; i < 6 && code[at + i] >= 0; i++) {
    const local = body.allocateTyped(WASM_TYPE.V128);
    values.push(code[at + i]);
    body.set(local);
    operands.push(local);
  }
  const result = body.allocateTyped(WASM_TYPE.V128);
  if (form === undefined) {
    throughUnit(u, operands, aux, result);
  } else {
    body.reserve(BYTES);
    form.compute(u, operands, aux);
    body.set(result);
    form.doubt(u, operands, result, aux);
    body.openIf(WASM_TYPE.EMPTY, false);
    throughUnit(u, operands, aux, result);
    body.close();
  }
  for (const local of operands) body.releaseTyped(local, WASM_TYPE.V128);
  body.get(result);
  body.releaseTyped(result, WASM_TYPE.V128);
  values.define(code[at + 2]);
};
