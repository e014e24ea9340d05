/**
 * Disassembly of a run of instructions, in either instruction set.
 * @module
 */
import { advanceIt } from "../decode/it_state.ts";
import { isWide } from "../decode/thumb_decoder.ts";
import { TB_FLAG } from "../state.ts";
import { disassembleA32, disassembleT16, disassembleT32 } from "./disassemble.ts";

/** One instruction of a listing. */
export interface ListedInsn {
  /** Guest address. */
  readonly address: number;
  /** Size of the instruction. */
  readonly bytes: 2 | 4;
  /** Its code in hexadecimal digits; of a 32-bit Thumb instruction the first halfword comes first. */
  readonly code: string;
  /** As the disassembler shows it. */
  readonly text: string;
}

/** Gives the little-endian word at a word-aligned address of code. */
export type CodeWords = (address: number) => number;

function digits(value: number, bytes: 2 | 4): string {
  return (value >>> 0).toString(16).padStart(2 * bytes, "0");
}

function halfword(fetch: CodeWords, address: number): number {
  const word = fetch((address & ~3) >>> 0);
  return (address & 2) !== 0 ? word >>> 16 : word & 0xffff;
}

/** The instruction at `pc`; `it` is the IT state there, for Thumb. */
export function listInsn(fetch: CodeWords, pc: number, thumb: boolean, it: number): ListedInsn {
  const address = pc >>> 0;
  if (!thumb) {
    const word = fetch(address);
    return { address, bytes: 4, code: digits(word, 4), text: disassembleA32(word, address) };
  }
  const first = halfword(fetch, address);
  if (!isWide(first)) {
    return { address, bytes: 2, code: digits(first, 2), text: disassembleT16(first, address, it) };
  }
  const word = (first << 16 | halfword(fetch, address + 2)) >>> 0;
  return { address, bytes: 4, code: digits(word, 4), text: disassembleT32(word, address, it) };
}

/** The IT state behind a Thumb instruction. */
function itBehind(fetch: CodeWords, insn: ListedInsn, it: number): number {
  if (insn.bytes === 2) {
    const code = halfword(fetch, insn.address);
    if ((code & 0xff00) === 0xbf00 && (code & 15) !== 0) return code & 0xff;
  }
  return advanceIt(it);
}

/** The instructions of a block of `bytes` bytes at `pc` with the block flags `flags`. */
export function listBlock(
  fetch: CodeWords,
  pc: number,
  bytes: number,
  flags: number,
): ListedInsn[] {
  const thumb = (flags & TB_FLAG.THUMB) !== 0;
  let it = (flags >>> TB_FLAG.IT_SHIFT) & 0xff;
  const insns: ListedInsn[] = [];
  for (let at = 0; at < bytes;) {
    const insn = listInsn(fetch, pc + at, thumb, it);
    insns.push(insn);
    it = itBehind(fetch, insn, it);
    at += insn.bytes;
  }
  return insns;
}

/** One line of a listing: address, code, text. */
export function insnLine({ address, code, text }: ListedInsn): string {
  return `${address.toString(16).padStart(8, "0")}  ${code.padEnd(8)}  ${text}`;
}
