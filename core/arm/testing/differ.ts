/**
 * Runs a test case on the oracle and on the subject and tells how they differ.
 * @module
 */
import { MODE, PSR } from "../system/psr.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { accessesMemory, type TestCase } from "./case.ts";
import { instructionSetOf, layOut, sizeOf } from "./instruction_set.ts";
import {
  FILE_CPSR,
  FILE_PC,
  FILE_R0,
  FILE_SPSR,
  FILE_WORDS,
  GUEST,
  SLOT_BYTES,
  Subject,
} from "./subject.ts";
import type { Tier } from "./subject_engine.ts";
import { type OracleStop, Unicorn, VECTOR_WORDS } from "./unicorn.ts";

/** Outcome of a case on one side. */
export interface Outcome {
  readonly stop: OracleStop;
  readonly file: Uint32Array;
  /** FPSCR and the vector registers, where the case has some. */
  readonly vectors: Uint32Array | null;
  /** Whether it ended in an alignment fault; known of the subject only. */
  readonly misaligned: boolean;
}

/** How the two sides differ. */
export interface Difference {
  readonly oracle: Outcome;
  readonly subject: Outcome;
  /** One line a difference, e.g. `r3: oracle 0x1, subject 0x2`. */
  readonly lines: readonly string[];
}

/** `b .`, which ends the oracle's translation blocks behind a case; in Thumb twice. */
const BRANCH_TO_SELF = 0xeafffffe;
const THUMB_BRANCH_TO_SELF = 0xe7fee7fe;
/** Full access; the oracle does not heed a later change of it. */
const CPACR_ALL = 0x00f00000;
const CLREX = 0xf57ff01f;
/** Bits of a status register that ARMv7 does not have; the oracle keeps one of them. */
const PSR_RESERVED = 0x00f00000;
/** Of Thumb code the oracle forgets the IT state when it stops. */
const THUMB_IGNORED: number = PSR_RESERVED | PSR.IT;
const BANKED_MODES = [MODE.SYS, MODE.FIQ, MODE.IRQ, MODE.SVC, MODE.ABT, MODE.UND] as const;
const NAMES = ["cpsr", ...Array.from({ length: 16 }, (_, n) => `r${n}`), "spsr"];

/** Both sides with equal memory. Close it. */
export class Differ {
  readonly subject: Subject;
  #oracle: Unicorn;
  /** What the data pages hold before each case. */
  readonly #pristine: Uint8Array<ArrayBuffer>;
  readonly #oracleData: Uint8Array<ArrayBuffer> = new Uint8Array(GUEST.dataBytes);
  readonly #slot: Uint32Array<ArrayBuffer> = new Uint32Array(SLOT_BYTES / 4);
  readonly #clrexAt: number = GUEST.code + GUEST.codeBytes - SLOT_BYTES;
  readonly #bank: Uint32Array<ArrayBuffer> = new Uint32Array(FILE_WORDS);

  /** Makes both sides; the subject runs everything on `tier`. */
  constructor(tier: Tier) {
    this.subject = new Subject(tier);
    const rng = new Rng(1);
    this.#pristine = Uint8Array.from({ length: GUEST.dataBytes }, () => rng.below(256));
    this.#oracle = this.#startOracle();
    this.#resetData();
  }

  #startOracle(): Unicorn {
    const oracle = new Unicorn();
    oracle.map(GUEST.code, GUEST.codeBytes, "code");
    oracle.map(GUEST.data, GUEST.dataBytes, "data");
    const page = new Uint32Array(GUEST.codeBytes / 4).fill(BRANCH_TO_SELF);
    page[(this.#clrexAt - GUEST.code) / 4] = CLREX;
    oracle.write(GUEST.code, new Uint8Array(page.buffer));
    this.subject.writeCode(GUEST.code, page);
    return oracle;
  }

  close(): void {
    this.#oracle.close();
  }

  /** Starts the oracle anew: it keeps more of earlier cases than registers and memory. */
  renewOracle(): void {
    this.#oracle.close();
    this.subject.clearThreadRegisters();
    this.#oracle = this.#startOracle();
    this.#resetData();
  }

  #resetData(from = 0, to: number = GUEST.dataBytes): void {
    const bytes = this.#pristine.subarray(from, to);
    this.#oracle.write(GUEST.data + from, bytes);
    this.subject.data.set(bytes, from);
  }

