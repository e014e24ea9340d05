/**
 * Slow paths of guest memory accesses on one thread: TLB misses, devices, misaligned and
 * page-crossing accesses, pages with translated code or reservations; and code fetch.
 * @module
 */
import { COUNTER } from "./counters.ts";
import { ACCESS, type Access } from "./guest_mmu.ts";
import {
  loadHost,
  loadHost64,
  storeHost,
  storeHost64,
  swapBytes,
  swapBytes64,
} from "./host_access.ts";
import { MEMOP, memopAlign, memopMmuIndex, memopSize, MMU_INDEX } from "./memop.ts";
import { hasPageFlag, type PageFlag } from "./page_state.ts";
import { Resolver, type SoftMmuParts } from "./softmmu_resolve.ts";
import { noteJump } from "./tlb.ts";
import { markWriteTags } from "./tlb_mark.ts";
import { PAGE_MASK, PAGE_SIZE, TLB_EXEC, TLB_FLAG, tlbOffset, VCPU } from "./vcpu_layout.ts";

/** What the softmmu asks of the engine and of the atomics strategy. */
export interface SoftMmuHooks {
  /**
   * Bytes of a RAM page with translated code were stored to (or, by a probe, are about to be). It
   * comes after the store, so that code translated from the old bytes is found by then.
   */
  readonly codeWrite: (env: number, host: number, size: number) => void;
  /** See AtomicsRuntime.slowStore (core/exec/strategy.ts). */
  readonly slowStore?: (env: number, host: number, size: number, commit: () => void) => void;
  /** See AtomicsRuntime.tlbFill. */
  readonly tlbFill?: (hostPage: number) => number;
}

/** Everything a {@linkcode SoftMmu} is made of. */
export interface SoftMmuOptions extends Omit<SoftMmuParts, "tlbFill"> {
  /** Called at stores to code, slow stores and TLB fills. */
  readonly hooks: SoftMmuHooks;
}

/** Where an access goes: an exception was taken, RAM, a device, RAM across two pages. */
const FAULT = 0;
const RAM = 1;
const DEVICE = 2;
const CROSSING = 3;

/** One part of a page-crossing access. */
interface Part {
  host: number;
  flags: number;
  size: number;
}

/** One thread's softmmu; serves every vCPU that the thread runs. */
export class SoftMmu {
  readonly #p: SoftMmuOptions;
  readonly #r: Resolver;
  readonly #first: Part = { host: 0, flags: 0, size: 0 };
  readonly #second: Part = { host: 0, flags: 0, size: 0 };

  /** One a thread; the objects in `options` are that thread's own. */
  constructor(options: SoftMmuOptions) {
    this.#p = options;
    const { tlbFill } = options.hooks;
    this.#r = new Resolver(tlbFill === undefined ? options : { ...options, tlbFill });
  }

  /**
   * Host address of the code at a guest address, with the vCPU's current privilege; 0 after a
   * prefetch abort was taken (LEAVE is set). `pc` is the instruction's own address.
   */
  translateFetch(env: number, address: number, pc: number = address): number {
    const mmuIndex = this.#p.guest.mmuIndex(env);
    return this.#r.resolve(env, pc >>> 0, address >>> 0, ACCESS.FETCH, mmuIndex) ? this.#r.host : 0;
  }

  /**
   * A block at `address`, which {@linkcode SoftMmu.translateFetch} gave, enters the jump cache; with
   * `spans` it goes on in the next page.
   */
  noteJump(env: number, address: number, spans: boolean): void {
    const { i32 } = this.#p.views;
    const mmuIndex = this.#p.guest.mmuIndex(env);
    const last = spans ? address + PAGE_SIZE : address;
    for (let page = address; page <= last; page += PAGE_SIZE) {
      const exec = i32[((env + tlbOffset(mmuIndex, page)) >>> 2) + (TLB_EXEC >>> 2)];
      noteJump(i32, env, address, page, exec, mmuIndex === MMU_INDEX.USER);
    }
  }

