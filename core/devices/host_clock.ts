/**
 * Guest time from the host's monotonic clock, the same on every thread.
 *
 * Deno's `performance.now()` has nanosecond resolution (80 to 150 ns a call, cheaper than
 * `process.hrtime`), but counts from the start of its Worker. `performance.timeOrigin` relates the
 * Workers to within some microseconds. A guest takes time that runs backwards between two vCPUs
 * for a jump of centuries, so the newest value given out by any thread is kept in the shared
 * memory, and no thread gives out an older one.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { type Clock, TIMER_HZ } from "./device.ts";

/** Bytes of shared state of a clock. */
export const CLOCK_BYTES = 64;

const START_MS = 0;
const NEWEST = 8;
/** Seconds of the host's wall clock, as the thread that asked last found them. */
const WALL = 12;
const TICKS_PER_MS: number = TIMER_HZ / 1000;
/** A value this far behind the newest is not a difference between threads but 32 bits run over. */
const MAX_SKEW_TICKS: number = TIMER_HZ / 10;

/** Clock over host time; one object a thread, `state` is the address of CLOCK_BYTES. */
export class HostClock implements Clock {
  readonly #views: Views;
  readonly #newest: number;
  readonly #wall: number;
  readonly #originMs: number;
  /** Whether the second in the shared memory is good for the rest of the turn; never without turns. */
  #known = false;
  #inTurns = false;

  /** `state` must hold what {@linkcode startHostClock} wrote. */
  constructor(views: Views, state: number) {
    this.#views = views;
    this.#newest = (state + NEWEST) >>> 2;
    this.#wall = (state + WALL) >>> 2;
    this.#originMs = performance.timeOrigin - views.f64[(state + START_MS) >>> 3];
  }

  ticks(): number {
    const ticks = Math.floor((performance.now() + this.#originMs) * TICKS_PER_MS);
    const i32 = this.#views.i32;
    while (true) {
      const newest = Atomics.load(i32, this.#newest);
      const ahead = ((ticks | 0) - newest) | 0;
      if (ahead <= 0 && ahead > -MAX_SKEW_TICKS) return ticks - ahead;
      if (Atomics.compareExchange(i32, this.#newest, newest, ticks | 0) === newest) return ticks;
    }
  }

  nanosecondsUntil(ticks: number): number {
    return Math.max(0, (ticks - this.ticks()) * (1e9 / TIMER_HZ));
  }

  turn(): void {
    this.#inTurns = true;
    this.#known = false;
  }

  /** The host's time of day, asked for once a turn; every thread has the newest answer of all. */
  wallSeconds(): number {
    const { u32 } = this.#views;
    if (this.#known) return u32[this.#wall];
    const seen = Atomics.load(u32, this.#wall);
    // An exchange that fails comes too late: another thread has asked since.
    Atomics.compareExchange(u32, this.#wall, seen, Math.floor(Date.now() / 1000));
    this.#known = this.#inTurns;
    return Atomics.load(u32, this.#wall);
  }

  /** The host may set its wall clock meanwhile: look again when the tick has come. */
  ticksAtWallSeconds(seconds: number): number {
    return this.ticks() + Math.max(0, Math.ceil((seconds * 1000 - Date.now()) * TICKS_PER_MS));
  }
}

/** Starts guest time at 0 now; called once, before any {@linkcode HostClock} on `state` is made. */
export function startHostClock(views: Views, state: number): void {
  views.f64[(state + START_MS) >>> 3] = performance.timeOrigin + performance.now();
  views.i32[(state + NEWEST) >>> 2] = 0;
}
