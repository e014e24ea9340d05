/**
 * Accesses to host memory as a guest access of 1, 2, 4 or 8 bytes sees them: sequentially consistent
 * when aligned, byte by byte (no single-copy atomicity, as the guest's architecture has it) when not.
 * @module
 */
import type { Views } from "./views.ts";

/** Reads 1, 2 or 4 bytes, little-endian, zero-extended (as a signed 32-bit number). */
export function loadHost(views: Views, host: number, size: number): number {
  if ((host & (size - 1)) !== 0) return assemble(views, host, size);
  switch (size) {
    case 1:
      return Atomics.load(views.u8, host);
    case 2:
      return Atomics.load(views.u16, host >>> 1);
    default:
      return Atomics.load(views.i32, host >>> 2);
  }
}

function assemble(views: Views, host: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value |= views.u8[host + i] << (8 * i);
  return value;
}

/** Writes the low 1, 2 or 4 bytes of `value`, little-endian. */
export function storeHost(views: Views, host: number, size: number, value: number): void {
  if ((host & (size - 1)) !== 0) {
    for (let i = 0; i < size; i++) views.u8[host + i] = value >>> (8 * i);
    return;
  }
  switch (size) {
    case 1:
      Atomics.store(views.u8, host, value & 0xff);
      break;
    case 2:
      Atomics.store(views.u16, host >>> 1, value & 0xffff);
      break;
    default:
      Atomics.store(views.i32, host >>> 2, value);
  }
}

/** Reads 8 bytes, little-endian, unsigned. */
export function loadHost64(views: Views, host: number): bigint {
  return (host & 7) === 0
    ? Atomics.load(views.u64, host >>> 3)
    : views.data.getBigUint64(host, true);
}

/** Writes 8 bytes, little-endian. */
export function storeHost64(views: Views, host: number, value: bigint): void {
  if ((host & 7) === 0) Atomics.store(views.u64, host >>> 3, BigInt.asUintN(64, value));
  else views.data.setBigUint64(host, value, true);
}

/** The low `size` bytes of a value in reverse order, zero-extended (as a signed 32-bit number). */
export function swapBytes(value: number, size: number): number {
  switch (size) {
    case 1:
      return value & 0xff;
    case 2:
      return (value & 0xff) << 8 | (value >>> 8) & 0xff;
    default:
      return (value & 0xff) << 24 | (value & 0xff00) << 8 | (value >>> 8) & 0xff00 | value >>> 24;
  }
}

/** The 8 bytes of a value in reverse order. */
export function swapBytes64(value: bigint): bigint {
  const lo = swapBytes(Number(BigInt.asIntN(32, value)), 4) >>> 0;
  const hi = swapBytes(Number(BigInt.asIntN(32, value >> 32n)), 4) >>> 0;
  return BigInt(lo) << 32n | BigInt(hi);
}
