/**
 * Error-free transformations of doubles: what rounding took from a sum or a product, and rounding to
 * odd, after which a second rounding gives what a single one would have.
 * @module
 */

const SPLIT = 2 ** 27 + 1;
const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** What rounding took from a + b, whose rounded sum is given; nothing may overflow. */
export function sumError(a: number, b: number, sum: number): number {
  const back = sum - a;
  return a - (sum - back) + (b - back);
}

/** What rounding took from a * b (Dekker's product); exponents must be well inside the range. */
export function productError(a: number, b: number, product: number): number {
  const as = a * SPLIT, bs = b * SPLIT;
  const ah = as - (as - a), bh = bs - (bs - b);
  const al = a - ah, bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

/** The neighbour with an odd last bit of the exact number `rounded + error`; itself when exact. */
export function toOdd(rounded: number, error: number): number {
  if (error === 0) return rounded;
  float[0] = rounded;
  if ((words[0] & 1) !== 0) return rounded;
  if (error > 0 === rounded > 0) {
    words[0] |= 1;
  } else {
    if (words[0] === 0) words[1]--;
    words[0]--;
  }
  return float[0];
}
