/**
 * Text of an instruction's `aux` word, in both directions: the one place that knows how access
 * descriptors, slots, barriers and exit codes look in an IR listing.
 * @module
 */
import { BARRIER, EXIT, RMW } from "./ops.ts";
import { MEMOP } from "../memory/memop.ts";

/** Names of state slots; a name must be a word (letters, digits, `_`, `.`). */
export interface SlotNames {
  /** Name of the slot at a byte offset, or undefined to show `state[0x..]`. */
  readonly nameOf: (offset: number) => string | undefined;
  /** Offset of a named slot, or undefined when there is none of that name. */
  readonly offsetOf: (name: string) => number | undefined;
}

const SIZES = ["8", "16", "32", "64"] as const;
const EXIT_NAMES = Object.entries(EXIT);
const RMW_NAMES = Object.entries(RMW).map(([name, code]) => [name.toLowerCase(), code] as const);
const BARRIER_NAMES = [
  ["ld_ld", BARRIER.LD_LD],
  ["st_ld", BARRIER.ST_LD],
  ["ld_st", BARRIER.LD_ST],
  ["st_st", BARRIER.ST_ST],
  ["dsb", BARRIER.DSB],
] as const;
const MEMOP_FLAGS = [
  ["be", MEMOP.BIG_ENDIAN],
  ["write", MEMOP.WRITE],
  ["soft", MEMOP.SOFT],
  ["seq", MEMOP.SEQ_CST],
  ["excl", MEMOP.EXCLUSIVE],
] as const;

/** A word as unsigned hexadecimal, `0x1f`. */
export function hex(word: number): string {
  return `0x${(word >>> 0).toString(16)}`;
}

/** A constant: decimal when it is small, else hexadecimal. */
export function immText(word: number): string {
  return word > -1024 && word < 1024 ? String(word) : hex(word);
}

/** Suffixes of a guest access, e.g. `.s16.align2.mmu1`. */
export function memopText(op: number): string {
  let text = sizeText(op, MEMOP.SIGN);
  const align = (op & MEMOP.ALIGN_MASK) >> MEMOP.ALIGN_SHIFT;
  if (align) text += `.align${1 << align}`;
  const mmu = (op & MEMOP.MMU_MASK) >> MEMOP.MMU_SHIFT;
  if (mmu) text += `.mmu${mmu}`;
  let known = MEMOP.SIZE_MASK | MEMOP.SIGN | MEMOP.ALIGN_MASK | MEMOP.MMU_MASK;
  for (const [name, bit] of MEMOP_FLAGS) {
    if (op & bit) text += `.${name}`;
    known |= bit;
  }
  return op & ~known ? `${text}.bits${hex(op & ~known)}` : text;
}

/** Suffixes of a host access: `.s16`, with the operation in front for a read-modify-write. */
export function hostopText(op: number, rmw: boolean): string {
  const size = sizeText(op, 4);
  if (!rmw) return size;
  const name = RMW_NAMES.find(([, code]) => code === (op >> 8 & 15))?.[0] ?? `rmw${op >> 8 & 15}`;
  return `.${name}${size}`;
}

function sizeText(op: number, signBit: number): string {
  return `.${op & signBit ? "s" : "u"}${SIZES[op & 3]}`;
}

/**
 * Reads the suffixes of an access (without the operation's name), memop, hostop or rmw alike.
 * @throws SyntaxError on an unknown suffix.
 */
export function parseSuffixes(suffixes: readonly string[]): number {
  let op = 0;
  for (const s of suffixes) {
    const flag = MEMOP_FLAGS.find(([name]) => name === s);
    const rmw = RMW_NAMES.find(([name]) => name === s);
    const sized = /^([us])(8|16|32|64)$/.exec(s);
    const numbered = /^(align|mmu|bits)(0x[0-9a-f]+|\d+)$/.exec(s);
    if (flag) op |= flag[1];
    else if (rmw) op |= rmw[1] << 8;
    else if (sized) op |= SIZES.indexOf(sized[2] as "8") | (sized[1] === "s" ? MEMOP.SIGN : 0);
    else if (numbered) {
      const value = Number(numbered[2]);
      if (numbered[1] === "align") op |= (31 - Math.clz32(value)) << MEMOP.ALIGN_SHIFT;
      else if (numbered[1] === "mmu") op |= value << MEMOP.MMU_SHIFT;
      else op |= value;
    } else throw new SyntaxError(`Unknown access suffix .${s}; see core/ir/text.ts for the list`);
  }
  return op;
}

/** Barrier kinds, `ld_ld|st_st`, `all`, `all|dsb`. */
export function barrierText(kinds: number): string {
  const names = kinds & BARRIER.ALL
    ? (kinds & BARRIER.ALL) === BARRIER.ALL
      ? ["all"]
      : BARRIER_NAMES.filter(([, bit]) => bit & kinds & BARRIER.ALL).map(([name]) => name)
    : [];
  if (kinds & BARRIER.DSB) names.push("dsb");
  return names.join("|") || "nothing";
}

/**
 * Reads what {@linkcode barrierText} gives.
 * @throws SyntaxError on an unknown kind.
 */
export function parseBarrier(text: string): number {
  if (text === "nothing") return 0;
  let kinds = 0;
  for (const part of text.split("|")) {
    const bit = part === "all" ? BARRIER.ALL : BARRIER_NAMES.find(([name]) => name === part)?.[1];
    if (bit === undefined) throw new SyntaxError(`Unknown barrier kind ${part}`);
    kinds |= bit;
  }
  return kinds;
}

/** Name of an EXIT code, or its number. */
export function exitText(code: number): string {
  return EXIT_NAMES.find(([, value]) => value === code)?.[0] ?? String(code);
}

/**
 * Reads what {@linkcode exitText} gives.
 * @throws SyntaxError on an unknown name.
 */
export function parseExit(text: string): number {
  const code = EXIT_NAMES.find(([name]) => name === text)?.[1] ?? parseNumber(text);
  return code;
}

/** Text of a state slot. */
export function slotText(offset: number, names?: SlotNames): string {
  return names?.nameOf(offset) ?? `state[${hex(offset)}]`;
}

/**
 * Reads what {@linkcode slotText} gives.
 * @throws SyntaxError on an unknown slot name.
 */
export function parseSlot(text: string, names?: SlotNames): number {
  const raw = /^state\[(0x[0-9a-f]+|\d+)\]$/.exec(text);
  if (raw) return Number(raw[1]);
  const offset = names?.offsetOf(text);
  if (offset === undefined) throw new SyntaxError(`Unknown state slot ${text}`);
  return offset;
}

/**
 * Reads a 32-bit number, decimal or hexadecimal, as a signed word.
 * @throws SyntaxError when it is none.
 */
export function parseNumber(text: string): number {
  if (!/^(-?\d+|0x[0-9a-f]+)$/i.test(text)) throw new SyntaxError(`Not a number: ${text}`);
  return Number(text) | 0;
}
