/**
 * The sampler: looks a thousand times a second at what each vCPU does. Compiled code does not say where
 * it is; a vCPU that is found in it is asked to leave at its next block head, where its pc is known.
 * @module
 */
import { ACTIVITY } from "../exec/exec_profile.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_ON, VCPU } from "../memory/vcpu_layout.ts";
import { requestExit } from "../smp/kick.ts";
import { ASK, WORD, WORDS } from "./profile_words.ts";

/** Samples of one vCPU that are alike. */
export interface RawSample {
  /** Number of the vCPU. */
  readonly vcpu: number;
  /** One of ACTIVITY. */
  readonly activity: number;
  /** Guest address: of the instruction for accesses and helpers, of a block otherwise. */
  readonly pc: number;
  /** Number of the helper, or physical page of the device; 0 for other activities. */
  readonly detail: number;
  /** Time that the samples stand for. */
  readonly milliseconds: number;
  /** How many there were. */
  readonly samples: number;
}

/** Time between two looks, in ms. */
export const SAMPLE_MS = 1;

interface Mutable {
  vcpu: number;
  activity: number;
  pc: number;
  detail: number;
  milliseconds: number;
  samples: number;
}

/** Takes samples of one machine. */
export class Sampler {
  readonly #words: Int32Array;
  readonly #i32: Int32Array;
  readonly #layout: MachineLayout;
  readonly #samples: Map<string, Mutable> = new Map();
  /** Time for which each vCPU has owed an answer. */
  readonly #owed: Float64Array;

  /** `buffer` is the machine's profileBuffer; `i32` views the machine's memory. */
  constructor(buffer: SharedArrayBuffer, i32: Int32Array, layout: MachineLayout) {
    this.#words = new Int32Array(buffer);
    this.#i32 = i32;
    this.#layout = layout;
    this.#owed = new Float64Array(layout.vcpus);
  }

  /** One look at every vCPU, `milliseconds` after the one before. */
  look(milliseconds: number): void {
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) this.#lookAt(vcpu, milliseconds);
  }

  /** What has been seen. */
  get samples(): RawSample[] {
    return [...this.#samples.values()];
  }

  #lookAt(vcpu: number, milliseconds: number): void {
    const words = this.#words;
    const first = vcpu * WORDS;
    const env = vcpuBase(this.#layout, vcpu);
    const ask = Atomics.load(words, first + WORD.ASK);
    if (ask === ASK.ANSWERED) {
      const pc = words[first + WORD.ANSWER_PC] >>> 0;
      this.#add(vcpu, words[first + WORD.ANSWER_TIER], pc, 0, this.#owed[vcpu]);
      this.#owed[vcpu] = 0;
      Atomics.store(words, first + WORD.ASK, ASK.NOTHING);
    }
    if (Atomics.load(this.#i32, (env + VCPU.POWER) >>> 2) !== POWER_ON) {
      this.#add(vcpu, ACTIVITY.OFF, 0, 0, milliseconds);
      return;
    }
    const activity = Atomics.load(words, first + WORD.ACTIVITY);
    if (activity === ACTIVITY.COMPILED) {
      this.#owed[vcpu] += milliseconds;
      if (ask === ASK.ASKED) return;
      Atomics.store(words, first + WORD.ASK, ASK.ASKED);
      requestExit(this.#i32, env);
      return;
    }
    const named = activity === ACTIVITY.HELPER || activity === ACTIVITY.MMIO;
    const detail = named ? words[first + WORD.DETAIL] >>> 0 : 0;
    this.#add(vcpu, activity, words[first + WORD.PC] >>> 0, detail, milliseconds);
  }

  #add(vcpu: number, activity: number, pc: number, detail: number, milliseconds: number): void {
    const key = `${vcpu} ${activity} ${pc} ${detail}`;
    const known = this.#samples.get(key);
    if (known === undefined) {
      this.#samples.set(key, { vcpu, activity, pc, detail, milliseconds, samples: 1 });
      return;
    }
    known.milliseconds += milliseconds;
    known.samples++;
  }
}
