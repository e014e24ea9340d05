/**
 * Guest RAM as a device's bus master reaches it: only RAM, with bounds checked, and every store
 * seen by the engine (translated code) and by the atomics strategy (reservations). Stores are made
 * on the thread of a running vCPU, so exclusive sections keep them out as they do the vCPU's own.
 * @module
 */
import { storeHost } from "../../memory/host_access.ts";
import type { MachineLayout } from "../../memory/machine_layout.ts";
import { hasPageFlag } from "../../memory/page_state.ts";
import { PAGE_MASK, PAGE_SIZE } from "../../memory/vcpu_layout.ts";
import type { Views } from "../../memory/views.ts";

/** See AtomicsRuntime.slowStore (core/exec/strategy.ts). */
export type StrategyStore = (env: number, host: number, size: number, commit: () => void) => void;

/** What has to see a store. */
export interface DmaHooks {
  /** The strategy's store hook; undefined when it has none. */
  readonly strategyStore: () => StrategyStore | undefined;
  /** Bytes of a page with translated code were stored to (SoftMmuHooks.codeWrite). */
  readonly codeWrite: (env: number, host: number, size: number) => void;
}

/** What strategies keep track of: a store that they see stays within this many aligned bytes. */
const GRANULE = 8;

/** Guest RAM for the devices of one vCPU thread. */
export class GuestMemory {
  readonly #views: Views;
  readonly #layout: MachineLayout;
  readonly #hooks: DmaHooks;

  /** One a thread. */
  constructor(views: Views, layout: MachineLayout, hooks: DmaHooks) {
    this.#views = views;
    this.#layout = layout;
    this.#hooks = hooks;
  }

  /** Host address of `length` bytes at a physical address; 0 unless all of them are RAM. */
  range(physical: number, length: number): number {
    const { ram, ramBase, ramBytes } = this.#layout;
    const offset = physical - ramBase;
    return offset >= 0 && offset + length <= ramBytes ? ram + offset : 0;
  }

  /** The halfword at an aligned host address. */
  load16(host: number): number {
    return Atomics.load(this.#views.u16, host >>> 1);
  }

  /** The word at an aligned host address, unsigned. */
  load32(host: number): number {
    return Atomics.load(this.#views.u32, host >>> 2);
  }

  /** Copies bytes out of RAM. */
  read(host: number, target: Uint8Array): void {
    target.set(this.#views.u8.subarray(host, host + target.length));
  }

  /** Stores 2 or 4 bytes at an aligned host address as one access. */
  store(env: number, host: number, size: 2 | 4, value: number): void {
    this.#commit(env, host, size, () => storeHost(this.#views, host, size, value));
    this.#stored(env, host, size);
  }

  /** Stores bytes. */
  write(env: number, host: number, bytes: Uint8Array): void {
    const { u8 } = this.#views;
    if (this.#hooks.strategyStore() === undefined) {
      u8.set(bytes, host);
    } else {
      for (let at = 0; at < bytes.length;) {
        const inGranule = GRANULE - ((host + at) & (GRANULE - 1));
        const part = bytes.subarray(at, at + inGranule);
        const to = host + at;
        this.#commit(env, to, part.length, () => u8.set(part, to));
        at += part.length;
      }
    }
    this.#stored(env, host, bytes.length);
  }

  #commit(env: number, host: number, size: number, commit: () => void): void {
    const hook = this.#hooks.strategyStore();
    if (hook === undefined) commit();
    else hook(env, host, size, commit);
  }

  /** Drops code that was translated from the bytes, page by page. */
  #stored(env: number, host: number, size: number): void {
    const end = host + size;
    for (let at = host; at < end;) {
      const page = (at & PAGE_MASK) >>> 0;
      const next = Math.min(end, page + PAGE_SIZE);
      if (hasPageFlag(this.#views, this.#layout, page, "code")) {
        this.#hooks.codeWrite(env, at, next - at);
      }
      at = next;
    }
  }
}
