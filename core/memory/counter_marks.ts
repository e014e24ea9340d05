/**
 * Counters of the part of a run between two marks on the console, with which a guest tells when it
 * measures. Who prints a mark counts it and asks every vCPU to leave translated code; each vCPU's own
 * thread then notes its counters before it runs another block. So what is noted is exact for the vCPU
 * that printed, and late by the way to the next block head for those that run beside it.
 * @module
 */
import { COUNTER } from "./counters.ts";
import { GLOBAL, type MachineLayout, MAX_VCPUS } from "./machine_layout.ts";
import { VCPU } from "./vcpu_layout.ts";
import type { Views } from "./views.ts";

/** What is noted, in this order. */
const NOTED = [
  COUNTER.guestInsns,
  COUNTER.interpInsns,
  COUNTER.regionInsns,
  COUNTER.compileNs,
] as const;

/** Offsets in GLOBAL.MARKS: number of marks so far, then each vCPU's counters at either mark. */
const COUNT = 0;
const NOTES = 64;
const NOTE_BYTES = 8 * NOTED.length;
/** Bytes of GLOBAL.MARKS. */
export const MARKS_BYTES: number = NOTES + 2 * MAX_VCPUS * NOTE_BYTES;

/** Guest instructions of a vCPU by the tier that ran them, and time spent on making code. */
export interface TierCounts {
  /** Run by the interpreter. */
  readonly interpreter: number;
  /** Run by functions of the first tier. */
  readonly first: number;
  /** Run by regions of the second tier. */
  readonly region: number;
  /** Translating, building modules and loading them, on the vCPU's own thread. */
  readonly compileNs: number;
}

/** The marks as one thread sees them. */
export class CounterMarks {
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;
  readonly #marks: number;
  readonly #count: number;

  /** `views` are those of the machine's whole memory. */
  constructor(views: Views, layout: MachineLayout) {
    this.#i32 = views.i32;
    this.#f64 = views.f64;
    this.#marks = layout.global + GLOBAL.MARKS;
    this.#count = (this.#marks + COUNT) >>> 2;
  }

  /** The guest begins to measure; only the first time counts. True when it does. */
  begin(): boolean {
    return Atomics.compareExchange(this.#i32, this.#count, 0, 1) === 0;
  }

  /** It has ended; the last time counts. False when it never began. */
  end(): boolean {
    if (Atomics.load(this.#i32, this.#count) === 0) return false;
    Atomics.add(this.#i32, this.#count, 1);
    return true;
  }

  /** Whether there is a mark that the vCPU at `env` has not noted its counters for. */
  isNew(env: number): boolean {
    return this.#i32[(env + VCPU.MARKS_SEEN) >>> 2] !== this.#i32[this.#count];
  }

  /** Notes the counters of the vCPU at `env`, which are up to date; by its own thread. */
  note(env: number): void {
    const seen = (env + VCPU.MARKS_SEEN) >>> 2;
    const count = Atomics.load(this.#i32, this.#count);
    if (this.#i32[seen] === 0) this.#copy(env, this.#note(env, 0));
    if (count > 1) this.#copy(env, this.#note(env, 1));
    this.#i32[seen] = count;
  }

  #note(env: number, mark: number): number {
    const vcpu = this.#i32[(env + VCPU.INDEX) >>> 2];
    return (this.#marks + NOTES + (2 * vcpu + mark) * NOTE_BYTES) >>> 3;
  }

  #copy(env: number, to: number): void {
    const from = (env + VCPU.COUNTERS) >>> 3;
    for (const [n, counter] of NOTED.entries()) this.#f64[to + n] = this.#f64[from + counter];
  }

  /**
   * What the vCPU at `env` did between the marks, once the machine has ended; undefined without both.
   * A vCPU that has not noted a mark has run nothing since.
   */
  measured(env: number): TierCounts | undefined {
    const count = Atomics.load(this.#i32, this.#count);
    if (count < 2) return undefined;
    if (this.isNew(env)) this.note(env);
    const [from, to] = [this.#note(env, 0), this.#note(env, 1)];
    const [insns, interpreter, region, compileNs] = NOTED.map((_, n) =>
      this.#f64[to + n] - this.#f64[from + n]
    );
    return { interpreter, first: insns - interpreter - region, region, compileNs };
  }
}
