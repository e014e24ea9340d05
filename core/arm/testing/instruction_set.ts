/**
 * The instruction sets as the differential tester sees them: their rows, and how words lie in memory.
 * @module
 */
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { type Encoding, encodingOf } from "../decode/decoder.ts";
import type { ArmRow } from "../decode/tables.ts";
import { T16_DECODER, T32_DECODER } from "../decode/thumb_decoder.ts";
import { disassembleA32, disassembleT16, disassembleT32 } from "../disasm/disassemble.ts";

/** One prepared encoding of a table. */
export type TestEncoding = Encoding<ArmRow>;

/** Names of the instruction sets. */
export type InstructionSetName = "a32" | "thumb";

/** What the tester asks of an instruction set. */
export interface InstructionSet {
  /** Whether CPSR.T is set. */
  readonly thumb: boolean;
  /** All rows. */
  readonly encodings: readonly TestEncoding[];
  /** Rows that stand for no instruction: words of every size and kind. */
  readonly anyWord: readonly TestEncoding[];
  /** The row of a word that has the size of `encoding`; null when it is UNDEFINED. */
  match(word: number, encoding: TestEncoding): TestEncoding | null;
  disassemble(word: number, encoding: TestEncoding, pc: number): string;
}

function noEncoding(bits: string, details = ""): TestEncoding {
  return encodingOf([bits, "none", "v4", "none", "", details]) as unknown as TestEncoding;
}

/** Bytes of an encoding. */
export function sizeOf(encoding: TestEncoding): 2 | 4 {
  return encoding.row[0].length === 16 ? 2 : 4;
}

/** All instruction sets by name. */
export const INSTRUCTION_SETS: Readonly<Record<InstructionSetName, InstructionSet>> = {
  a32: {
    thumb: false,
    encodings: A32_DECODER.encodings,
    anyWord: [noEncoding("-".repeat(32))],
    match: (word) => A32_DECODER.match(word),
    disassemble: (word, _encoding, pc) => disassembleA32(word, pc),
  },
  thumb: {
    thumb: true,
    encodings: [...T16_DECODER.encodings, ...T32_DECODER.encodings],
    // The rest of the 32-bit space is Advanced SIMD.
    anyWord: [
      ..."0 10 110 11100".split(" ").map((bits) => noEncoding(bits.padEnd(16, "-"))),
      ..."11101 11110 11111001 11111000---1 1111101".split(" ")
        .map((bits) => noEncoding(bits.padEnd(32, "-"))),
      // UNDEFINED with the pc as base, but the oracle stores there.
      noEncoding("11111000---0nnnn".padEnd(32, "-"), "n!15"),
    ],
    match: (word, encoding) =>
      sizeOf(encoding) === 2 ? T16_DECODER.match(word) : T32_DECODER.match(word),
    disassemble: (word, encoding, pc) =>
      sizeOf(encoding) === 2 ? disassembleT16(word, pc) : disassembleT32(word, pc),
  },
};

/** Whether a register file's CPSR selects Thumb. */
export function instructionSetOf(cpsr: number): InstructionSet {
  return INSTRUCTION_SETS[(cpsr & 0x20) !== 0 ? "thumb" : "a32"];
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
