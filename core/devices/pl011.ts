/**
 * PL011 UART. Output is sent at once, whether or not the UART is enabled (as QEMU does); input comes
 * from a backlog that the main thread fills, of which the receive FIFO is the front.
 * Source: ARM DDI 0183; deviations follow QEMU's model of the same device.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { type AccessGuard, DEVICE_LOCK } from "./access_guard.ts";
import { type AlarmTable, NEVER, UART_ALARM } from "./alarm_table.ts";
import type { ConsoleRing } from "./console_ring.ts";
import type { Device, InterruptSink } from "./device.ts";

/** Bytes of input that can wait. */
export const INPUT_CAPACITY = 4096;

/** Words of the state. */
const STATE = {
  ILPR: 0,
  IBRD: 1,
  FBRD: 2,
  LCRH: 3,
  CR: 4,
  IFLS: 5,
  IMSC: 6,
  RIS: 7,
  DMACR: 8,
  /** Receive status. */
  RSR: 9,
  /** Bytes put into and taken from the input so far. */
  IN: 10,
  OUT: 11,
} as const;
const INPUT_OFFSET = 64;
/** Bytes of the state. */
export const PL011_BYTES: number = INPUT_OFFSET + INPUT_CAPACITY;

const RECEIVE = 0x10;
const TRANSMIT = 0x20;
const FIFO_ENABLE = 0x10;
const FLAG = { RX_EMPTY: 0x10, RX_FULL: 0x40, TX_EMPTY: 0x80 } as const;

/** Registers that only hold a value: offset, word of the state, bits that exist. */
const PLAIN: Readonly<Record<number, readonly [word: number, mask: number]>> = {
  0x20: [STATE.ILPR, 0xff],
  0x24: [STATE.IBRD, 0xffff],
  0x28: [STATE.FBRD, 0x3f],
  0x2c: [STATE.LCRH, 0xff],
  0x30: [STATE.CR, 0xffff],
  0x34: [STATE.IFLS, 0x3f],
  0x38: [STATE.IMSC, 0x7ff],
  0x48: [STATE.DMACR, 0x7],
};

const IDS = [0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1] as const;

/** The UART as one thread sees it. */
export class Pl011 implements Device {
  readonly name = "pl011";
  readonly base: number;
  readonly size = 0x1000;
  readonly #u32: Uint32Array;
  readonly #u8: Uint8Array;
  readonly #state: number;
  readonly #word: number;
  readonly #output: ConsoleRing;
  readonly #alarms: AlarmTable;
  readonly #guard: AccessGuard;
  readonly #sink: InterruptSink;
  readonly #spi: number;

  /** `state` is the address of PL011_BYTES. */
  constructor(
    views: Views,
    state: number,
    output: ConsoleRing,
    alarms: AlarmTable,
    guard: AccessGuard,
    sink: InterruptSink,
    board: { readonly base: number; readonly spi: number },
  ) {
    this.#u32 = views.u32;
    this.#u8 = views.u8;
    this.#state = state;
    this.#word = state >>> 2;
    this.#output = output;
    this.#alarms = alarms;
    this.#guard = guard;
    this.#sink = sink;
    this.base = board.base;
    this.#spi = board.spi;
  }

  reset(): void {
    this.#u8.fill(0, this.#state, this.#state + PL011_BYTES);
    this.#set(STATE.CR, 0x300);
    this.#set(STATE.IFLS, 0x12);
    this.#updateLine();
  }

