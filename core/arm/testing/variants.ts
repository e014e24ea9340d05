/**
 * Every Advanced SIMD and VFP computation at every element size, as words on registers that do not
 * overlap: what the tests of their costs and the measurement of them go through.
 * @module
 */
import { matches } from "../decode/decoder.ts";
import { decodeVfpNeonA32 } from "../decode/vfp_neon_decoder.ts";
import { disassembleA32 } from "../disasm/disassemble.ts";
import { NEON_INLINE } from "../translate/neon/inline.ts";
import type { Inline } from "../translate/neon/lanes.ts";
import { A32, TABLES, type TestEncoding } from "./instruction_set.ts";

/** One instruction. */
export interface Variant {
  /** Group of its row. */
  readonly group: string;
  /** Handler of its row. */
  readonly handler: string;
  /** A32 word. */
  readonly word: number;
  /** Assembly text. */
  readonly text: string;
  /** The same on eight sets of registers, so that none repeats or undoes what another has done. */
  readonly others: readonly number[];
}

/** Groups of instructions that compute; those that access memory or system registers have others. */
const GROUPS = /^(neon_(integer|lengths|shifts|permute|float)|vfp|vfp_convert)$/;
const AL = 14;

/** Values that a field takes: registers q0, q1, q2 (VFP: s0, s4, s8 or d0, d2, d4), others all. */
function valuesOf(encoding: TestEncoding, letter: string): readonly number[] {
  const shift = encoding.row[3] === "neon_shifts" || encoding.row[1] === "vcvt_fixed_neon";
  const bits = encoding.parts.filter((part) => part.letter === letter)
    .reduce((sum, { mask }) => sum + 32 - Math.clz32(mask), 0);
  switch (letter) {
    case "c":
      return [AL];
    case "d":
    case "D":
    case "N":
    case "M":
      return [0];
    case "n":
      return [2];
    case "m":
      return [4];
    case "q":
      return [1];
    // Of a shift's amount h is bits 5-3: the first one set tells the size of the elements.
    case "h":
      return shift ? [1, 3, 6] : [0];
    case "v":
      return shift || encoding.row[1] === "vcvt_fixed"
        ? [4]
        : bits > 4
        ? [0x70]
        : bits > 2
        ? [1, 2, 4]
        : [0, 1, 2, 3];
    case "k":
      return [0, 1, 8, 12, 14];
    default:
      return bits > 2 ? [1] : Array.from({ length: 2 ** bits }, (_, value) => value);
  }
}

/** The words of a row. */
function wordsOf(encoding: TestEncoding): number[] {
  const letters = [...new Set(encoding.parts.map(({ letter }) => letter))];
  let words = [encoding.value >>> 0];
  for (const letter of letters) {
    const parts = encoding.parts.filter((part) => part.letter === letter);
    words = words.flatMap((word) =>
      valuesOf(encoding, letter).map((value) =>
        parts.reduce(
          (w, { shift, mask, position }) => (w | (value >>> position & mask) << shift) >>> 0,
          word,
        )
      )
    );
  }
  return words.filter((word) => matches(encoding, word) && A32.match(word, encoding) === encoding);
}

/** The word with other registers: destinations q8 to q15 (VFP: s16 on, or d8 on), the rest below. */
function withRegisters(encoding: TestEncoding, word: number, i: number): number {
  const neon = encoding.row[3].startsWith("neon");
  const values: Readonly<Record<string, number>> = neon
    ? { D: 1, d: 2 * i, n: 2 * i, m: (2 * i + 2) % 16 }
    : { d: 8 + i, n: i, m: (i + 1) % 8 };
  return encoding.parts.reduce((w, { letter, shift, mask }) => {
    const value = values[letter];
    const scalar = letter === "m" && encoding.row[1].endsWith("_scalar");
    if (value === undefined || scalar) return w;
    return (w & ~(mask << shift) | (value & mask) << shift) >>> 0;
  }, word);
}

/** Whether the fields of an Advanced SIMD instruction name nothing. */
function isUndefined(handler: string, word: number): boolean {
  const inline = (NEON_INLINE as Readonly<Record<string, Inline | undefined>>)[handler];
  const { fields } = decodeVfpNeonA32(word)!;
  return inline !== undefined &&
    ((inline.even(fields) & 1) !== 0 || inline.invalid?.(fields) === true);
}

/** All of them. */
export function variants(): Variant[] {
  const rows = TABLES.filter(({ name }) => /^(vfp|neon)-a32$/.test(name)).flatMap(({ rows }) =>
    rows
  );
  return rows.filter(({ row }) => GROUPS.test(row[3])).flatMap((encoding) =>
    wordsOf(encoding).filter((word) => !isUndefined(encoding.row[1], word)).map((word) => ({
      group: encoding.row[3],
      handler: encoding.row[1],
      word,
      text: disassembleA32(word, 0),
      others: Array.from({ length: 8 }, (_, i) => withRegisters(encoding, word, i)),
    }))
  );
}