  /**
   * Sets or clears `flag` in the write tags that map a RAM page, in every vCPU's TLB; the page's
   * state has been changed before (`setPageFlag`).
   */
  markWriteFlag(hostPage: number, flag: PageFlag, on: boolean): void {
    markWriteTags(this.#p.views, this.#p.layout, hostPage, flag, on);
  }

  /** See `BackendHost.slowLoad`. */
  slowLoad(env: number, pc: number, address: number, memop: number): number {
    const size = memopSize(memop);
    this.#count(env, COUNTER.slowLoads);
    let value: number;
    switch (this.#locateShort(env, pc, address >>> 0, memop, size, ACCESS.LOAD)) {
      case RAM:
        value = loadHost(this.#p.views, this.#r.host, size);
        break;
      case DEVICE:
        value = this.#readDevice(env, this.#r.physical, size);
        break;
      case CROSSING:
        value = Number(BigInt.asIntN(32, this.#loadParts()));
        break;
      default:
        return 0;
    }
    if ((memop & MEMOP.BIG_ENDIAN) !== 0) value = swapBytes(value, size);
    if (size === 4) return value | 0;
    const unused = 32 - 8 * size;
    const top = value << unused;
    return (memop & MEMOP.SIGN) !== 0 ? top >> unused : top >>> unused;
  }

  /** See `BackendHost.slowLoad64`; the result is unsigned. */
  slowLoad64(env: number, pc: number, address: number, memop: number): bigint {
    this.#count(env, COUNTER.slowLoads);
    let value: bigint;
    switch (this.#locate(env, pc, address >>> 0, memop, ACCESS.LOAD)) {
      case RAM:
        value = loadHost64(this.#p.views, this.#r.host);
        break;
      case DEVICE: {
        const { physical } = this.#r;
        const lo = this.#readDevice(env, physical, 4) >>> 0;
        const hi = this.#readDevice(env, physical + 4, 4) >>> 0;
        value = BigInt(hi) << 32n | BigInt(lo);
        break;
      }
      case CROSSING:
        value = this.#loadParts();
        break;
      default:
        return 0n;
    }
    return (memop & MEMOP.BIG_ENDIAN) !== 0 ? swapBytes64(value) : value;
  }

  /**
   * See `BackendHost.slowProbe`. A write probe of a page with translated code invalidates that code
   * first; a soft one of a page that stores must not reach unseen gives 0.
   */
  slowProbe(env: number, pc: number, address: number, memop: number): number {
    const write = (memop & MEMOP.WRITE) !== 0;
    const exclusive = (memop & MEMOP.EXCLUSIVE) !== 0;
    const soft = (memop & MEMOP.SOFT) !== 0 && !exclusive;
    const virtual = address >>> 0;
    const access = write ? ACCESS.STORE : ACCESS.LOAD;
    switch (this.#locate(env, pc, virtual, memop, access)) {
      case RAM:
        return this.#probeRam(env, memopSize(memop), write, soft);
      case DEVICE:
        if (!soft) this.#p.guest.raiseExternal(env, pc, virtual, access);
        return 0;
      case CROSSING:
        if (!soft) this.#p.guest.raiseAlignment(env, pc, virtual, access);
        return 0;
      default:
        return 0;
    }
  }

  #probeRam(env: number, size: number, write: boolean, soft: boolean): number {
    const { host, flags } = this.#r;
    if (!write || (flags & (TLB_FLAG.CODE | TLB_FLAG.EXCL)) === 0) return host;
    if (soft) return 0;
    this.#afterWrite(env, host, size, flags);
    return host;
  }

  /** {@linkcode SoftMmu.#locate} of 4 bytes at most: device registers first. */
  #locateShort(
    env: number,
    pc: number,
    address: number,
    memop: number,
    size: number,
    access: Access,
  ): number {
    const align = Math.max(size, memopAlign(memop));
    if (this.#r.hitsDevice(env, address, access, memopMmuIndex(memop), align)) return DEVICE;
    return this.#locate(env, pc, address, memop, access);
  }

  /** Checks alignment and resolves an access, both pages of it when it crosses. */
  #locate(env: number, pc: number, address: number, memop: number, access: Access): number {
    const size = memopSize(memop);
    const { guest } = this.#p;
    if ((address & (memopAlign(memop) - 1)) !== 0) {
      guest.raiseAlignment(env, pc, address, access);
      return FAULT;
    }
    const mmuIndex = memopMmuIndex(memop);
    const inPage = PAGE_SIZE - (address & (PAGE_SIZE - 1));
    const r = this.#r;
    if (!r.resolve(env, pc, address, access, mmuIndex)) return FAULT;
    let { device } = r;
    let misaligned = (address & (Math.min(size, 4) - 1)) !== 0;
    let place = r.host !== 0 ? RAM : DEVICE;
    if (inPage < size) {
      keep(this.#first, r, inPage);
      if (!r.resolve(env, pc, (address + inPage) >>> 0, access, mmuIndex)) return FAULT;
      keep(this.#second, r, size - inPage);
      device ||= r.device;
      misaligned = true;
      place = CROSSING;
    }
    if (device && misaligned) {
      guest.raiseAlignment(env, pc, address, access);
      return FAULT;
    }
    return place;
  }

  #readDevice(env: number, physical: number, size: number): number {
    this.#count(env, COUNTER.mmioAccesses);
    return this.#p.bus.readDevice(physical, size, this.#vcpu(env));
  }

  #writeDevice(env: number, physical: number, size: number, value: number): void {
    this.#count(env, COUNTER.mmioAccesses);
    this.#p.bus.writeDevice(physical, size, value, this.#vcpu(env));
  }

  /** The bytes of a page-crossing load, little-endian. */
  #loadParts(): bigint {
    const { u8 } = this.#p.views;
    let value = 0n;
    let shift = 0n;
    for (const part of [this.#first, this.#second]) {
      for (let i = 0; i < part.size; i++, shift += 8n) {
        value |= BigInt(u8[part.host + i]) << shift;
      }
    }
    return value;
  }

  /** See `BackendHost.slowStore`. */
  slowStore(env: number, pc: number, address: number, value: number, memop: number): void {
    const size = memopSize(memop);
    this.#count(env, COUNTER.slowStores);
    const bytes = (memop & MEMOP.BIG_ENDIAN) !== 0 ? swapBytes(value, size) : value;
    switch (this.#locateShort(env, pc, address >>> 0, memop, size, ACCESS.STORE)) {
      case RAM: {
        const { host, flags } = this.#r;
        const { views } = this.#p;
        this.#commit(env, host, size, flags, () => storeHost(views, host, size, bytes));
        break;
      }
      case DEVICE:
        this.#writeDevice(env, this.#r.physical, size, bytes);
        break;
      case CROSSING:
        this.#storeParts(env, BigInt(bytes));
    }
  }

  /** See `BackendHost.slowStore64`; `value` is unsigned. */
  slowStore64(env: number, pc: number, address: number, value: bigint, memop: number): void {
    this.#count(env, COUNTER.slowStores);
    const bytes = (memop & MEMOP.BIG_ENDIAN) !== 0 ? swapBytes64(value) : value;
    switch (this.#locate(env, pc, address >>> 0, memop, ACCESS.STORE)) {
      case RAM: {
        const { host, flags } = this.#r;
        const { views } = this.#p;
        this.#commit(env, host, 8, flags, () => storeHost64(views, host, bytes));
        break;
      }
      case DEVICE: {
        const { physical } = this.#r;
        this.#writeDevice(env, physical, 4, Number(BigInt.asIntN(32, bytes)));
        this.#writeDevice(env, physical + 4, 4, Number(BigInt.asIntN(32, bytes >> 32n)));
        break;
      }
      case CROSSING:
        this.#storeParts(env, bytes);
    }
  }

  /** Stores into RAM, through the strategy when it wants to see slow stores. */
  #commit(env: number, host: number, size: number, flags: number, write: () => void): void {
    const { slowStore } = this.#p.hooks;
    if (slowStore !== undefined) slowStore(env, host, size, write);
    else write();
    this.#afterWrite(env, host, size, flags);
  }

  /** The two parts of a page-crossing store; each goes through the strategy on its own. */
  #storeParts(env: number, bytes: bigint): void {
    const { u8 } = this.#p.views;
    const parts = [{ ...this.#first }, { ...this.#second }];
    let rest = bytes;
    for (const { host, size, flags } of parts) {
      const part = rest;
      rest >>= BigInt(8 * size);
      this.#commit(env, host, size, flags, () => {
        for (let i = 0; i < size; i++) u8[host + i] = Number((part >> BigInt(8 * i)) & 0xffn);
      });
    }
  }

  /** Invalidates code, and takes flags out of the tags that the page no longer asks for. */
  #afterWrite(env: number, host: number, size: number, flags: number): void {
    if ((flags & (TLB_FLAG.CODE | TLB_FLAG.EXCL)) === 0) return;
    const { views, layout, hooks } = this.#p;
    const hostPage = (host & PAGE_MASK) >>> 0;
    if ((flags & TLB_FLAG.CODE) !== 0) {
      if (hasPageFlag(views, layout, hostPage, "code")) hooks.codeWrite(env, host, size);
      else this.markWriteFlag(hostPage, "code", false);
    }
    if (
      (flags & TLB_FLAG.EXCL) !== 0 && !hasPageFlag(views, layout, hostPage, "excl") &&
      ((hooks.tlbFill?.(hostPage) ?? 0) & TLB_FLAG.EXCL) === 0
    ) {
      this.markWriteFlag(hostPage, "excl", false);
    }
  }

  #vcpu(env: number): number {
    return this.#p.views.i32[(env + VCPU.INDEX) >>> 2];
  }

  #count(env: number, counter: number): void {
    this.#p.views.f64[((env + VCPU.COUNTERS) >>> 3) + counter]++;
  }
}

function keep(part: Part, r: Resolver, size: number): void {
  part.host = r.host;
  part.flags = r.flags;
  part.size = size;
}
