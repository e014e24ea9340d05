/**
 * The long-descriptor translation table walk (LPAE): three levels of 64-bit descriptors, blocks of
 * 1 GiB and 2 MiB, pages of 4 KiB, attributes that tables hand down, access flag, memory types by
 * MAIR. Physical addresses have 40 bits. Source: ARM DDI 0406C, B3.6.
 * @module
 */
import { ACCESS, type Access, type PhysicalBus, type Translation } from "../../memory/guest_mmu.ts";
import { swapBytes64 } from "../../memory/host_access.ts";
import type { Views } from "../../memory/views.ts";
import { CP } from "../state.ts";
import { LONG_FS } from "./fault_status.ts";
import { SCTLR } from "./sctlr.ts";
import { TTBCR } from "./ttbcr.ts";

/** Bits 39-32 of an address, in the high word of a descriptor or TTBR. */
const ADDRESS_HIGH = 0xff;

/** Low word of a descriptor. */
const VALID = 1;
/** Of a level 1 or 2 descriptor: it names a table. Of a level 3 descriptor: it is a page. */
const TABLE = 2;
/** High words of table descriptors: what they take from everything below. */
const APTABLE_NO_USER = 1 << 29;
const APTABLE_READ_ONLY = 1 << 30;
const XNTABLE = 1 << 28;
const PXNTABLE = 1 << 27;
/** Low word of a leaf: AP[1], AP[2], access flag, not global. */
const AP_USER = 0x40;
const AP_READ_ONLY = 0x80;
const ACCESS_FLAG = 0x400;
const NOT_GLOBAL = 0x800;
/** High word of a leaf. */
const PXN = 1 << 21;
const XN = 1 << 22;
/** The descriptor is one of 16 beside each other that a TLB may keep as one. */
const CONTIGUOUS = 1 << 20;
const CONTIGUOUS_BITS = 4;

/** MAIR bytes below this are strongly-ordered and device memory. */
const DEVICE_TYPES = 0x10;
/** MAIR byte of normal memory that no cache holds. */
const NON_CACHEABLE = 0x44;
const OUTER_SHAREABLE = 2;

/** What PAR says about memory. */
export interface MemoryAttributes {
  /** Byte of MAIR. */
  readonly type: number;
  /** SH field: 0 not, 2 outer, 3 inner shareable. */
  readonly shareability: number;
}

/** Attributes of everything while the MMU is off. */
export const STRONGLY_ORDERED: MemoryAttributes = { type: 0, shareability: OUTER_SHAREABLE };

/** Level of the pages. */
const LAST_LEVEL = 3;

/** Number of the lowest address bit that indexes a level's table: 30, 21, 12. */
function shiftOf(level: number): number {
  return 39 - 9 * level;
}

/** Walks the tables of one thread's vCPUs. */
export class LongDescriptorWalker {
  readonly #i32: Int32Array<SharedArrayBuffer>;
  readonly #u64: BigUint64Array<SharedArrayBuffer>;
  readonly #bus: PhysicalBus;
  /** The descriptor last read. */
  #low = 0;
  #high = 0;
  /** Level of the leaf last found. */
  #level = 0;
  /** What the tables on the way took, as bits of their high words. */
  #tables = 0;

  /** One a thread. */
  constructor(views: Views, bus: PhysicalBus) {
    this.#i32 = views.i32;
    this.#u64 = views.u64;
    this.#bus = bus;
  }

  /** Fills `t` with the translation of `address` (unsigned) for an access; see GuestMmu.translate. */
  walk(env: number, address: number, access: Access, user: boolean, t: Translation): void {
    const sctlr = this.#slot(env, CP.SCTLR);
    t.domain = 0;
    t.fault = this.#findLeaf(env, address, sctlr, t);
    if (t.fault !== 0) return;
    t.nonGlobal = (this.#low & NOT_GLOBAL) !== 0;
    t.device = this.#type(env) < DEVICE_TYPES;
    this.#grant(sctlr, access, user, t);
  }

  #slot(env: number, offset: number): number {
    return this.#i32[(env + offset) >>> 2];
  }

