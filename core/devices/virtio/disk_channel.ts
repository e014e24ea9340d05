/**
 * How a vCPU thread has the disk thread read and write images: one request at a time in the shared
 * memory, with a buffer. So vCPU threads open no files.
 * @module
 */
import { GLOBAL } from "../../memory/machine_layout.ts";
import type { Views } from "../../memory/views.ts";
import { type AccessGuard, DEVICE_LOCK } from "../access_guard.ts";

/** What can be asked for. */
export const DISK_OP = { READ: 0, WRITE: 1, FLUSH: 2 } as const;
/** One of {@linkcode DISK_OP}. */
export type DiskOp = (typeof DISK_OP)[keyof typeof DISK_OP];

/** Words of the state. */
const STATE = {
  /** IDLE, ASKED or ANSWERED; also the futex word of both sides. */
  PHASE: 0,
  DISK: 1,
  OP: 2,
  /** Byte offset in the image, as two words. */
  OFFSET: 3,
  BYTES: 5,
  /** 1 when it was done. */
  RESULT: 6,
} as const;
const IDLE = 0;
const ASKED = 1;
const ANSWERED = 2;
const BUFFER_AT = 64;

/** Most bytes of one request. */
export const DISK_BUFFER_BYTES = 65536;
/** Bytes of the state. */
export const DISK_CHANNEL_BYTES: number = BUFFER_AT + DISK_BUFFER_BYTES;
/** How often a side that waits looks whether the machine has ended, in ms. */
const PATIENCE_MS = 100;

/** An image; offsets and lengths in bytes. Each function says whether it was done. */
export interface DiskImage {
  /** Fills `target` from `offset` on. */
  read(offset: number, target: Uint8Array): boolean;
  /** Changes the bytes from `offset` on. */
  write(offset: number, bytes: Uint8Array): boolean;
  /** Makes earlier writes last. */
  flush(): boolean;
}

/** Where a device has its requests done; see {@linkcode DiskChannel.request}. */
export type DiskPort = Pick<DiskChannel, "request">;

/** Both ends of the channel. */
export class DiskChannel {
  readonly #i32: Int32Array;
  readonly #u32: Uint32Array;
  readonly #u8: Uint8Array;
  readonly #word: number;
  readonly #buffer: number;
  readonly #end: number;
  readonly #guard: AccessGuard;

  /** `state` is the address of DISK_CHANNEL_BYTES, `global` that of the machine's global words. */
  constructor(views: Views, state: number, global: number, guard: AccessGuard) {
    this.#i32 = views.i32;
    this.#u32 = views.u32;
    this.#u8 = views.u8;
    this.#word = state >>> 2;
    this.#buffer = state + BUFFER_AT;
    this.#end = (global + GLOBAL.END) >>> 2;
    this.#guard = guard;
  }

  get #ended(): boolean {
    return Atomics.load(this.#i32, this.#end) !== 0;
  }

  get #phase(): number {
    return Atomics.load(this.#i32, this.#word + STATE.PHASE);
  }

  #setPhase(phase: number): void {
    Atomics.store(this.#i32, this.#word + STATE.PHASE, phase);
    Atomics.notify(this.#i32, this.#word + STATE.PHASE);
  }

  /**
   * Has one request done, from and into `bytes` (at most DISK_BUFFER_BYTES); for vCPU threads. False
   * when the image failed or the machine has ended.
   */
  request(vcpu: number, disk: number, op: DiskOp, offset: number, bytes: Uint8Array): boolean {
    this.#guard.lock(DEVICE_LOCK.DISK, vcpu);
    try {
      return this.#request(disk, op, offset, bytes);
    } finally {
      this.#guard.unlock(DEVICE_LOCK.DISK);
    }
  }

  #request(disk: number, op: DiskOp, offset: number, bytes: Uint8Array): boolean {
    const word = this.#word;
    this.#u32[word + STATE.DISK] = disk;
    this.#u32[word + STATE.OP] = op;
    this.#u32[word + STATE.OFFSET] = offset;
    this.#u32[word + STATE.OFFSET + 1] = Math.floor(offset / 2 ** 32);
    this.#u32[word + STATE.BYTES] = bytes.length;
    if (op === DISK_OP.WRITE) this.#u8.set(bytes, this.#buffer);
    this.#setPhase(ASKED);
    while (this.#phase !== ANSWERED) {
      if (this.#ended) return false;
      Atomics.wait(this.#i32, word + STATE.PHASE, ASKED, PATIENCE_MS);
    }
    const done = this.#u32[word + STATE.RESULT] === 1;
    if (done && op === DISK_OP.READ) {
      bytes.set(this.#u8.subarray(this.#buffer, this.#buffer + bytes.length));
    }
    this.#setPhase(IDLE);
    return done;
  }

  /** Loop of the disk thread: does requests until the machine ends. */
  serve(images: readonly DiskImage[]): void {
    const bytes = new Uint8Array(DISK_BUFFER_BYTES);
    while (!this.#ended) {
      const phase = this.#phase;
      if (phase === ASKED) {
        this.#u32[this.#word + STATE.RESULT] = this.#perform(images, bytes) ? 1 : 0;
        this.#setPhase(ANSWERED);
      } else {
        Atomics.wait(this.#i32, this.#word + STATE.PHASE, phase, PATIENCE_MS);
      }
    }
  }

  #perform(images: readonly DiskImage[], buffer: Uint8Array): boolean {
    const word = this.#word;
    const image = images[this.#u32[word + STATE.DISK]];
    const offset = this.#u32[word + STATE.OFFSET] + this.#u32[word + STATE.OFFSET + 1] * 2 ** 32;
    const bytes = buffer.subarray(0, this.#u32[word + STATE.BYTES]);
    switch (this.#u32[word + STATE.OP]) {
      case DISK_OP.READ: {
        const done = image.read(offset, bytes);
        if (done) this.#u8.set(bytes, this.#buffer);
        return done;
      }
      case DISK_OP.WRITE:
        bytes.set(this.#u8.subarray(this.#buffer, this.#buffer + bytes.length));
        return image.write(offset, bytes);
      default:
        return image.flush();
    }
  }
}
