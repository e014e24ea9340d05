/**
 * State of the guest's RAM pages: one 32-bit word a page in the shared memory, changed atomically.
 * Who sets a flag must afterwards mark the write tags of the TLBs (`SoftMmu.markWriteFlag`).
 * @module
 */
import type { MachineLayout } from "./machine_layout.ts";
import { PAGE_BITS, TLB_FLAG } from "./vcpu_layout.ts";
import type { Views } from "./views.ts";

/** Flags of a page: translated code was made from it; a vCPU holds a reservation in it. */
export type PageFlag = "code" | "excl";

/** Bit of each flag in a page's word; page n of the RAM has word n of the layout's `pages`. */
export const PAGE_STATE: Readonly<Record<PageFlag, number>> = { code: 1, excl: 2 };

/** What a thread adds to a page's word while it waits for stores that may have missed a new flag. */
const GUARD = 0x100;

/** The write tag flag of each page flag. */
export const WRITE_FLAG: Readonly<Record<PageFlag, number>> = {
  code: TLB_FLAG.CODE,
  excl: TLB_FLAG.EXCL,
};

function wordIndex(layout: MachineLayout, hostPage: number): number {
  return (layout.pages >>> 2) + ((hostPage - layout.ram) >>> PAGE_BITS);
}

/** Sets or clears a flag of the RAM page at host address `hostPage`; false when it was so already. */
export function setPageFlag(
  views: Views,
  layout: MachineLayout,
  hostPage: number,
  flag: PageFlag,
  on: boolean,
): boolean {
  const bit = PAGE_STATE[flag];
  const index = wordIndex(layout, hostPage);
  const before = on ? Atomics.or(views.i32, index, bit) : Atomics.and(views.i32, index, ~bit);
  return ((before & bit) !== 0) !== on;
}

/** Whether the RAM page at host address `hostPage` has a flag. */
export function hasPageFlag(
  views: Views,
  layout: MachineLayout,
  hostPage: number,
  flag: PageFlag,
): boolean {
  return (Atomics.load(views.i32, wordIndex(layout, hostPage)) & PAGE_STATE[flag]) !== 0;
}

/** The TLB_FLAG bits that a page's flags ask for in write tags. */
export function writeFlags(views: Views, layout: MachineLayout, hostPage: number): number {
  const word = Atomics.load(views.i32, wordIndex(layout, hostPage));
  return ((word & PAGE_STATE.code) !== 0 ? TLB_FLAG.CODE : 0) |
    ((word & PAGE_STATE.excl) !== 0 ? TLB_FLAG.EXCL : 0);
}

/** This thread is about to set a flag of the page and to wait until every vCPU has seen it. */
export function beginGuard(views: Views, layout: MachineLayout, hostPage: number): void {
  Atomics.add(views.i32, wordIndex(layout, hostPage), GUARD);
}

/** Ends {@linkcode beginGuard}: the wait is over. */
export function endGuard(views: Views, layout: MachineLayout, hostPage: number): void {
  Atomics.sub(views.i32, wordIndex(layout, hostPage), GUARD);
}

/** Whether a thread is between {@linkcode beginGuard} and {@linkcode endGuard}. */
export function isGuarded(views: Views, layout: MachineLayout, hostPage: number): boolean {
  return Atomics.load(views.i32, wordIndex(layout, hostPage)) >= GUARD;
}
