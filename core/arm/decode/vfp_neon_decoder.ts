/**
 * The decoder of VFP and Advanced SIMD. The tables hold A32 encodings; T32 encodings differ in their
 * top byte alone and are turned into A32 words first.
 * @module
 */
import { A32_INDEXING } from "./a32_decoder.ts";
import { type Decoded, Decoder } from "./decoder.ts";
import { conditionOf } from "./it_state.ts";
import { NEON_ROWS } from "./neon.ts";
import { VFP_ROWS } from "./vfp.ts";

/** A row of the VFP or the Advanced SIMD table. */
export type VfpNeonRow = (typeof VFP_ROWS)[number] | (typeof NEON_ROWS)[number];

/** Decodes the A32 form of VFP and Advanced SIMD instructions. */
export const VFP_NEON_DECODER: Decoder<VfpNeonRow> = new Decoder<VfpNeonRow>(
  () => [...VFP_ROWS, ...NEON_ROWS],
  A32_INDEXING,
);

/** Coprocessors 10 and 11 in one of the four coprocessor instruction classes, with a condition. */
function isVfp(word: number): boolean {
  const kind = (word >>> 24) & 15;
  return kind >= 12 && kind <= 14 && (word & 0xe00) === 0xa00 && word >>> 28 !== 15;
}

/** Whether an A32 word lies in the encoding space of VFP and Advanced SIMD. */
export function isVfpNeonA32(word: number): boolean {
  return isVfp(word) || word >>> 25 === 0x79 || (word & 0xff100000) >>> 0 === 0xf4000000;
}

/**
 * The A32 word of a T32 VFP or Advanced SIMD instruction (first halfword on top), or 0 when the word
 * is none: VFP is the same with the condition 1110 (0xEC to 0xEE); data processing has U in bit 28
 * instead of 24 (0xEF, 0xFF to 0xF2, 0xF3); loads and stores have 0xF9 for 0xF4.
 */
export function a32OfT32(word: number): number {
  switch (word >>> 24) {
    case 0xec:
    case 0xed:
    case 0xee:
      return isVfp(word) ? word : 0;
    case 0xef:
    case 0xff:
      return (word & 0x00ffffff | 0xf2000000 | (word >>> 28 & 1) << 24) >>> 0;
    case 0xf9:
      return (word & 0x100000) === 0 ? (word & 0x00ffffff | 0xf4000000) >>> 0 : 0;
    default:
      return 0;
  }
}

/** Decodes an A32 word of the space; null when it is UNDEFINED. */
export function decodeVfpNeonA32(word: number): Decoded<VfpNeonRow> | null {
  return VFP_NEON_DECODER.decode(word);
}

/** Decodes an A32 word that came from T32, where the IT state is `it`. */
export function decodeVfpNeonT32(word: number, it: number): Decoded<VfpNeonRow> | null {
  const decoded = VFP_NEON_DECODER.decode(word);
  return decoded && { ...decoded, fields: { ...decoded.fields, c: conditionOf(it) } };
}
