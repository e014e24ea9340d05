/**
 * Random cases of the VFP and Advanced SIMD rows, against the oracle, on either backend: registers
 * full of corner values, FPSCR in its usual and in unusual states.
 * @module
 */
import { type Encoding, fieldsOf } from "../decode/decoder.ts";
import { VFP_NEON_DECODER, type VfpNeonRow } from "../decode/vfp_neon_decoder.ts";
import { disassembleA32 } from "../disasm/disassemble.ts";
import { MODE } from "../system/psr.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { SLOT_BYTES } from "./case.ts";
import { FILE_CPSR, FILE_PC, FILE_R0, FILE_WORDS, GUEST, Subject } from "./subject.ts";
import { type OracleStop, Unicorn, VECTOR_WORDS } from "./unicorn.ts";
import type { VectorCase, VectorOutcome } from "./vector_case.ts";
import { explainVector, isUnknown } from "./vector_explained.ts";

/** What to run. */
export interface VectorCampaignOptions {
  readonly count: number;
  readonly seed: number;
  readonly backend: "interp" | "wasm";
  readonly wanted?: (handler: string, group: string) => boolean;
  /** Instructions in a case, 1 by default; longer cases only compute. */
  readonly length?: number;
}

/** Cases of a row that differ without explanation. */
export interface VectorFailure {
  readonly handler: string;
  count: number;
  readonly example: string;
}

/** What a campaign found. */
export interface VectorCampaignResult {
  readonly perHandler: ReadonlyMap<string, number>;
  readonly failures: readonly VectorFailure[];
  readonly explained: ReadonlyMap<string, number>;
}

const SINGLES = [0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x40000000, 0x3f000000, 0x4b000001]
  .concat([0x4f000000, 0x4effffff, 0x5f000000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7fa00001])
  .concat([0x7fffffff, 0x33800000, 0x00ffffff, 0x477fe000, 0x38800000, 0x33000001, 0x47800000]);
const DOUBLE_HIGHS = [0, 0x00080000, 0x00100000, 0x3ff00000, 0x3ff80000, 0x40000000, 0x41dfffff]
  .concat([0x41e00000, 0x41f00000, 0x43f00000, 0x7fefffff, 0x7ff00000, 0x7ff80000, 0x7ff40000])
  .concat([0x38100000, 0x36a00000, 0x3e500000, 0x47efffff, 0x380fffff]);
const CORNER_BYTES = [0, 1, 2, 7, 8, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xf0, 0xfe, 0xff];

/** The 8 bytes of a register, of one of several tastes. */
function randomRegister(rng: Rng, taste: number): [number, number] {
  const sign = () => rng.chance(0.5) ? -0x80000000 : 0;
  switch (rng.chance(0.8) ? taste : rng.below(5)) {
    case 0:
      return [rng.pick(SINGLES) | sign(), rng.pick(SINGLES) | sign()];
    case 1:
      return [rng.pick([0, 0, 1, -1, rng.word()]), rng.pick(DOUBLE_HIGHS) | sign()];
    case 2: {
      const near = () => 0x3f000000 + rng.below(0x2000000) | sign();
      return [near(), near()];
    }
    case 3: {
      const word = () => [0, 8, 16, 24].reduce((w, s) => w | rng.pick(CORNER_BYTES) << s, 0);
      return [word(), word()];
    }
    default:
      return [rng.word(), rng.chance(0.5) ? rng.word() : 0x3fe00000 + rng.below(0x4000000)];
  }
}

function randomVectors(rng: Rng): Uint32Array<ArrayBuffer> {
  const file = new Uint32Array(VECTOR_WORDS);
  const taste = rng.below(5);
  for (let n = 0; n < 32; n++) file.set(randomRegister(rng, taste), 2 + 2 * n);
  const usual = rng.chance(0.5);
  const mode = usual ? 0 : rng.below(32) << 22;
  const vectors = rng.chance(0.02) ? rng.word() & 0x370000 : 0;
  const flags = rng.chance(0.5) ? 0x10 : rng.word() & 0x0800009f;
  file[0] = mode | vectors | flags | rng.word() & 0xf0000000;
  return file;
}

function field(encoding: Encoding, word: number, letter: string): number {
  const part = encoding.parts.find((p) => p.letter === letter);
  return part ? word >>> part.shift & part.mask : -1;
}

function dataAddress(rng: Rng): number {
  const address = GUEST.data + GUEST.dataBytes / 2 - 128 + rng.below(256);
  return rng.chance(0.7) ? address & ~31 : rng.chance(0.7) ? address & ~3 : address;
}

