/**
 * PL061 GPIO with eight pins. On the board its inputs are low except for the power key that a host
 * may press. Source: ARM DDI 0190.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { type AccessGuard, DEVICE_LOCK } from "./access_guard.ts";
import type { Device, InterruptSink } from "./device.ts";

/** Words of the state, in the order of the registers from 0x400; RIS is latched edges only. */
const STATE = {
  DIR: 0,
  IS: 1,
  IBE: 2,
  IEV: 3,
  IE: 4,
  RIS: 5,
  AFSEL: 8,
  DATA: 9,
  INPUT: 10,
} as const;
/** Bytes of the state. */
export const PL061_BYTES = 64;

const IDS = [0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1] as const;

/** The GPIO block as one thread sees it. */
export class Pl061 implements Device {
  readonly name = "pl061";
  readonly base: number;
  readonly size = 0x1000;
  readonly #u32: Uint32Array;
  readonly #word: number;
  readonly #guard: AccessGuard;
  readonly #sink: InterruptSink;
  readonly #spi: number;

  /** `state` is the address of PL061_BYTES. */
  constructor(
    views: Views,
    state: number,
    guard: AccessGuard,
    sink: InterruptSink,
    board: { readonly base: number; readonly spi: number },
  ) {
    this.#u32 = views.u32;
    this.#word = state >>> 2;
    this.#guard = guard;
    this.#sink = sink;
    this.base = board.base;
    this.#spi = board.spi;
  }

  reset(): void {
    this.#u32.fill(0, this.#word, this.#word + PL061_BYTES / 4);
    this.#updateLine();
  }

  #get(word: number): number {
    return this.#u32[this.#word + word];
  }

  #set(word: number, value: number): void {
    this.#u32[this.#word + word] = value & 0xff;
  }

  /** Level of every pin: what is driven outwards, or what comes in. */
  #pins(): number {
    const out = this.#get(STATE.DIR);
    return (this.#get(STATE.DATA) & out) | (this.#get(STATE.INPUT) & ~out);
  }

  /** Raw interrupt state: latched edges and levels that hold. */
  #raw(): number {
    const level = this.#get(STATE.IS) & ~this.#get(STATE.DIR) &
      ~(this.#pins() ^ this.#get(STATE.IEV));
    return (this.#get(STATE.RIS) & ~this.#get(STATE.IS)) | (level & 0xff);
  }

  read(offset: number, _size: number, _vcpu: number): number {
    // Bits 2-9 of a data register's address are the mask of the pins it concerns.
    if (offset < 0x400) return this.#pins() & (offset >>> 2);
    if (offset === 0x414) return this.#raw();
    if (offset === 0x418) return this.#raw() & this.#get(STATE.IE);
    if (offset < 0x414 || offset === 0x420) return this.#get((offset - 0x400) >>> 2);
    return offset >= 0xfe0 ? IDS[(offset - 0xfe0) >>> 2] : 0;
  }

  write(offset: number, _size: number, value: number, _vcpu: number): void {
    if (offset < 0x400) {
      const mask = (offset >>> 2) & this.#get(STATE.DIR);
      this.#set(STATE.DATA, (this.#get(STATE.DATA) & ~mask) | (value & mask));
    } else if (offset === 0x41c) this.#set(STATE.RIS, this.#get(STATE.RIS) & ~value);
    else if (offset < 0x414 || offset === 0x420) this.#set((offset - 0x400) >>> 2, value);
    this.#updateLine();
  }

  /** Whether input `pin` is driven high. */
  input(pin: number): boolean {
    return (this.#get(STATE.INPUT) & (1 << pin)) !== 0;
  }

  /** Drives input `pin` from the board. Takes the device's lock: not for the thread that drains the console. */
  setInput(pin: number, level: number): void {
    this.#guard.lock(DEVICE_LOCK.GPIO, -1);
    const old = this.#get(STATE.INPUT);
    const now = (old & ~(1 << pin)) | (level << pin);
    const rising = this.#get(STATE.IBE) | this.#get(STATE.IEV);
    const falling = this.#get(STATE.IBE) | ~this.#get(STATE.IEV);
    const edges = ((now & ~old & rising) | (old & ~now & falling)) & ~this.#get(STATE.DIR);
    this.#set(STATE.INPUT, now);
    this.#set(STATE.RIS, this.#get(STATE.RIS) | (edges & ~this.#get(STATE.IS)));
    this.#updateLine();
    this.#guard.unlock(DEVICE_LOCK.GPIO);
  }

  #updateLine(): void {
    this.#sink.setSpi(this.#spi, (this.#raw() & this.#get(STATE.IE)) !== 0 ? 1 : 0);
  }
}
