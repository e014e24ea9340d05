/**
 * WebAssembly opcodes of vectors, as the IR's vector operations use them.
 * @module
 */
import { VEC_NAMES } from "../../ir/vector.ts";

/** Opcodes after PREFIX_SIMD that the lowering names itself. */
export const WSIMD = {
  LOAD: 0,
  STORE: 11,
  CONST: 12,
  SHUFFLE: 13,
  SWIZZLE: 14,
  I32_SPLAT: 17,
  I64_SPLAT: 18,
  F32_SPLAT: 19,
  I64_EXTRACT: 29,
  I64_REPLACE: 30,
  I32_EQ: 55,
  I32_GT_S: 59,
  I32_GT_U: 60,
  I32_GE_U: 64,
  F32_EQ: 65,
  F32_NE: 66,
  F32_GT: 68,
  F32_GE: 70,
  F64_NE: 72,
  AND: 78,
  ANDNOT: 79,
  OR: 80,
  XOR: 81,
  SELECT: 82,
  ANY_TRUE: 83,
  F32_DEMOTE: 94,
  F64_PROMOTE: 95,
  I32_ABS: 160,
  I32_SHL: 171,
  I32_SHR_U: 173,
  I32_ADD: 174,
  I32_SUB: 177,
  I64_ADD: 206,
  I64_EQ: 214,
  I64_GT_S: 217,
  F32_SQRT: 227,
  F32_ADD: 228,
  F32_SUB: 229,
  F32_MUL: 230,
  F32_DIV: 231,
  F32_MIN: 232,
  F32_MAX: 233,
  F64_ADD: 240,
  F64_SUB: 241,
  F64_MUL: 242,
  I32_TRUNC_S: 248,
  I32_TRUNC_U: 249,
  F32_CONVERT_S: 250,
  F32_CONVERT_U: 251,
} as const;

/** First opcode of each lane width; most integer operations lie at the same distance from it. */
const GROUP: Readonly<Record<number, number>> = { 8: 96, 16: 128, 32: 160, 64: 192 };
/** First comparison of each lane width. */
const COMPARE: Readonly<Record<number, number>> = { 8: 35, 16: 45, 32: 55 };
/** Comparisons of 64-bit lanes, which lie apart and are fewer. */
const COMPARE_64: Readonly<Record<string, number>> = { eq: 214, gt_s: 217, ge_s: 219 };
const COMPARE_AT: Readonly<Record<string, number>> = {
  eq: 0,
  gt_s: 4,
  gt_u: 5,
  ge_s: 8,
  ge_u: 9,
};
const GROUP_AT: Readonly<Record<string, number>> = {
  abs: 0,
  neg: 1,
  shl: 11,
  shr_s: 12,
  shr_u: 13,
  add: 14,
  add_sat_s: 15,
  add_sat_u: 16,
  sub: 17,
  sub_sat_s: 18,
  sub_sat_u: 19,
  mul: 21,
  min_s: 22,
  min_u: 23,
  max_s: 24,
  max_u: 25,
  average_u: 27,
};
/** Operations of the next wider group that take the low halves of this width's vectors. */
const WIDENING_AT: Readonly<Record<string, number>> = {
  widen_s: 7,
  widen_high_s: 8,
  widen_u: 9,
  widen_high_u: 10,
  mul_wide_s: 28,
  mul_wide_high_s: 29,
  mul_wide_u: 30,
  mul_wide_high_u: 31,
};
const SINGLE: Readonly<Record<string, number>> = {
  not: 77,
  and: 78,
  and_not: 79,
  or: 80,
  xor: 81,
  select: 82,
  count_ones8: 98,
  swizzle8: 14,
  splat8: 15,
  splat16: 16,
  splat32: 17,
};

