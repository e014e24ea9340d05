/**
 * PL031 real-time clock: seconds since 1970, settable, with a match interrupt. Source: ARM DDI 0224.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { type AccessGuard, DEVICE_LOCK } from "./access_guard.ts";
import { type AlarmTable, NEVER, RTC_ALARM } from "./alarm_table.ts";
import type { Clock, Device, InterruptSink } from "./device.ts";

/** Words of the state: OFFSET is what is added to the host's seconds. */
const STATE = { OFFSET: 0, MATCH: 1, LOAD: 2, MASK: 3, RAW: 4 } as const;
/** Bytes of the state. */
export const PL031_BYTES = 64;

const IDS = [0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1] as const;

/** The clock as one thread sees it. */
export class Pl031 implements Device {
  readonly name = "pl031";
  readonly base: number;
  readonly size = 0x1000;
  readonly #u32: Uint32Array;
  readonly #word: number;
  readonly #clock: Clock;
  readonly #alarms: AlarmTable;
  readonly #guard: AccessGuard;
  readonly #sink: InterruptSink;
  readonly #spi: number;

  /** `state` is the address of PL031_BYTES. */
  constructor(
    views: Views,
    state: number,
    clock: Clock,
    alarms: AlarmTable,
    guard: AccessGuard,
    sink: InterruptSink,
    board: { readonly base: number; readonly spi: number },
  ) {
    this.#u32 = views.u32;
    this.#word = state >>> 2;
    this.#clock = clock;
    this.#alarms = alarms;
    this.#guard = guard;
    this.#sink = sink;
    this.base = board.base;
    this.#spi = board.spi;
  }

  reset(): void {
    this.#u32.fill(0, this.#word, this.#word + PL031_BYTES / 4);
    this.#updateLine();
  }

  #get(word: number): number {
    return this.#u32[this.#word + word];
  }

  #set(word: number, value: number): void {
    this.#u32[this.#word + word] = value;
  }

  readsAlone(): boolean {
    return true;
  }

  read(offset: number, _size: number, _vcpu: number): number {
    switch (offset) {
      case 0x00:
        return this.#now();
      case 0x04:
        return this.#get(STATE.MATCH);
      case 0x08:
        return this.#get(STATE.LOAD);
      case 0x0c:
        return 1;
      case 0x10:
        return this.#get(STATE.MASK);
      case 0x14:
        return this.#get(STATE.RAW);
      case 0x18:
        return this.#get(STATE.RAW) & this.#get(STATE.MASK);
    }
    return offset >= 0xfe0 ? IDS[(offset - 0xfe0) >>> 2] : 0;
  }

  write(offset: number, _size: number, value: number, _vcpu: number): void {
    switch (offset) {
      case 0x04:
        this.#set(STATE.MATCH, value);
        this.#setAlarm();
        break;
      case 0x08:
        this.#set(STATE.LOAD, value);
        this.#set(STATE.OFFSET, value - this.#clock.wallSeconds());
        this.#setAlarm();
        break;
      case 0x10:
        this.#set(STATE.MASK, value & 1);
        break;
      case 0x1c:
        this.#set(STATE.RAW, this.#get(STATE.RAW) & ~value);
        break;
    }
    this.#updateLine();
  }

  #now(): number {
    return (this.#clock.wallSeconds() + this.#get(STATE.OFFSET)) >>> 0;
  }

  /** Arms the match: now when it is reached, else at its second; 32-bit seconds wrap. */
  #setAlarm(): void {
    const seconds = (this.#get(STATE.MATCH) - this.#now()) >>> 0;
    if (seconds === 0) this.#match();
    else {
      const at = this.#clock.ticksAtWallSeconds(this.#clock.wallSeconds() + seconds);
      this.#alarms.set(RTC_ALARM, at);
    }
  }

  #match(): void {
    this.#set(STATE.RAW, 1);
    this.#alarms.set(RTC_ALARM, NEVER);
  }

  /** Called when the alarm is due; the host's wall clock may have been set since it was armed. */
  alarm(): void {
    this.#guard.lock(DEVICE_LOCK.RTC, -1);
    if (((this.#get(STATE.MATCH) - this.#now()) | 0) <= 0) this.#match();
    else this.#setAlarm();
    this.#updateLine();
    this.#guard.unlock(DEVICE_LOCK.RTC);
  }

  #updateLine(): void {
    const level = (this.#get(STATE.RAW) & this.#get(STATE.MASK)) !== 0 ? 1 : 0;
    this.#sink.setSpi(this.#spi, level);
  }
}
