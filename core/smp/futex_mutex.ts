/**
 * Mutex on one word of the shared memory: 0 free, 1 held, 2 held and somebody may be waiting.
 * Waiters sleep in `Atomics.wait`, after a short spin that covers the usual critical section.
 * Source: the three-state mutex of Drepper, "Futexes Are Tricky".
 * @module
 */
import type { LockObserver } from "./lock_observer.ts";

/** The states of the word, and how long to spin: whoever takes part in the protocol goes by these. */
export const MUTEX = {
  FREE: 0,
  HELD: 1,
  CONTENDED: 2,
  /** Spinning longer than a critical section of some 100 ns only takes time from the holder. */
  SPINS: 40,
} as const;
const { FREE, HELD, CONTENDED, SPINS } = MUTEX;

/** Mutexes of one shared memory, as seen by one thread; a lock is named by its byte address. */
export class FutexMutex {
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

  /** Takes the lock when it is free; says whether it did. */
  tryLock(address: number, env: number = 0): boolean {
    if (Atomics.compareExchange(this.#i32, address >>> 2, FREE, HELD) !== FREE) return false;
    this.#observer?.(env, false, 0);
    return true;
  }

  /**
   * Gives the lock back.
   * @throws Error when nobody holds it.
   */
  unlock(address: number): void {
    const index = address >>> 2;
    const was = Atomics.exchange(this.#i32, index, FREE);
    if (was === CONTENDED) Atomics.notify(this.#i32, index, 1);
    else if (was === FREE) {
      throw new Error(
        `Lock at ${address} was unlocked while free; unlock only what this thread locked`,
      );
    }
  }

  #wait(index: number): void {
    const i32 = this.#i32;
    for (let n = 0; n < SPINS; n++) {
      if (
        Atomics.load(i32, index) === FREE &&
        Atomics.compareExchange(i32, index, FREE, HELD) === FREE
      ) return;
    }
    // Whoever has slept takes the lock as CONTENDED: others may still sleep.
    while (Atomics.exchange(i32, index, CONTENDED) !== FREE) Atomics.wait(i32, index, CONTENDED);
  }
}
