/**
 * IEEE 754 binary formats as exact numbers: unpacking of bit patterns, and rounding of
 * `significand * 2^exponent` to a format. BigInt throughout: right first, fast paths are elsewhere.
 * @module
 */
import { ROUND } from "../ir/fp_aux.ts";

/** Cumulative exception flags, as in FPSCR. */
export const FP_FLAG = {
  INVALID: 0x01,
  DIVIDE_BY_ZERO: 0x02,
  OVERFLOW: 0x04,
  UNDERFLOW: 0x08,
  INEXACT: 0x10,
  INPUT_DENORMAL: 0x80,
} as const;

/** A binary interchange format. */
export interface Format {
  /** Bits of a number. */
  readonly bits: number;
  /** Bits of the fraction field. */
  readonly fraction: number;
  /** Exponent of the smallest normal number, 1 * 2^minimum. */
  readonly minimum: number;
  /** Exponent field of infinities and NaNs. */
  readonly special: number;
  /** Selects the fraction field. */
  readonly fractionMask: bigint;
  /** Selects the sign. */
  readonly signBit: bigint;
  /** Fraction bit that tells a quiet NaN from a signalling one. */
  readonly quietBit: bigint;
  /** Bits of positive infinity. */
  readonly infinity: bigint;
  /** Bits of the default NaN. */
  readonly defaultNan: bigint;
}

function format(bits: number, fraction: number): Format {
  const special = 2 ** (bits - 1 - fraction) - 1;
  const infinity = BigInt(special) << BigInt(fraction);
  const quietBit = 1n << BigInt(fraction - 1);
  return {
    bits,
    fraction,
    minimum: 1 - (special >> 1),
    special,
    fractionMask: (1n << BigInt(fraction)) - 1n,
    signBit: 1n << BigInt(bits - 1),
    quietBit,
    infinity,
    defaultNan: infinity | quietBit,
  };
}

/** Half precision. */
export const F16: Format = format(16, 10);
/** Single precision. */
export const F32: Format = format(32, 23);
/** Double precision. */
export const F64: Format = format(64, 52);

/** Kind of a number. */
export const KIND = { ZERO: 0, FINITE: 1, INFINITY: 2, QUIET: 3, SIGNALLING: 4 } as const;

/** An unpacked number; a finite one is `(-1)^negative * significand * 2^exponent`. */
export interface Unpacked {
  /** One of {@linkcode KIND}. */
  readonly kind: number;
  /** The sign bit, of zeros and NaNs too. */
  readonly negative: boolean;
  /** 0 unless finite. */
  readonly significand: bigint;
  /** Power of two that the significand is multiplied by. */
  readonly exponent: number;
  /** The pattern it was unpacked from. */
  readonly bits: bigint;
}

/** Mode of an operation. */
export interface FpMode {
  /** One of ROUND. */
  readonly round: number;
  /** Subnormal operands and results count as zero. */
  readonly flush: boolean;
  /** Every NaN result is the format's default NaN. */
  readonly defaultNan: boolean;
}

/** Collects exception flags. */
export interface FlagSink {
  /** Mask of {@linkcode FP_FLAG}; operations set bits and clear none. */
  flags: number;
}

/** Takes a bit pattern apart; `flush`: a denormal number counts as zero. */
export function unpack(f: Format, bits: bigint, flush: boolean, sink: FlagSink): Unpacked {
  const negative = (bits & f.signBit) !== 0n;
  const fraction = bits & f.fractionMask;
  const field = Number((bits & ~f.signBit) >> BigInt(f.fraction));
  const make = (kind: number, significand = 0n, exponent = 0): Unpacked => ({
    kind,
    negative,
    significand,
    exponent,
    bits,
  });
  if (field === f.special) {
    if (fraction === 0n) return make(KIND.INFINITY);
    return make((fraction & f.quietBit) !== 0n ? KIND.QUIET : KIND.SIGNALLING);
  }
  const exponent = (field === 0 ? 1 : field) - 1 + f.minimum - f.fraction;
  if (field !== 0) return make(KIND.FINITE, fraction | (f.fractionMask + 1n), exponent);
  if (fraction === 0n) return make(KIND.ZERO);
  if (flush) {
    sink.flags |= FP_FLAG.INPUT_DENORMAL;
    return make(KIND.ZERO);
  }
  return make(KIND.FINITE, fraction, exponent);
}

/** Number of bits of a positive number. */
export function bitLength(x: bigint): number {
  let length = 0;
  while (x >= 0x1_0000_0000n) {
    x >>= 32n;
    length += 32;
  }
  return length + 32 - Math.clz32(Number(x));
}

/** Bits of zero or infinity of a sign. */
export function signed(f: Format, negative: boolean, bits: bigint): bigint {
  return negative ? bits | f.signBit : bits;
}

/**
 * Divides by 2^shift and rounds to an integer; `sticky`: there is a little more below.
 * @returns the integer and whether it is not exact.
 */
export function roundShift(
  significand: bigint,
  shift: number,
  negative: boolean,
  round: number,
  sticky: boolean,
): { readonly value: bigint; readonly inexact: boolean } {
  if (shift <= 0) return { value: significand << BigInt(-shift), inexact: sticky };
  const by = BigInt(shift);
  const value = significand >> by;
  const rest = significand - (value << by);
  const inexact = rest !== 0n || sticky;
  if (!inexact) return { value, inexact };
  let up: boolean;
  if (round === ROUND.NEAREST) {
    const half = 1n << (by - 1n);
    up = rest > half || (rest === half && (sticky || (value & 1n) === 1n));
  } else {
    up = round === ROUND.UP ? !negative : round === ROUND.DOWN ? negative : false;
  }
  return { value: up ? value + 1n : value, inexact };
}

/**
 * Rounds `significand * 2^exponent`, which is not 0, to a format. With `sticky` the significand
 * must have at least two bits more than the format.
 */
export function roundTo(
  f: Format,
  negative: boolean,
  significand: bigint,
  exponent: number,
  sticky: boolean,
  mode: FpMode,
  sink: FlagSink,
): bigint {
  const top = bitLength(significand) - 1 + exponent;
  const tiny = top < f.minimum;
  if (tiny && mode.flush) {
    sink.flags |= FP_FLAG.UNDERFLOW;
    return signed(f, negative, 0n);
  }
  const unit = Math.max(top, f.minimum) - f.fraction;
  const { value, inexact } = roundShift(
    significand,
    unit - exponent,
    negative,
    mode.round,
    sticky,
  );
  if (inexact) sink.flags |= FP_FLAG.INEXACT | (tiny ? FP_FLAG.UNDERFLOW : 0);
  // The significand's carry, or its leading one, adds itself to the exponent field.
  const bits = tiny ? value : (BigInt(top - f.minimum) << BigInt(f.fraction)) + value;
  if (bits < f.infinity) return signed(f, negative, bits);
  sink.flags |= FP_FLAG.OVERFLOW | FP_FLAG.INEXACT;
  const away = mode.round === ROUND.NEAREST ||
    (mode.round === ROUND.UP ? !negative : mode.round === ROUND.DOWN && negative);
  return signed(f, negative, away ? f.infinity : f.infinity - 1n);
}
