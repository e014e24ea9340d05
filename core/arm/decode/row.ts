/**
 * What an encoding table is made of, and the fields that a decoded instruction hands to its
 * handler.
 * @module
 */

/** First architecture version that has an encoding. */
export type ArchVersion =
  | "v4"
  | "v4T"
  | "v5T"
  | "v5TE"
  | "v6"
  | "v6K"
  | "v6T2"
  | "v7"
  | "v7MP"
  | "v7VE"
  | "VFPv2"
  | "VFPv3"
  | "VFPv4"
  | "SIMDv1"
  | "SIMDv2";

/** Bits, handler, architecture version, group, UAL syntax, details; see a32.ts. */
export type EncodingRow = readonly [string, string, ArchVersion, string, string, string?];

/**
 * Letters of the fields:
 * - registers: `n` Rn, `d` Rd, `m` Rm, `s` Rs, `t` Rt, `a` Ra or Rt2, `l` RdLo, `h` RdHi, `g` list
 * - `c` condition, `S` set flags, `v` immediate, `z` shift amount, `y` shift type, `r` rotation / 8
 * - `P` `U` `W` pre-index, add, write back
 * - `i` lowest bit, `b` highest bit, `w` width - 1 (CPS: `i` imod)
 * - `M` `N` top half of Rm, Rn; `x` exchange or another single bit; `R` round or SPSR; `D` long
 * - `k` coprocessor or PSR mask, `o` opcode 1, `q` opcode 2
 * - `A` `I` `F` interrupt masks, `e` endianness
 */
export const FIELD_LETTERS = "ndmstalhgcSvzyrPUWibwMNxRDkoqAIFe";

/** One of the letters above. */
export type FieldLetter =
  | ("n" | "d" | "m" | "s" | "t" | "a" | "l" | "h" | "g" | "c" | "S" | "v" | "z" | "y" | "r")
  | ("P" | "U" | "W" | "i" | "b" | "w" | "M" | "N" | "x" | "R" | "D" | "k" | "o" | "q")
  | ("A" | "I" | "F" | "e");

/**
 * Values of the fields of an instruction, unsigned unless the row's details make them signed (branch
 * offsets, in bytes). A field that the row lacks is 0; `c` is 14 then, or the condition that the IT
 * block gives.
 */
export type Fields = Readonly<Record<FieldLetter, number>>;
