/**
 * Resolution of one guest access to RAM or a device: TLB lookup, refill from the guest's
 * translation, aborts. The slow paths of core/memory/softmmu.ts are built on it.
 * @module
 */
import { COUNTER } from "./counters.ts";
import {
  ACCESS,
  type Access,
  type GuestMmu,
  type PhysicalBus,
  type Translation,
} from "./guest_mmu.ts";
import type { MachineLayout } from "./machine_layout.ts";
import { writeFlags } from "./page_state.ts";
import { addWriteFlags, type TlbEntry, writeTlbEntry } from "./tlb.ts";
import { noteSize, sizeFact } from "./tlb_sizes.ts";
import {
  PAGE_MASK,
  TLB_EXEC,
  TLB_FACT,
  TLB_FLAG,
  TLB_READ,
  TLB_WRITE,
  tlbOffset,
  VCPU,
} from "./vcpu_layout.ts";
import type { Views } from "./views.ts";

/** What the softmmu of one thread is made of. */
export interface SoftMmuParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** RAM and devices by physical address. */
  readonly bus: PhysicalBus;
  /** Translation and aborts of the guest architecture. */
  readonly guest: GuestMmu;
  /** Extra TLB_FLAG bits for the write tag of a RAM page being filled (AtomicsRuntime.tlbFill). */
  readonly tlbFill?: (hostPage: number) => number;
}

const TAG_OF_ACCESS: Readonly<Record<Access, number>> = {
  [ACCESS.LOAD]: TLB_READ,
  [ACCESS.STORE]: TLB_WRITE,
  [ACCESS.FETCH]: TLB_EXEC,
};

/** Resolves accesses; its fields hold the last result until the next call. */
export class Resolver {
  /** Host address of the access when it is to RAM, else 0. */
  host = 0;
  /** Physical address when `device` is set. */
  physical = 0;
  /**
   * Device memory: unaligned accesses fault. With `host` set it is RAM that the guest maps as device
   * memory.
   */
  device = false;
  /** TLB_FLAG.CODE and EXCL of the RAM page, for a store. */
  flags = 0;

  readonly #p: SoftMmuParts;
  readonly #i32: Int32Array<SharedArrayBuffer>;

  /** One a thread. */
  constructor(parts: SoftMmuParts) {
    this.#p = parts;
    this.#i32 = parts.views.i32;
  }

  /** Resolves an access (`address` unsigned); false after an abort was taken. */
  resolve(
    env: number,
    pc: number,
    address: number,
    access: Access,
    mmuIndex: number,
  ): boolean {
    const offset = tlbOffset(mmuIndex, address);
    const at = (env + offset) >>> 2;
    const tag = Atomics.load(this.#i32, at + (TAG_OF_ACCESS[access] >>> 2));
    if ((tag & (PAGE_MASK | TLB_FLAG.INVALID)) === (address & PAGE_MASK)) {
      const target = address + this.#i32[at + 3] >>> 0;
      if ((tag & TLB_FLAG.MMIO) !== 0) {
        return this.#onDevice(env, pc, address, access, target);
      }
      this.host = target;
      this.device = false;
      this.flags = access === ACCESS.STORE ? tag : 0;
      return true;
    }
    return this.#refill(env, pc, address, access, mmuIndex, offset);
  }

  /**
   * Whether an aligned access (`address` unsigned, `align` bytes) is to a device that the TLB knows;
   * then `physical` is set. What it does not answer for, `resolve` does.
   */
  hitsDevice(
    env: number,
    address: number,
    access: Access,
    mmuIndex: number,
    align: number,
  ): boolean {
    const at = (env + tlbOffset(mmuIndex, address)) >>> 2;
    const tag = this.#i32[at + (TAG_OF_ACCESS[access] >>> 2)];
    if (tag !== ((address & PAGE_MASK) | TLB_FLAG.MMIO) || (address & (align - 1)) !== 0) {
      return false;
    }
    this.physical = address + this.#i32[at + 3] >>> 0;
    return this.#p.bus.hasDevice(this.physical);
  }

  #onDevice(
    env: number,
    pc: number,
    address: number,
    access: Access,
    physical: number,
  ): boolean {
    const { bus, views, layout } = this.#p;
    this.physical = physical;
    this.device = true;
    this.host = bus.ramAddress(physical);
    this.flags = this.host === 0
      ? 0
      : writeFlags(views, layout, (this.host & PAGE_MASK) >>> 0) | this.#hookFlags(this.host);
    if (this.host !== 0 || (access !== ACCESS.FETCH && bus.hasDevice(physical))) return true;
    this.#p.guest.raiseExternal(env, pc, address, access);
    return false;
  }

