/**
 * Bit counting, reversal and bit-field instructions.
 * @module
 */
import type { IrBuilder, V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import type { Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** Exchanges neighbouring groups of `count` bits; `mask` selects the lower group of each pair. */
function swapGroups(b: IrBuilder, x: V32, count: number, mask: number): V32 {
  const m = b.const(mask);
  const n = b.const(count);
  return b.or(b.shl(b.and(x, m), n), b.and(b.shrU(x, n), m));
}

/** Extracts a bit field; UNPREDICTABLE beyond bit 31, undefined as in QEMU. */
function extractField(t: Translation, f: Fields, signed: boolean): void {
  const b = t.b;
  const width = f.w + 1;
  const above = 32 - f.i - width;
  if (above < 0) return t.undefined();
  const n = t.reg(f.n);
  if (!signed && above > 0) {
    const low = f.i === 0 ? n : b.shrU(n, b.const(f.i));
    return t.setReg(f.d, b.and(low, b.const(2 ** width - 1)));
  }
  const high = above === 0 ? n : b.shl(n, b.const(above));
  const count = b.const(32 - width);
  t.setReg(f.d, signed ? b.shrS(high, count) : b.shrU(high, count));
}

/** Replaces the field of Rd; UNPREDICTABLE when it ends below its start, undefined as in QEMU. */
function insertField(t: Translation, f: Fields, source: (mask: V32) => V32 | null): void {
  const b = t.b;
  if (f.b < f.i) return t.undefined();
  const mask = (2 ** (f.b - f.i + 1) - 1) * 2 ** f.i;
  const kept = b.and(t.reg(f.d), b.const(~mask));
  const inserted = source(b.const(mask));
  t.setReg(f.d, inserted === null ? kept : b.or(kept, inserted));
}

/** Handlers of the group. */
export const bits: Handlers<"bits"> = {
  // CLZ<c> <Rd>, <Rm>
  clz: (t, f) => t.setReg(f.d, t.b.un("clz", t.reg(f.m))),
  // REV<c> <Rd>, <Rm>
  rev: (t, f) => t.setReg(f.d, t.b.un("bswap", t.reg(f.m))),
  // REV16<c> <Rd>, <Rm>
  rev16: (t, f) => t.setReg(f.d, swapGroups(t.b, t.reg(f.m), 8, 0x00ff00ff)),
  // REVSH<c> <Rd>, <Rm>
  revsh: (t, f) => t.setReg(f.d, t.b.shrS(t.b.un("bswap", t.reg(f.m)), t.b.const(16))),
  // RBIT<c> <Rd>, <Rm>
  rbit: (t, f) => {
    const b = t.b;
    let x = b.un("bswap", t.reg(f.m));
    x = swapGroups(b, x, 4, 0x0f0f0f0f);
    x = swapGroups(b, x, 2, 0x33333333);
    t.setReg(f.d, swapGroups(b, x, 1, 0x55555555));
  },
  // SBFX<c> <Rd>, <Rn>, #<lsb>, #<width>
  sbfx: (t, f) => extractField(t, f, true),
  // UBFX<c> <Rd>, <Rn>, #<lsb>, #<width>
  ubfx: (t, f) => extractField(t, f, false),
  // BFI<c> <Rd>, <Rn>, #<lsb>, #<width>
  bfi: (t, f) => insertField(t, f, (mask) => t.b.and(t.b.shl(t.reg(f.n), t.b.const(f.i)), mask)),
  // BFC<c> <Rd>, #<lsb>, #<width>
  bfc: (t, f) => insertField(t, f, () => null),
};
