/**
 * Values of 1 to 8 bytes as a scheme handles them: as they lie in memory, whatever the guest's byte
 * order, in one 32-bit or 64-bit temporary. So each scheme is written once for every size.
 * @module
 */
import type { IrBuilder, V32, V64 } from "../../../core/ir/builder.ts";
import { RMW } from "../../../core/ir/ops.ts";
import { MEMOP, memopAlign, memopSize } from "../../../core/memory/memop.ts";
import { VCPU } from "../../../core/memory/vcpu_layout.ts";

/** A value in memory order: V64 for accesses of eight bytes, else V32, zero-extended. */
export type Value = V32 | V64;

/** Whether the access takes eight bytes. */
export function isWide(memop: number): boolean {
  return memopSize(memop) === 8;
}

/** A guest value in memory order, or the other way round. */
export function swapOrder(b: IrBuilder, value: Value, memop: number): Value {
  if ((memop & MEMOP.BIG_ENDIAN) === 0) return value;
  if (isWide(memop)) {
    return b.concat(b.un("bswap", b.hi(value as V64)), b.un("bswap", b.lo(value as V64)));
  }
  const bytes = memopSize(memop);
  if (bytes === 1) return value;
  const swapped = b.un("bswap", value as V32);
  return bytes === 2 ? b.shrU(swapped, b.const(16)) : swapped;
}

/** A guest value in memory order, or the other way round, sign-extended when the memop asks for it. */
export function toGuest(b: IrBuilder, raw: Value, memop: number): Value {
  const value = swapOrder(b, raw, memop);
  if ((memop & MEMOP.SIGN) === 0 || memopSize(memop) > 2) return value;
  return b.un(memopSize(memop) === 1 ? "sext8" : "sext16", value as V32);
}

/** Atomic load from an aligned host address. */
export function atomicLoad(b: IrBuilder, host: V32, memop: number): Value {
  return isWide(memop) ? b.atomicLoad64(host) : b.atomicLoad(host, memop & MEMOP.SIZE_MASK);
}

/** Atomic store to an aligned host address. */
export function atomicStore(b: IrBuilder, host: V32, value: Value, memop: number): void {
  if (isWide(memop)) b.atomicStore64(host, value as V64);
  else b.atomicStore(host, value as V32, memop & MEMOP.SIZE_MASK);
}

/** Plain load. */
export function hostLoad(b: IrBuilder, host: V32, memop: number): Value {
  return isWide(memop) ? b.hostLoad64(host) : b.hostLoad(host, memop & MEMOP.SIZE_MASK);
}

/** Plain store. */
export function hostStore(b: IrBuilder, host: V32, value: Value, memop: number): void {
  if (isWide(memop)) b.hostStore64(host, value as V64);
  else b.hostStore(host, value as V32, memop & MEMOP.SIZE_MASK);
}

/**
 * The data access of a guest store that a scheme hooks: plain, or a sequentially consistent atomic
 * when the barrier scheme asks for that and the address is aligned.
 */
export function dataStore(b: IrBuilder, host: V32, value: Value, memop: number): void {
  const size = memopSize(memop);
  const plain = () => hostStore(b, host, value, memop);
  const atomic = () => atomicStore(b, host, value, memop);
  if ((memop & MEMOP.SEQ_CST) === 0) plain();
  else if (memopAlign(memop) >= size) atomic();
  else b.if(b.and(host, b.const(size - 1)), plain, atomic);
}

/** Host compare-exchange on an aligned address; 1 when memory held `expected` and took `value`. */
export function compareExchange(
  b: IrBuilder,
  host: V32,
  expected: Value,
  value: Value,
  memop: number,
): V32 {
  if (isWide(memop)) {
    return b.eq64(b.atomicCas64(host, expected as V64, value as V64), expected as V64);
  }
  const size = memop & MEMOP.SIZE_MASK;
  return b.eq(b.atomicCas(host, expected as V32, value as V32, size), expected as V32);
}

/** Host atomic exchange on an aligned address; gives the old value. Not for eight bytes. */
export function exchange(b: IrBuilder, host: V32, value: Value, memop: number): V32 {
  return b.atomicRmw(RMW.XCHG, host, value as V32, memop & MEMOP.SIZE_MASK);
}

/** 1 when the values are the same. */
export function equal(b: IrBuilder, x: Value, y: Value, memop: number): V32 {
  return isWide(memop) ? b.eq64(x as V64, y as V64) : b.eq(x as V32, y as V32);
}

/** Puts a value into a slot of eight bytes. */
export function setValue(b: IrBuilder, slot: number, value: Value, memop: number): void {
  if (isWide(memop)) b.set64(slot, value as V64);
  else b.set(slot, value as V32);
}

/** Takes a value from a slot of eight bytes. */
export function getValue(b: IrBuilder, slot: number, memop: number): Value {
  return isWide(memop) ? b.get64(slot) : b.get(slot);
}

/** Notes what a load-exclusive has read. */
export function noteValue(b: IrBuilder, value: Value, memop: number): void {
  setValue(b, VCPU.EXCL_LO, value, memop);
}

/** What the last load-exclusive has read. */
export function notedValue(b: IrBuilder, memop: number): Value {
  return getValue(b, VCPU.EXCL_LO, memop);
}
