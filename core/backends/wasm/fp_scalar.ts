/**
 * Floating-point operations on one number: the WebAssembly instruction inline, whose result is right
 * when it is a normal number, and then a test for the cases in which it is not enough: results that
 * are no normal number (NaNs follow the guest's rules, subnormal and infinite ones raise
 * exceptions), and all results while the cumulative inexact flag is clear (FP_EXACT is -1 then).
 * Those go through the host's floating-point unit. An operation costs about five integer
 * instructions besides its own this way. Zero results that are exact stay inline.
 * @module
 */
import { SHAPE } from "../../fp/unit.ts";
import { FP, FP_AUX, ROUND } from "../../ir/fp_aux.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ENV } from "./abi.ts";
import {
  callUnit,
  DOUBLE,
  type FloatCodes,
  HALF,
  operand,
  pushExact,
  pushNonZero,
  pushSpecial,
  SINGLE,
  storeOperand,
  takeResult,
} from "./fp_codes.ts";
import { fusedDouble, fusedSingle } from "./fp_fused.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Room for the longest sequence. */
const BYTES = 1024;

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

function fractionOf(aux: number): number {
  return (aux & FP_AUX.FRACTION_MASK) >> FP_AUX.FRACTION_SHIFT;
}

/** Multiplies the float on the stack by 2^power; the places of fixed-point numbers keep that exact. */
function pushScaled(u: UnitLowering, f: FloatCodes, power: number): void {
  if (power === 0) return;
  if (f === SINGLE) u.body.f32Const(2 ** power);
  else u.body.f64Const(2 ** power);
  u.body.op(f.arithmetic[FP.MUL]);
}

