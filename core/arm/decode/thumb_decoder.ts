/**
 * The decoders of the Thumb tables. Their candidate lists are a cache of constant data.
 * @module
 */
import { Decoder } from "./decoder.ts";
import { T16_ROWS } from "./t16.ts";
import { T32_ROWS } from "./t32.ts";

/** A row of the table of 16-bit encodings. */
export type T16Row = (typeof T16_ROWS)[number];
/** A row of the table of 32-bit encodings. */
export type T32Row = (typeof T32_ROWS)[number];

/** Whether a halfword is the first one of a 32-bit instruction. */
export function isWide(halfword: number): boolean {
  return halfword >>> 11 >= 0b11101;
}

/** Decodes 16-bit instructions, by bits 15-6. */
export const T16_DECODER: Decoder<T16Row> = new Decoder(() => T16_ROWS, {
  lists: 1 << 10,
  indexOf: (halfword) => halfword >>> 6,
  knownBits: () => 0xffc0,
});

/** Decodes 32-bit instructions, the first halfword on top, by bits 28-20 and 7-4. */
export const T32_DECODER: Decoder<T32Row> = new Decoder(() => T32_ROWS, {
  lists: 1 << 13,
  indexOf: (word) => (word >>> 16) & 0x1ff0 | (word >>> 4) & 0xf,
  knownBits: () => 0x1ff0_00f0,
});
