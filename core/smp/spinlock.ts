/**
 * Test-and-test-and-set lock on one word of the shared memory: 0 free, 1 held. It never notifies
 * anybody, so that unlocking is one store; a holder that lost its host CPU is waited for in naps
 * that grow, because more vCPU threads than host cores is the usual case.
 * Source: the QemuSpin locks of the multi-threaded TCG patch series, RFC V6.
 * @module
 */
import type { LockObserver } from "./lock_observer.ts";

/** The states of the word, and how long to spin and to nap. */
export const SPINLOCK = {
  FREE: 0,
  HELD: 1,
  /** Rounds of spinning before the first nap, about a microsecond. */
  SPINS: 200,
  FIRST_NAP_MS: 0.02,
  LONGEST_NAP_MS: 1,
} as const;
const { FREE, HELD, SPINS, FIRST_NAP_MS, LONGEST_NAP_MS } = SPINLOCK;

/** Spinlocks of one shared memory, as seen by one thread; a lock is named by its byte address. */
export class Spinlock {
  readonly #i32: Int32Array;
  readonly #observer: LockObserver | undefined;

  /** `i32` views the whole shared memory. */
  constructor(i32: Int32Array, observer?: LockObserver) {
    this.#i32 = i32;
    this.#observer = observer;
  }

  /** Takes the lock at byte address `address`; `env` is the vCPU it is counted for, 0 for none. */
  lock(address: number, env: number = 0): void {
    const index = address >>> 2;
    if (Atomics.compareExchange(this.#i32, index, FREE, HELD) === FREE) {
      this.#observer?.(env, false, 0);
      return;
    }
    const start = performance.now();
    this.#wait(index);
    this.#observer?.(env, true, (performance.now() - start) * 1e6);
  }

  /** Gives the lock back. */
  unlock(address: number): void {
    Atomics.store(this.#i32, address >>> 2, FREE);
  }

  #wait(index: number): void {
    const i32 = this.#i32;
    let nap: number = FIRST_NAP_MS;
    for (;;) {
      for (let n = 0; n < SPINS; n++) {
        if (
          Atomics.load(i32, index) === FREE &&
          Atomics.compareExchange(i32, index, FREE, HELD) === FREE
        ) return;
      }
      // Nobody notifies this word: the time-out ends the nap, the comparison skips a needless one.
      Atomics.wait(i32, index, HELD, nap);
      nap = Math.min(nap * 2, LONGEST_NAP_MS);
    }
  }
}
