/**
 * Random instruction words made from the rows of the encoding tables: fixed bits as they must be,
 * fields random, mostly with operands that make sense.
 * @module
 */
import { matches } from "../decode/decoder.ts";
import { cpKey } from "../system/cp_register.ts";
import type { Rng } from "../../ir/testing/rng.ts";
import { isVector, sizeOf, type TestEncoding } from "./instruction_set.ts";

const COND_AL = 14;

/** Value of a field that is one run of bits; -1 when the encoding lacks it. */
export function fieldOf(encoding: TestEncoding, word: number, letter: string): number {
  const part = encoding.parts.find((p) => p.letter === letter);
  return part ? word >>> part.shift & part.mask : -1;
}

/** The word with another value of a field. */
function withField(
  encoding: TestEncoding,
  word: number,
  letter: string,
  value: number,
): number {
  return encoding.parts.filter((p) => p.letter === letter).reduce(
    (w, { shift, mask, position }) =>
      (w & ~(mask << shift) | (value >>> position & mask) << shift) >>> 0,
    word,
  );
}

/** A random word of an encoding. */
export function randomWord(rng: Rng, encoding: TestEncoding): number {
  let word: number;
  do {
    word = (rng.word() & ~encoding.mask | encoding.value) >>> 0;
    if (sizeOf(encoding) === 2) word &= 0xffff;
  } while (!matches(encoding, word));
  if (encoding.conditional) {
    const condition = rng.chance(0.75) ? COND_AL : rng.below(15);
    word = (word & 0x0fffffff | condition << 28) >>> 0;
  }
  if (encoding.row[3] === "coprocessor") return coprocessorWord(rng, encoding, word);
  if (isVector(encoding)) return vectorWord(rng, encoding, word);
  const other = rng.chance(0.7) ? avoidPc(rng, encoding, word) : word;
  return matches(encoding, other) ? other : word;
}

/** Register fields that mostly name the pc make an instruction UNPREDICTABLE; have fewer of them. */
function avoidPc(rng: Rng, encoding: TestEncoding, word: number): number {
  for (const { letter, shift, mask } of encoding.parts) {
    if (mask !== 15 || !"ndmstalh".includes(letter)) continue;
    if ((word >>> shift & 15) === 15) word = (word & ~(15 << shift) | rng.below(13) << shift) >>> 0;
  }
  return word;
}

function vectorWord(rng: Rng, encoding: TestEncoding, word: number): number {
  let shaped = word;
  // A quadword operation needs even register numbers.
  if (encoding.row[3].startsWith("neon") && rng.chance(0.7)) {
    shaped = (shaped & ~0x00011001 | encoding.value) >>> 0;
  }
  // Long register lists are mostly too long.
  if (/^v(ld|st)m$/.test(encoding.row[1]) && rng.chance(0.8)) {
    shaped = (shaped & ~0xfe | rng.below(8) << 1) >>> 0;
  }
  return matches(encoding, shaped) ? shaped : word;
}

/** The word on few of the vector registers, so that instructions depend on each other. */
export function narrowed(encoding: TestEncoding, word: number): number {
  if (!/^(vfp|neon_(integer|lengths|shifts|permute|float))$/.test(encoding.row[3])) return word;
  const fewer = (word & ~(0x000ec08e & ~encoding.mask)) >>> 0;
  return matches(encoding, fewer) ? fewer : word;
}

/** Coprocessors that the CPU lacks: everything there is UNDEFINED. */
const ABSENT = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13];

/**
 * Coprocessor registers that are compared. They hold what is written and mean nothing by
 * themselves; the others differ from CPU to CPU or would change the machine around the case.
 */
const PLAIN = {
  TPIDRURW: cpKey(15, 0, 13, 0, 2),
  TPIDRURO: cpKey(15, 0, 13, 0, 3),
  TPIDRPRW: cpKey(15, 0, 13, 0, 4),
} as const;
const PLAIN_KEYS: readonly number[] = Object.values(PLAIN);

/** An access to a coprocessor that is absent or, by MCR and MRC, to a plain register. */
function coprocessorWord(rng: Rng, encoding: TestEncoding, word: number): number {
  const set = (letter: string, value: number) => word = withField(encoding, word, letter, value);
  if (!/^(mcr|mrc)$/.test(encoding.row[1]) || rng.chance(0.3)) {
    set("k", rng.pick(ABSENT));
    return word;
  }
  const key = rng.pick(PLAIN_KEYS);
  set("k", key >>> 16);
  set("o", key >>> 12 & 15);
  set("n", key >>> 8 & 15);
  set("m", key >>> 4 & 15);
  set("q", key & 15);
  return word;
}

/** Whether a word of the coprocessor group can be compared; those of other groups always can. */
export function isComparable(encoding: TestEncoding, word: number): boolean {
  if (encoding.row[3] !== "coprocessor") return true;
  const field = (letter: string) => fieldOf(encoding, word, letter);
  if (ABSENT.includes(field("k"))) return true;
  const key = cpKey(field("k"), field("o"), field("n"), field("m"), field("q"));
  return /^(mcr|mrc)$/.test(encoding.row[1]) && PLAIN_KEYS.includes(key);
}