/** Float to integer; the integer's way back must give the rounded number again. */
function toInteger(u: UnitLowering, at: number, f: FloatCodes, shape: number): void {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const op = aux & FP_AUX.OP_MASK;
  const towardsZero = (aux & FP_AUX.ROUND_MASK) === ROUND.ZERO << FP_AUX.MODE_SHIFT;
  const signed = op === FP.TO_S32 || op === FP.TO_S16;
  const a = operand(u, f, code[at + 3]);
  const scaled = body.allocateTyped(f.type);
  const rounded = body.allocateTyped(f.type);
  const result = body.allocate(false);
  body.get(a);
  pushScaled(u, f, fractionOf(aux));
  body.tee(scaled);
  body.op(towardsZero ? f.trunc : f.nearest);
  body.tee(rounded);
  body.op(W.PREFIX_BULK);
  body.op(f.truncSat[signed ? FP.TO_S32 : FP.TO_U32]);
  body.tee(result);
  if (op === FP.TO_S16) body.op(W.I32_EXTEND16_S);
  else if (op === FP.TO_U16) {
    body.i32Const(0xffff);
    body.op(W.I32_AND);
  }
  // As doubles, which hold both: as a single, the largest integer would round to 2^31 or 2^32.
  body.op(DOUBLE.fromInteger[signed ? FP.FROM_S32 : FP.FROM_U32]);
  body.get(rounded);
  if (f === SINGLE) body.op(W.F64_PROMOTE_F32);
  body.op(W.F64_NE);
  body.get(rounded);
  body.get(scaled);
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
  body.releaseTyped(scaled, f.type);
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
    pushScaled(u, f, -fractionOf(aux));
    body.set(result);
  } else {
    const integer = body.allocate(false);
    body.tee(integer);
    body.op(f.fromInteger[aux & FP_AUX.OP_MASK]);
    pushScaled(u, f, -fractionOf(aux));
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

/** Low 16 bits as a half; of the IEEE format infinities and NaNs take the long way. */
function fromHalf(u: UnitLowering, at: number, shape: number): void {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const half = body.allocate(false);
  const result = body.allocateTyped(WASM_TYPE.F32);
  values.push(code[at + 3]);
  body.set(half);
  body.get(half);
  body.i32Const(17);
  body.op(W.I32_SHL);
  body.i32Const(4);
  body.op(W.I32_SHR_U);
  body.op(W.F32_REINTERPRET_I32);
  // The exponent is moved by a product, which makes subnormal halves normal.
  body.f32Const(2 ** 112);
  body.op(W.F32_MUL);
  body.op(W.I32_REINTERPRET_F32);
  body.get(half);
  body.i32Const(15);
  body.op(W.I32_SHR_U);
  body.i32Const(31);
  body.op(W.I32_SHL);
  body.op(W.I32_OR);
  body.op(W.F32_REINTERPRET_I32);
  body.set(result);
  if ((aux & FP_AUX.ALTERNATIVE_HALF) === 0) {
    body.get(half);
    body.i32Const(17);
    body.op(W.I32_SHL);
    body.i32Const(HALF.INFINITE << 17);
    body.op(W.I32_GE_U);
    body.open(W.IF, WASM_TYPE.EMPTY);
    body.get(ENV);
    body.get(half);
    body.memory(W.I32_STORE, 2, VCPU.FP_OPERANDS);
    callUnit(u, aux, shape);
    takeResult(u, SINGLE, result);
    body.close();
  }
  body.release(half, false);
  values.defineFloat(code[at + 2], result, WASM_TYPE.F32);
}

/** A single as a half: one that is a normal half by integers, the others the long way. */
function toHalf(u: UnitLowering, at: number, shape: number): void {
  const { body, code, values } = u;
  const aux = code[at + 1];
  const end = (aux & FP_AUX.ALTERNATIVE_HALF) !== 0 ? HALF.ALTERNATIVE_END : HALF.END;
  const bits = body.allocate(false);
  const result = body.allocate(false);
  const pushMagnitude = () => {
    body.get(bits);
    body.i32Const(0x7fffffff);
    body.op(W.I32_AND);
  };
  values.push(code[at + 3]);
  body.set(bits);
  pushMagnitude();
  body.get(bits);
  body.i32Const(13);
  body.op(W.I32_SHR_U);
  body.i32Const(1);
  body.op(W.I32_AND);
  body.op(W.I32_ADD);
  body.i32Const(0xfff - HALF.BIAS);
  body.op(W.I32_ADD);
  body.i32Const(13);
  body.op(W.I32_SHR_U);
  body.get(bits);
  body.i32Const(31);
  body.op(W.I32_SHR_U);
  body.i32Const(15);
  body.op(W.I32_SHL);
  body.op(W.I32_OR);
  body.set(result);
  pushMagnitude();
  body.i32Const(HALF.LEAST_NORMAL);
  body.op(W.I32_SUB);
  body.i32Const(end - HALF.LEAST_NORMAL);
  body.op(W.I32_GE_U);
  body.get(bits);
  body.i32Const(0x1fff);
  body.op(W.I32_AND);
  pushExact(u);
  body.op(W.I32_AND);
  body.op(W.I32_OR);
  body.open(W.IF, WASM_TYPE.EMPTY);
  body.get(ENV);
  body.get(bits);
  body.memory(W.I32_STORE, 2, VCPU.FP_OPERANDS);
  callUnit(u, aux, shape);
  body.get(ENV);
  body.memory(W.I32_LOAD, 2, VCPU.FP_RESULT);
  body.set(result);
  body.close();
  body.release(bits, false);
  body.get(result);
  body.release(result, false);
  values.define(code[at + 2]);
}

/** Modes in which the inline forms are right. */
function isPlain(aux: number, round: number): boolean {
  return (aux & FP_AUX.MODE_MASK & ~FP_AUX.ALTERNATIVE_HALF) === round << FP_AUX.MODE_SHIFT;
}

/** The lowering of operations of a shape. */
export function scalarOperation(shape: number): Handler {
  const source = shape === SHAPE.ONE_SIZE_32 || shape === SHAPE.WIDEN ? SINGLE : DOUBLE;
  const target = shape === SHAPE.ONE_SIZE_64 || shape === SHAPE.WIDEN ? DOUBLE : SINGLE;
  return (u, at) => {
    const aux = u.code[at + 1];
    const op = aux & FP_AUX.OP_MASK;
    const nearest = isPlain(aux, ROUND.NEAREST);
    u.body.reserve(BYTES);
    switch (op) {
      case FP.ADD:
      case FP.SUB:
      case FP.MUL:
      case FP.DIV:
      case FP.SQRT:
        if (nearest) return arithmetic(u, at, source, shape);
        break;
      case FP.FMA:
        if (nearest) return source === SINGLE ? fusedSingle(u, at) : fusedDouble(u, at);
        break;
      case FP.FROM_HALF:
        return fromHalf(u, at, shape);
      case FP.TO_HALF:
        if (nearest) return toHalf(u, at, shape);
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
      case FP.TO_S16:
      case FP.TO_U16:
        if (nearest || isPlain(aux, ROUND.ZERO)) return toInteger(u, at, source, shape);
        break;
    }
    general(u, at, shape);
  };
}
