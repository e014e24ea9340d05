/**
 * Deadlines of the timers of a machine, and the sleep until the earliest one.
 *
 * A slot holds the tick at which its owner wants to be called, as a 64-bit integer, so that it can
 * be read and written atomically without a lock. The sleeper publishes until when it sleeps; who
 * sets an earlier deadline wakes it. Both orders of "set, look" and "publish, look again" meet,
 * as all four are sequentially consistent.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { GLOBAL, MAX_VCPUS } from "../memory/machine_layout.ts";
import type { Clock } from "./device.ts";

/** A deadline that never comes: the largest exact integer. */
export const NEVER: number = Number.MAX_SAFE_INTEGER;

/** Slot of the real-time clock's match; the slots below it are the timers', two a vCPU. */
export const RTC_ALARM: number = MAX_VCPUS * 2;
/** Slot by which the main thread announces console input. */
export const UART_ALARM: number = RTC_ALARM + 1;
/** Slot of the power key: pressed, and let go. */
export const POWER_KEY_ALARM: number = UART_ALARM + 1;
/** Number of slots. */
export const ALARM_SLOTS: number = POWER_KEY_ALARM + 1;
/** Bytes of the table: the sleeper's word, then the slots. */
export const ALARM_BYTES: number = 64 + ALARM_SLOTS * 8;

/** Longest sleep: a host whose clocks disagree delays a timer by no more than this. */
const LONGEST_SLEEP_MS = 1000;

/** What is called when a slot's deadline has passed; it takes its device's lock and sets the slot anew. */
export type Alarm = (slot: number) => void;

/** The table as one thread sees it. */
export class AlarmTable {
  readonly #i32: Int32Array;
  readonly #i64: BigInt64Array;
  readonly #sleeper: number;
  readonly #first: number;
  readonly #wake: number;
  readonly #clock: Clock;

  /** `state` is the address of ALARM_BYTES, `global` that of the machine's global words. */
  constructor(views: Views, state: number, global: number, clock: Clock) {
    this.#i32 = views.i32;
    this.#i64 = views.i64;
    this.#sleeper = state >>> 3;
    this.#first = (state + 64) >>> 3;
    this.#wake = (global + GLOBAL.TIMER_WAKE) >>> 2;
    this.#clock = clock;
  }

  /** Clears all deadlines. */
  reset(): void {
    Atomics.store(this.#i64, this.#sleeper, BigInt(NEVER));
    for (let slot = 0; slot < ALARM_SLOTS; slot++) this.#store(slot, NEVER);
  }

  /** Sets the deadline of a slot in ticks; NEVER for none. Wakes the sleeper when it sleeps too long. */
  set(slot: number, ticks: number): void {
    this.#store(slot, ticks);
    if (ticks < Number(Atomics.load(this.#i64, this.#sleeper))) this.wake();
  }

  #store(slot: number, ticks: number): void {
    Atomics.store(this.#i64, this.#first + slot, BigInt(Math.min(ticks, NEVER)));
  }

  /** Makes the sleeper look again. */
  wake(): void {
    Atomics.add(this.#i32, this.#wake, 1);
    Atomics.notify(this.#i32, this.#wake);
  }

  /** Calls `alarm` for every slot that is due; gives the earliest deadline that is not, or NEVER. */
  runDue(alarm: Alarm): number {
    const now = this.#clock.ticks();
    for (let slot = 0; slot < ALARM_SLOTS; slot++) {
      if (Number(Atomics.load(this.#i64, this.#first + slot)) <= now) alarm(slot);
    }
    return this.earliest();
  }

  /** Earliest deadline in ticks, or NEVER. */
  earliest(): number {
    let earliest = NEVER;
    for (let slot = 0; slot < ALARM_SLOTS; slot++) {
      earliest = Math.min(earliest, Number(Atomics.load(this.#i64, this.#first + slot)));
    }
    return earliest;
  }

  /**
   * Loop of the timer thread: calls `alarm` as deadlines pass, until `stopped` says so. Whoever
   * makes `stopped` true calls {@linkcode wake} after it.
   */
  serve(alarm: Alarm, stopped: () => boolean): void {
    while (true) {
      const seen = Atomics.load(this.#i32, this.#wake);
      if (stopped()) return;
      const next = this.runDue(alarm);
      Atomics.store(this.#i64, this.#sleeper, BigInt(next));
      // Look again: a deadline set before the line above found an older promise.
      const sleep = this.#clock.nanosecondsUntil(Math.min(next, this.earliest())) / 1e6;
      if (sleep > 0) {
        Atomics.wait(this.#i32, this.#wake, seen, Math.min(sleep, LONGEST_SLEEP_MS));
      }
    }
  }
}
