/**
 * Conversions between floating-point formats and to and from integers, exact and with flags.
 * @module
 */
import {
  F16,
  F32,
  type FlagSink,
  type Format,
  FP_FLAG,
  type FpMode,
  KIND,
  roundShift,
  roundTo,
  signed,
  unpack,
} from "./format.ts";

/** Moves a NaN's sign and the top of its fraction to another format, quiet. */
function convertNan(from: Format, to: Format, bits: bigint): bigint {
  const shift = to.fraction - from.fraction;
  const fraction = bits & from.fractionMask;
  const moved = shift >= 0 ? fraction << BigInt(shift) : fraction >> BigInt(-shift);
  return signed(to, (bits & from.signBit) !== 0n, moved | to.defaultNan);
}

/** Converts a number of one format to another; binary16 is never flushed. */
export function convert(
  from: Format,
  to: Format,
  bits: bigint,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const a = unpack(from, bits, mode.flush && from !== F16, sink);
  switch (a.kind) {
    case KIND.QUIET:
    case KIND.SIGNALLING:
      if (a.kind === KIND.SIGNALLING) sink.flags |= FP_FLAG.INVALID;
      return mode.defaultNan ? to.defaultNan : convertNan(from, to, bits);
    case KIND.INFINITY:
      return signed(to, a.negative, to.infinity);
    case KIND.ZERO:
      return signed(to, a.negative, 0n);
    default: {
      const { negative, significand, exponent } = a;
      const m = to === F16 ? { ...mode, flush: false } : mode;
      return roundTo(to, negative, significand, exponent, false, m, sink);
    }
  }
}

/** Alternative half precision: no infinities and NaNs, one more exponent. */
export function fromAlternativeHalf(bits: bigint): bigint {
  const negative = (bits & F16.signBit) !== 0n;
  const field = Number((bits & ~F16.signBit) >> 10n);
  const fraction = bits & F16.fractionMask;
  if (field === 0 && fraction === 0n) return signed(F32, negative, 0n);
  const significand = field === 0 ? fraction : fraction | 0x400n;
  const exponent = Math.max(field, 1) - 1 + F16.minimum - 10;
  const exact = { round: 0, flush: false, defaultNan: false };
  return roundTo(F32, negative, significand, exponent, false, exact, { flags: 0 });
}

const ALTERNATIVE_MAX = 0x7fffn;
/** A format like binary16 whose exponent range is wider, to see overflow beyond 0x7fff. */
const WIDE_HALF: Format = { ...F16, infinity: 0x8000n, signBit: 0x10000n };

/** Binary32 to alternative half precision. */
export function toAlternativeHalf(bits: bigint, mode: FpMode, sink: FlagSink): bigint {
  const a = unpack(F32, bits, mode.flush, sink);
  const sign = a.negative ? F16.signBit : 0n;
  switch (a.kind) {
    case KIND.QUIET:
    case KIND.SIGNALLING:
      sink.flags |= FP_FLAG.INVALID;
      return sign;
    case KIND.INFINITY:
      sink.flags |= FP_FLAG.INVALID;
      return sign | ALTERNATIVE_MAX;
    case KIND.ZERO:
      return sign;
  }
  const inner: FlagSink = { flags: 0 };
  const m = { ...mode, flush: false };
  const result = roundTo(WIDE_HALF, a.negative, a.significand, a.exponent, false, m, inner);
  if ((inner.flags & FP_FLAG.OVERFLOW) !== 0) {
    sink.flags |= FP_FLAG.INVALID;
    return sign | ALTERNATIVE_MAX;
  }
  sink.flags |= inner.flags;
  return sign | (result & ALTERNATIVE_MAX);
}

/** Integer / 2^fraction to a format. */
export function fromInteger(
  f: Format,
  value: bigint,
  fraction: number,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  if (value === 0n) return 0n;
  const negative = value < 0n;
  return roundTo(f, negative, negative ? -value : value, -fraction, false, mode, sink);
}

/** value * 2^fraction as an integer between `least` and `most`, saturating. */
export function toInteger(
  f: Format,
  bits: bigint,
  fraction: number,
  least: bigint,
  most: bigint,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const a = unpack(f, bits, mode.flush, sink);
  if (a.kind >= KIND.QUIET) {
    sink.flags |= FP_FLAG.INVALID;
    return 0n;
  }
  if (a.kind === KIND.ZERO) return 0n;
  const saturated = a.negative ? least : most;
  const exponent = a.exponent + fraction;
  if (a.kind === KIND.INFINITY || exponent > 64) {
    sink.flags |= FP_FLAG.INVALID;
    return saturated;
  }
  const { value, inexact } = roundShift(
    a.significand,
    -exponent,
    a.negative,
    mode.round,
    false,
  );
  const result = a.negative ? -value : value;
  if (result < least || result > most) {
    sink.flags |= FP_FLAG.INVALID;
    return saturated;
  }
  if (inexact) sink.flags |= FP_FLAG.INEXACT;
  return result;
}
