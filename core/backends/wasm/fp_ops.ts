/**
 * Floating-point operations: the WebAssembly instruction inline, whose result is right when it is a
 * normal number, and then a test for the cases in which it is not enough: results that are no normal
 * number (NaNs follow the guest's rules, subnormal and infinite ones raise exceptions), and all
 * results while the cumulative inexact flag is clear (FP_EXACT is -1 then). Those go through the
 * host's floating-point unit (core/fp), by way of the scratch words. An operation costs about five
 * integer instructions besides its own this way. Zero results that are exact stay inline.
 * @module
 */
import { SHAPE, SHAPE_SHIFT } from "../../fp/unit.ts";
import { FP, FP_AUX, ROUND } from "../../ir/fp_aux.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ENV, SLOW } from "./abi.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { WSIMD } from "./simd_codes.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** What differs between the two formats. */
interface FloatCodes {
  readonly type: number;
  readonly load: number;
  readonly store: number;
  readonly ne: number;
  readonly eq: number;
  readonly lt: number;
  readonly trunc: number;
  readonly nearest: number;
  readonly arithmetic: Readonly<Record<number, number>>;
  /** Second byte of the saturating truncations to a signed and an unsigned integer. */
  readonly truncSat: Readonly<Record<number, number>>;
  readonly fromInteger: Readonly<Record<number, number>>;
}

