/**
 * Translations larger than a page. A TLB entry holds one page of such a translation and, among its
 * facts, how large the whole is: maintenance by an address must drop all of it. A map of megabytes
 * says where there may be any, so that maintenance elsewhere costs nothing.
 * @module
 */
import { LARGE_SIZES, PAGE_MASK, TLB_FACT, VCPU } from "./vcpu_layout.ts";

const MEGABYTE_BITS = 20;
const MEGABYTES = 1 << (32 - MEGABYTE_BITS);

function classOf(sizeBits: number): number {
  return LARGE_SIZES.findIndex((bits) => bits >= Math.min(sizeBits, 32));
}

/** The TLB_FACT of a translation of 1 << `sizeBits` bytes. */
export function sizeFact(sizeBits: number): number {
  return sizeBits <= LARGE_SIZES[0] ? 0 : classOf(sizeBits) << TLB_FACT.SIZE_SHIFT;
}

/** Notes that a page of a translation of 1 << `sizeBits` bytes around `address` is being filled. */
export function noteSize(i32: Int32Array, env: number, address: number, sizeBits: number): void {
  if (sizeBits <= LARGE_SIZES[0]) return;
  const count = 2 ** Math.max(0, LARGE_SIZES[classOf(sizeBits)] - MEGABYTE_BITS);
  const megabyte = address >>> MEGABYTE_BITS;
  const first = megabyte - megabyte % count;
  const map = (env + VCPU.LARGE) >>> 2;
  for (let n = first; n < first + count; n++) i32[map + (n >>> 5)] |= 1 << n;
}

/** Whether a page of a larger translation has been filled in the megabyte of `address`. */
export function mayBeLarge(i32: Int32Array, env: number, address: number): boolean {
  const megabyte = address >>> MEGABYTE_BITS;
  return (i32[((env + VCPU.LARGE) >>> 2) + (megabyte >>> 5)] & (1 << megabyte)) !== 0;
}

/** Whether an entry with the execute tag `exec` is of a larger translation that has `address`. */
export function isLargeAround(exec: number, address: number): boolean {
  const size = (exec & TLB_FACT.SIZE_MASK) >>> TLB_FACT.SIZE_SHIFT;
  if (size === 0) return false;
  const apart = ((exec ^ address) & PAGE_MASK) >>> 0;
  return apart < 2 ** LARGE_SIZES[size];
}

/** After a flush of everything there are no larger translations. */
export function forgetSizes(i32: Int32Array, env: number): void {
  const map = (env + VCPU.LARGE) >>> 2;
  for (let n = map; n < map + MEGABYTES / 32; n++) if (i32[n] !== 0) i32[n] = 0;
}
