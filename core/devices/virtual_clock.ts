/**
 * Guest time that only passes when the scheduler says so: the same instructions give the same
 * time, so runs can be repeated exactly.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { type Clock, TIMER_HZ } from "./device.ts";

const NOW = 0;
/** Guest instructions that pass in a second of virtual time. */
const VIRTUAL_INSNS_PER_SECOND = 1_000_000_000;
/** The real-time clock starts at this second: 2025-01-01 00:00:00 UTC. */
export const VIRTUAL_EPOCH_SECONDS = 1_735_689_600;

/** Clock advanced by hand; `state` is the address of CLOCK_BYTES. All users share one host thread. */
export class VirtualClock implements Clock {
  readonly #f64: Float64Array;
  readonly #now: number;

  /** Goes on from the time that the state holds. */
  constructor(views: Views, state: number) {
    this.#f64 = views.f64;
    this.#now = (state + NOW) >>> 3;
  }

  /** Lets the time of `insns` guest instructions pass. */
  advance(insns: number): void {
    this.#f64[this.#now] += insns * (TIMER_HZ / VIRTUAL_INSNS_PER_SECOND);
  }

  /** Jumps forward to `ticks`, when every vCPU waits for it; never goes back. */
  skipTo(ticks: number): void {
    if (ticks > this.#f64[this.#now]) this.#f64[this.#now] = ticks;
  }

  ticks(): number {
    return Math.floor(this.#f64[this.#now]);
  }

  /** Virtual time: what a caller would have to advance, not what it would have to sleep. */
  nanosecondsUntil(ticks: number): number {
    return Math.max(0, (ticks - this.ticks()) * (1e9 / TIMER_HZ));
  }

  wallSeconds(): number {
    return VIRTUAL_EPOCH_SECONDS + Math.floor(this.ticks() / TIMER_HZ);
  }

  ticksAtWallSeconds(seconds: number): number {
    return (seconds - VIRTUAL_EPOCH_SECONDS) * TIMER_HZ;
  }
}
