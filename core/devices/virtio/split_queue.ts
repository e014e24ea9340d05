/**
 * A split virtqueue, the device's side. Everything in it is written by the guest, so every index,
 * address and length is checked before it is used, and a chain is read once: what the guest changes
 * afterwards changes nothing. Source: Virtio 1.1, section 2.6.
 * @module
 */
import type { GuestMemory } from "./guest_memory.ts";

/** The ring breaks the rules; the device needs a reset. The message says which rule. */
export class RingError extends Error {
  /** Tells it from other errors. */
  override readonly name = "RingError";
}

/** Bytes of RAM, checked. */
export interface Span {
  /** Host address. */
  readonly host: number;
  /** At least 1. */
  readonly length: number;
}

/** A chain of descriptors that the guest has made available. */
export interface Chain {
  /** Number of its first descriptor: what identifies it when it is given back. */
  readonly head: number;
  /** What the device may read, in order. */
  readonly readable: readonly Span[];
  /** What it may write, in order. */
  readonly writable: readonly Span[];
  /** Bytes in `readable`. */
  readonly readableBytes: number;
  /** Bytes in `writable`. */
  readonly writableBytes: number;
}

/** Words of a queue's state. Addresses are physical, as two words. */
export const QUEUE_STATE = {
  /** Number of descriptors. */
  SIZE: 0,
  READY: 1,
  DESC: 2,
  DRIVER: 4,
  DEVICE: 6,
  /** Free-running counts of chains taken and given back. */
  TAKEN: 8,
  GIVEN: 9,
  /** Legacy: the page number that the driver wrote. */
  PFN: 10,
} as const;
/** Bytes of a queue's state. */
export const QUEUE_BYTES = 64;

/** Most descriptors that any queue, and so any table of indirect descriptors, may have. */
export const MAX_DESCRIPTORS = 32768;

const DESCRIPTOR_BYTES = 16;
const DESC_NEXT = 1;
const DESC_WRITE = 2;
const DESC_INDIRECT = 4;
const AVAIL_NO_INTERRUPT = 1;
/** Bytes before the ring in the driver's and the device's area. */
const RING = 4;

/** Legacy layout: where the parts lie from the first descriptor on. */
export function legacyOffsets(size: number, align: number): { driver: number; device: number } {
  const driver = size * DESCRIPTOR_BYTES;
  const used = driver + RING + 2 * size + 2;
  return { driver, device: Math.ceil(used / align) * align };
}

/** A descriptor as it was read. */
interface Descriptor {
  readonly index: number;
  /** Host address of its buffer. */
  readonly host: number;
  readonly length: number;
  readonly flags: number;
  readonly next: number;
}

/** Descriptors at a host address: the queue's own or a table that one of them names. */
interface Table {
  readonly table: number;
  readonly size: number;
  readonly first: number;
}

/** Collects the buffers of a chain: those to be read, then those to be written. */
class Parts {
  readonly #fail: (what: string) => never;
  readonly spans = {
    readable: [] as Span[],
    writable: [] as Span[],
    readableBytes: 0,
    writableBytes: 0,
  };

  constructor(fail: (what: string) => never) {
    this.#fail = fail;
  }

  add({ index, host, length, flags }: Descriptor): void {
    const { spans } = this;
    if ((flags & DESC_WRITE) !== 0) {
      spans.writable.push({ host, length });
      spans.writableBytes += length;
    } else {
      if (spans.writable.length > 0) {
        this.#fail(`descriptor ${index} is to be read after one that is to be written`);
      }
      spans.readable.push({ host, length });
      spans.readableBytes += length;
    }
  }
}

/** One queue as one vCPU thread sees it; call with the device's lock held. */
export class SplitQueue {
  readonly #u32: Uint32Array;
  readonly #word: number;
  readonly #memory: GuestMemory;
  readonly #name: string;

  /** `state` is the address of QUEUE_BYTES; `name` is for messages. */
  constructor(u32: Uint32Array, state: number, memory: GuestMemory, name: string) {
    this.#u32 = u32;
    this.#word = state >>> 2;
    this.#memory = memory;
    this.#name = name;
  }

