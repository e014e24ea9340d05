/**
 * The decoder of the A32 table. Its candidate lists are a cache of constant data.
 * @module
 */
import { A32_ROWS } from "./a32.ts";
import { Decoder } from "./decoder.ts";

/** A row of the A32 table. */
export type A32Row = (typeof A32_ROWS)[number];

/** Decodes A32 instruction words. */
export const A32_DECODER: Decoder<A32Row> = new Decoder(A32_ROWS);