/** A random word of an encoding, mostly with operands that make sense. */
function randomWord(rng: Rng, encoding: Encoding<VfpNeonRow>): number {
  let word = (rng.word() & ~encoding.mask | encoding.value) >>> 0;
  if (encoding.conditional) {
    const condition = rng.chance(0.85) ? 14 : rng.below(15);
    word = (word & 0x0fffffff | condition << 28) >>> 0;
  }
  // A quadword operation needs even register numbers.
  if (/^neon/.test(encoding.row[3]) && rng.chance(0.7)) {
    word = (word & ~0x00011001) >>> 0 |
      encoding.value;
  }
  word >>>= 0;
  if ((word & encoding.mask) >>> 0 !== encoding.value) {
    return (word & ~encoding.mask | encoding.value) >>> 0;
  }
  // Long register lists are mostly too long.
  if (/^v(ld|st)m$/.test(encoding.row[1]) && rng.chance(0.8)) {
    word = (word & ~0xfe | rng.below(8) << 1) >>> 0;
  }
  return word;
}

/** Groups of the instructions that may follow another one in a longer case. */
const STRAIGHT_GROUPS = /^(vfp|neon_(integer|lengths|shifts|permute))$/;

/** A word for the middle of a case: unconditional, on the few registers that make it depend on others. */
function straightWord(rng: Rng, encoding: Encoding<VfpNeonRow>): number {
  for (;;) {
    const narrow = rng.chance(0.8) ? 0x000ec08e : 0;
    const word = (randomWord(rng, encoding) & ~(narrow & ~encoding.mask)) >>> 0;
    const always = encoding.conditional ? (word & 0x0fffffff | 0xe0000000) >>> 0 : word;
    if (VFP_NEON_DECODER.match(always) !== encoding) continue;
    if (isUnknown(encoding.row[1], fieldsOf(encoding, always))) continue;
    return always;
  }
}

function randomCase(rng: Rng, encoding: Encoding<VfpNeonRow>): VectorCase {
  const word = randomWord(rng, encoding);
  const file = new Uint32Array(FILE_WORDS);
  file[FILE_CPSR] = rng.pick([MODE.SVC, MODE.USR, MODE.SYS]) | rng.word() & 0xf0000000 |
    (rng.chance(0.1) ? 0x200 : 0);
  for (let n = 0; n < 15; n++) file[FILE_R0 + n] = rng.cornerWord();
  const memory = /memory|load|store/.test(encoding.row[3]);
  const base = field(encoding, word, "n");
  if (memory) {
    for (const letter of ["n"]) {
      const n = field(encoding, word, letter);
      if (n >= 0 && n < 15) file[FILE_R0 + n] = dataAddress(rng);
    }
    const m = field(encoding, word, "m");
    if (m >= 0 && m < 15 && m !== base) file[FILE_R0 + m] = rng.below(64);
  }
  file[FILE_PC] = GUEST.code;
  return { word, more: [], encoding, file, vectors: randomVectors(rng) };
}

/** Both sides with equal memory. Close it. */
class VectorDiffer {
  readonly #oracle = new Unicorn();
  readonly #subject: Subject;
  readonly #pristine: Uint8Array<ArrayBuffer>;

  constructor(backend: "interp" | "wasm") {
    this.#subject = new Subject(backend);
    this.#oracle.map(GUEST.code, GUEST.codeBytes, "code");
    this.#oracle.map(GUEST.data, GUEST.dataBytes, "data");
    const rng = new Rng(1);
    this.#pristine = Uint8Array.from({ length: GUEST.dataBytes }, () => rng.below(256));
  }

  close(): void {
    this.#oracle.close();
  }

  run(test: VectorCase): { oracle: VectorOutcome; subject: VectorOutcome; lines: string[] } {
    const slot = new Uint32Array(SLOT_BYTES / 4).fill(0xeafffffe);
    slot.set([test.word, ...test.more]);
    const count = 1 + test.more.length;
    this.#oracle.write(GUEST.code, new Uint8Array(slot.buffer));
    this.#oracle.forgetCode(GUEST.code, SLOT_BYTES);
    this.#subject.writeCode(GUEST.code, slot);
    const memory = /memory|load|store/.test(test.encoding.row[3]);
    if (memory) {
      this.#oracle.write(GUEST.data, this.#pristine);
      this.#subject.data.set(this.#pristine);
    }
    // A case may have closed it.
    this.#oracle.openFloatingPoint();
    this.#oracle.setRegisters(test.file);
    this.#oracle.setVectors(test.vectors);
    const oracle = this.#outcome(this.#oracle, this.#oracle.run(GUEST.code, count), false);
    this.#subject.setRegisters(test.file);
    this.#subject.setVectors(test.vectors);
    this.#subject.openFloatingPoint();
    const stop = this.#subject.run(count);
    const subject = this.#outcome(this.#subject, stop, this.#subject.misaligned);
    return { oracle, subject, lines: this.#compare(oracle, subject, memory) };
  }

  #outcome(
    side: { getRegisters(f: Uint32Array): void; getVectors(f: Uint32Array): void },
    stop: OracleStop,
    misaligned: boolean,
  ): VectorOutcome {
    const file = new Uint32Array(FILE_WORDS);
    const vectors = new Uint32Array(VECTOR_WORDS);
    side.getRegisters(file);
    side.getVectors(vectors);
    return { stop, file, vectors, misaligned };
  }

