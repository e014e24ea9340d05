/**
 * Single-precision arithmetic on bit patterns by the host's doubles, to nearest, with exception
 * flags: a double holds every product of two singles and, rounded to odd, enough of every sum that
 * rounding it once more is right. Nothing is allocated. `arithmetic.ts` does the same for every
 * format and rounding mode, much slower; a test compares both.
 * @module
 */
import { FP, FP_AUX, ROUND } from "../ir/fp_aux.ts";
import { sumError, toOdd } from "./errors.ts";
import {
  reciprocalOfFraction,
  reciprocalOfSingle,
  rootOfFraction,
  rootOfSingle,
} from "./estimate.ts";
import { type FlagSink, FP_FLAG } from "./format.ts";
import { fromHalf, toHalf } from "./half.ts";
import { scaleOf, toInteger } from "./integer.ts";

const SIGN = -0x80000000;
const INFINITE = 0x7f800000;
const NAN = 0x7fc00000;
const QUIET = 0x400000;
const LEAST_NORMAL = 2 ** -126;

const single = new Float32Array(1);
const word = new Int32Array(single.buffer);

function numberOf(bits: number): number {
  word[0] = bits;
  return single[0];
}

function bitsOf(x: number): number {
  single[0] = x;
  return word[0];
}

function isNan(bits: number): boolean {
  return (bits & 0x7fffffff) > INFINITE;
}

function isSignalling(bits: number): boolean {
  return isNan(bits) && (bits & QUIET) === 0;
}

/** Whether {@linkcode computeSingle} does the operation that an aux word names. */
export function isSingleOperation(aux: number): boolean {
  const op = aux & FP_AUX.OP_MASK;
  const nearest = (aux & FP_AUX.ROUND_MASK) === ROUND.NEAREST << FP_AUX.MODE_SHIFT;
  return op !== FP.CONVERT && (nearest || op >= FP.MAX || op >= FP.TO_S32 && op <= FP.TO_U16 ||
    op === FP.FROM_HALF || op === FP.COMPARE || op === FP.COMPARE_SIGNAL);
}

/** A double, off by `error`, rounded to a single's bits; its exceptions are noted. */
export function roundToSingle(
  rounded: number,
  error: number,
  flush: boolean,
  sink: FlagSink,
): number {
  const exact = toOdd(rounded, error);
  const magnitude = Math.abs(exact);
  const tiny = magnitude < LEAST_NORMAL && magnitude !== 0;
  if (tiny && flush) {
    sink.flags |= FP_FLAG.UNDERFLOW;
    return exact < 0 ? SIGN : 0;
  }
  const result = Math.fround(exact);
  if (result !== exact) {
    sink.flags |= FP_FLAG.INEXACT | (tiny ? FP_FLAG.UNDERFLOW : 0);
    if (Math.abs(result) === Infinity) sink.flags |= FP_FLAG.OVERFLOW;
  }
  return bitsOf(result);
}

/** A NaN result: the first signalling operand, else the first quiet one. */
function propagated(first: number, second: number, third: number, aux: number): number {
  if ((aux & FP_AUX.DEFAULT_NAN) !== 0) return NAN;
  if (isSignalling(first)) return first | QUIET;
  if (isSignalling(second)) return second | QUIET;
  if (isSignalling(third)) return third | QUIET;
  return isNan(first) ? first : isNan(second) ? second : third;
}

/** A denormal operand counts as zero where the mode says so. */
function flushed(bits: number, aux: number, sink: FlagSink): number {
  if ((aux & FP_AUX.FLUSH) === 0 || (bits & INFINITE) !== 0 || (bits & 0x7fffff) === 0) return bits;
  sink.flags |= FP_FLAG.INPUT_DENORMAL;
  return bits & SIGN;
}

function invalid(sink: FlagSink): number {
  sink.flags |= FP_FLAG.INVALID;
  return NAN;
}

/** An exact or rounded result; a NaN comes of no NaN, so the operation was invalid. */
function result(rounded: number, error: number, aux: number, sink: FlagSink): number {
  if (Number.isNaN(rounded)) return invalid(sink);
  if (Math.abs(rounded) === Infinity) return bitsOf(rounded);
  return roundToSingle(rounded, error, (aux & FP_AUX.FLUSH) !== 0, sink);
}

function add(x: number, y: number, aux: number, sink: FlagSink): number {
  const sum = x + y;
  return result(sum, Math.abs(sum) < Infinity ? sumError(x, y, sum) : 0, aux, sink);
}

function divide(x: number, y: number, aux: number, sink: FlagSink): number {
  if (y === 0 && x !== 0 && Math.abs(x) !== Infinity) sink.flags |= FP_FLAG.DIVIDE_BY_ZERO;
  // Quotients and roots of singles are never so near to a single, or to a middle between two, that
  // a double could not tell.
  return result(x / y, 0, aux, sink);
}

