/**
 * virtio console with one port. With the multiport feature the driver asks for its ports by control
 * messages; without, port 0 is simply there. Input waits in the shared memory until the driver has
 * given buffers. Source: Virtio 1.1, section 5.3.
 * @module
 */
import type { Views } from "../../memory/views.ts";
import { chains, type ServedDevice, type VirtioModel } from "./model.ts";

/** Bytes of input that can wait. */
export const CONSOLE_INPUT_BYTES = 4096;

/** Words of the state; the input follows. */
const STATE = {
  /** Bytes put in and taken out so far. */
  IN: 0,
  OUT: 1,
  /** Control messages put in and taken out so far; the messages follow, one word each. */
  MESSAGES_IN: 2,
  MESSAGES_OUT: 3,
  MESSAGES: 4,
} as const;
/** Control messages that can wait; a driver has no more than a handful under way. */
const MESSAGES = 8;
const INPUT_AT = 64;
/** Bytes of the state. */
export const VIRTIO_CONSOLE_BYTES: number = INPUT_AT + CONSOLE_INPUT_BYTES;

const MULTIPORT = 1 << 1;
const QUEUE = { INPUT: 0, OUTPUT: 1, TO_DRIVER: 2, FROM_DRIVER: 3 } as const;
const EVENT = {
  DEVICE_READY: 0,
  PORT_ADD: 1,
  PORT_READY: 3,
  CONSOLE_PORT: 4,
  PORT_OPEN: 6,
} as const;
const MESSAGE_BYTES = 8;
const MAX_PORTS_AT = 4;
/** Output is passed on in pieces of this size. */
const PIECE = 4096;

/** The console as one thread sees it. */
export class VirtioConsole implements VirtioModel {
  /** See VirtioModel. */
  readonly name = "virtio-console";
  /** See VirtioModel. */
  readonly deviceId = 3;
  /** See VirtioModel. */
  readonly features: number = MULTIPORT;
  /** Input and output of port 0, then the control queues. */
  readonly queueSizes: readonly number[] = [128, 128, 32, 32];
  readonly #u32: Uint32Array;
  readonly #u8: Uint8Array;
  readonly #word: number;
  readonly #input: number;
  readonly #output: (env: number, bytes: Uint8Array) => void;

  /** `state` is the address of VIRTIO_CONSOLE_BYTES; `output` takes what the guest writes. */
  constructor(views: Views, state: number, output: (env: number, bytes: Uint8Array) => void) {
    this.#u32 = views.u32;
    this.#u8 = views.u8;
    this.#word = state >>> 2;
    this.#input = state + INPUT_AT;
    this.#output = output;
  }

  /** Columns and rows are not known; the number of ports is 1. */
  config(offset: number): number {
    return offset === MAX_PORTS_AT ? 1 : 0;
  }

  /** Forgets the messages; input waits on. */
  reset(): void {
    this.#u32[this.#word + STATE.MESSAGES_IN] = 0;
    this.#u32[this.#word + STATE.MESSAGES_OUT] = 0;
  }

  /** See VirtioModel. */
  notify(index: number, side: ServedDevice): void {
    switch (index) {
      case QUEUE.INPUT:
        return this.#giveInput(side);
      case QUEUE.OUTPUT:
        return this.#takeOutput(side);
      case QUEUE.TO_DRIVER:
        return this.#giveMessages(side);
      case QUEUE.FROM_DRIVER:
        return this.#takeMessages(side);
    }
  }

  /** See VirtioModel: there is input. */
  work(side: ServedDevice): void {
    this.#giveInput(side);
  }

