/**
 * Estimates of reciprocals and of reciprocal square roots with eight bits, as tables: those of the
 * architectures that give their programs a first approximation.
 * @module
 */
import { FP_FLAG } from "./format.ts";
import type { FlagSink } from "./format.ts";

const SIGN = -0x80000000;
const INFINITE = 0x7f800000;
const NAN = 0x7fc00000;

/** 256 / x for the middles x of the 256 steps between 0.5 and 1: 256 to 511. */
const RECIPROCAL = Uint16Array.from(
  { length: 256 },
  (_, i) => Math.floor(256 / ((i + 256.5) / 512) + 0.5),
);

/** 256 / sqrt(x) for the middles of the 128 steps between `steps` / 128 and twice that. */
function roots(steps: number): Uint16Array {
  return Uint16Array.from(
    { length: 128 },
    (_, i) => Math.floor(256 / Math.sqrt((i + 128.5) / steps) + 0.5),
  );
}

/** For x from 0.25 to 0.5, and from 0.5 to 1. */
const LOW_ROOT = roots(512), HIGH_ROOT = roots(256);

/** Of a fraction of 2^32, as a fraction of 2^31; all ones below one half. */
export function reciprocalOfFraction(x: number): number {
  return x >= 0 ? -1 : RECIPROCAL[(x >>> 23) - 256] << 23;
}

/** The same of the square root; all ones below one quarter. */
export function rootOfFraction(x: number): number {
  if (x >>> 30 === 0) return -1;
  return (x < 0 ? HIGH_ROOT[(x >>> 24) - 128] : LOW_ROOT[(x >>> 23) - 128]) << 23;
}

/** What both estimates do with a NaN; undefined for a number. */
function ofNan(bits: number, sink: FlagSink): number | undefined {
  if ((bits & 0x7fffffff) <= INFINITE) return undefined;
  if ((bits & 0x400000) === 0) sink.flags |= FP_FLAG.INVALID;
  return NAN;
}

/** Whether the number counts as 0, which subnormal ones do. */
function isZero(bits: number, sink: FlagSink): boolean {
  if ((bits & INFINITE) !== 0) return false;
  if ((bits & 0x7fffff) !== 0) sink.flags |= FP_FLAG.INPUT_DENORMAL;
  return true;
}

/** Of a single's bits, flushing subnormal operands and results; NaNs become the default one. */
export function reciprocalOfSingle(bits: number, sink: FlagSink): number {
  const nan = ofNan(bits, sink);
  if (nan !== undefined) return nan;
  const sign = bits & SIGN;
  if (isZero(bits, sink)) {
    sink.flags |= FP_FLAG.DIVIDE_BY_ZERO;
    return sign | INFINITE;
  }
  const field = bits >>> 23 & 0xff;
  if (field === 255) return sign;
  if (field >= 253) {
    sink.flags |= FP_FLAG.UNDERFLOW;
    return sign;
  }
  const estimate = RECIPROCAL[bits >>> 15 & 0xff];
  return sign | (253 - field) << 23 | (estimate & 0xff) << 15;
}

/** The same of the square root. */
export function rootOfSingle(bits: number, sink: FlagSink): number {
  const nan = ofNan(bits, sink);
  if (nan !== undefined) return nan;
  if (isZero(bits, sink)) {
    sink.flags |= FP_FLAG.DIVIDE_BY_ZERO;
    return bits & SIGN | INFINITE;
  }
  if (bits < 0) {
    sink.flags |= FP_FLAG.INVALID;
    return NAN;
  }
  const field = bits >>> 23;
  if (field === 255) return 0;
  // An even exponent field is an odd exponent: the number is then taken from 0.5 to 1.
  const estimate = ((field & 1) === 0 ? HIGH_ROOT : LOW_ROOT)[bits >>> 16 & 0x7f];
  return (380 - field) >> 1 << 23 | (estimate & 0xff) << 15;
}