/** a * b + c; infinity times zero is invalid before a quiet addend, not before a signalling one. */
function multiplyAdd(a: number, b: number, c: number, aux: number, sink: FlagSink): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  const product = x * y;
  if (isNan(a) || isNan(b) || isNan(c)) {
    const signals = isSignalling(a) || isSignalling(b) || isSignalling(c);
    if (signals) sink.flags |= FP_FLAG.INVALID;
    const meaningless = !isNan(a) && !isNan(b) && Number.isNaN(product);
    return meaningless && !signals ? invalid(sink) : propagated(c, a, b, aux);
  }
  return add(product, numberOf(c), aux, sink);
}

/** Less 8, equal 6, greater 2, unordered 3. */
function order(a: number, b: number, signalQuiet: boolean, sink: FlagSink): number {
  if (isNan(a) || isNan(b)) {
    if (signalQuiet || isSignalling(a) || isSignalling(b)) sink.flags |= FP_FLAG.INVALID;
    return 3;
  }
  const [x, y] = [numberOf(a), numberOf(b)];
  return x < y ? 8 : x === y ? 6 : 2;
}

/** The larger or smaller number; of zeros the positive one is larger. */
function extreme(a: number, b: number, largest: boolean): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x === y) return largest ? a & b : a | b;
  return x > y === largest ? a : b;
}

/** 2 - a * b, or (3 - a * b) / 2, every step rounded; infinity times zero counts as zero. */
function step(a: number, b: number, root: boolean, aux: number, sink: FlagSink): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  const constant = root ? 3 : 2;
  if (Number.isNaN(x * y)) return bitsOf(root ? 1.5 : 2);
  const product = numberOf(result(x * y, 0, aux, sink));
  const difference = add(constant, -product, aux, sink);
  return root ? result(numberOf(difference) * 0.5, 0, aux, sink) : difference;
}

function two(op: number, a: number, b: number, aux: number, sink: FlagSink): number {
  switch (op) {
    case FP.ADD:
      return add(numberOf(a), numberOf(b), aux, sink);
    case FP.SUB:
      return add(numberOf(a), -numberOf(b), aux, sink);
    case FP.MUL:
      return result(numberOf(a) * numberOf(b), 0, aux, sink);
    case FP.DIV:
      return divide(numberOf(a), numberOf(b), aux, sink);
    case FP.MAX:
      return extreme(a, b, true);
    case FP.MIN:
      return extreme(a, b, false);
    default:
      return step(a, b, op === FP.ROOT_STEP, aux, sink);
  }
}

/**
 * Result bits of an operation on the bits of singles (or on an integer, or on a half), as a signed
 * word; see {@linkcode isSingleOperation}. Its exceptions are added to the sink's.
 */
export function computeSingle(
  aux: number,
  first: number,
  second: number,
  third: number,
  sink: FlagSink,
): number {
  const op = aux & FP_AUX.OP_MASK;
  switch (op) {
    case FP.FROM_S32:
      return roundToSingle((first | 0) / scaleOf(aux), 0, false, sink);
    case FP.FROM_U32:
      return roundToSingle((first >>> 0) / scaleOf(aux), 0, false, sink);
    case FP.FROM_HALF:
      return fromHalf(first & 0xffff, aux, sink);
    case FP.RECIPROCAL_FRACTION:
      return reciprocalOfFraction(first | 0);
    case FP.ROOT_FRACTION:
      return rootOfFraction(first | 0);
    case FP.RECIPROCAL_ESTIMATE:
      return reciprocalOfSingle(first | 0, sink);
    case FP.ROOT_ESTIMATE:
      return rootOfSingle(first | 0, sink);
  }
  const a = flushed(first | 0, aux, sink);
  switch (op) {
    case FP.TO_HALF:
      return toHalf(a, numberOf(a), aux, sink);
    case FP.TO_S32:
    case FP.TO_U32:
    case FP.TO_S16:
    case FP.TO_U16:
      return toInteger(op, numberOf(a) * scaleOf(aux), aux, sink);
    case FP.SQRT:
      if (isNan(a)) break;
      return result(Math.sqrt(numberOf(a)), 0, aux, sink);
  }
  if (op === FP.SQRT) {
    if (isSignalling(a)) sink.flags |= FP_FLAG.INVALID;
    return propagated(a, 0, 0, aux);
  }
  const b = flushed(second | 0, aux, sink);
  switch (op) {
    case FP.FMA:
      return multiplyAdd(a, b, flushed(third | 0, aux, sink), aux, sink);
    case FP.COMPARE:
    case FP.COMPARE_SIGNAL:
      return order(a, b, op === FP.COMPARE_SIGNAL, sink) << 28;
    case FP.EQUAL:
      return order(a, b, false, sink) === 6 ? -1 : 0;
    case FP.GREATER_EQUAL: {
      const found = order(a, b, true, sink);
      return found === 6 || found === 2 ? -1 : 0;
    }
    case FP.GREATER:
      return order(a, b, true, sink) === 2 ? -1 : 0;
  }
  if (isNan(a) || isNan(b)) {
    if (isSignalling(a) || isSignalling(b)) sink.flags |= FP_FLAG.INVALID;
    return propagated(a, b, 0, aux);
  }
  return two(op, a, b, aux, sink);
}
