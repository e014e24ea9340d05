/**
 * Ring of console output bytes in the shared memory. One consumer (the main thread); producers take
 * turns under the device's lock. A full ring blocks the producer: no byte is lost. The consumer must
 * therefore drain until every producer has stopped.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { CONSOLE_BYTES, GLOBAL } from "../memory/machine_layout.ts";

/** Offsets in the region: bytes written and bytes read so far (modulo 2^32), then the bytes. */
const HEAD = 0;
const TAIL = 64;
const DATA = 128;
/** Bytes that fit; a power of two, so that the counts may run over. */
export const CONSOLE_CAPACITY = 65536;
if (DATA + CONSOLE_CAPACITY > CONSOLE_BYTES) {
  throw new RangeError("The console ring is larger than its region; raise CONSOLE_BYTES");
}

/** The ring as one thread sees it. */
export class ConsoleRing {
  readonly #i32: Int32Array;
  readonly #u8: Uint8Array;
  readonly #head: number;
  readonly #tail: number;
  readonly #data: number;
  readonly #mainWake: number;
  /** Set where producer and consumer share a thread: called instead of blocking; it drains. */
  onFull: (() => void) | undefined = undefined;
  /** Looks at every byte once it is there. */
  onByte: ((byte: number) => void) | undefined = undefined;

  /** `region` is the address of CONSOLE_BYTES zeroed bytes, `global` that of the machine's words. */
  constructor(views: Views, region: number, global: number) {
    this.#i32 = views.i32;
    this.#u8 = views.u8;
    this.#head = (region + HEAD) >>> 2;
    this.#tail = (region + TAIL) >>> 2;
    this.#data = region + DATA;
    this.#mainWake = (global + GLOBAL.MAIN_WAKE) >>> 2;
  }

  /** Appends a byte; waits while the ring is full. */
  push(byte: number): void {
    const head = Atomics.load(this.#i32, this.#head);
    while (true) {
      const tail = Atomics.load(this.#i32, this.#tail);
      if (((head - tail) | 0) < CONSOLE_CAPACITY) break;
      if (this.onFull !== undefined) this.onFull();
      else Atomics.wait(this.#i32, this.#tail, tail);
    }
    this.#u8[this.#data + (head & (CONSOLE_CAPACITY - 1))] = byte;
    Atomics.store(this.#i32, this.#head, (head + 1) | 0);
    // A consumer that had not caught up looks at the head again before it sleeps.
    if (Atomics.load(this.#i32, this.#tail) === head) {
      Atomics.add(this.#i32, this.#mainWake, 1);
      Atomics.notify(this.#i32, this.#mainWake);
    }
    this.onByte?.(byte);
  }

  /**
   * Takes all bytes that are there; empty when there are none. To sleep without losing a wake-up:
   * read GLOBAL.MAIN_WAKE, drain until nothing comes, then wait for the word to change.
   */
  drain(): Uint8Array<ArrayBuffer> {
    const tail = Atomics.load(this.#i32, this.#tail);
    const length = (Atomics.load(this.#i32, this.#head) - tail) | 0;
    const bytes = new Uint8Array(length);
    const start = tail & (CONSOLE_CAPACITY - 1);
    const first = Math.min(length, CONSOLE_CAPACITY - start);
    bytes.set(this.#u8.subarray(this.#data + start, this.#data + start + first));
    bytes.set(this.#u8.subarray(this.#data, this.#data + length - first), first);
    if (length !== 0) {
      Atomics.store(this.#i32, this.#tail, (tail + length) | 0);
      Atomics.notify(this.#i32, this.#tail);
    }
    return bytes;
  }
}
