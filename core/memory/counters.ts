/**
 * The counters of a vCPU: float64 words at VCPU.COUNTERS of the shared memory, written by the
 * vCPU's own thread.
 * @module
 */
import { VCPU } from "./vcpu_layout.ts";

/** Index of each counter; the JSON results use these names. */
export const COUNTER = {
  /** Guest instructions executed. */
  guestInsns: 0,
  /** Translation blocks made from guest code. */
  blocksTranslated: 1,
  /** Blocks compiled to WebAssembly. */
  blocksCompiled: 2,
  /** Runs of a block by the interpreter. */
  blocksInterpreted: 3,
  /** Returns from translated code to the run loop. */
  dispatchedExits: 4,
  /** Chaining slots linked. */
  chainsLinked: 5,
  /** Softmmu TLB entries filled after a miss. */
  tlbFills: 6,
  /** Guest loads that left translated code. */
  slowLoads: 7,
  /** Guest stores that left translated code. */
  slowStores: 8,
  /** Accesses to devices. */
  mmioAccesses: 9,
  /** Store-exclusives; counted when the machine was told to. */
  strexAttempts: 10,
  /** Store-exclusives that did not store. */
  strexFailures: 11,
  /** Acquisitions of the engine's, devices' and strategies' locks. */
  lockAcquisitions: 12,
  /** Acquisitions that had to wait. */
  lockContended: 13,
  /** Time spent waiting for locks. */
  lockWaitNs: 14,
  /** Exclusive sections that this vCPU started. */
  stopTheWorlds: 15,
  /** Time from asking for a section until every other vCPU has stopped. */
  stopTheWorldNs: 16,
  /** Guest exceptions taken, interrupts included. */
  exceptions: 17,
  /** IRQs and FIQs taken. */
  interrupts: 18,
  /** Softmmu TLB flushes. */
  tlbFlushes: 19,
  /** Blocks dropped because their bytes changed. */
  invalidations: 20,
  /** Flushes of a whole code cache. */
  codeFlushes: 21,
  /** Time spent waiting in WFI or WFE. */
  idleNs: 22,
  /** CPU time of the vCPU's thread, sampled at its end. */
  cpuNs: 23,
  /** Regions of the second tier that were made. */
  regionsFormed: 24,
  /** Of the guest instructions, those that the interpreter ran. */
  interpInsns: 25,
  /** Of the guest instructions, those that regions ran; the rest ran in the first tier. */
  regionInsns: 26,
  /** Time that the vCPU's own thread spent on translating, building modules and loading them. */
  compileNs: 27,
} as const;

/** Name of a counter. */
export type CounterName = keyof typeof COUNTER;

/** Adds to counters of vCPUs. */
export interface CounterSink {
  /** Adds `amount` to a {@linkcode COUNTER} of the vCPU at `env`. */
  add(env: number, counter: number, amount: number): void;
}

/** Counters in the shared memory; each is written by its vCPU's own thread only. */
export class SharedCounters implements CounterSink {
  readonly #f64: Float64Array;

  /** `f64` is a view of the whole shared memory. */
  constructor(f64: Float64Array) {
    this.#f64 = f64;
  }

  add(env: number, counter: number, amount: number): void {
    this.#f64[((env + VCPU.COUNTERS) >>> 3) + counter] += amount;
  }

  /** All counters of the vCPU at `env`, by name. */
  read(env: number): Record<CounterName, number> {
    const first = (env + VCPU.COUNTERS) >>> 3;
    const entries = Object.entries(COUNTER).map(([name, i]) => [name, this.#f64[first + i]]);
    return Object.fromEntries(entries) as Record<CounterName, number>;
  }
}