  /** The byte of MAIR that the last leaf names. */
  #type(env: number): number {
    const index = (this.#low >>> 2) & 7;
    return (this.#slot(env, index < 4 ? CP.PRRR : CP.NMRR) >>> (8 * (index & 3))) & 0xff;
  }

  /** What the leaf found last says about its memory. */
  attributes(env: number): MemoryAttributes {
    const type = this.#type(env);
    const outer = type < DEVICE_TYPES || type === NON_CACHEABLE;
    return { type, shareability: outer ? OUTER_SHAREABLE : (this.#low >>> 8) & 3 };
  }

  /** Finds the leaf; returns a fault code or 0. */
  #findLeaf(env: number, address: number, sctlr: number, t: Translation): number {
    const ttbcr = this.#slot(env, CP.TTBCR);
    const second = isSecondPart(ttbcr, address);
    const size = (second ? ttbcr >>> 16 : ttbcr) & 7;
    // Between the two parts lie addresses that belong to neither table.
    const outside = !second && address > 0xffffffff >>> size;
    if (outside || (ttbcr & (second ? TTBCR.EPD1 : TTBCR.EPD0)) !== 0) {
      return LONG_FS.TRANSLATION + 1;
    }
    const ttbr = second ? CP.TTBR1 : CP.TTBR0;
    let level = size < 2 ? 1 : 2;
    let width = 32 - size - shiftOf(level);
    let table = join(this.#slot(env, ttbr + 4), this.#slot(env, ttbr) & (-8 << width));
    const bigEndian = (sctlr & SCTLR.EE) !== 0;
    this.#tables = 0;
    for (;; level++) {
      const index = (address >>> shiftOf(level)) & ((1 << width) - 1);
      if (!this.#read(table + index * 8, bigEndian)) return LONG_FS.WALK + level;
      const isTable = (this.#low & TABLE) !== 0;
      if ((this.#low & VALID) === 0 || (level === LAST_LEVEL && !isTable)) {
        return LONG_FS.TRANSLATION + level;
      }
      if (level === LAST_LEVEL || !isTable) break;
      this.#tables |= this.#high;
      table = join(this.#high, this.#low & -4096);
      width = 9;
    }
    this.#level = level;
    const block = -1 << shiftOf(level);
    t.physical = join(this.#high, (this.#low & block) | (address & ~block));
    t.sizeBits = shiftOf(level) + ((this.#high & CONTIGUOUS) !== 0 ? CONTIGUOUS_BITS : 0);
    return (this.#low & ACCESS_FLAG) === 0 ? LONG_FS.ACCESS_FLAG + level : 0;
  }

  /** Reads the descriptor at a physical address, whole; false when no RAM is there. */
  #read(physical: number, bigEndian: boolean): boolean {
    const host = this.#bus.ramAddress(physical);
    if (host === 0) return false;
    const stored = Atomics.load(this.#u64, host >>> 3);
    const descriptor = bigEndian ? swapBytes64(stored) : stored;
    this.#low = Number(BigInt.asIntN(32, descriptor));
    this.#high = Number(BigInt.asIntN(32, descriptor >> 32n));
    return true;
  }

  /** Checks the permissions; sets what the memory may be used for. */
  #grant(sctlr: number, access: Access, user: boolean, t: Translation): void {
    const userMay = (this.#low & AP_USER) !== 0 && (this.#tables & APTABLE_NO_USER) === 0;
    const writable = (this.#low & AP_READ_ONLY) === 0 && (this.#tables & APTABLE_READ_ONLY) === 0;
    const xn = (this.#high & XN) !== 0 || (this.#tables & XNTABLE) !== 0;
    const pxn = (this.#high & PXN) !== 0 || (this.#tables & PXNTABLE) !== 0;
    t.readable = !user || userMay;
    t.writable = t.readable && writable;
    t.executable = t.readable && !xn && (user || !pxn) &&
      !((sctlr & SCTLR.WXN) !== 0 && t.writable) &&
      !((sctlr & SCTLR.UWXN) !== 0 && !user && userMay && writable);
    const allowed = access === ACCESS.LOAD
      ? t.readable
      : access === ACCESS.STORE
      ? t.writable
      : t.executable;
    if (!allowed) t.fault = LONG_FS.PERMISSION + this.#level;
  }
}

/** Whether TTBR1 translates an address. */
function isSecondPart(ttbcr: number, address: number): boolean {
  const size1 = (ttbcr >>> 16) & 7;
  return size1 === 0
    ? address > 0xffffffff >>> (ttbcr & 7)
    : address >= ~(0xffffffff >>> size1) >>> 0;
}

/** A 40-bit address from two words. */
function join(high: number, low: number): number {
  return (high & ADDRESS_HIGH) * 0x1_0000_0000 + (low >>> 0);
}
