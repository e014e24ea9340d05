/**
 * Reads and decodes the instruction at an address, in either instruction set.
 * @module
 */
import { PAGE_SIZE } from "../../memory/vcpu_layout.ts";
import { A32_DECODER } from "../decode/a32_decoder.ts";
import type { Decoded } from "../decode/decoder.ts";
import { conditionOf } from "../decode/it_state.ts";
import type { ArmRow } from "../decode/tables.ts";
import { isWide, T16_DECODER, T32_DECODER } from "../decode/thumb_decoder.ts";
import {
  a32OfT32,
  decodeVfpNeonA32,
  decodeVfpNeonT32,
  isVfpNeonA32,
} from "../decode/vfp_neon_decoder.ts";
import { TB_FLAG } from "../state.ts";

/** Gives the little-endian word at a word-aligned address of code. */
export type Fetch = (address: number) => number;

/** An instruction that has been fetched. */
export interface Insn {
  /** Size of the instruction. */
  readonly bytes: 2 | 4;
  /** From its encoding or its IT block; 14 and 15: always. */
  readonly condition: number;
  /** Null when no row matches. */
  readonly decoded: Decoded<ArmRow> | null;
}

/** The A32 instruction at `pc`. */
export function fetchA32(fetch: Fetch, pc: number): Insn {
  const word = fetch(pc);
  const decoded = isVfpNeonA32(word) ? decodeVfpNeonA32(word) : A32_DECODER.decode(word);
  return { bytes: 4, condition: word >>> 28, decoded };
}

/** The Thumb instruction at `pc`, where the IT state is `it`. */
export function fetchThumb(fetch: Fetch, pc: number, it: number): Insn {
  const first = halfword(fetch, pc);
  const wide = isWide(first);
  const decoded = wide
    ? decodeT32((first << 16 | halfword(fetch, pc + 2)) >>> 0, it)
    : T16_DECODER.decode(first, it);
  return {
    bytes: wide ? 4 : 2,
    condition: decoded === null ? conditionOf(it) : decoded.fields.c,
    decoded,
  };
}

function decodeT32(word: number, it: number): Decoded<ArmRow> | null {
  const a32 = a32OfT32(word);
  return a32 !== 0 ? decodeVfpNeonT32(a32, it) : T32_DECODER.decode(word, it);
}

function halfword(fetch: Fetch, address: number): number {
  const word = fetch((address & ~3) >>> 0);
  return (address & 2) !== 0 ? word >>> 16 : word & 0xffff;
}

/** Whether the instruction at `pc` begins in the last halfword of a page and ends on the next one. */
export function spansPages(fetch: Fetch, pc: number, flags: number): boolean {
  return (flags & TB_FLAG.THUMB) !== 0 && (pc & (PAGE_SIZE - 1)) === PAGE_SIZE - 2 &&
    isWide(halfword(fetch, pc));
}
