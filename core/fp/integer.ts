/**
 * Floating-point numbers to integers by the host's doubles, in every rounding mode.
 * @module
 */
import { FP, FP_AUX, ROUND } from "../ir/fp_aux.ts";
import { type FlagSink, FP_FLAG } from "./format.ts";

const SCALES = Float64Array.from({ length: 64 }, (_, places) => 2 ** places);

/** 2 to the power of the fraction bits of a fixed-point number. */
export function scaleOf(aux: number): number {
  return SCALES[(aux & FP_AUX.FRACTION_MASK) >> FP_AUX.FRACTION_SHIFT];
}

/** Limits of the integers that an operation gives. */
function limitsOf(op: number): readonly [number, number] {
  switch (op) {
    case FP.TO_S32:
      return SIGNED_WORD;
    case FP.TO_U32:
      return WORD;
    case FP.TO_S16:
      return SIGNED_HALFWORD;
    default:
      return HALFWORD;
  }
}

const SIGNED_WORD = [-(2 ** 31), 2 ** 31 - 1] as const;
const WORD = [0, 2 ** 32 - 1] as const;
const SIGNED_HALFWORD = [-(2 ** 15), 2 ** 15 - 1] as const;
const HALFWORD = [0, 2 ** 16 - 1] as const;

/** Added to a smaller number it leaves no place for a fraction. */
const NO_FRACTION = 1.5 * 2 ** 52;

/** To nearest, ties to even. */
export function nearestEven(x: number): number {
  return Math.abs(x) < 2 ** 51 ? x + NO_FRACTION - NO_FRACTION : x;
}

function rounded(x: number, aux: number): number {
  switch ((aux & FP_AUX.ROUND_MASK) >> FP_AUX.MODE_SHIFT) {
    case ROUND.UP:
      return Math.ceil(x);
    case ROUND.DOWN:
      return Math.floor(x);
    case ROUND.ZERO:
      return Math.trunc(x);
    default:
      return nearestEven(x);
  }
}

/** The integer as a signed word, saturating; `x` is already scaled. */
export function toInteger(op: number, x: number, aux: number, sink: FlagSink): number {
  const [least, most] = limitsOf(op);
  if (Number.isNaN(x)) {
    sink.flags |= FP_FLAG.INVALID;
    return 0;
  }
  const integer = rounded(x, aux);
  if (integer < least || integer > most) {
    sink.flags |= FP_FLAG.INVALID;
    return (x < 0 ? least : most) | 0;
  }
  if (integer !== x) sink.flags |= FP_FLAG.INEXACT;
  return integer | 0;
}