/** Byte places of the shuffles, or null for operations with an opcode of their own. */
function places(name: string): readonly number[] | null {
  const bytes = (lanes: number, lane: (i: number, n: number) => number): number[] =>
    Array.from(
      { length: 16 },
      (_, i) => lane(Math.floor(i / lanes), 16 / lanes) * lanes + i % lanes,
    );
  const reverse = /^rev(\d+)_(\d+)$/.exec(name);
  if (reverse) {
    const last = Number(reverse[1]) / Number(reverse[2]) - 1;
    return bytes(Number(reverse[2]) / 8, (i) => i ^ last);
  }
  const extract = /^extract_(\d+)$/.exec(name);
  if (extract) return bytes(1, (i) => i + Number(extract[1]));
  const third = /^third_(\d)_(\d+)$/.exec(name);
  if (third) {
    const size = Number(third[2]) / 8;
    return bytes(size, (i, n) => 3 * (i % (n / 2)) + Number(third[1]));
  }
  const weave = /^weave_(lo|hi)_(\d+)$/.exec(name);
  if (weave) {
    const size = Number(weave[2]) / 8;
    const first = (n: number) => weave[1] === "lo" ? 0 : n;
    // Lane j of the structures in memory is lane j / 3 of register j % 3, each of n / 2 lanes.
    const lane = (j: number, n: number) => (j % 3) * (n / 2) + Math.floor(j / 3);
    return bytes(size, (i, n) => lane(first(n) + (weave[1] === "lo" ? i : i % (n / 2)), n));
  }
  const match = /^(even|zip_lo|zip_hi|unzip_even|unzip_odd)(\d+)$/.exec(name);
  if (!match) return null;
  const size = Number(match[2]) / 8;
  switch (match[1]) {
    case "even":
      return bytes(size, (i, n) => 2 * i % n);
    case "zip_lo":
      return bytes(size, (i, n) => (i >> 1) + (i & 1) * n);
    case "zip_hi":
      return bytes(size, (i, n) => (i >> 1) + n / 2 + (i & 1) * n);
    case "unzip_even":
      return bytes(size, (i) => 2 * i);
    default:
      return bytes(size, (i) => 2 * i + 1);
  }
}

function opcode(name: string): number {
  if (SINGLE[name] !== undefined) return SINGLE[name];
  const [, base, width] = /^(.*?)(\d+)$/.exec(name)!;
  const bits = Number(width);
  if (bits === 64 && COMPARE_64[base] !== undefined) return COMPARE_64[base];
  if (COMPARE_AT[base] !== undefined) return COMPARE[bits] + COMPARE_AT[base];
  if (WIDENING_AT[base] !== undefined) return GROUP[2 * bits] + WIDENING_AT[base];
  return GROUP[bits] + GROUP_AT[base];
}

/** What one vector operation becomes. */
export interface VecCode {
  /** The opcode after PREFIX_SIMD. */
  readonly opcode: number;
  /** The byte places of a shuffle; null for operations with an opcode of their own. */
  readonly shuffle: readonly number[] | null;
  /** A shift by lanes, which is a sequence (lane_shift.ts); null for the others. */
  readonly each: LaneShift | null;
}

/** A shift of each lane by another vector's lane. */
export interface LaneShift {
  /** `shl`, `shr_s` or `shr_u`. */
  readonly kind: string;
  /** Width of the lanes. */
  readonly bits: number;
}

/** By VEC code, each made when it is first asked for. */
const CODES: (VecCode | undefined)[] = new Array(VEC_NAMES.length);

function make(name: string): VecCode {
  const each = /^(shl|shr_s|shr_u)_each(\d+)$/.exec(name);
  if (each) {
    return { opcode: 0, shuffle: null, each: { kind: each[1], bits: Number(each[2]) } };
  }
  const shuffle = places(name);
  return { opcode: shuffle === null ? opcode(name) : WSIMD.SHUFFLE, shuffle, each: null };
}

/** The instruction for the operation with VEC code `op`. */
export function vecInstruction(op: number): VecCode {
  return CODES[op] ??= make(VEC_NAMES[op]);
}
