/**
 * The size and count of the shifts by an immediate: fields i (bit 6), h (bits 5-3) and v (bits 2-0)
 * of the instruction.
 * @module
 */
import type { Fields } from "../decode/row.ts";

/** Lane size in bits. The highest set bit of the field names it. */
export function shiftBits(f: Fields): number {
  if (f.i === 1) return 64;
  return f.h >= 4 ? 32 : f.h >= 2 ? 16 : 8;
}

/** Count of a left shift. */
export function leftCount(f: Fields): number {
  return f.i === 1 ? f.h << 3 | f.v : (f.h << 3 | f.v) - shiftBits(f);
}

/** Count of a right shift, from 1 to the lane size. */
export function rightCount(f: Fields): number {
  const bits = shiftBits(f);
  return (f.i === 1 ? 64 : 2 * bits) - (f.h << 3 | f.v);
}