  #get(word: number): number {
    return this.#u32[this.#word + word];
  }

  #set(word: number, value: number): void {
    this.#u32[this.#word + word] = value;
  }

  #waiting(): number {
    const into = Atomics.load(this.#u32, this.#word + STATE.IN);
    return (into - Atomics.load(this.#u32, this.#word + STATE.OUT)) >>> 0;
  }

  /** All but the received byte. */
  readsAlone(offset: number): boolean {
    return offset !== 0x00;
  }

  read(offset: number, _size: number, _vcpu: number): number {
    switch (offset) {
      case 0x00:
        return this.#receive();
      case 0x04:
        return this.#get(STATE.RSR);
      case 0x18:
        return this.#flags();
      case 0x3c:
        return this.#get(STATE.RIS);
      case 0x40:
        return this.#get(STATE.RIS) & this.#get(STATE.IMSC);
    }
    if (offset >= 0xfe0) return IDS[(offset - 0xfe0) >>> 2];
    const plain = PLAIN[offset];
    return plain === undefined ? 0 : this.#get(plain[0]);
  }

  write(offset: number, _size: number, value: number, _vcpu: number): void {
    if (offset === 0x00) {
      this.#output.push(value & 0xff);
      this.#set(STATE.RIS, this.#get(STATE.RIS) | TRANSMIT);
    } else if (offset === 0x04) this.#set(STATE.RSR, 0);
    else if (offset === 0x44) this.#set(STATE.RIS, this.#get(STATE.RIS) & ~value);
    else {
      const plain = PLAIN[offset];
      if (plain === undefined) return;
      this.#set(plain[0], value & plain[1]);
    }
    this.#updateLine();
  }

  /** Bytes that the receive FIFO shows; the rest of the input waits behind it. */
  #depth(): number {
    return (this.#get(STATE.LCRH) & FIFO_ENABLE) !== 0 ? 16 : 1;
  }

  /** Without the lock: another vCPU may take input between the two looks. */
  #flags(): number {
    const waiting = Math.max(0, (this.#get(STATE.IN) - this.#get(STATE.OUT)) | 0);
    const empty = waiting === 0 ? FLAG.RX_EMPTY : 0;
    const full = waiting >= this.#depth() ? FLAG.RX_FULL : 0;
    return FLAG.TX_EMPTY | empty | full;
  }

  #receive(): number {
    if (this.#waiting() === 0) return 0;
    const out = this.#get(STATE.OUT);
    const byte = this.#u8[this.#state + INPUT_OFFSET + (out & (INPUT_CAPACITY - 1))];
    Atomics.store(this.#u32, this.#word + STATE.OUT, out + 1);
    const pending = this.#get(STATE.RIS);
    if (this.#waiting() === 0) this.#set(STATE.RIS, pending & ~RECEIVE);
    // Without the FIFO the next byte comes into an empty register, which is a new event even where
    // the driver has cleared the interrupt before it read this one.
    else if (this.#depth() === 1) this.#set(STATE.RIS, pending | RECEIVE);
    this.#updateLine();
    return byte;
  }

  #updateLine(): void {
    const level = (this.#get(STATE.RIS) & this.#get(STATE.IMSC)) !== 0 ? 1 : 0;
    this.#sink.setSpi(this.#spi, level);
  }

  /**
   * Gives the guest input; for the main thread. Returns how many bytes were taken, fewer than
   * given when the guest does not read them. Takes no lock: a vCPU may hold it while it waits for
   * the main thread to drain the console. The alarm does the rest.
   */
  receive(bytes: Uint8Array): number {
    const at = this.#get(STATE.IN);
    const taken = Math.min(bytes.length, INPUT_CAPACITY - this.#waiting());
    for (let i = 0; i < taken; i++) {
      this.#u8[this.#state + INPUT_OFFSET + ((at + i) & (INPUT_CAPACITY - 1))] = bytes[i];
    }
    Atomics.store(this.#u32, this.#word + STATE.IN, at + taken);
    if (taken > 0) this.#alarms.set(UART_ALARM, 0);
    return taken;
  }

  /** Called when input was announced: raises the receive interrupt. */
  alarm(): void {
    this.#guard.lock(DEVICE_LOCK.UART, -1);
    this.#alarms.set(UART_ALARM, NEVER);
    // Raised at the first byte, whatever the trigger level, as QEMU does.
    if (this.#waiting() > 0) this.#set(STATE.RIS, this.#get(STATE.RIS) | RECEIVE);
    this.#updateLine();
    this.#guard.unlock(DEVICE_LOCK.UART);
  }
}
