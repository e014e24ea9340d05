/**
 * Double-precision arithmetic by the host's doubles, to nearest, with exception flags, for operands
 * that are well inside the range: there error-free transformations tell what is exact. What they
 * cannot do is left to `arithmetic.ts`. Nothing is allocated.
 * @module
 */
import { FP, FP_AUX, ROUND } from "../ir/fp_aux.ts";
import { productError, sumError, toOdd } from "./errors.ts";
import { type FlagSink, FP_FLAG } from "./format.ts";

/** Magnitudes between which products of two numbers, and their errors, are normal numbers. */
const LEAST = 2 ** -450, MOST = 2 ** 450;
const LEAST_NORMAL = 2 ** -1022;

function isSafe(x: number): boolean {
  const magnitude = Math.abs(x);
  return magnitude > LEAST && magnitude < MOST;
}

/** x, or zero for a subnormal operand where the mode says so. */
export function flushedDouble(x: number, aux: number, sink: FlagSink): number {
  if ((aux & FP_AUX.FLUSH) === 0 || x === 0 || !(Math.abs(x) < LEAST_NORMAL)) return x;
  sink.flags |= FP_FLAG.INPUT_DENORMAL;
  return x < 0 ? -0 : 0;
}

function note(exact: boolean, sink: FlagSink): void {
  if (!exact) sink.flags |= FP_FLAG.INEXACT;
}

function add(a: number, b: number, sink: FlagSink): number {
  if (!(isSafe(a) || a === 0) || !(isSafe(b) || b === 0)) return NaN;
  const sum = a + b;
  note(sumError(a, b, sum) === 0, sink);
  return sum;
}

/**
 * a * b + c, rounded once: the exact product is the sum of two doubles; the lower two of the three
 * that are then to be added are rounded to odd.
 */
function multiplyAdd(a: number, b: number, c: number, sink: FlagSink): number {
  if (!isSafe(a) || !isSafe(b) || !(isSafe(c) || c === 0)) return NaN;
  const product = a * b;
  const low = productError(a, b, product);
  const upper = low + c;
  const upperError = sumError(low, c, upper);
  const top = product + upper;
  const topError = sumError(product, upper, top);
  const rest = topError + upperError;
  const restError = sumError(topError, upperError, rest);
  const odd = toOdd(rest, restError);
  const result = top + odd;
  note(restError === 0 && sumError(top, odd, result) === 0, sink);
  return result;
}

/**
 * The result, to nearest, of an operation whose operands are well inside the range; NaN when they
 * are not or when it is another kind of operation. Its exceptions are added to the sink's.
 */
export function computeDouble(
  aux: number,
  a: number,
  b: number,
  c: number,
  sink: FlagSink,
): number {
  if ((aux & FP_AUX.ROUND_MASK) !== ROUND.NEAREST << FP_AUX.MODE_SHIFT) return NaN;
  switch (aux & FP_AUX.OP_MASK) {
    case FP.ADD:
      return add(a, b, sink);
    case FP.SUB:
      return add(a, -b, sink);
    case FP.MUL: {
      if (!isSafe(a) || !isSafe(b)) return NaN;
      const product = a * b;
      note(productError(a, b, product) === 0, sink);
      return product;
    }
    case FP.DIV: {
      if (!isSafe(a) || !isSafe(b)) return NaN;
      const quotient = a / b;
      const back = quotient * b;
      note(back === a && productError(quotient, b, back) === 0, sink);
      return quotient;
    }
    case FP.SQRT: {
      if (!isSafe(a) || a < 0) return NaN;
      const root = Math.sqrt(a);
      const back = root * root;
      note(back === a && productError(root, root, back) === 0, sink);
      return root;
    }
    case FP.FMA:
      return multiplyAdd(a, b, c, sink);
    default:
      return NaN;
  }
}
