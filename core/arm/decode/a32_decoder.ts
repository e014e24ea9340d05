/**
 * The decoder of the A32 table. Its candidate lists are a cache of constant data.
 * @module
 */
import { A32_ROWS } from "./a32.ts";
import { Decoder, type Indexing } from "./decoder.ts";

/** A row of the A32 table. */
export type A32Row = (typeof A32_ROWS)[number];

/** By bits 27-20, 7-4, and whether the condition is 1111. */
export const A32_INDEXING: Indexing = {
  lists: 1 << 13,
  indexOf: (word) => (word >>> 28 === 15 ? 0x1000 : 0) | (word >>> 16) & 0xff0 | (word >>> 4) & 0xf,
  knownBits: (word) => word >>> 28 === 15 ? 0xfff0_00f0 : 0x0ff0_00f0,
};

/** Decodes A32 instruction words. */
export const A32_DECODER: Decoder<A32Row> = new Decoder(() => A32_ROWS, A32_INDEXING);