  /**
   * Gives the guest input; for the main thread alone. Returns how many bytes there was room for. The
   * caller then asks a vCPU to look (GLOBAL.DEVICE_WORK).
   */
  receive(bytes: Uint8Array): number {
    const at = Atomics.load(this.#u32, this.#word + STATE.IN);
    const taken = Math.min(bytes.length, CONSOLE_INPUT_BYTES - this.#waiting());
    for (let i = 0; i < taken; i++) {
      this.#u8[this.#input + ((at + i) & (CONSOLE_INPUT_BYTES - 1))] = bytes[i];
    }
    Atomics.store(this.#u32, this.#word + STATE.IN, at + taken);
    return taken;
  }

  #waiting(): number {
    const into = Atomics.load(this.#u32, this.#word + STATE.IN);
    return (into - Atomics.load(this.#u32, this.#word + STATE.OUT)) >>> 0;
  }

  #giveInput(side: ServedDevice): void {
    while (this.#waiting() > 0 && !side.ended) {
      const queue = side.queue(QUEUE.INPUT);
      const chain = queue.take();
      if (chain === undefined) return;
      const out = this.#u32[this.#word + STATE.OUT];
      const bytes = new Uint8Array(Math.min(this.#waiting(), chain.writableBytes));
      for (let i = 0; i < bytes.length; i++) {
        bytes[i] = this.#u8[this.#input + ((out + i) & (CONSOLE_INPUT_BYTES - 1))];
      }
      queue.write(side.env, chain, 0, bytes);
      Atomics.store(this.#u32, this.#word + STATE.OUT, out + bytes.length);
      side.give(QUEUE.INPUT, chain, bytes.length);
    }
  }

  #takeOutput(side: ServedDevice): void {
    const queue = side.queue(QUEUE.OUTPUT);
    const piece = new Uint8Array(PIECE);
    for (const chain of chains(side, QUEUE.OUTPUT)) {
      for (let at = 0; at < chain.readableBytes && !side.ended;) {
        const length = queue.read(chain, at, piece);
        this.#output(side.env, piece.subarray(0, length));
        at += length;
      }
      side.give(QUEUE.OUTPUT, chain, 0);
    }
  }

  /** Queues a message about port 0; one that finds no room is dropped, as the driver asked too often. */
  #send(event: number, value: number): void {
    const into = this.#u32[this.#word + STATE.MESSAGES_IN];
    if (((into - this.#u32[this.#word + STATE.MESSAGES_OUT]) >>> 0) >= MESSAGES) return;
    this.#u32[this.#word + STATE.MESSAGES + into % MESSAGES] = event | value << 16;
    this.#u32[this.#word + STATE.MESSAGES_IN] = into + 1;
  }

  #giveMessages(side: ServedDevice): void {
    const queue = side.queue(QUEUE.TO_DRIVER);
    const counts = this.#word + STATE.MESSAGES_OUT;
    while (this.#u32[counts] !== this.#u32[this.#word + STATE.MESSAGES_IN]) {
      const chain = queue.take();
      if (chain === undefined) return;
      const message = new DataView(new ArrayBuffer(MESSAGE_BYTES));
      message.setUint32(
        4,
        this.#u32[this.#word + STATE.MESSAGES + this.#u32[counts] % MESSAGES],
        true,
      );
      this.#u32[counts] += 1;
      const written = queue.write(side.env, chain, 0, new Uint8Array(message.buffer));
      side.give(QUEUE.TO_DRIVER, chain, written);
    }
  }

  #takeMessages(side: ServedDevice): void {
    const queue = side.queue(QUEUE.FROM_DRIVER);
    const bytes = new Uint8Array(MESSAGE_BYTES);
    const message = new DataView(bytes.buffer);
    for (const chain of chains(side, QUEUE.FROM_DRIVER)) {
      if (queue.read(chain, 0, bytes) === MESSAGE_BYTES) {
        this.#answer(
          message.getUint32(0, true),
          message.getUint16(4, true),
          message.getUint16(6, true),
        );
      }
      side.give(QUEUE.FROM_DRIVER, chain, 0);
    }
    this.#giveMessages(side);
  }

  #answer(port: number, event: number, value: number): void {
    if (event === EVENT.DEVICE_READY && value === 1) this.#send(EVENT.PORT_ADD, 1);
    else if (event === EVENT.PORT_READY && value === 1 && port === 0) {
      this.#send(EVENT.CONSOLE_PORT, 1);
      this.#send(EVENT.PORT_OPEN, 1);
    }
  }
}