const SINGLE: FloatCodes = {
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
const DOUBLE: FloatCodes = {
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

function pushZero(u: UnitLowering, f: FloatCodes): void {
  if (f === SINGLE) u.body.f32Const(0);
  else u.body.f64Const(0);
}

/** Pushes whether the float in `local` is not 0 (a NaN is not). */
function pushNonZero(u: UnitLowering, f: FloatCodes, local: number): void {
  u.body.get(local);
  pushZero(u, f);
  u.body.op(f.ne);
}

/** Pushes FP_EXACT. */
function pushExact(u: UnitLowering): void {
  u.body.get(ENV);
  u.body.memory(W.I32_LOAD, 2, VCPU.FP_EXACT);
}

/** Pushes whether the result in `local` is no normal number, or may be inexact for the first time. */
function pushSpecial(u: UnitLowering, f: FloatCodes, local: number): void {
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
function storeOperand(u: UnitLowering, f: FloatCodes, local: number, n: number): void {
  u.body.get(ENV);
  u.body.get(local);
  u.body.memory(f.store, 2, VCPU.FP_OPERANDS + 16 * n);
}

/** Runs the operation on the stored operands. */
function callUnit(u: UnitLowering, aux: number, shape: number): void {
  u.body.get(ENV);
  u.body.i32Const(aux | shape << SHAPE_SHIFT);
  u.body.call(u.imports.indexOf(SLOW.FLOAT));
}

/** Loads the result into a float local. */
function takeResult(u: UnitLowering, f: FloatCodes, local: number): void {
  u.body.get(ENV);
  u.body.memory(f.load, 2, VCPU.FP_RESULT);
  u.body.set(local);
}

/** Every operand through memory: what has no inline form. */
function general(u: UnitLowering, at: number, shape: number): void {
  const { body, code, values } = u;
  const single = shape === SHAPE.ONE_SIZE_32 || shape === SHAPE.WIDEN;
  for (let i = 0; i < 3; i++) {
    if (code[at + 3 + i] < 0) break;
    body.get(ENV);
    values.push(code[at + 3 + i]);
    body.memory(single ? W.I32_STORE : W.I64_STORE, 2, VCPU.FP_OPERANDS + 16 * i);
  }
  callUnit(u, code[at + 1], shape);
  const wide = shape === SHAPE.ONE_SIZE_64 || shape === SHAPE.WIDEN;
  body.get(ENV);
  body.memory(wide ? W.I64_LOAD : W.I32_LOAD, 2, VCPU.FP_RESULT);
  values.define(code[at + 2]);
}

/** Takes an operand from the stack machine into a float local. */
function operand(u: UnitLowering, f: FloatCodes, temp: number): number {
  const local = u.body.allocateTyped(f.type);
  u.values.pushFloat(temp, f.type);
  u.body.set(local);
  return local;
}

/** Pushes whether a zero result is not certain to be exact. */
function pushZeroDoubt(
  u: UnitLowering,
  f: FloatCodes,
  op: number,
  result: number,
  a: number,
  b: number,
): void {
  const { body } = u;
  pushNonZero(u, f, result);
  if (op === FP.MUL) {
    pushNonZero(u, f, a);
    pushNonZero(u, f, b);
    body.op(W.I32_AND);
    body.op(W.I32_OR);
  } else if (op === FP.DIV || op === FP.CONVERT) {
    pushNonZero(u, f === SINGLE && op === FP.CONVERT ? DOUBLE : f, a);
    body.op(W.I32_OR);
  }
}

function arithmetic(u: UnitLowering, at: number, f: FloatCodes, shape: number): void {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const op = aux & FP_AUX.OP_MASK;
  const a = operand(u, f, code[at + 3]);
  const b = code[at + 4] >= 0 ? operand(u, f, code[at + 4]) : -1;
  const result = body.allocateTyped(f.type);
  body.get(a);
  if (b >= 0) body.get(b);
  body.op(f.arithmetic[op]);
  body.set(result);
  pushSpecial(u, f, result);
  body.open(W.IF, WASM_TYPE.EMPTY);
  pushZeroDoubt(u, f, op, result, a, b);
  body.open(W.IF, WASM_TYPE.EMPTY);
  storeOperand(u, f, a, 0);
  if (b >= 0) storeOperand(u, f, b, 1);
  callUnit(u, aux, shape);
  takeResult(u, f, result);
  body.close();
  body.close();
  body.releaseTyped(a, f.type);
  if (b >= 0) body.releaseTyped(b, f.type);
  values.defineFloat(code[at + 2], result, f.type);
}

/** Less 8, equal 6, greater 2 in bits 31-28; unordered operands take the long way. */
function comparison(u: UnitLowering, at: number, f: FloatCodes, shape: number): void {
  const { body, code, values } = u;
  const a = operand(u, f, code[at + 3]);
  const b = operand(u, f, code[at + 4]);
  const result = body.allocate(false);
  const pair = (opcode: number) => {
    body.get(a);
    body.get(b);
    body.op(opcode);
  };
  body.i32Const(8 << 28);
  body.i32Const(6 << 28);
  body.i32Const(2 << 28);
  pair(f.eq);
  body.op(W.SELECT);
  pair(f.lt);
  body.op(W.SELECT);
  body.set(result);
  for (const local of [a, b]) {
    body.get(local);
    body.get(local);
    body.op(f.ne);
  }
  body.op(W.I32_OR);
  body.open(W.IF, WASM_TYPE.EMPTY);
  storeOperand(u, f, a, 0);
  storeOperand(u, f, b, 1);
  callUnit(u, code[at + 1], shape);
  body.get(ENV);
  body.memory(W.I32_LOAD, 2, VCPU.FP_RESULT);
  body.set(result);
  body.close();
  body.releaseTyped(a, f.type);
  body.releaseTyped(b, f.type);
  body.get(result);
  body.release(result, false);
  values.define(code[at + 2]);
}

/** Float to integer; the integer's way back must give the rounded number again. */
function toInteger(u: UnitLowering, at: number, f: FloatCodes, shape: number): void {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const op = aux & FP_AUX.OP_MASK;
  const towardsZero = (aux & FP_AUX.ROUND_MASK) === ROUND.ZERO << FP_AUX.MODE_SHIFT;
  const a = operand(u, f, code[at + 3]);
  const rounded = body.allocateTyped(f.type);
  const result = body.allocate(false);
  body.get(a);
  body.op(towardsZero ? f.trunc : f.nearest);
  body.tee(rounded);
  body.op(W.PREFIX_BULK);
  body.op(f.truncSat[op]);
  body.tee(result);
  // As doubles, which hold both: as a single, the largest integer would round to 2^31 or 2^32.
  body.op(DOUBLE.fromInteger[op === FP.TO_S32 ? FP.FROM_S32 : FP.FROM_U32]);
  body.get(rounded);
  if (f === SINGLE) body.op(W.F64_PROMOTE_F32);
  body.op(W.F64_NE);
  body.get(rounded);
  body.get(a);
  body.op(f.ne);
  pushExact(u);
  body.op(W.I32_AND);
  body.op(W.I32_OR);
  body.open(W.IF, WASM_TYPE.EMPTY);
  storeOperand(u, f, a, 0);
  callUnit(u, aux, shape);
  body.get(ENV);
  body.memory(W.I32_LOAD, 2, VCPU.FP_RESULT);
  body.set(result);
  body.close();
  body.releaseTyped(a, f.type);
  body.releaseTyped(rounded, f.type);
  body.get(result);
  body.release(result, false);
  values.define(code[at + 2]);
}

/** Integer to float; a double holds every 32-bit integer, a single may not. */
function fromInteger(u: UnitLowering, at: number, f: FloatCodes, shape: number): void {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const result = body.allocateTyped(f.type);
  values.push(code[at + 3]);
  if (f === DOUBLE) {
    body.op(f.fromInteger[aux & FP_AUX.OP_MASK]);
    body.set(result);
  } else {
    const integer = body.allocate(false);
    body.tee(integer);
    body.op(f.fromInteger[aux & FP_AUX.OP_MASK]);
    body.set(result);
    pushExact(u);
    body.open(W.IF, WASM_TYPE.EMPTY);
    body.get(ENV);
    body.get(integer);
    body.memory(W.I32_STORE, 2, VCPU.FP_OPERANDS);
    callUnit(u, aux, shape);
    takeResult(u, f, result);
    body.close();
    body.release(integer, false);
  }
  values.defineFloat(code[at + 2], result, f.type);
}

/** Between the formats; only a NaN makes the wider one inexact. */
function convert(u: UnitLowering, at: number, from: FloatCodes, to: FloatCodes): void {
  const { body, code, values } = u;
  const a = operand(u, from, code[at + 3]);
  const result = body.allocateTyped(to.type);
  const widens = to === DOUBLE;
  body.get(a);
  body.op(widens ? W.F64_PROMOTE_F32 : W.F32_DEMOTE_F64);
  body.set(result);
  if (widens) {
    body.get(result);
    body.get(result);
    body.op(to.ne);
    body.open(W.IF, WASM_TYPE.EMPTY);
  } else {
    pushSpecial(u, to, result);
    body.open(W.IF, WASM_TYPE.EMPTY);
    pushZeroDoubt(u, to, FP.CONVERT, result, a, -1);
    body.open(W.IF, WASM_TYPE.EMPTY);
  }
  storeOperand(u, from, a, 0);
  callUnit(u, code[at + 1], widens ? SHAPE.WIDEN : SHAPE.NARROW);
  takeResult(u, to, result);
  body.close();
  if (!widens) body.close();
  body.releaseTyped(a, from.type);
  values.defineFloat(code[at + 2], result, to.type);
}

/** Modes in which the inline forms are right. */
function isPlain(aux: number, round: number): boolean {
  return (aux & (FP_AUX.MODE_MASK | FP_AUX.FRACTION_MASK) & ~FP_AUX.ALTERNATIVE_HALF) ===
    round << FP_AUX.MODE_SHIFT;
}

function operation(shape: number): Handler {
  const source = shape === SHAPE.ONE_SIZE_32 || shape === SHAPE.WIDEN ? SINGLE : DOUBLE;
  const target = shape === SHAPE.ONE_SIZE_64 || shape === SHAPE.WIDEN ? DOUBLE : SINGLE;
  return (u, at) => {
    const aux = u.code[at + 1];
    const op = aux & FP_AUX.OP_MASK;
    const nearest = isPlain(aux, ROUND.NEAREST);
    switch (op) {
      case FP.ADD:
      case FP.SUB:
      case FP.MUL:
      case FP.DIV:
      case FP.SQRT:
        if (nearest) return arithmetic(u, at, source, shape);
        break;
      case FP.COMPARE:
      case FP.COMPARE_SIGNAL:
        if ((aux & FP_AUX.FLUSH) === 0) return comparison(u, at, source, shape);
        break;
      case FP.CONVERT:
        if (nearest) return convert(u, at, source, target);
        break;
      case FP.FROM_S32:
      case FP.FROM_U32:
        if (nearest) return fromInteger(u, at, target, shape);
        break;
      case FP.TO_S32:
      case FP.TO_U32:
        if (nearest || isPlain(aux, ROUND.ZERO)) return toInteger(u, at, source, shape);
        break;
    }
    general(u, at, shape);
  };
}

/** Lanes of sums, differences and products that flush and give the default NaN. */
const LANE_OPCODES: Readonly<Record<number, number>> = {
  [FP.ADD | FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN]: WSIMD.F32_ADD,
  [FP.SUB | FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN]: WSIMD.F32_SUB,
  [FP.MUL | FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN]: WSIMD.F32_MUL,
};

function pushWord(u: UnitLowering, value: number): void {
  u.body.i32Const(value);
  u.body.simd(WSIMD.I32_SPLAT);
}

/**
 * Pushes ones in the lanes that are neither normal (see NORMAL) nor zero. With the sign shifted out
 * and the smallest normal number taken off, infinities and NaNs are the least above the normal
 * numbers, then comes zero, then the subnormal ones.
 */
function pushOddLanes(u: UnitLowering, vector: number): void {
  const { body } = u;
  const moved = body.allocateTyped(WASM_TYPE.V128);
  body.get(vector);
  body.i32Const(1);
  body.simd(WSIMD.I32_SHL);
  pushWord(u, 0x01000001);
  body.simd(WSIMD.I32_SUB);
  body.tee(moved);
  pushWord(u, 0xfdffffff | 0);
  body.simd(WSIMD.I32_GE_U);
  body.get(moved);
  pushWord(u, 0xfeffffff | 0);
  body.simd(WSIMD.I32_EQ);
  body.simd(WSIMD.ANDNOT);
  body.releaseTyped(moved, WASM_TYPE.V128);
}

/** Pushes ones in the lanes that are 0. */
function pushZeroLanes(u: UnitLowering, vector: number): void {
  u.body.get(vector);
  pushWord(u, 0);
  u.body.simd(WSIMD.F32_EQ);
}

/** Four lanes at once when all numbers are normal or exact zeros, else one by one in the unit. */
const lanes: Handler = (u, at) => {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const opcode = LANE_OPCODES[aux];
  const take = (temp: number): number => {
    const local = body.allocateTyped(WASM_TYPE.V128);
    values.push(temp);
    body.set(local);
    return local;
  };
  const a = take(code[at + 3]);
  const b = take(code[at + 4]);
  const result = body.allocateTyped(WASM_TYPE.V128);
  if (opcode === undefined) {
    body.i32Const(1);
  } else {
    body.get(a);
    body.get(b);
    body.simd(opcode);
    body.set(result);
    pushOddLanes(u, a);
    pushOddLanes(u, b);
    body.simd(WSIMD.OR);
    pushOddLanes(u, result);
    body.simd(WSIMD.OR);
    if (opcode === WSIMD.F32_MUL) {
      pushZeroLanes(u, result);
      pushZeroLanes(u, a);
      pushZeroLanes(u, b);
      body.simd(WSIMD.OR);
      body.simd(WSIMD.ANDNOT);
      body.simd(WSIMD.OR);
    }
    body.simd(WSIMD.ANY_TRUE);
    pushExact(u);
    body.op(W.I32_OR);
  }
  body.open(W.IF, WASM_TYPE.EMPTY);
  for (const [i, local] of [a, b].entries()) {
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
  body.close();
  body.releaseTyped(a, WASM_TYPE.V128);
  body.releaseTyped(b, WASM_TYPE.V128);
  body.get(result);
  body.releaseTyped(result, WASM_TYPE.V128);
  values.define(code[at + 2]);
};

/** Floating-point operations where they stand. */
export const FP_STATEMENTS: Readonly<Record<string, Handler>> = {
  vec_fp2: lanes,
  fp1_32: operation(SHAPE.ONE_SIZE_32),
  fp2_32: operation(SHAPE.ONE_SIZE_32),
  fp3_32: operation(SHAPE.ONE_SIZE_32),
  fp1_64: operation(SHAPE.ONE_SIZE_64),
  fp2_64: operation(SHAPE.ONE_SIZE_64),
  fp3_64: operation(SHAPE.ONE_SIZE_64),
  fp_narrow: operation(SHAPE.NARROW),
  fp_widen: operation(SHAPE.WIDEN),
  fp_test64: operation(SHAPE.TEST_64),
};
