/**
 * Fields of Advanced SIMD instructions: registers, scalars, immediates, and the mode of their
 * floating-point operations.
 * @module
 */
import { FP_AUX } from "../../ir/fp_aux.ts";
import type { Fields } from "../decode/row.ts";

/** Number of an instruction's destination, as a double register. */
export function regD(f: Fields): number {
  return f.D << 4 | f.d;
}
/** The first operand's. */
export function regN(f: Fields): number {
  return f.N << 4 | f.n;
}
/** The second operand's. */
export function regM(f: Fields): number {
  return f.M << 4 | f.m;
}

/** The mode of Advanced SIMD arithmetic: to nearest, flush-to-zero, default NaN. */
export const STANDARD_MODE: number = FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN;
/** The scalar operand of an instruction: double register and lane. */
export function scalarOf(f: Fields): { readonly d: number; readonly lane: number } {
  return f.s === 1 ? { d: f.m & 7, lane: f.M << 1 | f.m >> 3 } : { d: f.m, lane: f.M };
}

/** Lane of VDUP (scalar): its size in bits and its number; null when UNDEFINED. */
export function duplicatedLane(f: Fields): { readonly bits: number; readonly lane: number } | null {
  if ((f.v & 1) !== 0) return { bits: 8, lane: f.v >> 1 };
  if ((f.v & 2) !== 0) return { bits: 16, lane: f.v >> 2 };
  return (f.v & 4) !== 0 ? { bits: 32, lane: f.v >> 3 } : null;
}

/** AdvSIMDExpandImm, before the inversion of VMVN and VBIC. */
export function expandModified(imm8: number, cmode: number, op: number): bigint {
  const imm = BigInt(imm8);
  const every = (x: bigint, bits: bigint): bigint => {
    let all = 0n;
    for (let at = 0n; at < 64n; at += bits) all |= x << at;
    return all;
  };
  if (cmode < 8) return every(imm << BigInt(8 * (cmode >> 1)), 32n);
  if (cmode < 12) return every(imm << BigInt(8 * (cmode >> 1 & 1)), 16n);
  if (cmode === 12) return every(imm << 8n | 0xffn, 32n);
  if (cmode === 13) return every(imm << 16n | 0xffffn, 32n);
  if (cmode === 14 && op === 0) return every(imm, 8n);
  if (cmode === 14) {
    let mask = 0n;
    for (let bit = 0n; bit < 8n; bit++) if ((imm >> bit & 1n) !== 0n) mask |= 0xffn << (8n * bit);
    return mask;
  }
  const sign = imm >> 7n << 31n;
  const exponent = (imm >> 6n & 1n) !== 0n ? 0x1fn << 25n : 1n << 30n;
  return every(sign | exponent | (imm & 0x3fn) << 19n, 32n);
}

/** What an instruction with a modified immediate does with it. */
export const MODIFIED = { MOVE: 0, MOVE_NOT: 1, OR: 2, CLEAR: 3 } as const;

/** Kind of a modified immediate instruction. */
export function modifiedKind(cmode: number, op: number): number {
  if (cmode < 12 && (cmode & 1) === 1) return op === 0 ? MODIFIED.OR : MODIFIED.CLEAR;
  return op === 1 && cmode < 14 ? MODIFIED.MOVE_NOT : MODIFIED.MOVE;
}
