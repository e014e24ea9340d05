/**
 * Exact floating-point arithmetic on bit patterns, with exception flags, in every mode.
 * @module
 */
import { ROUND } from "../ir/fp_aux.ts";
import {
  bitLength,
  type FlagSink,
  type Format,
  FP_FLAG,
  type FpMode,
  KIND,
  roundTo,
  signed,
  unpack,
  type Unpacked,
} from "./format.ts";

/** The default NaN, for an invalid operation. */
export function invalid(f: Format, sink: FlagSink): bigint {
  sink.flags |= FP_FLAG.INVALID;
  return f.defaultNan;
}

/** Result when one of the operands (in order of precedence) is a NaN; undefined otherwise. */
export function propagateNan(
  f: Format,
  mode: FpMode,
  sink: FlagSink,
  ...operands: readonly Unpacked[]
): bigint | undefined {
  const signalling = operands.find((x) => x.kind === KIND.SIGNALLING);
  const nan = signalling ?? operands.find((x) => x.kind === KIND.QUIET);
  if (nan === undefined) return undefined;
  if (signalling) sink.flags |= FP_FLAG.INVALID;
  return mode.defaultNan ? f.defaultNan : nan.bits | f.quietBit;
}

/** An exact sum of terms, rounded; `zeroNegative`: both terms were zeros of that sign. */
function sum(
  f: Format,
  a: Unpacked,
  b: Unpacked,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const exponent = a.kind === KIND.ZERO
    ? b.exponent
    : b.kind === KIND.ZERO
    ? a.exponent
    : Math.min(a.exponent, b.exponent);
  const value = (x: Unpacked): bigint => {
    if (x.kind === KIND.ZERO) return 0n;
    const magnitude = x.significand << BigInt(x.exponent - exponent);
    return x.negative ? -magnitude : magnitude;
  };
  const total = value(a) + value(b);
  if (total === 0n) {
    const bothZero = a.kind === KIND.ZERO && b.kind === KIND.ZERO;
    const negative = bothZero && a.negative === b.negative ? a.negative : mode.round === ROUND.DOWN;
    return signed(f, negative, 0n);
  }
  const negative = total < 0n;
  return roundTo(f, negative, negative ? -total : total, exponent, false, mode, sink);
}

/** a + b, or a - b. */
export function add(
  f: Format,
  x: bigint,
  y: bigint,
  subtract: boolean,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const a = unpack(f, x, mode.flush, sink);
  const second = unpack(f, y, mode.flush, sink);
  const nan = propagateNan(f, mode, sink, a, second);
  if (nan !== undefined) return nan;
  const b = subtract ? { ...second, negative: !second.negative } : second;
  if (a.kind === KIND.INFINITY || b.kind === KIND.INFINITY) {
    if (a.kind === b.kind && a.negative !== b.negative) return invalid(f, sink);
    return signed(f, a.kind === KIND.INFINITY ? a.negative : b.negative, f.infinity);
  }
  return sum(f, a, b, mode, sink);
}

/** a * b. */
export function multiply(
  f: Format,
  x: bigint,
  y: bigint,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const a = unpack(f, x, mode.flush, sink);
  const b = unpack(f, y, mode.flush, sink);
  const nan = propagateNan(f, mode, sink, a, b);
  if (nan !== undefined) return nan;
  const negative = a.negative !== b.negative;
  if (a.kind === KIND.INFINITY || b.kind === KIND.INFINITY) {
    if (a.kind === KIND.ZERO || b.kind === KIND.ZERO) return invalid(f, sink);
    return signed(f, negative, f.infinity);
  }
  if (a.kind === KIND.ZERO || b.kind === KIND.ZERO) return signed(f, negative, 0n);
  const significand = a.significand * b.significand;
  return roundTo(f, negative, significand, a.exponent + b.exponent, false, mode, sink);
}