  #refill(
    env: number,
    pc: number,
    address: number,
    access: Access,
    mmuIndex: number,
    offset: number,
  ): boolean {
    const refill = (env + VCPU.TLB_REFILL) >>> 2;
    Atomics.store(this.#i32, refill, 1);
    const found = this.#fill(env, pc, address, access, mmuIndex, offset);
    Atomics.store(this.#i32, refill, 0);
    return found;
  }

  /** Translates and fills the entry. */
  #fill(
    env: number,
    pc: number,
    address: number,
    access: Access,
    mmuIndex: number,
    offset: number,
  ): boolean {
    const { guest, bus, views } = this.#p;
    const t = guest.translate(env, address, access, mmuIndex);
    if (t.fault !== 0) {
      guest.raiseAbort(env, pc, address, access, t);
      return false;
    }
    views.f64[((env + VCPU.COUNTERS) >>> 3) + COUNTER.tlbFills]++;
    const { physical } = t;
    if (physical > 0xffffffff) {
      guest.raiseExternal(env, pc, address, access);
      return false;
    }
    noteSize(this.#i32, env, address, t.sizeBits);
    const host = bus.ramAddress(physical);
    if (host === 0 || t.device) {
      const known = this.#onDevice(env, pc, address, access, physical);
      if (known) {
        const addend = physical - address | 0;
        writeTlbEntry(views, env, offset, 0, entryOf(address, t, TLB_FLAG.MMIO, addend, 0));
      }
      return known;
    }
    this.host = host;
    this.device = false;
    this.flags = this.#fillRam(env, offset, address, t, host);
    return true;
  }

  /** Fills a RAM page's entry; returns the flags of its write tag. */
  #fillRam(
    env: number,
    offset: number,
    address: number,
    t: Translation,
    host: number,
  ): number {
    const { views } = this.#p;
    const hostPage = (host & PAGE_MASK) >>> 0;
    const flags = this.#ramFlags(hostPage);
    writeTlbEntry(views, env, offset, hostPage, entryOf(address, t, 0, host - address | 0, flags));
    if (!t.writable) return flags;
    const now = this.#ramFlags(hostPage);
    if (now !== flags) addWriteFlags(views, env, offset, now);
    return flags | now;
  }

  #ramFlags(hostPage: number): number {
    const { views, layout } = this.#p;
    return writeFlags(views, layout, hostPage) | this.#hookFlags(hostPage);
  }

  #hookFlags(host: number): number {
    return this.#p.tlbFill?.((host & PAGE_MASK) >>> 0) ?? 0;
  }
}

function entryOf(
  address: number,
  t: Translation,
  flags: number,
  addend: number,
  writeTagFlags: number,
): TlbEntry {
  const page = (address & PAGE_MASK) | flags;
  return {
    read: t.readable ? page : page | TLB_FLAG.INVALID,
    write: t.writable ? page | writeTagFlags : page | TLB_FLAG.INVALID,
    exec: page | (t.executable ? 0 : TLB_FLAG.INVALID) | (t.domain & TLB_FACT.DOMAIN_MASK) |
      (t.nonGlobal ? TLB_FACT.NON_GLOBAL : 0) | sizeFact(t.sizeBits),
    addend,
  };
}