  /** Runs the case; null when both sides did the same. */
  run(test: TestCase): Difference | null {
    const memory = test.encodings.some(accessesMemory);
    const banks = test.encodings.some((e) => usesBanks(e.row[3]));
    this.#load(test);
    if (banks) this.#setBanks();
    if (test.encodings.some((e) => e.row[3] === "sync")) this.#clearExclusive();
    const oracle = this.#runOracle(test);
    const subject = this.#runSubject(test);
    const lines: string[] = [];
    if (oracle.stop !== subject.stop) {
      lines.push(`stop: oracle ${oracle.stop}, subject ${subject.stop}`);
    }
    compareVectors(oracle, subject, lines);
    compareFiles(oracle, subject, instructionSetOf(test.file[FILE_CPSR]).thumb, lines);
    // The subject has entered its exceptions, which uses their banks; the oracle only reports them.
    if (banks && subject.stop === "done") {
      this.#compareBanks(oracle.file[FILE_CPSR], subject.file[FILE_CPSR], lines);
    }
    if (memory) this.#compareData(lines);
    return lines.length === 0 ? null : { oracle, subject, lines };
  }

  #load({ pc, words, encodings, file }: TestCase): void {
    const { thumb } = instructionSetOf(file[FILE_CPSR]);
    const slot = this.#slot.fill(thumb ? THUMB_BRANCH_TO_SELF : BRANCH_TO_SELF);
    new Uint16Array(slot.buffer).set(layOut(words, encodings, thumb));
    this.#oracle.write(pc, new Uint8Array(slot.buffer));
    this.#oracle.forgetCode(pc, SLOT_BYTES);
    this.subject.writeCode(pc, slot);
  }

  #clearExclusive(): void {
    this.#oracle.run(this.#clrexAt, 1);
    this.subject.clearExclusive();
  }

  /** Gives the banked registers of every mode known values. */
  #setBanks(): void {
    for (const mode of BANKED_MODES) {
      const file = this.#bank;
      for (let i = 0; i < FILE_WORDS; i++) file[i] = GUEST.data + 0x2000 + mode * 64 + 4 * i;
      file[FILE_CPSR] = mode;
      file[FILE_SPSR] = mode === MODE.SYS ? 0 : MODE.SVC;
      this.#oracle.setRegisters(file);
      this.subject.setRegisters(file);
    }
  }

  #compareBanks(oracleCpsr: number, subjectCpsr: number, lines: string[]): void {
    if (oracleCpsr !== subjectCpsr) return;
    const mine = new Uint32Array(FILE_WORDS);
    const theirs = new Uint32Array(FILE_WORDS);
    for (const mode of BANKED_MODES) {
      // Only the mode: the other registers are then those of the mode, whatever it was.
      this.#oracle.setMode(mode);
      this.#oracle.getRegisters(theirs);
      this.subject.setMode(mode);
      this.subject.getRegisters(mine);
      for (let i = FILE_R0 + 8; i < FILE_WORDS; i++) {
        const ignored = i === FILE_SPSR ? PSR_RESERVED : 0;
        if (i === FILE_PC || ((mine[i] ^ theirs[i]) & ~ignored) === 0) continue;
        lines.push(
          `mode 0x${mode.toString(16)} ${NAMES[i]}: oracle ${hex(theirs[i])}, subject ${
            hex(mine[i])
          }`,
        );
      }
    }
  }

  #runOracle(test: TestCase): Outcome {
    const { pc, words, file, vectors } = test;
    const oracle = this.#oracle;
    if (vectors !== null) {
      oracle.setFpGates(CPACR_ALL, vectors.fpexc);
      oracle.setVectors(vectors.file);
    }
    oracle.setRegisters(file);
    const { thumb } = instructionSetOf(file[FILE_CPSR]);
    const stop = oracle.run(pc | (thumb ? 1 : 0), words.length, endOf(test));
    return outcomeOf(oracle, stop, vectors !== null, false);
  }

  #runSubject(test: TestCase): Outcome {
    const { words, file, vectors, blockInsns } = test;
    const { subject } = this;
    if (vectors !== null) {
      subject.setFpGates(CPACR_ALL, vectors.fpexc);
      subject.setVectors(vectors.file);
    }
    subject.setRegisters(file);
    const stop = subject.run(words.length, blockInsns, endOf(test));
    return outcomeOf(subject, stop, vectors !== null, subject.misaligned);
  }

  #compareData(lines: string[]): void {
    this.#oracle.read(GUEST.data, this.#oracleData);
    const mine = new Int32Array(
      this.subject.data.buffer,
      this.subject.data.byteOffset,
      GUEST.dataBytes / 4,
    );
    const theirs = new Int32Array(this.#oracleData.buffer);
    const before = new Int32Array(this.#pristine.buffer);
    let first = theirs.length, last = -1;
    for (let i = 0; i < theirs.length; i++) {
      if (theirs[i] !== mine[i]) {
        lines.push(
          `[${hex(GUEST.data + 4 * i)}]: oracle ${hex(theirs[i])}, subject ${hex(mine[i])}`,
        );
      }
      if (theirs[i] === before[i] && mine[i] === before[i]) continue;
      first = Math.min(first, i);
      last = i;
    }
    if (last >= 0) this.#resetData(4 * first, 4 * last + 4);
  }
}

