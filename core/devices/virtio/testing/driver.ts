/**
 * A virtio driver for tests: a small machine's RAM, a transport with a device in it, and functions
 * that do what a guest's driver does, or what it must not do.
 * @module
 */
import { setPageFlag } from "../../../memory/page_state.ts";
import { deviceBench, LineRecorder } from "../../testing/bench.ts";
import { type DmaHooks, GuestMemory } from "../guest_memory.ts";
import type { VirtioModel } from "../model.ts";
import { REGISTER, STATUS } from "../registers.ts";
import { transportStateBytes, VirtioTransport } from "../transport.ts";

/** Physical address of RAM and its size. */
export const RAM = 0x4000_0000;
export const RAM_BYTES = 65536;
/** Where the driver puts the parts of its queue. */
export const AREA = {
  desc: 0x4000_0000,
  avail: 0x4000_1000,
  used: 0x4000_2000,
  data: 0x4000_3000,
} as const;
/** Descriptor flags. */
export const NEXT = 1;
export const WRITE = 2;
export const INDIRECT = 4;

/** One descriptor. */
export interface Descriptor {
  readonly at: number;
  readonly length: number;
  readonly flags?: number;
  readonly next?: number;
}

/** A device's guest side. */
export class TestDriver {
  readonly views: ReturnType<typeof deviceBench>["views"];
  readonly layout: ReturnType<typeof deviceBench>["layout"];
  readonly lines: LineRecorder = new LineRecorder();
  readonly transport: VirtioTransport;
  /** What the hooks were told, as "store|code physical size". */
  readonly seen: string[] = [];
  /** Whether the strategy has a store hook. */
  hooked = false;
  #available = 0;

  constructor(
    model: (bench: ReturnType<typeof deviceBench>) => VirtioModel,
    version: 1 | 2 = 2,
    bench: ReturnType<typeof deviceBench> = deviceBench(1),
  ) {
    this.views = bench.views;
    this.layout = bench.layout;
    const note = (what: string, host: number, size: number): void => {
      this.seen.push(`${what} ${(host - this.layout.ram + RAM).toString(16)} ${size}`);
    };
    const hooks: DmaHooks = {
      strategyStore: () =>
        this.hooked
          ? (_env, host, size, commit) => {
            note("store", host, size);
            commit();
          }
          : undefined,
      codeWrite: (_env, host, size) => note("code", host, size),
    };
    const made = model(bench);
    this.transport = new VirtioTransport(
      {
        views: bench.views,
        layout: bench.layout,
        sink: this.lines,
        memory: new GuestMemory(bench.views, bench.layout, hooks),
        version,
      },
      bench.arena.allocate(transportStateBytes(made)),
      made,
      { base: 0x0a00_0000, spi: 16 },
    );
    this.transport.reset();
  }

  read(register: number): number {
    return this.transport.read(register, 4, 0);
  }

  write(register: number, value: number): void {
    this.transport.write(register, 4, value, 0);
  }

  hostOf(physical: number): number {
    return physical - RAM + this.layout.ram;
  }

  /** Bytes of RAM. */
  bytes(physical: number, length: number): Uint8Array {
    return this.views.u8.slice(this.hostOf(physical), this.hostOf(physical) + length);
  }

  poke(physical: number, bytes: Uint8Array): void {
    this.views.u8.set(bytes, this.hostOf(physical));
  }

  poke16(physical: number, value: number): void {
    this.views.data.setUint16(this.hostOf(physical), value, true);
  }

  poke32(physical: number, value: number): void {
    this.views.data.setUint32(this.hostOf(physical), value, true);
  }

  peek32(physical: number): number {
    return this.views.data.getUint32(this.hostOf(physical), true);
  }

  peek16(physical: number): number {
    return this.views.data.getUint16(this.hostOf(physical), true);
  }

  /** Marks a page as one with translated code. */
  markCode(physical: number): void {
    setPageFlag(this.views, this.layout, this.hostOf(physical) & -4096, "code", true);
  }

  /** Takes the device up to FEATURES_OK with the low feature word `features`. */
  negotiate(features = 0): void {
    this.write(REGISTER.STATUS, 0);
    this.write(REGISTER.STATUS, STATUS.ACKNOWLEDGE | STATUS.DRIVER);
    this.write(REGISTER.DRIVER_FEATURES_SELECT, 0);
    this.write(REGISTER.DRIVER_FEATURES, features);
    this.write(REGISTER.DRIVER_FEATURES_SELECT, 1);
    this.write(REGISTER.DRIVER_FEATURES, 1);
    this.write(REGISTER.STATUS, STATUS.ACKNOWLEDGE | STATUS.DRIVER | STATUS.FEATURES_OK);
  }

  /** Sets up a queue of `size` descriptors at AREA, `shift` bytes further on, and starts. */
  setUp(queue = 0, size = 8, shift = 0): void {
    this.write(REGISTER.QUEUE_SELECT, queue);
    this.write(REGISTER.QUEUE_SIZE, size);
    this.write(REGISTER.QUEUE_DESC_LOW, AREA.desc + shift);
    this.write(REGISTER.QUEUE_DRIVER_LOW, AREA.avail + shift);
    this.write(REGISTER.QUEUE_DEVICE_LOW, AREA.used + shift);
    this.write(REGISTER.QUEUE_READY, 1);
    this.write(
      REGISTER.STATUS,
      STATUS.ACKNOWLEDGE | STATUS.DRIVER | STATUS.FEATURES_OK | STATUS.DRIVER_OK,
    );
    this.#available = 0;
  }

  describe(index: number, { at, length, flags = 0, next = 0 }: Descriptor, shift = 0): void {
    const desc = AREA.desc + shift + index * 16;
    this.poke32(desc, at >>> 0);
    this.poke32(desc + 4, Math.floor(at / 2 ** 32));
    this.poke32(desc + 8, length);
    this.poke16(desc + 12, flags);
    this.poke16(desc + 14, next);
  }

  /** Makes a chain from descriptor 0 on of the given parts, available and known to the device. */
  submit(parts: readonly Descriptor[], queue = 0, size = 8, shift = 0): void {
    parts.forEach((part, index) => {
      const more = index + 1 < parts.length ? NEXT : 0;
      this.describe(index, { ...part, flags: (part.flags ?? 0) | more, next: index + 1 }, shift);
    });
    this.offer(0, size, shift);
    this.notify(queue);
  }

  /** Puts a head into the available ring. */
  offer(head: number, size = 8, shift = 0): void {
    this.poke16(AREA.avail + shift + 4 + 2 * (this.#available % size), head);
    this.#available = (this.#available + 1) & 0xffff;
    this.poke16(AREA.avail + shift + 2, this.#available);
  }

  notify(queue = 0): void {
    this.write(REGISTER.QUEUE_NOTIFY, queue);
  }

  /** Index of the used ring, and its entries so far as [head, bytes]. */
  used(size = 8, shift = 0): [number, number][] {
    const count = this.peek16(AREA.used + shift + 2);
    return Array.from({ length: count }, (_, n) => {
      const at = AREA.used + shift + 4 + 8 * (n % size);
      return [this.peek32(at), this.peek32(at + 4)];
    });
  }

  get needsReset(): boolean {
    return (this.read(REGISTER.STATUS) & STATUS.NEEDS_RESET) !== 0;
  }
}
