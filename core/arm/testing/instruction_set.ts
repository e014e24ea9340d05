/**
 * The instruction sets as the differential tester sees them: how words are decoded and lie in memory,
 * and their tables. VFP and Advanced SIMD have one table for both; their Thumb rows are made here.
 * @module
 */
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { type Encoding, encodingOf } from "../decode/decoder.ts";
import type { EncodingRow } from "../decode/row.ts";
import type { ArmRow } from "../decode/tables.ts";
import { T16_DECODER, T32_DECODER } from "../decode/thumb_decoder.ts";
import { a32OfT32, isVfpNeonA32, VFP_NEON_DECODER } from "../decode/vfp_neon_decoder.ts";
import { disassembleA32, disassembleT16, disassembleT32 } from "../disasm/disassemble.ts";

/** One prepared encoding of a table. */
export type TestEncoding = Encoding<ArmRow>;

/** What the tester asks of an instruction set. */
export interface InstructionSet {
  /** Whether CPSR.T is set. */
  readonly thumb: boolean;
  /** The row of a word that has the size of `encoding`; null when it is UNDEFINED. */
  match(word: number, encoding: TestEncoding): TestEncoding | null;
  disassemble(word: number, encoding: TestEncoding, pc: number): string;
}

/** One table of encodings in one instruction set. */
export interface Table {
  readonly name: string;
  readonly set: InstructionSet;
  /** All rows. */
  readonly rows: readonly TestEncoding[];
  /** Rows that stand for no instruction: words of the table's space, of which most are UNDEFINED. */
  readonly anyWord: readonly TestEncoding[];
}

function encoding(row: EncodingRow): TestEncoding {
  return encodingOf(row) as unknown as TestEncoding;
}

/** Rows of no instruction, with the bits that all words of a space begin with. */
function space(size: number, ...bits: string[]): TestEncoding[] {
  return bits.map((fixed) => encoding([fixed.padEnd(size, "-"), "none", "v4", "none", ""]));
}

/** The Thumb form of a VFP or Advanced SIMD row; see `a32OfT32`. */
function thumbForm([bits, name, arch, group, syntax, details = ""]: EncodingRow): TestEncoding {
  const head = bits.startsWith("cccc")
    ? `1110${bits.slice(4, 8)}`
    : bits.startsWith("1111001")
    ? `111${bits[7]}1111`
    : "11111001";
  return encoding([head + bits.slice(8), name, arch, group, syntax, details]);
}

const VECTOR_ROWS: readonly TestEncoding[] = VFP_NEON_DECODER.encodings;
const THUMB_FORMS: ReadonlyMap<TestEncoding, TestEncoding> = new Map(
  VECTOR_ROWS.map((row) => [row, thumbForm(row.row)]),
);

function matchT32(word: number): TestEncoding | null {
  const a32 = a32OfT32(word);
  if (a32 === 0) return T32_DECODER.match(word);
  const found = VFP_NEON_DECODER.match(a32);
  return found && THUMB_FORMS.get(found)!;
}

/** A32. */
export const A32: InstructionSet = {
  thumb: false,
  match: (word) => (isVfpNeonA32(word) ? VFP_NEON_DECODER : A32_DECODER).match(word),
  disassemble: (word, _encoding, pc) => disassembleA32(word, pc),
};

/** T16 and T32. */
export const THUMB: InstructionSet = {
  thumb: true,
  match: (word, encoding) => sizeOf(encoding) === 2 ? T16_DECODER.match(word) : matchT32(word),
  disassemble: (word, encoding, pc) =>
    sizeOf(encoding) === 2 ? disassembleT16(word, pc) : disassembleT32(word, pc),
};

const isVfp = ({ row }: TestEncoding): boolean => row[3].startsWith("vfp");
const vfp = VECTOR_ROWS.filter(isVfp);
const neon = VECTOR_ROWS.filter((row) => !isVfp(row));
const inThumb = (row: TestEncoding): TestEncoding => THUMB_FORMS.get(row)!;
const VFP_SPACE = ["1100", "1101", "1110"].map((kind) => `1110${kind}------------101`);

/** All tables. */
export const TABLES: readonly Table[] = [
  { name: "a32", set: A32, rows: A32_DECODER.encodings, anyWord: space(32, "") },
  {
    name: "t16",
    set: THUMB,
    rows: T16_DECODER.encodings,
    anyWord: space(16, "0", "10", "110", "11100"),
  },
  {
    name: "t32",
    set: THUMB,
    rows: T32_DECODER.encodings,
    anyWord: [
      ...space(32, "11101", "11110", "11111000---1", "1111101"),
      // UNDEFINED with the pc as base, but the oracle stores there.
      encoding(["11111000---0nnnn".padEnd(32, "-"), "none", "v4", "none", "", "n!15"]),
    ],
  },
  { name: "vfp-a32", set: A32, rows: vfp, anyWord: space(32, ...VFP_SPACE) },
  { name: "vfp-t32", set: THUMB, rows: vfp.map(inThumb), anyWord: space(32, ...VFP_SPACE) },
  {
    name: "neon-a32",
    set: A32,
    rows: neon,
    anyWord: space(32, "1111001", "11110100---0"),
  },
  {
    name: "neon-t32",
    set: THUMB,
    rows: neon.map(inThumb),
    anyWord: space(32, "111-1111", "11111001---0"),
  },
];

/** Whether a row is of the VFP or Advanced SIMD tables. */
export function isVector(encoding: TestEncoding): boolean {
  return /^(vfp|neon)/.test(encoding.row[3]);
}

/** Bytes of an encoding. */
export function sizeOf(encoding: TestEncoding): 2 | 4 {
  return encoding.row[0].length === 16 ? 2 : 4;
}

/** The instruction set that a register file's CPSR selects. */
export function instructionSetOf(cpsr: number): InstructionSet {
  return (cpsr & 0x20) !== 0 ? THUMB : A32;
}

/** Instruction words as halfwords in memory: of a 32-bit Thumb instruction the upper one is first. */
export function layOut(
  words: Uint32Array,
  encodings: readonly TestEncoding[],
  thumb: boolean,
): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(
    Array.from(words).flatMap((word, i) => {
      if (sizeOf(encodings[i]) === 2) return [word];
      return thumb ? [word >>> 16, word & 0xffff] : [word & 0xffff, word >>> 16];
    }),
  );
}
