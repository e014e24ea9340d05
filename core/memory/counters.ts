/**
 * The counters of a vCPU: float64 words at VCPU.COUNTERS of the shared memory, written by the
 * vCPU's own thread.
 * @module
 */
import { VCPU } from "./vcpu_layout.ts";

/** Index of each counter; the JSON results use these names. */
export const COUNTER = {
  guestInsns: 0,
  blocksTranslated: 1,
  blocksCompiled: 2,
  blocksInterpreted: 3,
  /** Returns from translated code to the run loop. */
  dispatchedExits: 4,
  /** Chaining slots linked. */
  chainsLinked: 5,
  tlbFills: 6,
  slowLoads: 7,
  slowStores: 8,
  mmioAccesses: 9,
  strexAttempts: 10,
  strexFailures: 11,
  lockAcquisitions: 12,
  /** Acquisitions that had to wait. */
  lockContended: 13,
  lockWaitNs: 14,
  stopTheWorlds: 15,
  stopTheWorldNs: 16,
  exceptions: 17,
  interrupts: 18,
  tlbFlushes: 19,
  invalidations: 20,
  codeFlushes: 21,
  /** Time spent waiting in WFI or WFE. */
  idleNs: 22,
  /** CPU time of the vCPU's thread, sampled at its end. */
  cpuNs: 23,
} as const;

/** Name of a counter. */
export type CounterName = keyof typeof COUNTER;

/** Adds to counters of vCPUs. */
export interface CounterSink {
  add(env: number, counter: number, amount: number): void;
}

/** Counters in the shared memory; each is written by its vCPU's own thread only. */
export class SharedCounters implements CounterSink {
  readonly #f64: Float64Array;

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
