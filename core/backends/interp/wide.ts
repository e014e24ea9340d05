/**
 * 64-bit arithmetic for the interpreter on temporaries kept as two 32-bit halves: `lo[t]` and
 * `hi[t]`. Nothing is allocated, unlike with BigInt.
 * @module
 */

/** High 32 bits of the unsigned product of two words. */
function mulHighU(a: number, b: number): number {
  const al = a & 0xffff, ah = a >>> 16, bl = b & 0xffff, bh = b >>> 16;
  const low = al * bl;
  const middle = ah * bl + (low >>> 16);
  const middle2 = al * bh + (middle & 0xffff);
  return (ah * bh + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000)) | 0;
}

/** `d = a * b`, low 64 bits. */
export function mul64(lo: Int32Array, hi: Int32Array, d: number, a: number, b: number): void {
  const al = lo[a], bl = lo[b];
  const high = mulHighU(al, bl) + Math.imul(hi[a], bl) + Math.imul(al, hi[b]);
  hi[d] = high | 0;
  lo[d] = Math.imul(al, bl);
}

/** `d = a << (b & 63)`. */
export function shl64(lo: Int32Array, hi: Int32Array, d: number, a: number, b: number): void {
  const n = lo[b] & 63, low = lo[a], high = hi[a];
  if (n === 0) {
    lo[d] = low;
    hi[d] = high;
  } else if (n < 32) {
    hi[d] = high << n | low >>> (32 - n);
    lo[d] = low << n;
  } else {
    hi[d] = low << (n - 32);
    lo[d] = 0;
  }
}

/** `d = a >> (b & 63)`, zeros or (`signed`) sign bits shifted in. */
export function shr64(
  lo: Int32Array,
  hi: Int32Array,
  d: number,
  a: number,
  b: number,
  signed: boolean,
): void {
  const n = lo[b] & 63, low = lo[a], high = hi[a];
  const fill = signed ? high >> 31 : 0;
  if (n === 0) {
    lo[d] = low;
    hi[d] = high;
  } else if (n < 32) {
    lo[d] = low >>> n | high << (32 - n);
    hi[d] = signed ? high >> n : high >>> n;
  } else {
    lo[d] = signed ? high >> (n - 32) : high >>> (n - 32);
    hi[d] = fill;
  }
}

/** Bytes of a word reversed. */
export function bswap32(x: number): number {
  return x << 24 | (x & 0xff00) << 8 | (x >>> 8 & 0xff00) | x >>> 24;
}

/** Low half of a BigInt as a signed word. */
export function bigLow(x: bigint): number {
  return Number(BigInt.asIntN(32, x));
}

/** High half of a 64-bit BigInt, signed or unsigned, as a signed word. */
export function bigHigh(x: bigint): number {
  return Number(BigInt.asIntN(32, x >> 32n));
}

/** The BigInt with the given halves, unsigned. */
export function bigOf(lo: number, hi: number): bigint {
  return BigInt(hi >>> 0) << 32n | BigInt(lo >>> 0);
}