/** a / b. */
export function divide(
  f: Format,
  x: bigint,
  y: bigint,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const a = unpack(f, x, mode.flush, sink);
  const b = unpack(f, y, mode.flush, sink);
  const nan = propagateNan(f, mode, sink, a, b);
  if (nan !== undefined) return nan;
  const negative = a.negative !== b.negative;
  if (a.kind === KIND.INFINITY) {
    return b.kind === KIND.INFINITY ? invalid(f, sink) : signed(f, negative, f.infinity);
  }
  if (b.kind === KIND.INFINITY) return signed(f, negative, 0n);
  if (b.kind === KIND.ZERO) {
    if (a.kind === KIND.ZERO) return invalid(f, sink);
    sink.flags |= FP_FLAG.DIVIDE_BY_ZERO;
    return signed(f, negative, f.infinity);
  }
  if (a.kind === KIND.ZERO) return signed(f, negative, 0n);
  const shift = 2 * f.fraction + 4;
  const scaled = a.significand << BigInt(shift);
  const quotient = scaled / b.significand;
  const sticky = quotient * b.significand !== scaled;
  return roundTo(f, negative, quotient, a.exponent - b.exponent - shift, sticky, mode, sink);
}

function integerRoot(x: bigint): bigint {
  let root = 1n << BigInt((bitLength(x) + 1) >> 1);
  for (;;) {
    const next = (root + x / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Square root. */
export function squareRoot(f: Format, x: bigint, mode: FpMode, sink: FlagSink): bigint {
  const a = unpack(f, x, mode.flush, sink);
  const nan = propagateNan(f, mode, sink, a);
  if (nan !== undefined) return nan;
  if (a.kind === KIND.ZERO) return signed(f, a.negative, 0n);
  if (a.negative) return invalid(f, sink);
  if (a.kind === KIND.INFINITY) return f.infinity;
  const shift = 2 * f.fraction + 4 + (a.exponent & 1);
  const scaled = a.significand << BigInt(shift);
  const root = integerRoot(scaled);
  return roundTo(f, false, root, (a.exponent - shift) / 2, root * root !== scaled, mode, sink);
}

/** a * b + c, rounded once. The addend's NaN goes first; infinity * 0 + NaN is the default NaN. */
export function multiplyAdd(
  f: Format,
  x: bigint,
  y: bigint,
  z: bigint,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const c = unpack(f, z, mode.flush, sink);
  const a = unpack(f, x, mode.flush, sink);
  const b = unpack(f, y, mode.flush, sink);
  const infinite = a.kind === KIND.INFINITY || b.kind === KIND.INFINITY;
  const zero = a.kind === KIND.ZERO || b.kind === KIND.ZERO;
  const product = infinite && (a.kind === KIND.ZERO || b.kind === KIND.ZERO);
  const nan = propagateNan(f, mode, sink, c, a, b);
  if (product && (nan === undefined || c.kind === KIND.QUIET)) return invalid(f, sink);
  if (nan !== undefined) return nan;
  const negative = a.negative !== b.negative;
  if (infinite) {
    if (c.kind === KIND.INFINITY && c.negative !== negative) return invalid(f, sink);
    return signed(f, negative, f.infinity);
  }
  if (c.kind === KIND.INFINITY) return signed(f, c.negative, f.infinity);
  const exact: Unpacked = {
    kind: zero ? KIND.ZERO : KIND.FINITE,
    negative,
    significand: a.significand * b.significand,
    exponent: a.exponent + b.exponent,
    bits: 0n,
  };
  return sum(f, exact, c, mode, sink);
}

/** Ordering in bits 3-0: less 8, equal 6, greater 2, unordered 3. */
export function compare(
  f: Format,
  x: bigint,
  y: bigint,
  signalQuiet: boolean,
  mode: FpMode,
  sink: FlagSink,
): number {
  const a = unpack(f, x, mode.flush, sink);
  const b = unpack(f, y, mode.flush, sink);
  if (a.kind >= KIND.QUIET || b.kind >= KIND.QUIET) {
    if (signalQuiet || a.kind === KIND.SIGNALLING || b.kind === KIND.SIGNALLING) {
      sink.flags |= FP_FLAG.INVALID;
    }
    return 3;
  }
  const key = (u: Unpacked): bigint => {
    if (u.kind === KIND.ZERO) return 0n;
    const magnitude = u.bits & ~f.signBit;
    return u.negative ? -magnitude : magnitude;
  };
  const [p, q] = [key(a), key(b)];
  return p < q ? 8 : p === q ? 6 : 2;
}
