/**
 * One virtio-mmio transport with a device plugged in, version 2 or legacy (version 1). Its queues
 * are served on the thread of the vCPU that notifies it.
 * Source: Virtio 1.1, sections 4.2.2 and 4.2.4; deviations follow QEMU.
 * @module
 */
import { GLOBAL, type MachineLayout, vcpuBase } from "../../memory/machine_layout.ts";
import type { Views } from "../../memory/views.ts";
import type { Device, InterruptSink } from "../device.ts";
import type { GuestMemory } from "./guest_memory.ts";
import type { ServedDevice, VirtioModel } from "./model.ts";
import { FEATURE, INTERRUPT, MAGIC, REGISTER, STATUS, VENDOR } from "./registers.ts";
import { legacyOffsets, QUEUE_BYTES, QUEUE_STATE, RingError, SplitQueue } from "./split_queue.ts";

/** Words of the state; queues follow, QUEUE_BYTES each. */
const STATE = {
  STATUS: 0,
  DEVICE_FEATURES_SELECT: 1,
  DRIVER_FEATURES_SELECT: 2,
  /** Two words. */
  DRIVER_FEATURES: 3,
  QUEUE_SELECT: 5,
  PAGE_SIZE: 6,
  ALIGN: 7,
  INTERRUPT: 8,
  /** 1 after the driver broke a ring, until it resets the device. */
  BROKEN: 9,
} as const;
const QUEUES_AT = 64;

/** Bytes of registers of one transport. */
export const TRANSPORT_BYTES = 0x200;

/** Bytes of state of a transport with that device. */
export function transportStateBytes(model: VirtioModel): number {
  return QUEUES_AT + model.queueSizes.length * QUEUE_BYTES;
}

/** Registers of version 2 that hold half an address of the selected queue. */
const ADDRESS_WORDS: Readonly<Record<number, number>> = {
  [REGISTER.QUEUE_DESC_LOW]: QUEUE_STATE.DESC,
  [REGISTER.QUEUE_DESC_HIGH]: QUEUE_STATE.DESC + 1,
  [REGISTER.QUEUE_DRIVER_LOW]: QUEUE_STATE.DRIVER,
  [REGISTER.QUEUE_DRIVER_HIGH]: QUEUE_STATE.DRIVER + 1,
  [REGISTER.QUEUE_DEVICE_LOW]: QUEUE_STATE.DEVICE,
  [REGISTER.QUEUE_DEVICE_HIGH]: QUEUE_STATE.DEVICE + 1,
};

function isPowerOfTwo(value: number): boolean {
  return value !== 0 && (value & (value - 1)) === 0;
}

/** Where a transport is. */
export interface TransportPlace {
  /** Physical address of the first register. */
  readonly base: number;
  /** Shared peripheral interrupt. */
  readonly spi: number;
}

/** What the transports of a machine have in common, on one thread. */
export interface TransportParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** Takes the interrupts. */
  readonly sink: InterruptSink;
  /** Guest RAM; undefined on threads that run no vCPU: they may only reset. */
  readonly memory: GuestMemory | undefined;
  /** Interface version: 1 is the legacy one. */
  readonly version: 1 | 2;
}

/** A transport as one thread sees it. */
export class VirtioTransport implements Device {
  /** The device's name. */
  readonly name: string;
  /** Physical address of the first register. */
  readonly base: number;
  /** Bytes of registers. */
  readonly size: number = TRANSPORT_BYTES;
  readonly #p: TransportParts;
  readonly #model: VirtioModel;
  readonly #spi: number;
  readonly #u32: Uint32Array;
  readonly #state: number;
  readonly #queues: readonly SplitQueue[];