  #get(word: number): number {
    return this.#u32[this.#word + word];
  }

  /** Whether the driver has set the queue up. */
  get ready(): boolean {
    return this.#get(QUEUE_STATE.READY) !== 0 && this.#get(QUEUE_STATE.SIZE) !== 0;
  }

  #fail(what: string): never {
    throw new RingError(`${this.#name}: ${what}`);
  }

  /** Host address of a part of the queue. */
  #area(word: number, bytes: number, align: number, what: string): number {
    const physical = this.#get(word) + this.#get(word + 1) * 0x1_0000_0000;
    const host = this.#memory.range(physical, bytes);
    if (host === 0 || physical % align !== 0) {
      this.#fail(`the ${what} at 0x${physical.toString(16)} is not aligned RAM`);
    }
    return host;
  }

  #driverArea(): number {
    const bytes = RING + 2 * this.#get(QUEUE_STATE.SIZE);
    return this.#area(QUEUE_STATE.DRIVER, bytes, 2, "driver area");
  }

  #deviceArea(): number {
    const bytes = RING + 8 * this.#get(QUEUE_STATE.SIZE);
    return this.#area(QUEUE_STATE.DEVICE, bytes, 4, "device area");
  }

  /**
   * Takes the next available chain; undefined when there is none.
   * @throws RingError
   */
  take(): Chain | undefined {
    if (!this.ready) return undefined;
    const size = this.#get(QUEUE_STATE.SIZE);
    const driver = this.#driverArea();
    const taken = this.#get(QUEUE_STATE.TAKEN);
    const waiting = (this.#memory.load16(driver + 2) - taken) & 0xffff;
    if (waiting === 0) return undefined;
    if (waiting > size) this.#fail(`${waiting} chains are available in a queue of ${size}`);
    const head = this.#memory.load16(driver + RING + 2 * (taken % size));
    const chain = this.#chain(head, size);
    this.#u32[this.#word + QUEUE_STATE.TAKEN] = (taken + 1) & 0xffff;
    return chain;
  }

  #chain(head: number, size: number): Chain {
    const table = this.#area(QUEUE_STATE.DESC, size * DESCRIPTOR_BYTES, 4, "descriptor table");
    const parts = new Parts((what) => this.#fail(what));
    const last = this.#walk({ table, size, first: head }, "a queue", parts);
    if (last !== null) {
      const nested = this.#walk(this.#indirectTable(last), "an indirect table", parts);
      if (nested !== null) this.#fail(`descriptor ${nested.index} is indirect within a table`);
    }
    return { head, ...parts.spans };
  }

  /**
   * Collects the parts of the descriptors from `first` on. Gives the descriptor that ends the walk
   * because its buffer is a table of further ones; null where the chain ends.
   */
  #walk({ table, size, first }: Table, where: string, parts: Parts): Descriptor | null {
    for (let index = first, seen = 0;; seen++) {
      if (index >= size) this.#fail(`descriptor ${index} is named in ${where} of ${size}`);
      if (seen === size) this.#fail(`the chain from descriptor ${first} of ${where} is a loop`);
      const one = this.#descriptor(table, index);
      if ((one.flags & DESC_INDIRECT) !== 0) return one;
      parts.add(one);
      if ((one.flags & DESC_NEXT) === 0) return null;
      index = one.next;
    }
  }

  #descriptor(table: number, index: number): Descriptor {
    const memory = this.#memory;
    const at = table + index * DESCRIPTOR_BYTES;
    const physical = memory.load32(at) + memory.load32(at + 4) * 0x1_0000_0000;
    const length = memory.load32(at + 8);
    const host = memory.range(physical, length);
    if (host === 0 || length === 0) {
      this.#fail(
        `descriptor ${index} names ${length} bytes at 0x${physical.toString(16)}, ` +
          "which are not RAM",
      );
    }
    return { index, host, length, flags: memory.load16(at + 12), next: memory.load16(at + 14) };
  }

  /** Section 2.6.5.3: the chain's last descriptor, and a table that holds no further tables. */
  #indirectTable({ index, host, length, flags }: Descriptor): Table {
    const size = length / DESCRIPTOR_BYTES;
    if ((flags & DESC_NEXT) !== 0) this.#fail(`descriptor ${index} is indirect and has a next one`);
    if (!Number.isInteger(size) || size > MAX_DESCRIPTORS) {
      this.#fail(`descriptor ${index} names an indirect table of ${length} bytes`);
    }
    return { table: host, size, first: 0 };
  }

  /**
   * Gives a chain back after `written` bytes were written to it; says whether the driver wants an
   * interrupt. `env` is the vCPU that does it.
   * @throws RingError
   */
  give(env: number, chain: Chain, written: number): boolean {
    const size = this.#get(QUEUE_STATE.SIZE);
    const device = this.#deviceArea();
    const given = this.#get(QUEUE_STATE.GIVEN);
    const entry = device + RING + 8 * (given % size);
    this.#memory.store(env, entry, 4, chain.head);
    this.#memory.store(env, entry + 4, 4, written);
    const next = (given + 1) & 0xffff;
    this.#u32[this.#word + QUEUE_STATE.GIVEN] = next;
    this.#memory.store(env, device + 2, 2, next);
    return (this.#memory.load16(this.#driverArea()) & AVAIL_NO_INTERRUPT) === 0;
  }

  /** Reads up to `target.length` bytes of a chain's readable part from byte `from` on; returns how many. */
  read(chain: Chain, from: number, target: Uint8Array): number {
    return eachPart(chain.readable, from, target.length, (host, at, length) => {
      this.#memory.read(host, target.subarray(at, at + length));
    });
  }

  /** Writes bytes to a chain's writable part from byte `from` on; returns how many there was room for. */
  write(env: number, chain: Chain, from: number, bytes: Uint8Array): number {
    return eachPart(chain.writable, from, bytes.length, (host, at, length) => {
      this.#memory.write(env, host, bytes.subarray(at, at + length));
    });
  }
}

/** Calls `part` for the pieces of `length` bytes from byte `from` of the spans; returns their sum. */
function eachPart(
  spans: readonly Span[],
  from: number,
  length: number,
  part: (host: number, at: number, length: number) => void,
): number {
  let skip = from;
  let done = 0;
  for (const span of spans) {
    if (done === length) break;
    if (skip >= span.length) {
      skip -= span.length;
      continue;
    }
    const now = Math.min(span.length - skip, length - done);
    part(span.host + skip, done, now);
    done += now;
    skip = 0;
  }
  return done;
}
