/**
 * Semantics of the shifts by an immediate.
 * @module
 */
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import { shifted } from "./integer.ts";
import { leftCount, rightCount, shiftBits } from "../../simd/shift_amount.ts";
import type { Semantic, SimdUnit } from "./simd_unit.ts";
import { regD, regM } from "../../simd/fields.ts";

interface Shift {
  readonly u: SimdUnit;
  readonly bits: number;
  readonly signed: boolean;
  /** Left count, or minus the right count. */
  readonly shift: number;
}

type ShiftOp = (x: bigint, old: bigint, s: Shift) => bigint;

const quadDm = (f: Fields): number => f.q === 1 ? f.d | f.m : 0;

function shift(
  left: boolean,
  op: ShiftOp,
  signed: (f: Fields) => boolean = (f) => f.U === 0,
): Semantic {
  return {
    even: quadDm,
    run: (u, f) => {
      const bits = shiftBits(f);
      const bytes = 8 << f.q;
      const s = { u, bits, signed: signed(f), shift: left ? leftCount(f) : -rightCount(f) };
      const m = u.get(regM(f), bytes, bits, s.signed);
      const old = u.get(regD(f), bytes, bits, s.signed);
      u.put(regD(f), bits, m.map((x, i) => op(x, old[i], s)));
    },
  };
}

/**
 * A quadword shifted right to a double register; the field names the narrow size.
 * @param saturation signedness of the result, or null when it is truncated
 */
function narrow(
  rounding: boolean,
  signed: (f: Fields) => boolean,
  saturation: ((f: Fields) => boolean) | null,
): Semantic {
  return {
    even: (f) => f.m,
    run: (u, f) => {
      const bits = shiftBits(f);
      const m = u.get(regM(f), 16, 2 * bits, signed(f));
      u.put(
        regD(f),
        bits,
        m.map((x) => {
          const result = shifted(x, -rightCount(f), rounding);
          return saturation === null ? result : u.saturate(result, bits, saturation(f));
        }),
      );
    },
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;
const byU = (f: Fields): boolean => f.U === 0;

/** Bits that an insertion keeps: those that the shifted value does not reach. */
function insert(left: boolean): ShiftOp {
  return (x, old, { bits, shift: count }) => {
    const ones = (1n << BigInt(bits)) - 1n;
    const mask = BigInt.asUintN(bits, shifted(ones, count, false));
    return (shifted(x, count, false) & mask) | (old & ~mask & (left ? -1n : ones));
  };
}

/** Semantics by handler. */
export const SHIFT_SEMANTICS: Readonly<Record<HandlerName<"neon_shifts">, Semantic>> = {
  vshr: shift(false, (x, _old, s) => shifted(x, s.shift, false)),
  vrshr: shift(false, (x, _old, s) => shifted(x, s.shift, true)),
  vsra: shift(false, (x, old, s) => old + shifted(x, s.shift, false)),
  vrsra: shift(false, (x, old, s) => old + shifted(x, s.shift, true)),
  vsri: shift(false, insert(false), no),
  vsli: shift(true, insert(true), no),
  vshl_imm: shift(true, (x, _old, s) => shifted(x, s.shift, false)),
  vqshlu: shift(true, (x, _old, s) => s.u.saturate(shifted(x, s.shift, false), s.bits, false), yes),
  vqshl_imm: shift(
    true,
    (x, _old, s) => s.u.saturate(shifted(x, s.shift, false), s.bits, s.signed),
  ),
  vshrn: narrow(false, no, null),
  vrshrn: narrow(true, no, null),
  vqshrun: narrow(false, yes, no),
  vqrshrun: narrow(true, yes, no),
  vqshrn: narrow(false, byU, byU),
  vqrshrn: narrow(true, byU, byU),
  vshll: {
    even: (f) => f.d,
    run: (u, f) => {
      const bits = shiftBits(f);
      const m = u.get(regM(f), 8, bits, f.U === 0);
      u.put(regD(f), 2 * bits, m.map((x) => x << BigInt(leftCount(f))));
    },
  },
};
