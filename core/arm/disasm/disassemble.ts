/**
 * Disassembler: prints instructions in UAL syntax from their rows of the encoding tables.
 * @module
 */
import { A32_DECODER } from "../decode/a32_decoder.ts";
import type { Decoded } from "../decode/decoder.ts";
import type { ArmRow } from "../decode/tables.ts";
import { T16_DECODER, T32_DECODER } from "../decode/thumb_decoder.ts";
import {
  a32OfT32,
  decodeVfpNeonA32,
  decodeVfpNeonT32,
  isVfpNeonA32,
} from "../decode/vfp_neon_decoder.ts";
import { OPERAND_PRINTERS } from "./operands.ts";
import { VECTOR_PRINTERS } from "./vector_operands.ts";

/**
 * The A32 instruction `word` at address `pc` as text, e.g. `addeq r0, r0, #1`; branch targets are
 * absolute. A word that no row matches is shown as `.word 0x...`.
 */
export function disassembleA32(word: number, pc: number): string {
  const decoded = isVfpNeonA32(word >>> 0)
    ? decodeVfpNeonA32(word >>> 0)
    : A32_DECODER.decode(word >>> 0);
  return decoded === null ? unknown(".word", word, 8) : print(decoded, pc + 8);
}

/**
 * The 16-bit Thumb instruction `halfword` at address `pc`, where the IT state is `it`, in the same
 * form; `.hword 0x...` when no row matches.
 */
export function disassembleT16(halfword: number, pc: number, it = 0): string {
  const decoded = T16_DECODER.decode(halfword, it);
  return decoded === null ? unknown(".hword", halfword, 4) : print(decoded, pc + 4);
}

/** A 32-bit Thumb instruction, the first halfword on top; `.word 0x...` when no row matches. */
export function disassembleT32(word: number, pc: number, it = 0): string {
  const a32 = a32OfT32(word >>> 0);
  const decoded = a32 !== 0 ? decodeVfpNeonT32(a32, it) : T32_DECODER.decode(word >>> 0, it);
  return decoded === null ? unknown(".word", word, 8) : print(decoded, pc + 4);
}

function unknown(directive: string, word: number, digits: number): string {
  return `${directive} 0x${(word >>> 0).toString(16).padStart(digits, "0")}`;
}

/** Fills in the row's syntax; `pc` is what the instruction reads as the program counter. */
function print({ encoding: { row }, fields }: Decoded<ArmRow>, pc: number): string {
  const printers = /^(vfp|neon)/.test(row[3]) ? VECTOR_PRINTERS : OPERAND_PRINTERS;
  return row[4].replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const printer = printers[name] ?? OPERAND_PRINTERS[name];
    if (printer === undefined) {
      throw new RangeError(
        `The syntax of ${row[1]} names the operand {${name}}; add it to disasm/operands.ts`,
      );
    }
    return printer(fields, pc);
  });
}
