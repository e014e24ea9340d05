/**
 * Half precision to and from single precision by the host's doubles, to nearest, in the format of
 * IEEE 754 and in the alternative one, which has one more exponent instead of infinities and NaNs.
 * @module
 */
import { FP_AUX } from "../ir/fp_aux.ts";
import { type FlagSink, FP_FLAG } from "./format.ts";
import { nearestEven } from "./integer.ts";

const SIGN = -0x80000000;
const INFINITE = 0x7f800000;
const NAN = 0x7fc00000;
const LEAST_NORMAL = 2 ** -14;

/** Units of the last place in one, by exponent from -14 on. */
const UNITS = Float64Array.from({ length: 142 }, (_, i) => 2 ** (24 - i));

const single = new Float32Array(1);
const word = new Int32Array(single.buffer);

/** A half's bits as a single's; nothing is flushed. */
export function fromHalf(half: number, aux: number, sink: FlagSink): number {
  const sign = half << 16 & SIGN;
  const field = half >> 10 & 31;
  const fraction = half & 0x3ff;
  if (field === 31 && (aux & FP_AUX.ALTERNATIVE_HALF) === 0) {
    if (fraction === 0) return sign | INFINITE;
    if ((fraction & 0x200) === 0) sink.flags |= FP_FLAG.INVALID;
    return (aux & FP_AUX.DEFAULT_NAN) !== 0 ? NAN : sign | NAN | fraction << 13;
  }
  if (field === 0) {
    single[0] = fraction * 2 ** -24;
    return sign | word[0];
  }
  return sign | (field + 112) << 23 | fraction << 13;
}

/** A single, bits and number, as a half's bits; results are never flushed. */
export function toHalf(bits: number, x: number, aux: number, sink: FlagSink): number {
  const sign = bits >>> 16 & 0x8000;
  const alternative = (aux & FP_AUX.ALTERNATIVE_HALF) !== 0;
  if (Number.isNaN(x)) {
    const signalling = (bits & 0x400000) === 0;
    if (signalling || alternative) sink.flags |= FP_FLAG.INVALID;
    if (alternative) return sign;
    return (aux & FP_AUX.DEFAULT_NAN) !== 0 ? 0x7e00 : sign | 0x7e00 | bits >> 13 & 0x3ff;
  }
  if (Math.abs(x) === Infinity) {
    if (!alternative) return sign | 0x7c00;
    sink.flags |= FP_FLAG.INVALID;
    return sign | 0x7fff;
  }
  const magnitude = Math.abs(x);
  const tiny = magnitude < LEAST_NORMAL;
  const exponent = tiny ? -14 : (bits >> 23 & 0xff) - 127;
  // In units of the last place; the leading one of a normal number adds itself to the field.
  const units = magnitude * UNITS[exponent + 14];
  const significand = nearestEven(units);
  const result = tiny ? significand : (exponent + 14) * 1024 + significand;
  if (result >= (alternative ? 0x8000 : 0x7c00)) {
    sink.flags |= alternative ? FP_FLAG.INVALID : FP_FLAG.OVERFLOW | FP_FLAG.INEXACT;
    return sign | (alternative ? 0x7fff : 0x7c00);
  }
  if (significand !== units) sink.flags |= FP_FLAG.INEXACT | (tiny ? FP_FLAG.UNDERFLOW : 0);
  return sign | result;
}
