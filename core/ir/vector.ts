/**
 * The operations of the `vec` rows on 16-byte vectors. A name ends in the lane's width in bits;
 * `s` and `u` say signed and unsigned. They are chosen to be one WebAssembly instruction each; only
 * the shifts by lanes are sequences.
 * @module
 */

function widths(names: readonly string[], bits: readonly number[]): string[] {
  return names.flatMap((name) => bits.map((width) => name + width));
}

/** Names by code. */
export const VEC_NAMES: readonly string[] = [
  // one operand
  "not",
  "count_ones8",
  ...widths(["abs"], [8, 16, 32, 64]),
  ...widths(["neg"], [8, 16, 32, 64]),
  // the low half's lanes, widened to twice the named width
  ...widths(["widen_s", "widen_u"], [8, 16, 32]),
  // the same of the high half's lanes
  ...widths(["widen_high_s", "widen_high_u"], [8, 16, 32]),
  // groups of lanes in reversed order: rev<group>_<lane>
  "rev16_8",
  "rev32_8",
  "rev64_8",
  "rev32_16",
  "rev64_16",
  "rev64_32",
  // even lanes of the named width, packed into the low half; the high half is a copy
  ...widths(["even"], [8, 16, 32]),
  // two operands
  "and",
  "or",
  "xor",
  // a & ~b
  "and_not",
  ...widths(["add", "sub"], [8, 16, 32, 64]),
  ...widths(["mul"], [16, 32, 64]),
  ...widths(["min_s", "min_u", "max_s", "max_u"], [8, 16, 32]),
  ...widths(["eq", "gt_s", "gt_u", "ge_s", "ge_u"], [8, 16, 32]),
  ...widths(["eq", "gt_s", "ge_s"], [64]),
  // (a + b + 1) >> 1
  ...widths(["average_u"], [8, 16]),
  ...widths(["add_sat_s", "add_sat_u", "sub_sat_s", "sub_sat_u"], [8, 16]),
  // products of the low half's lanes, twice as wide
  ...widths(["mul_wide_s", "mul_wide_u"], [8, 16, 32]),
  // the same of the high half's lanes
  ...widths(["mul_wide_high_s", "mul_wide_high_u"], [8, 16, 32]),
  // lanes of a shifted by the lanes of b, unsigned numbers: from the width on everything goes out
  ...widths(["shl_each", "shr_s_each", "shr_u_each"], [8, 16, 32, 64]),
  // lanes of a and b in turn, of their low or high halves
  ...widths(["zip_lo", "zip_hi"], [8, 16, 32]),
  // even or odd lanes of a, then of b
  ...widths(["unzip_even", "unzip_odd"], [8, 16, 32]),
  // lanes t, t + 3, ... of a followed by b, 8 bytes of them; the high half is a copy
  ...[0, 1, 2].flatMap((t) => widths([`third_${t}_`], [8, 16, 32])),
  // the way back: lanes of the low half of a, its high half and the low half of b in turn, the first
  // 16 bytes; and the other 8, of which the high half is a copy
  ...widths(["weave_lo_", "weave_hi_"], [8, 16, 32]),
  // bytes n to n + 15 of a followed by b
  ...Array.from({ length: 16 }, (_, n) => `extract_${n}`),
  // byte b[i] of a; 0 when b[i] is above 15
  "swizzle8",
  // three operands: bits of a where c is set, of b elsewhere
  "select",
  // vec_shift
  ...widths(["shl", "shr_s", "shr_u"], [8, 16, 32, 64]),
  // vec_splat
  ...widths(["splat"], [8, 16, 32]),
];

/** Code by name: `VEC.add32`. */
export const VEC: Readonly<Record<string, number>> = Object.freeze(
  Object.fromEntries(VEC_NAMES.map((name, code) => [name, code])),
);

/**
 * Code of the operation `name` on lanes of `bits`.
 * @throws RangeError when there is none.
 */
export function vecCode(name: string, bits: number): number {
  const code = VEC[name + bits];
  if (code === undefined) throw new RangeError(`There is no vector operation ${name}${bits}`);
  return code;
}

/**
 * Reads the suffix of a listing.
 * @throws SyntaxError on an unknown operation.
 */
export function parseVec(suffixes: readonly string[]): number {
  const code = VEC[suffixes[0]];
  if (code === undefined || suffixes.length !== 1) {
    throw new SyntaxError(`Unknown vector operation .${suffixes.join(".")}; see core/ir/vector.ts`);
  }
  return code;
}