  /** `state` is the address of {@linkcode transportStateBytes}. */
  constructor(parts: TransportParts, state: number, model: VirtioModel, place: TransportPlace) {
    this.#p = parts;
    this.#model = model;
    this.name = model.name;
    this.base = place.base;
    this.#spi = place.spi;
    this.#u32 = parts.views.u32;
    this.#state = state;
    const { memory } = parts;
    this.#queues = memory === undefined ? [] : model.queueSizes.map((_, index) =>
      new SplitQueue(
        this.#u32,
        this.#queueAt(index),
        memory,
        `${model.name} queue ${index}`,
      )
    );
  }

  /** See Device: the driver's reset as well. */
  reset(): void {
    const words = this.#state >>> 2;
    this.#u32.fill(0, words, words + transportStateBytes(this.#model) / 4);
    this.#model.queueSizes.forEach((size, index) => {
      this.#setQueue(index, QUEUE_STATE.SIZE, this.#modern ? size : 0);
    });
    this.#set(STATE.PAGE_SIZE, 4096);
    this.#set(STATE.ALIGN, 4096);
    this.#model.reset();
    this.#updateLine();
  }

  get #modern(): boolean {
    return this.#p.version === 2;
  }

  #get(word: number): number {
    return this.#u32[(this.#state >>> 2) + word];
  }

  #set(word: number, value: number): void {
    this.#u32[(this.#state >>> 2) + word] = value;
  }

  #queueAt(index: number): number {
    return this.#state + QUEUES_AT + index * QUEUE_BYTES;
  }

  #getQueue(index: number, word: number): number {
    return this.#u32[(this.#queueAt(index) >>> 2) + word];
  }

  #setQueue(index: number, word: number, value: number): void {
    this.#u32[(this.#queueAt(index) >>> 2) + word] = value;
  }

  /** The queue that the driver has selected; undefined when there is no such queue. */
  get #selected(): number | undefined {
    const index = this.#get(STATE.QUEUE_SELECT);
    return index < this.#model.queueSizes.length ? index : undefined;
  }

  #offered(word: number): number {
    if (word === 0) {
      const legacy = this.#modern ? 0 : FEATURE.ANY_LAYOUT;
      return this.#model.features | FEATURE.INDIRECT | legacy;
    }
    return word === 1 && this.#modern ? FEATURE.VERSION_1 : 0;
  }

  /** See Device. Registers are 32 bits wide; the configuration may be read in any size. */
  read(offset: number, size: number, _vcpu: number): number {
    if (offset >= REGISTER.CONFIG) {
      let value = 0;
      for (let i = 0; i < size; i++) {
        value |= this.#model.config(offset - REGISTER.CONFIG + i) << (8 * i);
      }
      return value >>> 0;
    }
    return size === 4 ? this.#readRegister(offset) >>> 0 : 0;
  }

  #readRegister(offset: number): number {
    const queue = this.#selected;
    switch (offset) {
      case REGISTER.MAGIC:
        return MAGIC;
      case REGISTER.VERSION:
        return this.#p.version;
      case REGISTER.DEVICE_ID:
        return this.#model.deviceId;
      case REGISTER.VENDOR_ID:
        return VENDOR;
      case REGISTER.DEVICE_FEATURES:
        return this.#offered(this.#get(STATE.DEVICE_FEATURES_SELECT));
      case REGISTER.QUEUE_SIZE_MAX:
        return queue === undefined ? 0 : this.#model.queueSizes[queue];
      case REGISTER.QUEUE_PFN:
        return queue === undefined || this.#modern ? 0 : this.#getQueue(queue, QUEUE_STATE.PFN);
      case REGISTER.QUEUE_READY:
        return queue === undefined || !this.#modern ? 0 : this.#getQueue(queue, QUEUE_STATE.READY);
      case REGISTER.INTERRUPT_STATUS:
        return this.#get(STATE.INTERRUPT);
      case REGISTER.STATUS:
        return this.#get(STATE.STATUS);
      case REGISTER.SHM_LENGTH_LOW:
      case REGISTER.SHM_LENGTH_HIGH:
        return this.#modern ? 0xffffffff : 0;
      default:
        return 0;
    }
  }

  /** See Device. No configuration can be written. */
  write(offset: number, size: number, value: number, vcpu: number): void {
    if (offset >= REGISTER.CONFIG || size !== 4) return;
    const word = value >>> 0;
    switch (offset) {
      case REGISTER.DEVICE_FEATURES_SELECT:
        return this.#set(STATE.DEVICE_FEATURES_SELECT, word);
      case REGISTER.DRIVER_FEATURES_SELECT:
        return this.#set(STATE.DRIVER_FEATURES_SELECT, word);
      case REGISTER.DRIVER_FEATURES: {
        const half = this.#get(STATE.DRIVER_FEATURES_SELECT);
        if (half < 2 && !this.#featuresFixed) this.#set(STATE.DRIVER_FEATURES + half, word);
        return;
      }
      case REGISTER.QUEUE_SELECT:
        return this.#set(STATE.QUEUE_SELECT, word);
      case REGISTER.QUEUE_NOTIFY:
        return this.#serve(vcpu, (side) => {
          if (word < this.#model.queueSizes.length) this.#model.notify(word, side);
        });
      case REGISTER.INTERRUPT_ACK:
        this.#set(STATE.INTERRUPT, this.#get(STATE.INTERRUPT) & ~word);
        return this.#updateLine();
      case REGISTER.STATUS:
        return this.#writeStatus(word & 0xff);
      case REGISTER.GUEST_PAGE_SIZE:
        if (!this.#modern && isPowerOfTwo(word)) this.#set(STATE.PAGE_SIZE, word);
        return;
      default: {
        const queue = this.#selected;
        if (queue === undefined) return;
        if (this.#modern) this.#writeQueue(queue, offset, word);
        else this.#writeLegacyQueue(queue, offset, word);
      }
    }
  }

  get #featuresFixed(): boolean {
    return this.#modern && (this.#get(STATE.STATUS) & STATUS.FEATURES_OK) !== 0;
  }

  #writeStatus(status: number): void {
    if (status === 0) return this.reset();
    let next = status | (this.#get(STATE.STATUS) & STATUS.NEEDS_RESET);
    if (this.#modern && (next & STATUS.FEATURES_OK) !== 0 && !this.#acceptable()) {
      next &= ~STATUS.FEATURES_OK;
    }
    this.#set(STATE.STATUS, next);
  }

  /** Whether the driver took nothing that was not offered, and speaks this version. */
  #acceptable(): boolean {
    const low = this.#get(STATE.DRIVER_FEATURES);
    const high = this.#get(STATE.DRIVER_FEATURES + 1);
    return (low & ~this.#offered(0)) === 0 && high === FEATURE.VERSION_1;
  }

  #setSize(queue: number, size: number): void {
    const allowed = isPowerOfTwo(size) && size <= this.#model.queueSizes[queue];
    if (allowed) this.#setQueue(queue, QUEUE_STATE.SIZE, size);
  }

  #writeQueue(queue: number, offset: number, value: number): void {
    if (offset === REGISTER.QUEUE_READY) {
      return this.#setQueue(queue, QUEUE_STATE.READY, value & 1);
    }
    if (this.#getQueue(queue, QUEUE_STATE.READY) !== 0) return;
    const address = ADDRESS_WORDS[offset];
    if (offset === REGISTER.QUEUE_SIZE) this.#setSize(queue, value);
    else if (address !== undefined) this.#setQueue(queue, address, value);
  }

  #writeLegacyQueue(queue: number, offset: number, value: number): void {
    switch (offset) {
      case REGISTER.QUEUE_SIZE:
        return this.#setSize(queue, value);
      case REGISTER.QUEUE_ALIGN:
        if (isPowerOfTwo(value)) this.#set(STATE.ALIGN, value);
        return;
      case REGISTER.QUEUE_PFN:
        return this.#placeLegacyQueue(queue, value);
    }
  }

  /** The page number 0 takes the queue out of use. */
  #placeLegacyQueue(queue: number, pfn: number): void {
    this.#setQueue(queue, QUEUE_STATE.PFN, pfn);
    this.#setQueue(queue, QUEUE_STATE.READY, pfn === 0 ? 0 : 1);
    this.#setQueue(queue, QUEUE_STATE.TAKEN, 0);
    this.#setQueue(queue, QUEUE_STATE.GIVEN, 0);
    const base = pfn * this.#get(STATE.PAGE_SIZE);
    const size = this.#getQueue(queue, QUEUE_STATE.SIZE);
    const { driver, device } = legacyOffsets(size, this.#get(STATE.ALIGN));
    const areas = [
      [QUEUE_STATE.DESC, base],
      [QUEUE_STATE.DRIVER, base + driver],
      [QUEUE_STATE.DEVICE, base + device],
    ];
    for (const [word, address] of areas) {
      this.#setQueue(queue, word, address);
      this.#setQueue(queue, word + 1, Math.floor(address / 2 ** 32));
    }
  }

  /** Lets the device act, unless its driver has broken a ring; call with the lock held. */
  #serve(vcpu: number, action: (side: ServedDevice) => void): void {
    if (this.#get(STATE.BROKEN) !== 0) return;
    const { views, layout } = this.#p;
    const env = vcpuBase(layout, vcpu);
    try {
      action({
        env,
        queue: (index) => this.#queues[index],
        give: (index, chain, written) => {
          if (this.#queues[index].give(env, chain, written)) this.#interrupt(INTERRUPT.USED);
        },
        get ended(): boolean {
          return Atomics.load(views.i32, (layout.global + GLOBAL.END) >>> 2) !== 0;
        },
      });
    } catch (error) {
      if (!(error instanceof RingError)) throw error;
      this.#set(STATE.BROKEN, 1);
      this.#set(STATE.STATUS, this.#get(STATE.STATUS) | STATUS.NEEDS_RESET);
      this.#interrupt(INTERRUPT.CONFIG);
    }
  }

  /** Something has come from outside the guest; call with the lock held, on a vCPU's thread. */
  work(vcpu: number): void {
    this.#serve(vcpu, (side) => this.#model.work?.(side));
  }

  #interrupt(cause: number): void {
    this.#set(STATE.INTERRUPT, this.#get(STATE.INTERRUPT) | cause);
    this.#updateLine();
  }

  #updateLine(): void {
    this.#p.sink.setSpi(this.#spi, this.#get(STATE.INTERRUPT) !== 0 ? 1 : 0);
  }
}
