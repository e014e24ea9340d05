/**
 * The interpreter's accesses to the shared memory: host accesses by address, and guest accesses
 * through the softmmu's fast path with the host's slow path behind it.
 * @module
 */
import type { BackendHost } from "../backend.ts";
import type { Views } from "../../memory/views.ts";
import { RMW } from "../../ir/ops.ts";
import { MEMOP } from "../../memory/memop.ts";
import {
  PAGE_MASK,
  TLB_ADDEND,
  TLB_READ,
  TLB_WRITE,
  tlbOffset,
  VCPU,
} from "../../memory/vcpu_layout.ts";
import { bigHigh, bigLow, bigOf, bswap32 } from "./wide.ts";

/** Accesses of one thread. 8-byte results come as the low half, with the high half in `high`. */
export class InterpMemory {
  readonly #host: BackendHost;
  readonly #v: Views;
  /** High half of the latest 8-byte result. */
  high = 0;

  /** `host` gives the memory and the slow paths. */
  constructor(host: BackendHost) {
    this.#host = host;
    this.#v = host.views;
  }

  /** Sleeps on a word while it is `expected`, for the given time in ns (negative: for ever). */
  atomicWait(address: number, expected: number, nsLow: number, nsHigh: number): number {
    const ms = nsHigh < 0 ? Infinity : (nsHigh * 2 ** 32 + (nsLow >>> 0)) / 1e6;
    const outcome = Atomics.wait(this.#v.i32, address >>> 2, expected, ms);
    return outcome === "ok" ? 0 : outcome === "not-equal" ? 1 : 2;
  }

  /** Wakes up to `count` sleepers (unsigned) on a word. */
  atomicNotify(address: number, count: number): number {
    return Atomics.notify(this.#v.i32, address >>> 2, count >>> 0);
  }

  /** Host load of a `hostop` (also the low three bits of a memop); any alignment. */
  load(address: number, hostop: number): number {
    const a = address >>> 0;
    switch (hostop & 7) {
      case 0:
        return this.#v.u8[a];
      case 4:
        return this.#v.i8[a];
      case 1:
        return a & 1 ? this.#v.data.getUint16(a, true) : this.#v.u16[a >>> 1];
      case 5:
        return a & 1 ? this.#v.data.getInt16(a, true) : this.#v.i16[a >>> 1];
      default:
        return a & 3 ? this.#v.data.getInt32(a, true) : this.#v.i32[a >>> 2];
    }
  }

  /** 8-byte host load, one access when aligned. */
  load64(address: number): number {
    const a = address >>> 0;
    return this.#wide(a & 7 ? this.#v.data.getBigUint64(a, true) : this.#v.u64[a / 8]);
  }

  /** Host store of a `hostop`'s size; any alignment. */
  store(address: number, value: number, hostop: number): void {
    const a = address >>> 0;
    switch (hostop & 3) {
      case 0:
        this.#v.u8[a] = value;
        break;
      case 1:
        if (a & 1) this.#v.data.setUint16(a, value, true);
        else this.#v.u16[a >>> 1] = value;
        break;
      default:
        if (a & 3) this.#v.data.setInt32(a, value, true);
        else this.#v.i32[a >>> 2] = value;
    }
  }

  /** 8-byte host store, one access when aligned. */
  store64(address: number, lo: number, hi: number): void {
    const a = address >>> 0;
    if (a & 7) this.#v.data.setBigUint64(a, bigOf(lo, hi), true);
    else this.#v.u64[a / 8] = bigOf(lo, hi);
  }

  /** Sequentially consistent load, zero-extended; aligned. */
  atomicLoad(address: number, hostop: number): number {
    const a = address >>> 0;
    const size = hostop & 3;
    if (size === 0) return Atomics.load(this.#v.u8, a);
    if (size === 1) return Atomics.load(this.#v.u16, a >>> 1);
    return Atomics.load(this.#v.i32, a >>> 2);
  }

  /** The same for 8 bytes. */
  atomicLoad64(address: number): number {
    return this.#wide(Atomics.load(this.#v.u64, (address >>> 0) / 8));
  }

  /** Sequentially consistent store; aligned. */
  atomicStore(address: number, value: number, hostop: number): void {
    const a = address >>> 0;
    const size = hostop & 3;
    if (size === 0) Atomics.store(this.#v.u8, a, value);
    else if (size === 1) Atomics.store(this.#v.u16, a >>> 1, value);
    else Atomics.store(this.#v.i32, a >>> 2, value);
  }

  /** The same for 8 bytes. */
  atomicStore64(address: number, lo: number, hi: number): void {
    Atomics.store(this.#v.u64, (address >>> 0) / 8, bigOf(lo, hi));
  }

  /** Read-modify-write of an `rmw` word; the old value, zero-extended. */
  atomicRmw(address: number, value: number, rmw: number): number {
    const a = address >>> 0;
    const size = rmw & 3;
    const view = size === 0 ? this.#v.u8 : size === 1 ? this.#v.u16 : this.#v.i32;
    const index = size === 0 ? a : size === 1 ? a >>> 1 : a >>> 2;
    switch (rmw >> 8) {
      case RMW.ADD:
        return Atomics.add(view, index, value);
      case RMW.SUB:
        return Atomics.sub(view, index, value);
      case RMW.AND:
        return Atomics.and(view, index, value);
      case RMW.OR:
        return Atomics.or(view, index, value);
      case RMW.XOR:
        return Atomics.xor(view, index, value);
      default:
        return Atomics.exchange(view, index, value);
    }
  }

  /** Compare-exchange; the old value, zero-extended. */
  atomicCas(address: number, expected: number, value: number, hostop: number): number {
    const a = address >>> 0;
    const size = hostop & 3;
    if (size === 0) return Atomics.compareExchange(this.#v.u8, a, expected & 0xff, value);
    if (size === 1) {
      return Atomics.compareExchange(this.#v.u16, a >>> 1, expected & 0xffff, value);
    }
    return Atomics.compareExchange(this.#v.i32, a >>> 2, expected, value);
  }

  /** The same for 8 bytes. */
  atomicCas64(address: number, expLo: number, expHi: number, lo: number, hi: number): number {
    const index = (address >>> 0) / 8;
    return this.#wide(
      Atomics.compareExchange(this.#v.u64, index, bigOf(expLo, expHi), bigOf(lo, hi)),
    );
  }

  /** Guest load; after it the LEAVE word tells whether an exception was taken. */
  guestLoad(env: number, pc: number, address: number, memop: number): number {
    const at = this.#lookup(env, address, memop, TLB_READ);
    if (at === 0) return this.#host.slowLoad(env, pc, address, memop);
    if ((memop & (MEMOP.BIG_ENDIAN | MEMOP.SEQ_CST)) === 0) return this.load(at, memop);
    const raw = memop & MEMOP.SEQ_CST && isAligned(at, memop)
      ? this.atomicLoad(at, memop)
      : this.load(at, memop);
    return extend(memop & MEMOP.BIG_ENDIAN ? swap(raw, memop) : raw, memop);
  }

  /** The same for 8 bytes. */
  guestLoad64(env: number, pc: number, address: number, memop: number): number {
    const at = this.#lookup(env, address, memop, TLB_READ);
    if (at === 0) return this.#wide(this.#host.slowLoad64(env, pc, address, memop));
    const low = memop & MEMOP.SEQ_CST && (at & 7) === 0 ? this.atomicLoad64(at) : this.load64(at);
    if ((memop & MEMOP.BIG_ENDIAN) === 0) return low;
    const swapped = bswap32(this.high);
    this.high = bswap32(low);
    return swapped;
  }

  /** Guest store; after it the LEAVE word tells whether an exception was taken. */
  guestStore(env: number, pc: number, address: number, value: number, memop: number): void {
    const at = this.#lookup(env, address, memop, TLB_WRITE);
    if (at === 0) {
      this.#host.slowStore(env, pc, address, value, memop);
      return;
    }
    const data = memop & MEMOP.BIG_ENDIAN ? swap(value, memop) : value;
    if (memop & MEMOP.SEQ_CST && isAligned(at, memop)) this.atomicStore(at, data, memop);
    else this.store(at, data, memop);
  }

  /** The same for 8 bytes. */
  guestStore64(
    env: number,
    pc: number,
    address: number,
    lo: number,
    hi: number,
    memop: number,
  ): void {
    const at = this.#lookup(env, address, memop, TLB_WRITE);
    if (at === 0) {
      this.#host.slowStore64(env, pc, address, bigOf(lo, hi), memop);
      return;
    }
    const big = (memop & MEMOP.BIG_ENDIAN) !== 0;
    const low = big ? bswap32(hi) : lo;
    const high = big ? bswap32(lo) : hi;
    if (memop & MEMOP.SEQ_CST && (at & 7) === 0) this.atomicStore64(at, low, high);
    else this.store64(at, low, high);
  }

  /** Host address of a guest address; 0 as {@linkcode BackendHost.slowProbe} says. */
  probe(env: number, pc: number, address: number, memop: number): number {
    const at = this.#lookup(env, address, memop, memop & MEMOP.WRITE ? TLB_WRITE : TLB_READ);
    return at === 0 ? this.#host.slowProbe(env, pc, address, memop) : at;
  }

  /** Host address by the softmmu's fast path; 0 when it misses (page 0 of the memory is unused). */
  #lookup(env: number, address: number, memop: number, tag: number): number {
    const size = 1 << (memop & MEMOP.SIZE_MASK);
    const align = 1 << ((memop & MEMOP.ALIGN_MASK) >> MEMOP.ALIGN_SHIFT);
    const mmu = (memop & MEMOP.MMU_MASK) >> MEMOP.MMU_SHIFT;
    const entry = env + tlbOffset(mmu, address);
    const probe = align >= size ? address : address + size - align;
    const i32 = this.#v.i32;
    if ((probe & (PAGE_MASK | (align - 1))) !== i32[(entry + tag) >>> 2]) return 0;
    return address + i32[(entry + TLB_ADDEND) >>> 2] | 0;
  }

  #wide(value: bigint): number {
    this.high = bigHigh(value);
    return bigLow(value);
  }

  /** A sequentially consistent fence: JavaScript has none but a read-modify-write of a word. */
  fence(env: number): void {
    Atomics.or(this.#v.i32, (env + VCPU.BARRIER_WORD) >>> 2, 0);
  }
}

function isAligned(address: number, memop: number): boolean {
  return (address & ((1 << (memop & MEMOP.SIZE_MASK)) - 1)) === 0;
}

/** Reverses the bytes of a 1, 2 or 4-byte value; bits above the size are lost. */
function swap(value: number, memop: number): number {
  const size = memop & MEMOP.SIZE_MASK;
  if (size === 0) return value & 0xff;
  return size === 1 ? bswap32(value) >>> 16 : bswap32(value);
}

/** Extends the low bits of a value as the memop says. */
function extend(value: number, memop: number): number {
  switch (memop & 7) {
    case 0:
      return value & 0xff;
    case 1:
      return value & 0xffff;
    case 4:
      return value << 24 >> 24;
    case 5:
      return value << 16 >> 16;
    default:
      return value | 0;
  }
}
