/**
 * Random test cases for the differential instruction tests: instruction words made from the rows of
 * the encoding table, and registers that make most of them do something.
 * @module
 */
import { matches } from "../decode/decoder.ts";
import { itBits, MODE, PSR } from "../system/psr.ts";
import type { Rng } from "../../ir/testing/rng.ts";
import { sizeOf, type TestEncoding } from "./instruction_set.ts";
import { FILE_CPSR, FILE_PC, FILE_R0, FILE_SPSR, FILE_WORDS, GUEST } from "./subject.ts";

/** Code and start state. */
export interface TestCase {
  /** Address of the first word. */
  readonly pc: number;
  readonly words: Uint32Array<ArrayBuffer>;
  /** The encoding of each word. */
  readonly encodings: readonly TestEncoding[];
  /** CPSR, r0 to r15, SPSR. */
  readonly file: Uint32Array<ArrayBuffer>;
}

/** Bytes of code page a case may use; the slots of a page take turns. */
export const SLOT_BYTES = 64;
/** The last slot of the code page is the harness's own. */
const SLOTS = GUEST.codeBytes / SLOT_BYTES - 1;
const MODES = [MODE.USR, MODE.SYS, MODE.SVC, MODE.SVC, MODE.IRQ, MODE.FIQ] as const;
const COND_AL = 14;

/** A random word of an encoding: fixed bits as they must be, fields random. */
export function randomWord(rng: Rng, encoding: TestEncoding): number {
  let word: number;
  do {
    word = (rng.word() & ~encoding.mask | encoding.value) >>> 0;
    if (sizeOf(encoding) === 2) word &= 0xffff;
  } while (!matches(encoding, word));
  if (!encoding.conditional) {
    const other = rng.chance(0.7) ? avoidPc(rng, encoding, word) : word;
    return matches(encoding, other) ? other : word;
  }
  const condition = rng.chance(0.75) ? COND_AL : rng.below(15);
  word = (word & 0x0fffffff | condition << 28) >>> 0;
  return rng.chance(0.7) ? avoidPc(rng, encoding, word) : word;
}

/** Register fields that mostly name the pc make an instruction UNPREDICTABLE; have fewer of them. */
function avoidPc(rng: Rng, encoding: TestEncoding, word: number): number {
  for (const { letter, shift, mask } of encoding.parts) {
    if (mask !== 15 || !"ndmstalh".includes(letter)) continue;
    if ((word >>> shift & 15) === 15) word = (word & ~(15 << shift) | rng.below(13) << shift) >>> 0;
  }
  return word;
}

/**
 * A random case of the given encodings, one instruction each. Thumb cases may begin in an IT block.
 * @param accept says whether a word may be used; the first of a few tries is taken otherwise.
 */
export function randomCase(
  rng: Rng,
  encodings: readonly TestEncoding[],
  thumb: boolean,
  accept: (encoding: TestEncoding, word: number) => boolean = () => true,
): TestCase {
  const file = new Uint32Array(FILE_WORDS);
  const mode = rng.pick(MODES);
  file[FILE_CPSR] = mode | rng.word() & (PSR.A | PSR.I | PSR.F) |
    rng.word() & (PSR.N | PSR.Z | PSR.C | PSR.V | PSR.Q | PSR.GE) | (rng.chance(0.1) ? PSR.E : 0) |
    (thumb ? PSR.T : 0) |
    (thumb && encodings[0].row[1] !== "it" && rng.chance(0.3) ? itBits(randomIt(rng)) : 0);
  const words = Uint32Array.from(encodings, (encoding) => {
    let word = randomWord(rng, encoding);
    for (let tries = 0; tries < 40 && !accept(encoding, word); tries++) {
      word = randomWord(rng, encoding);
    }
    return word;
  });
  const near = 0.15 + 0.6 * rng.below(2);
  for (let n = 0; n < 15; n++) file[FILE_R0 + n] = randomRegister(rng, near);
  for (const [i, encoding] of encodings.entries()) aimAtData(rng, encoding, words[i], file);
  const pc = GUEST.code + SLOT_BYTES * rng.below(SLOTS);
  file[FILE_PC] = pc;
  const spsrMode = rng.pick(MODES);
  file[FILE_SPSR] = mode === MODE.USR || mode === MODE.SYS
    ? 0
    : spsrMode | rng.word() & (PSR.N | PSR.Z | PSR.C | PSR.V | PSR.Q | PSR.GE | PSR.I | PSR.F);
  return { pc, words, encodings, file };
}

/** A random IT state in an IT block: a condition but AL, and one to four instructions left. */
function randomIt(rng: Rng): number {
  return rng.below(14) << 4 | 1 + rng.below(15);
}

/** A register value; `near` is the chance that it is an address of the data pages. */
function randomRegister(rng: Rng, near: number): number {
  if (rng.chance(near)) return dataAddress(rng);
  return rng.chance(0.5) ? rng.cornerWord() : rng.word();
}

/** An address in the middle of the data pages, more often aligned than not. */
function dataAddress(rng: Rng): number {
  const address = GUEST.data + GUEST.dataBytes / 2 - 128 + rng.below(256);
  return rng.chance(0.7) ? address & ~7 : rng.chance(0.5) ? address & ~3 : address;
}

const MEMORY_GROUPS: ReadonlySet<string> = new Set([
  "load_store",
  "load_store_multiple",
  "sync",
  "system",
]);

/** Whether an encoding may access memory. */
export function accessesMemory(encoding: TestEncoding): boolean {
  return MEMORY_GROUPS.has(encoding.row[3]);
}

/** Makes the base register point into the data pages and the index register small, usually. */
function aimAtData(rng: Rng, encoding: TestEncoding, word: number, file: Uint32Array): void {
  if (!accessesMemory(encoding) || rng.chance(0.05)) return;
  const field = (letter: string): number => {
    const part = encoding.parts.find((p) => p.letter === letter);
    return part ? word >>> part.shift & part.mask : -1;
  };
  const index = field("m");
  const group = encoding.row[3];
  if (index >= 0 && index < 15 && group === "load_store") {
    file[FILE_R0 + index] = rng.chance(0.5) ? rng.below(64) : -rng.below(64);
  }
  if (group === "system") file[FILE_R0 + 13] = dataAddress(rng);
  const base = field("n");
  if (base < 0 || base > 14) return;
  file[FILE_R0 + base] = dataAddress(rng);
}
