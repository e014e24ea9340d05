/**
 * Shifter operands and flag results, shared by the groups.
 * @module
 */
import type { IrBuilder, V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { ARM } from "../state.ts";
import type { Translation } from "./translation.ts";

/** Second operand of a data-processing instruction. */
export interface Operand {
  /** The shifted register or expanded immediate. */
  readonly value: V32;
  /** Emits the shifter's carry-out; null when the carry flag stays as it is. */
  readonly carry: (() => V32) | null;
}

/** Shift types as encoded in bits 6-5. */
export const SHIFT = { LSL: 0, LSR: 1, ASR: 2, ROR: 3 } as const;

/** Value of a modified immediate constant (ARMExpandImm). */
export function expandImmediate(imm12: number): number {
  const rotation = (imm12 >>> 8) * 2;
  const value = imm12 & 0xff;
  return (rotation === 0 ? value : value >>> rotation | value << (32 - rotation)) >>> 0;
}

/** Value of a modified immediate constant of Thumb (ThumbExpandImm). */
export function expandThumbImmediate(imm12: number): number {
  const byte = imm12 & 0xff;
  switch (imm12 >>> 8) {
    case 0:
      return byte;
    case 1:
      return byte << 16 | byte;
    case 2:
      return (byte << 24 | byte << 8) >>> 0;
    case 3:
      return (byte << 24 | byte << 16 | byte << 8 | byte) >>> 0;
    default: {
      const rotation = imm12 >>> 7;
      const value = 0x80 | imm12 & 0x7f;
      return (value >>> rotation | value << (32 - rotation)) >>> 0;
    }
  }
}

/** #<const>, with the carry-out of its rotation (ARMExpandImm_C, ThumbExpandImm_C). */
export function immediate(t: Translation, f: Fields): Operand {
  const value = t.thumb ? expandThumbImmediate(f.v) : expandImmediate(f.v);
  const rotated = f.v >>> (t.thumb ? 10 : 8) !== 0;
  return {
    value: t.b.const(value),
    carry: rotated ? () => t.b.const(value >>> 31) : null,
  };
}

/** #<imm>, as it stands. */
export function plainImmediate(t: Translation, f: Fields): Operand {
  return { value: t.b.const(f.v), carry: null };
}

function bit(b: IrBuilder, value: V32, position: number): V32 {
  const shifted = position === 0 ? value : b.shrU(value, b.const(position));
  return position === 31 ? shifted : b.and(shifted, b.const(1));
}

/** `value` shifted by a constant as encoded: type and imm5 (DecodeImmShift, Shift_C). */
export function shiftConstant(b: IrBuilder, value: V32, type: number, imm5: number): Operand {
  const n = b.const.bind(b);
  switch (type) {
    case SHIFT.LSL:
      if (imm5 === 0) return { value, carry: null };
      return { value: b.shl(value, n(imm5)), carry: () => bit(b, value, 32 - imm5) };
    case SHIFT.LSR:
      if (imm5 === 0) return { value: n(0), carry: () => bit(b, value, 31) };
      return { value: b.shrU(value, n(imm5)), carry: () => bit(b, value, imm5 - 1) };
    case SHIFT.ASR:
      if (imm5 === 0) return { value: b.shrS(value, n(31)), carry: () => bit(b, value, 31) };
      return { value: b.shrS(value, n(imm5)), carry: () => bit(b, value, imm5 - 1) };
    default:
      if (imm5 === 0) { // RRX
        const high = b.shl(b.get(ARM.CF), n(31));
        return { value: b.or(high, b.shrU(value, n(1))), carry: () => bit(b, value, 0) };
      }
      return {
        value: b.bin("rotr", value, n(imm5)),
        carry: () => bit(b, value, imm5 - 1),
      };
  }
}

/** `value` shifted by the low byte of `amount`, a run-time value. */
export function shiftVariable(b: IrBuilder, value: V32, type: number, amount: V32): Operand {
  const count = b.and(amount, b.const(0xff));
  const small = (): V32 => b.bin("lt_u", count, b.const(32));
  const one = b.const(1);
  /** The carry-out when the count is not 0, else the old carry. */
  const unlessZero = (carry: () => V32) => (): V32 => b.select(count, carry(), b.get(ARM.CF));
  /** `of()` when the count is at most 32, else 0: everything has been shifted out. */
  const upTo32 = (of: () => V32) => (): V32 =>
    b.select(b.bin("le_u", count, b.const(32)), of(), b.const(0));
  switch (type) {
    case SHIFT.LSL:
      return {
        value: b.select(small(), b.shl(value, count), b.const(0)),
        carry: unlessZero(upTo32(() => b.and(b.shrU(value, b.sub(b.const(32), count)), one))),
      };
    case SHIFT.LSR:
      return {
        value: b.select(small(), b.shrU(value, count), b.const(0)),
        carry: unlessZero(upTo32(() => b.and(b.shrU(value, b.sub(count, one)), one))),
      };
    case SHIFT.ASR: {
      const atMost31 = (n: V32): V32 => b.select(b.bin("lt_u", n, b.const(32)), n, b.const(31));
      return {
        value: b.shrS(value, atMost31(count)),
        carry: unlessZero(() => b.and(b.shrS(value, atMost31(b.sub(count, one))), one)),
      };
    }
    default: {
      const rotated = b.bin("rotr", value, count);
      return { value: rotated, carry: unlessZero(() => b.shrU(rotated, b.const(31))) };
    }
  }
}

/** <Rm>{, <shift> #<amount>} */
export function shiftedRegister(t: Translation, f: Fields): Operand {
  return shiftConstant(t.b, t.reg(f.m), f.y, f.z);
}

/** <Rm>, <shift> <Rs> */
export function registerShiftedRegister(t: Translation, f: Fields): Operand {
  return shiftVariable(t.b, t.reg(f.m), f.y, t.reg(f.s));
}

/** Sets N and Z from a result. */
export function setNZ(t: Translation, result: V32): void {
  t.b.set(ARM.NF, result);
  t.b.set(ARM.ZF, result);
  t.flagsWritten();
}

/** Sets Q when `condition` is 1 (it is 0 or 1). */
export function orQ(b: IrBuilder, condition: V32): void {
  b.set(ARM.QF, b.or(b.get(ARM.QF), condition));
}