/** Address behind the last instruction. */
function endOf({ pc, encodings }: TestCase): number {
  return encodings.reduce((at, encoding) => at + sizeOf(encoding), pc);
}

function outcomeOf(
  side: { getRegisters(to: Uint32Array): void; getVectors(to: Uint32Array): void },
  stop: OracleStop,
  withVectors: boolean,
  misaligned: boolean,
): Outcome {
  const file = new Uint32Array(FILE_WORDS);
  side.getRegisters(file);
  const vectors = withVectors ? new Uint32Array(VECTOR_WORDS) : null;
  if (vectors !== null) side.getVectors(vectors);
  return { stop, file, vectors, misaligned };
}

function usesBanks(group: string): boolean {
  return group === "system" || group === "load_store_multiple" || group === "data_processing";
}

function compareFiles(oracle: Outcome, subject: Outcome, thumb: boolean, lines: string[]): void {
  for (let i = 0; i < FILE_WORDS; i++) {
    const status = thumb ? THUMB_IGNORED : PSR_RESERVED;
    const ignored = i === FILE_CPSR || i === FILE_SPSR ? status : 0;
    if (((oracle.file[i] ^ subject.file[i]) & ~ignored) === 0) continue;
    lines.push(`${NAMES[i]}: oracle ${hex(oracle.file[i])}, subject ${hex(subject.file[i])}`);
  }
}

function compareVectors(oracle: Outcome, subject: Outcome, lines: string[]): void {
  if (oracle.vectors === null || subject.vectors === null) return;
  for (const [i, theirs] of oracle.vectors.entries()) {
    const mine = subject.vectors[i];
    if (mine === theirs) continue;
    const name = i === 0 ? "fpscr" : `d${i - 2 >> 1}[${i & 1}]`;
    lines.push(`${name}: oracle ${hex(theirs)}, subject ${hex(mine)}`);
  }
}

function hex(word: number): string {
  return `0x${(word >>> 0).toString(16)}`;
}
