/**
 * The generic timers: a virtual and a physical one for each vCPU, on one counter of 62.5 MHz. There
 * is no hypervisor, so that virtual and physical count are the same. The registers live in CP15;
 * the front end calls this class. Source: ARM DDI 0406C, chapter B8.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { MAX_VCPUS } from "../memory/machine_layout.ts";
import { type AccessGuard, DEVICE_LOCK } from "./access_guard.ts";
import { type AlarmTable, NEVER } from "./alarm_table.ts";
import type { Clock, InterruptSink } from "./device.ts";

/** The two timers of a vCPU. */
export const TIMER = { VIRTUAL: 0, PHYSICAL: 1 } as const;
/** One of {@linkcode TIMER}. */
export type TimerKind = (typeof TIMER)[keyof typeof TIMER];

/** Private interrupt of each timer, as the GIC numbers it. */
const TIMER_PPI: readonly number[] = [27, 30];

/** Bits of a control register. */
const ENABLE = 1;
const MASK = 2;
const STATUS = 4;

/** A timer's state: control word at 0, compare value at 8 (two words, low first). */
const TIMER_STRIDE = 16;
/** Bytes of the state of all timers; a cache line for each vCPU. */
export const TIMER_BYTES: number = MAX_VCPUS * 64;

/** The timers of all vCPUs as one thread sees them. */
export class GenericTimers {
  readonly #views: Views;
  readonly #state: number;
  readonly #clock: Clock;
  readonly #alarms: AlarmTable;
  readonly #guard: AccessGuard;
  readonly #sink: InterruptSink;

  /** `state` is the address of TIMER_BYTES. Alarm slots 0..2 * MAX_VCPUS - 1 are used. */
  constructor(
    views: Views,
    state: number,
    clock: Clock,
    alarms: AlarmTable,
    guard: AccessGuard,
    sink: InterruptSink,
  ) {
    this.#views = views;
    this.#state = state;
    this.#clock = clock;
    this.#alarms = alarms;
    this.#guard = guard;
    this.#sink = sink;
  }

  /** Disables all timers. */
  reset(): void {
    this.#views.u8.fill(0, this.#state, this.#state + TIMER_BYTES);
  }

  /** CNTVCT and CNTPCT: the counter, an exact integer below 2^53. */
  count(): number {
    return this.#clock.ticks();
  }

  /** CNTV_CTL, CNTP_CTL: enable, mask and status bits. */
  readCtl(vcpu: number, timer: TimerKind): number {
    const at = this.#at(vcpu, timer);
    const ctl = this.#views.u32[at >>> 2];
    if ((ctl & ENABLE) === 0) return ctl;
    return this.#clock.ticks() >= this.#compareTicks(at) ? ctl | STATUS : ctl;
  }

  /** Sets enable and mask; drives the interrupt line. */
  writeCtl(vcpu: number, timer: TimerKind, value: number): void {
    this.#change(vcpu, timer, (at) => {
      this.#views.u32[at >>> 2] = value & (ENABLE | MASK);
    });
  }

  /** CNTV_CVAL, CNTP_CVAL: 64-bit compare value. */
  readCval(vcpu: number, timer: TimerKind): bigint {
    return this.#views.u64[(this.#at(vcpu, timer) + 8) >>> 3];
  }

  /** Sets the compare value; drives the interrupt line. */
  writeCval(vcpu: number, timer: TimerKind, value: bigint): void {
    this.#change(vcpu, timer, (at) => {
      this.#views.u64[(at + 8) >>> 3] = value;
    });
  }

  /** CNTV_TVAL, CNTP_TVAL: ticks from now to the compare value, low 32 bits. */
  readTval(vcpu: number, timer: TimerKind): number {
    const low = this.#views.u32[(this.#at(vcpu, timer) + 8) >>> 2];
    return (low - this.#clock.ticks() % 0x1_0000_0000) >>> 0;
  }

  /** Sets the compare value to now plus `value` as a signed 32-bit number. */
  writeTval(vcpu: number, timer: TimerKind, value: number): void {
    this.#change(vcpu, timer, (at) => {
      const compare = BigInt(this.#clock.ticks()) + BigInt(value | 0);
      this.#views.u64[(at + 8) >>> 3] = BigInt.asUintN(64, compare);
    });
  }

  /** Called when the alarm of a timer is due: drives its interrupt line. */
  alarm(slot: number): void {
    this.#change(slot >>> 1, (slot & 1) as TimerKind, () => {});
  }

  #at(vcpu: number, timer: TimerKind): number {
    return this.#state + vcpu * 64 + timer * TIMER_STRIDE;
  }

  /** Compare value as a number: exact below 2^53, and above it later than any counter value. */
  #compareTicks(at: number): number {
    const { u32 } = this.#views;
    return u32[(at + 12) >>> 2] * 0x1_0000_0000 + u32[(at + 8) >>> 2];
  }

  #change(vcpu: number, timer: TimerKind, apply: (at: number) => void): void {
    const at = this.#at(vcpu, timer);
    this.#guard.lock(DEVICE_LOCK.TIMER + vcpu, vcpu);
    apply(at);
    const ctl = this.#views.u32[at >>> 2];
    const compare = this.#compareTicks(at);
    const enabled = (ctl & ENABLE) !== 0;
    const met = enabled && this.#clock.ticks() >= compare;
    const waits = enabled && !met && (ctl & MASK) === 0;
    this.#alarms.set(vcpu * 2 + timer, waits ? compare : NEVER);
    this.#sink.setPpi(vcpu, TIMER_PPI[timer], met && (ctl & MASK) === 0 ? 1 : 0);
    this.#guard.unlock(DEVICE_LOCK.TIMER + vcpu);
  }
}