  #compare(oracle: VectorOutcome, subject: VectorOutcome, memory: boolean): string[] {
    const lines: string[] = [];
    if (oracle.stop !== subject.stop) {
      lines.push(`stop: oracle ${oracle.stop}, subject ${subject.stop}`);
    }
    const note = (name: string, theirs: number, mine: number) => {
      if (theirs === mine) return;
      lines.push(`${name}: oracle ${theirs.toString(16)}, subject ${mine.toString(16)}`);
    };
    for (let i = 0; i < FILE_WORDS - 1; i++) {
      const mask = i === FILE_CPSR ? 0xff0fffff : -1;
      note(
        i === 0 ? "cpsr" : `r${i - 1}`,
        (oracle.file[i] & mask) >>> 0,
        (subject.file[i] & mask) >>> 0,
      );
    }
    note("fpscr", oracle.vectors[0], subject.vectors[0]);
    for (let i = 2; i < VECTOR_WORDS; i++) {
      note(`d${i - 2 >> 1}[${i & 1}]`, oracle.vectors[i], subject.vectors[i]);
    }
    if (memory) {
      const theirs = new Uint8Array(GUEST.dataBytes);
      this.#oracle.read(GUEST.data, theirs);
      const mine = this.#subject.data;
      for (let i = 0; i < theirs.length; i++) {
        note(`[${(GUEST.data + i).toString(16)}]`, theirs[i], mine[i]);
      }
    }
    return lines;
  }
}

function describe(test: VectorCase, lines: readonly string[]): string {
  const hex = (words: Uint32Array) => Array.from(words, (w) => w.toString(16)).join(" ");
  return [
    ...[test.word, ...test.more].map((word) =>
      `  ${word.toString(16).padStart(8, "0")} ${disassembleA32(word, GUEST.code)}`
    ),
    `  cpsr r0-r15 spsr: ${hex(test.file)}`,
    `  fpscr ${test.vectors[0].toString(16)} d0-d31: ${hex(test.vectors.subarray(2))}`,
    ...lines.slice(0, 8).map((line) => `  ${line}`),
  ].join("\n");
}

/** Runs random cases; needs the oracle. The rows take turns. */
export function runVectorCampaign(options: VectorCampaignOptions): VectorCampaignResult {
  const rng = new Rng(options.seed);
  const rows = VFP_NEON_DECODER.encodings.filter(({ row }) =>
    options.wanted?.(row[1], row[3]) ?? true
  );
  const straight = rows.filter(({ row }) => STRAIGHT_GROUPS.test(row[3]));
  if (rows.length === 0) throw new RangeError("No encoding row is wanted; choose another pattern");
  const perHandler = new Map<string, number>();
  const failures = new Map<string, VectorFailure>();
  const explained = new Map<string, number>();
  const differ = new VectorDiffer(options.backend);
  const count = (map: Map<string, number>, key: string) => map.set(key, (map.get(key) ?? 0) + 1);
  try {
    for (let i = 0; i < options.count; i++) {
      const random = randomCase(rng, rows[i % rows.length]);
      const encoding = VFP_NEON_DECODER.match(random.word);
      if (encoding === null) continue;
      const more = Array.from(
        { length: (options.length ?? 1) - 1 },
        () => straightWord(rng, rng.pick(straight)),
      );
      const test = { ...random, encoding, more };
      const handler = encoding.row[1];
      count(perHandler, handler);
      const { oracle, subject, lines } = differ.run(test);
      if (lines.length === 0) continue;
      const reason = explainVector(test, oracle, subject, lines);
      const known = failures.get(handler);
      if (reason !== null) count(explained, reason);
      else if (known) known.count++;
      else failures.set(handler, { handler, count: 1, example: describe(test, lines) });
    }
  } finally {
    differ.close();
  }
  return { perHandler, failures: [...failures.values()], explained };
}
