/**
 * The short-descriptor translation table walk: sections, supersections, large and small pages,
 * domains, access permissions, execute-never, access flag, TEX remap.
 * @module
 */
import { ACCESS, type Access, type PhysicalBus, type Translation } from "../../memory/guest_mmu.ts";
import { CP } from "../state.ts";
import { FS } from "./fault_status.ts";
import { SCTLR } from "./sctlr.ts";
import { swapBytes } from "../../memory/host_access.ts";
import type { Views } from "../../memory/views.ts";

/** TTBCR: walks through TTBR0 and TTBR1 are switched off. */
const PD0 = 0x10;
const PD1 = 0x20;

/** What a leaf descriptor says, wherever its format puts it. */
interface Leaf {
  physical: number;
  /** AP[2:0]. */
  ap: number;
  /** TEX[2:0]:C:B. */
  attributes: number;
  xn: boolean;
  pxn: boolean;
  nonGlobal: boolean;
  /** Log2 of the bytes that the descriptor translates. */
  sizeBits: number;
  /** Whether it stands in a second-level table: fault codes of pages, not of sections. */
  page: boolean;
}

/** Walks the tables of one thread's vCPUs. */
export class ShortDescriptorWalker {
  readonly #i32: Int32Array<SharedArrayBuffer>;
  readonly #bus: PhysicalBus;
  readonly #leaf: Leaf = {
    physical: 0,
    ap: 0,
    attributes: 0,
    xn: false,
    pxn: false,
    nonGlobal: false,
    sizeBits: 12,
    page: false,
  };

  /** `bus` finds the RAM in which the tables lie. */
  constructor(views: Views, bus: PhysicalBus) {
    this.#i32 = views.i32;
    this.#bus = bus;
  }

  /** Fills `t` with the translation of `address` (unsigned) for an access; see GuestMmu.translate. */
  walk(env: number, address: number, access: Access, user: boolean, t: Translation): void {
    const sctlr = this.#slot(env, CP.SCTLR);
    t.domain = 0;
    t.fault = this.#findLeaf(env, address, sctlr, t);
    if (t.fault !== 0) return;
    const leaf = this.#leaf;
    t.physical = leaf.physical;
    t.nonGlobal = leaf.nonGlobal;
    t.sizeBits = leaf.sizeBits;
    t.device = this.#isDevice(env, sctlr, leaf.attributes);
    if ((sctlr & SCTLR.AFE) !== 0 && (leaf.ap & 1) === 0) {
      t.fault = leaf.page ? FS.ACCESS_FLAG_PAGE : FS.ACCESS_FLAG_SECTION;
      return;
    }
    this.#grant(env, sctlr, access, user, t);
  }

  #slot(env: number, offset: number): number {
    return this.#i32[(env + offset) >>> 2];
  }

  /** Finds the leaf descriptor; returns a fault code or 0. */
  #findLeaf(env: number, address: number, sctlr: number, t: Translation): number {
    const ttbcr = this.#slot(env, CP.TTBCR);
    const n = ttbcr & 7;
    const second = n !== 0 && address >>> (32 - n) !== 0;
    if ((ttbcr & (second ? PD1 : PD0)) !== 0) return FS.TRANSLATION_SECTION;
    const base = second
      ? this.#slot(env, CP.TTBR1) & ~0x3fff
      : this.#slot(env, CP.TTBR0) & ~(0x3fff >>> n);
    const bigEndian = (sctlr & SCTLR.EE) !== 0;
    const firstHost = this.#bus.ramAddress((base | ((address >>> 18) & 0x3ffc)) >>> 0);
    if (firstHost === 0) return FS.WALK_LEVEL_1;
    const first = this.#read(firstHost, bigEndian);
    switch (first & 3) {
      case 0:
        return FS.TRANSLATION_SECTION;
      case 1: {
        t.domain = (first >>> 5) & 0xf;
        const entry = ((first & ~0x3ff) | ((address >>> 10) & 0x3fc)) >>> 0;
        const secondHost = this.#bus.ramAddress(entry);
        if (secondHost === 0) return FS.WALK_LEVEL_2;
        return this.#page(address, this.#read(secondHost, bigEndian), (first & 4) !== 0);
      }
      default:
        this.#section(address, first, t);
        return 0;
    }
  }

  #read(host: number, bigEndian: boolean): number {
    const word = Atomics.load(this.#i32, host >>> 2);
    return bigEndian ? swapBytes(word, 4) : word;
  }

  #section(address: number, d: number, t: Translation): void {
    const leaf = this.#leaf;
    if ((d & 0x40000) !== 0) {
      // A supersection: bits 39-32 of the address lie in two places, and the domain is 0.
      const high = ((d >>> 20) & 0xf) | ((d >>> 5) & 0xf) << 4;
      const low = ((d & 0xff000000) | (address & 0x00ffffff)) >>> 0;
      leaf.physical = high * 0x1_0000_0000 + low;
      leaf.sizeBits = 24;
    } else {
      t.domain = (d >>> 5) & 0xf;
      leaf.physical = ((d & 0xfff00000) | (address & 0x000fffff)) >>> 0;
      leaf.sizeBits = 20;
    }
    leaf.ap = ((d >>> 10) & 3) | ((d >>> 13) & 4);
    leaf.attributes = ((d >>> 10) & 0x1c) | ((d >>> 2) & 3);
    leaf.xn = (d & 0x10) !== 0;
    leaf.pxn = (d & 1) !== 0;
    leaf.nonGlobal = (d & 0x20000) !== 0;
    leaf.page = false;
  }

  #page(address: number, d: number, pxn: boolean): number {
    const leaf = this.#leaf;
    let tex: number;
    switch (d & 3) {
      case 0:
        return FS.TRANSLATION_PAGE;
      case 1:
        leaf.physical = ((d & 0xffff0000) | (address & 0xffff)) >>> 0;
        leaf.sizeBits = 16;
        leaf.xn = (d & 0x8000) !== 0;
        tex = (d >>> 12) & 7;
        break;
      default:
        leaf.physical = ((d & 0xfffff000) | (address & 0xfff)) >>> 0;
        leaf.sizeBits = 12;
        leaf.xn = (d & 1) !== 0;
        tex = (d >>> 6) & 7;
    }
    leaf.ap = ((d >>> 4) & 3) | ((d >>> 7) & 4);
    leaf.attributes = tex << 2 | ((d >>> 2) & 3);
    leaf.pxn = pxn;
    leaf.nonGlobal = (d & 0x800) !== 0;
    leaf.page = true;
    return 0;
  }

  /** Checks the domain and the permissions; sets what the page may be used for. */
  #grant(env: number, sctlr: number, access: Access, user: boolean, t: Translation): void {
    const { ap, xn, pxn, page } = this.#leaf;
    const rights = (this.#slot(env, CP.DACR) >>> (2 * t.domain)) & 3;
    if (rights === 3) {
      t.readable = t.writable = t.executable = true;
      return;
    }
    if (rights !== 1) {
      t.fault = page ? FS.DOMAIN_PAGE : FS.DOMAIN_SECTION;
      return;
    }
    const model = (sctlr & SCTLR.AFE) !== 0 ? ap | 1 : ap;
    t.readable = user ? USER_READ[model] : PRIVILEGED_READ[model];
    t.writable = user ? USER_WRITE[model] : PRIVILEGED_WRITE[model];
    t.executable = t.readable && !xn && (user || !pxn) &&
      !((sctlr & SCTLR.WXN) !== 0 && t.writable) &&
      !((sctlr & SCTLR.UWXN) !== 0 && !user && USER_WRITE[model]);
    const allowed = access === ACCESS.LOAD
      ? t.readable
      : access === ACCESS.STORE
      ? t.writable
      : t.executable;
    if (!allowed) t.fault = page ? FS.PERMISSION_PAGE : FS.PERMISSION_SECTION;
  }

  /** Whether TEX:C:B names device or strongly-ordered memory. */
  #isDevice(env: number, sctlr: number, attributes: number): boolean {
    if ((sctlr & SCTLR.TRE) !== 0) {
      const type = (this.#slot(env, CP.PRRR) >>> (2 * (attributes & 7))) & 3;
      return type < 2;
    }
    // Strongly-ordered, shared device, non-shared device; reserved values count as normal memory.
    return attributes === 0 || attributes === 1 || attributes === 8;
  }
}

// By AP[2:0]; 4 is reserved and grants nothing. With the access flag enabled AP[0] counts as 1.
const PRIVILEGED_READ = [false, true, true, true, false, true, true, true];
const PRIVILEGED_WRITE = [false, true, true, true, false, false, false, false];
const USER_READ = [false, false, true, true, false, false, true, true];
const USER_WRITE = [false, false, false, true, false, false, false, false];
