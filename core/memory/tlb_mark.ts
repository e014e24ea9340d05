/**
 * Marking of write tags in every vCPU's TLB, from any thread and beside the owners' refills.
 *
 * The order is what makes it safe: the page's state is changed first, then the TLBs are scanned; an
 * owner writes its tag first and reads the state then. Whichever comes second sees the other. A flag
 * that a race leaves behind wrongly costs a slow path, which takes it away.
 * @module
 */
import { type MachineLayout, vcpuBase } from "./machine_layout.ts";
import { hasPageFlag, type PageFlag, WRITE_FLAG } from "./page_state.ts";
import { filterIndex, groupStart, TLB_GROUP_ENTRIES, TLB_GROUPS } from "./tlb.ts";
import { PAGE_MASK, TLB_ENTRY_BYTES, TLB_FLAG } from "./vcpu_layout.ts";
import type { Views } from "./views.ts";

const ENTRY_WORDS = TLB_ENTRY_BYTES / 4;
const NOT_RAM = TLB_FLAG.INVALID | TLB_FLAG.MMIO;

/**
 * Sets or clears `flag` in the write tags that map the RAM page at host address `hostPage`. The
 * page's state has been changed by the caller (`setPageFlag`).
 */
export function markWriteTags(
  views: Views,
  layout: MachineLayout,
  hostPage: number,
  flag: PageFlag,
  on: boolean,
): void {
  scan(views, layout, hostPage, WRITE_FLAG[flag], on);
  // Another thread may have set the state again while this one was taking flags away.
  if (!on && hasPageFlag(views, layout, hostPage, flag)) {
    scan(views, layout, hostPage, WRITE_FLAG[flag], true);
  }
}

function scan(
  views: Views,
  layout: MachineLayout,
  hostPage: number,
  bit: number,
  on: boolean,
): void {
  for (let vcpu = 0; vcpu < layout.vcpus; vcpu++) {
    const env = vcpuBase(layout, vcpu);
    const groups = Atomics.load(views.i32, filterIndex(env, hostPage));
    if (groups === 0) continue;
    for (let group = 0; group < TLB_GROUPS; group++) {
      if ((groups & (1 << group)) !== 0) {
        scanGroup(views.i32, groupStart(env, group), hostPage | 0, bit, on);
      }
    }
  }
}

function scanGroup(
  i32: Int32Array<SharedArrayBuffer>,
  start: number,
  hostPage: number,
  bit: number,
  on: boolean,
): void {
  for (let at = start; at < start + TLB_GROUP_ENTRIES * ENTRY_WORDS; at += ENTRY_WORDS) {
    for (;;) {
      const tag = Atomics.load(i32, at + 1);
      if ((tag & NOT_RAM) !== 0 || ((tag & bit) !== 0) === on) break;
      if (((tag & PAGE_MASK) + Atomics.load(i32, at + 3) | 0) !== hostPage) break;
      if (Atomics.compareExchange(i32, at + 1, tag, on ? tag | bit : tag & ~bit) === tag) break;
    }
  }
}
