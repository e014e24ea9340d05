/**
 * The way of vCPU threads to the thread that compiles for them: it sleeps on a futex word, finds
 * warm blocks in the queue of the code cache and wishes for regions beside it.
 * @module
 */
import { GLOBAL, type MachineLayout } from "../memory/machine_layout.ts";
import type { FutexMutex } from "../smp/futex_mutex.ts";
import type { CodeCache, RegionRequest } from "./code_cache.ts";

/** Longest sleep in ms; a lost wake-up would show as a stall of this length, not a hang. */
const PATIENCE_MS = 1000;

/** One thread's view of the requests. */
export class CompileRequests {
  readonly #i32: Int32Array;
  readonly #cache: CodeCache;
  readonly #mutex: FutexMutex;
  readonly #there: number;
  readonly #wake: number;
  readonly #asker: number;

  /** `i32` views the whole shared memory. */
  constructor(i32: Int32Array, layout: MachineLayout, cache: CodeCache, mutex: FutexMutex) {
    this.#i32 = i32;
    this.#cache = cache;
    this.#mutex = mutex;
    this.#there = (layout.global + GLOBAL.COMPILER) >>> 2;
    this.#wake = (layout.global + GLOBAL.COMPILER_WAKE) >>> 2;
    this.#asker = (layout.global + GLOBAL.COMPILER_ENV) >>> 2;
  }

  /** Has the queue compiled for the vCPU at `env`; false when there is no thread for it (yet). */
  takeQueue(env: number): boolean {
    if (!this.#isThere) return false;
    Atomics.store(this.#i32, this.#asker, env);
    this.#ring();
    return true;
  }

  /** Has a region formed around a block; false when there is no thread for it (yet). */
  takeRegion(request: RegionRequest): boolean {
    if (!this.#isThere) return false;
    this.#mutex.lock(this.#cache.lock, request.env);
    this.#cache.requestRegion(request);
    this.#mutex.unlock(this.#cache.lock);
    this.#ring();
    return true;
  }

  get #isThere(): boolean {
    return Atomics.load(this.#i32, this.#there) !== 0;
  }

  #ring(): void {
    Atomics.add(this.#i32, this.#wake, 1);
    Atomics.notify(this.#i32, this.#wake);
  }

  /**
   * The compiling thread's loop: `work` is called after every request, with the vCPU that asked last
   * for the queue and the regions that are wanted, until the machine has `ended`.
   */
  serve(
    work: (env: number, regions: readonly RegionRequest[]) => void,
    ended: () => boolean,
  ): void {
    const i32 = this.#i32;
    Atomics.store(i32, this.#there, 1);
    for (;;) {
      const seen = Atomics.load(i32, this.#wake);
      if (ended()) return;
      this.#mutex.lock(this.#cache.lock);
      const regions = this.#cache.takeRegionRequests();
      this.#mutex.unlock(this.#cache.lock);
      const asker = Atomics.exchange(i32, this.#asker, 0);
      if (asker !== 0 || regions.length > 0) work(asker, regions);
      Atomics.wait(i32, this.#wake, seen, PATIENCE_MS);
    }
  }
}
