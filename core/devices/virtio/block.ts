/**
 * virtio block device over an image of the disk thread. Source: Virtio 1.1, section 5.2.
 * @module
 */
import { DISK_BUFFER_BYTES, DISK_OP, type DiskPort } from "./disk_channel.ts";
import { chains, type ServedDevice, type VirtioModel } from "./model.ts";
import type { Chain, SplitQueue } from "./split_queue.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";

/** Bytes of a sector. */
export const SECTOR = 512;

const FEATURE = { SEG_MAX: 1 << 2, READ_ONLY: 1 << 5, BLOCK_SIZE: 1 << 6, FLUSH: 1 << 9 } as const;
const REQUEST = { IN: 0, OUT: 1, FLUSH: 4, GET_ID: 8 } as const;
const ANSWER = { OK: 0, IO_ERROR: 1, UNSUPPORTED: 2 } as const;
const HEADER_BYTES = 16;
const ID_BYTES = 20;
/** As on QEMU: what virtio-mmio allows, and the segments of a disk whose queue has 256 entries. */
const QUEUE_SIZE = 1024;
const SEGMENTS = 254;

/** A disk. */
export interface BlockFacts {
  /** Its number in the channel. */
  readonly disk: number;
  /** Capacity. */
  readonly sectors: number;
  /** Whether writes are refused. */
  readonly readOnly: boolean;
  /** What the guest sees as its serial number; 20 bytes of it. */
  readonly serial: string;
}

/** The device over a channel, on one thread. `i32` views the whole shared memory. */
export function virtioBlock(facts: BlockFacts, channel: DiskPort, i32: Int32Array): VirtioModel {
  const config = new DataView(new ArrayBuffer(24));
  config.setUint32(0, facts.sectors, true);
  config.setUint32(4, Math.floor(facts.sectors / 2 ** 32), true);
  config.setUint32(12, SEGMENTS, true);
  config.setUint32(20, SECTOR, true);
  const server = new BlockServer(facts, channel, i32);
  return {
    name: `virtio-blk ${facts.disk}`,
    deviceId: 2,
    features: FEATURE.SEG_MAX | FEATURE.BLOCK_SIZE | FEATURE.FLUSH |
      (facts.readOnly ? FEATURE.READ_ONLY : 0),
    queueSizes: [QUEUE_SIZE],
    config: (offset) => offset < config.byteLength ? config.getUint8(offset) : 0,
    reset: () => {},
    notify: (index, side) => {
      for (const chain of chains(side, index)) server.serve(side, index, chain);
    },
  };
}

/** Does the requests of one disk. */
class BlockServer {
  readonly #facts: BlockFacts;
  readonly #channel: DiskPort;
  readonly #i32: Int32Array;
  readonly #buffer = new Uint8Array(DISK_BUFFER_BYTES);

  constructor(facts: BlockFacts, channel: DiskPort, i32: Int32Array) {
    this.#facts = facts;
    this.#channel = channel;
    this.#i32 = i32;
  }

  /**
   * The last writable byte of a request takes the answer. One that has none gets none. What counts as
   * written is all that may be, whatever the request and its answer: QEMU says so too.
   */
  serve(side: ServedDevice, index: number, chain: Chain): void {
    const queue = side.queue(index);
    const header = new Uint8Array(HEADER_BYTES);
    if (chain.writableBytes === 0 || queue.read(chain, 0, header) < HEADER_BYTES) {
      side.give(index, chain, 0);
      return;
    }
    const answer = this.#perform(side, queue, chain, new DataView(header.buffer));
    queue.write(side.env, chain, chain.writableBytes - 1, Uint8Array.of(answer));
    side.give(index, chain, chain.writableBytes);
  }

  #perform(
    side: ServedDevice,
    queue: SplitQueue,
    chain: Chain,
    header: DataView,
  ): number {
    const dataBytes = chain.writableBytes - 1;
    const offset = (header.getUint32(8, true) + header.getUint32(12, true) * 2 ** 32) * SECTOR;
    const vcpu = this.#i32[(side.env + VCPU.INDEX) >>> 2];
    switch (header.getUint32(0, true)) {
      case REQUEST.IN: {
        const done = this.#inside(offset, dataBytes) &&
          this.#pieces(side, offset, dataBytes, (at, bytes, from) => {
            if (!this.#channel.request(vcpu, this.#facts.disk, DISK_OP.READ, at, bytes)) {
              return false;
            }
            queue.write(side.env, chain, from, bytes);
            return true;
          });
        return done ? ANSWER.OK : ANSWER.IO_ERROR;
      }
      case REQUEST.OUT: {
        const length = chain.readableBytes - HEADER_BYTES;
        const done = !this.#facts.readOnly && this.#inside(offset, length) &&
          this.#pieces(side, offset, length, (at, bytes, from) => {
            queue.read(chain, HEADER_BYTES + from, bytes);
            return this.#channel.request(vcpu, this.#facts.disk, DISK_OP.WRITE, at, bytes);
          });
        return done ? ANSWER.OK : ANSWER.IO_ERROR;
      }
      case REQUEST.FLUSH: {
        const none = this.#buffer.subarray(0, 0);
        const done = this.#channel.request(vcpu, this.#facts.disk, DISK_OP.FLUSH, 0, none);
        return done ? ANSWER.OK : ANSWER.IO_ERROR;
      }
      case REQUEST.GET_ID: {
        const id = new Uint8Array(Math.min(ID_BYTES, dataBytes));
        new TextEncoder().encodeInto(this.#facts.serial, id);
        queue.write(side.env, chain, 0, id);
        return ANSWER.OK;
      }
      default:
        return ANSWER.UNSUPPORTED;
    }
  }

  /** Whether whole sectors of the disk are meant. */
  #inside(offset: number, length: number): boolean {
    return length % SECTOR === 0 && offset + length <= this.#facts.sectors * SECTOR;
  }

  /**
   * Cuts a transfer into what the channel takes at once; stops at the first piece that fails, and when
   * the machine has ended.
   */
  #pieces(
    side: ServedDevice,
    offset: number,
    length: number,
    piece: (at: number, bytes: Uint8Array, from: number) => boolean,
  ): boolean {
    for (let from = 0; from < length; from += DISK_BUFFER_BYTES) {
      const bytes = this.#buffer.subarray(0, Math.min(DISK_BUFFER_BYTES, length - from));
      if (side.ended || !piece(offset + from, bytes, from)) return false;
    }
    return true;
  }
}
