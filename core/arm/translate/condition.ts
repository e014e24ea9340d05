/**
 * Condition codes, and the recipe that lets a condition compare a subtraction's operands directly
 * instead of the flags that it stored.
 * @module
 */
import type { IrBuilder, V32 } from "../../ir/builder.ts";
import { ARM } from "../state.ts";

/** The flags are those of `a - b`; the temporaries are visible wherever the condition is tested. */
export interface FlagsSource {
  /** Minuend. */
  readonly a: V32;
  /** Subtrahend. */
  readonly b: V32;
}

/** The condition that always holds. */
export const COND_AL = 14;

/** Emits the test of condition `cond` (0..13); the result is 0 exactly when it fails. */
export function testCondition(b: IrBuilder, cond: number, source: FlagsSource | null): V32 {
  return (source && compareOperands(b, cond, source)) ?? testFlags(b, cond);
}

function compareOperands(b: IrBuilder, cond: number, source: FlagsSource): V32 | null {
  const { a, b: c } = source;
  switch (cond) {
    case 0:
      return b.eq(a, c);
    case 1:
      return b.ne(a, c);
    case 2:
      return b.bin("le_u", c, a);
    case 3:
      return b.bin("lt_u", a, c);
    case 8:
      return b.bin("lt_u", c, a);
    case 9:
      return b.bin("le_u", a, c);
    case 10:
      return b.bin("le_s", c, a);
    case 11:
      return b.bin("lt_s", a, c);
    case 12:
      return b.bin("lt_s", c, a);
    case 13:
      return b.bin("le_s", a, c);
    default:
      return null;
  }
}

function testFlags(b: IrBuilder, cond: number): V32 {
  const negative = (value: V32): V32 => b.bin("lt_s", value, b.const(0));
  const positive = (value: V32): V32 => b.bin("le_s", b.const(0), value);
  const nXorV = (): V32 => b.xor(b.get(ARM.NF), b.get(ARM.VF));
  switch (cond) {
    case 0: // EQ
      return b.eqz(b.get(ARM.ZF));
    case 1: // NE
      return b.get(ARM.ZF);
    case 2: // CS
      return b.get(ARM.CF);
    case 3: // CC
      return b.eqz(b.get(ARM.CF));
    case 4: // MI
      return negative(b.get(ARM.NF));
    case 5: // PL
      return positive(b.get(ARM.NF));
    case 6: // VS
      return negative(b.get(ARM.VF));
    case 7: // VC
      return positive(b.get(ARM.VF));
    case 8: // HI: C and not Z
      return b.select(b.get(ARM.ZF), b.get(ARM.CF), b.const(0));
    case 9: // LS: not C or Z
      return b.select(b.get(ARM.ZF), b.eqz(b.get(ARM.CF)), b.const(1));
    case 10: // GE
      return positive(nXorV());
    case 11: // LT
      return negative(nXorV());
    case 12: // GT: not Z and N == V
      return b.select(b.get(ARM.ZF), positive(nXorV()), b.const(0));
    case 13: // LE
      return b.select(b.get(ARM.ZF), negative(nXorV()), b.const(1));
    default:
      throw new RangeError(`Condition ${cond} has no test; only 0 to 13 have one`);
  }
}
