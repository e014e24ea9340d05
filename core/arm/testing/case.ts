/**
 * Random test cases for the differential instruction tests: words of one to a few instructions, and
 * registers that make most of them do something.
 * @module
 */
import { itBits, MODE, PSR } from "../system/psr.ts";
import type { Rng } from "../../ir/testing/rng.ts";
import { isVector, type TestEncoding } from "./instruction_set.ts";
import { fieldOf, narrowed, randomWord } from "./random_word.ts";
import {
  FILE_CPSR,
  FILE_PC,
  FILE_R0,
  FILE_SPSR,
  FILE_WORDS,
  GUEST,
  SLOT_BYTES,
} from "./subject.ts";
import { randomVectors, type VectorState } from "./vector_state.ts";

/** Code and start state. */
export interface TestCase {
  /** Address of the first word. */
  readonly pc: number;
  readonly words: Uint32Array<ArrayBuffer>;
  /** The encoding of each word. */
  readonly encodings: readonly TestEncoding[];
  /** CPSR, r0 to r15, SPSR. */
  readonly file: Uint32Array<ArrayBuffer>;
  /** Only where an instruction is of the VFP or Advanced SIMD tables. */
  readonly vectors: VectorState | null;
  /** Most instructions in a block of the subject. */
  readonly blockInsns: number;
}

/** The last slot of the code page is the harness's own. */
const SLOTS = GUEST.codeBytes / SLOT_BYTES - 1;
const MODES = [MODE.USR, MODE.SYS, MODE.SVC, MODE.SVC, MODE.IRQ, MODE.FIQ] as const;

/**
 * Random words, one of each encoding.
 * @param accept says whether a word may be used; the last of some tries is taken otherwise.
 */
export function randomWords(
  rng: Rng,
  encodings: readonly TestEncoding[],
  accept: (index: number, word: number) => boolean = () => true,
): Uint32Array<ArrayBuffer> {
  const few = encodings.length > 1 && rng.chance(0.8);
  return Uint32Array.from(encodings, (encoding, i) => {
    const next = () => {
      const word = randomWord(rng, encoding);
      return few ? narrowed(encoding, word) : word;
    };
    let word = next();
    for (let tries = 0; tries < 40 && !accept(i, word); tries++) word = next();
    return word;
  });
}

/** A random state for words of the given encodings. Thumb cases may begin in an IT block. */
export function randomCase(
  rng: Rng,
  encodings: readonly TestEncoding[],
  words: Uint32Array<ArrayBuffer>,
  thumb: boolean,
): TestCase {
  const file = new Uint32Array(FILE_WORDS);
  const mode = rng.pick(MODES);
  file[FILE_CPSR] = mode | rng.word() & (PSR.A | PSR.I | PSR.F) |
    rng.word() & (PSR.N | PSR.Z | PSR.C | PSR.V | PSR.Q | PSR.GE) | (rng.chance(0.1) ? PSR.E : 0) |
    (thumb ? PSR.T : 0) |
    (thumb && encodings[0].row[1] !== "it" && rng.chance(0.3) ? itBits(randomIt(rng)) : 0);
  const near = 0.15 + 0.6 * rng.below(2);
  for (let n = 0; n < 15; n++) file[FILE_R0 + n] = randomRegister(rng, near);
  for (const [i, encoding] of encodings.entries()) aimAtData(rng, encoding, words[i], file);
  const pc = GUEST.code + SLOT_BYTES * rng.below(SLOTS);
  file[FILE_PC] = pc;
  const spsrMode = rng.pick(MODES);
  file[FILE_SPSR] = mode === MODE.USR || mode === MODE.SYS
    ? 0
    : spsrMode | rng.word() & (PSR.N | PSR.Z | PSR.C | PSR.V | PSR.Q | PSR.GE | PSR.I | PSR.F);
  const vectors = encodings.some(isVector) ? randomVectors(rng) : null;
  return { pc, words, encodings, file, vectors, blockInsns: encodings.length };
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
  "vfp_memory",
  "neon_load_store",
]);

/** Whether an encoding may access memory. */
export function accessesMemory(encoding: TestEncoding): boolean {
  return MEMORY_GROUPS.has(encoding.row[3]);
}

/** Makes the base register point into the data pages and the index register small, usually. */
function aimAtData(rng: Rng, encoding: TestEncoding, word: number, file: Uint32Array): void {
  if (!accessesMemory(encoding) || rng.chance(0.05)) return;
  const index = fieldOf(encoding, word, "m");
  const group = encoding.row[3];
  if (index >= 0 && index < 15 && /^(neon_)?load_store$/.test(group)) {
    file[FILE_R0 + index] = rng.chance(0.5) ? rng.below(64) : -rng.below(64);
  }
  if (group === "system") file[FILE_R0 + 13] = dataAddress(rng);
  const base = fieldOf(encoding, word, "n");
  if (base < 0 || base > 14) return;
  const address = dataAddress(rng);
  file[FILE_R0 + base] = group === "neon_load_store" && rng.chance(0.5) ? address & ~31 : address;
}
