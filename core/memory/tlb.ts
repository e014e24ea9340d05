/**
 * The softmmu TLB of one vCPU: filling and flushing. Only the thread that runs the vCPU calls these
 * functions (or one that has stopped it); other threads only mark write tags (tlb_mark.ts).
 *
 * The TLBs of all MMU modes together are cut into 32 groups of 64 entries. A word of used groups
 * makes a flush cost what was filled, and the reverse filter (1024 words, hashed by RAM page, each a
 * mask of groups) tells which groups may map a RAM page. Both only grow until the next whole flush.
 * @module
 */
import { COUNTER } from "./counters.ts";
import {
  JUMP_CACHE_ENTRIES,
  JUMP_CACHE_ENTRY_BYTES,
  jumpCacheOffset,
  MMU_MODES,
  PAGE_BITS,
  PAGE_MASK,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
  TLB_FACT,
  TLB_FLAG,
  tlbOffset,
  VCPU,
} from "./vcpu_layout.ts";
import type { Views } from "./views.ts";

/** Number of groups; one bit each in TLB_USED and in the words of the reverse filter. */
export const TLB_GROUPS = 32;
/** Entries in a group. */
export const TLB_GROUP_ENTRIES: number = MMU_MODES * TLB_ENTRIES / TLB_GROUPS;
const GROUP_WORDS = TLB_GROUP_ENTRIES * TLB_ENTRY_BYTES / 4;
const FILTER_WORDS = 1024;
const ENTRY_WORDS = TLB_ENTRY_BYTES / 4;
/** Every bit set: INVALID is, so that the tag matches no page. */
const EMPTY = -1;

/** Index into `views.i32` of the reverse filter's word for a RAM page. */
export function filterIndex(env: number, hostPage: number): number {
  return ((env + VCPU.TLB_FILTER) >>> 2) + ((hostPage >>> PAGE_BITS) & (FILTER_WORDS - 1));
}

/** What {@linkcode writeTlbEntry} puts into an entry. */
export interface TlbEntry {
  /** Read tag: virtual page and TLB_FLAG bits, INVALID when loads must take the slow path. */
  readonly read: number;
  /** Write tag, the same for stores. */
  readonly write: number;
  /** Execute tag: virtual page, TLB_FLAG and TLB_FACT bits. */
  readonly exec: number;
  /** Host address less guest address, modulo 2^32 (see TLB_ADDEND). */
  readonly addend: number;
}

/**
 * Writes the entry at byte `offset` from `env`. `hostPage` is the RAM page it maps, 0 for a device.
 * Afterwards the caller reads the page's state again and adds flags that appeared meanwhile
 * ({@linkcode addWriteFlags}): a thread that sets a flag changes the state first and scans then, so
 * that one of the two sees the other.
 */
export function writeTlbEntry(
  views: Views,
  env: number,
  offset: number,
  hostPage: number,
  entry: TlbEntry,
): void {
  const { i32 } = views;
  const at = (env + offset) >>> 2;
  const group = 1 << Math.trunc((offset - VCPU.TLB) / TLB_ENTRY_BYTES / TLB_GROUP_ENTRIES);
  const old = i32[at + 2];
  if ((old & TLB_FLAG.INVALID) === 0 && ((old ^ entry.exec) & PAGE_MASK) !== 0) {
    i32[(env + VCPU.TLB_EVICTED_CODE) >>> 2] = 1;
  }
  Atomics.store(i32, at + 1, EMPTY);
  i32[(env + VCPU.TLB_USED) >>> 2] |= group;
  if (hostPage !== 0) Atomics.or(i32, filterIndex(env, hostPage), group);
  i32[at] = entry.read;
  i32[at + 2] = entry.exec;
  Atomics.store(i32, at + 3, entry.addend);
  Atomics.store(i32, at + 1, entry.write);
}

/** Adds flags to the write tag of the entry at byte `offset` from `env`. */
export function addWriteFlags(views: Views, env: number, offset: number, flags: number): void {
  Atomics.or(views.i32, ((env + offset) >>> 2) + 1, flags);
}

/** Puts the TLB, its filter and the jump cache into their first state, whatever they hold. */
export function resetTlb(views: Views, env: number): void {
  views.i32[(env + VCPU.TLB_USED) >>> 2] = -1;
  clearAll(views, env);
}

/** Drops every translation of the vCPU and its jump cache. Costs nothing when nothing was filled. */
export function flushAll(views: Views, env: number): void {
  count(views, env);
  clearAll(views, env);
}

function clearAll(views: Views, env: number): void {
  const { i32 } = views;
  const used = i32[(env + VCPU.TLB_USED) >>> 2];
  if (used === 0) return;
  for (let group = 0; group < TLB_GROUPS; group++) {
    if ((used & (1 << group)) !== 0) {
      const start = groupStart(env, group);
      i32.fill(EMPTY, start, start + GROUP_WORDS);
    }
  }
  const filter = (env + VCPU.TLB_FILTER) >>> 2;
  i32.fill(0, filter, filter + FILTER_WORDS);
  i32[(env + VCPU.TLB_USED) >>> 2] = 0;
  clearJumpCache(views, env);
}

/** Empties the jump cache. */
export function clearJumpCache(views: Views, env: number): void {
  const start = (env + VCPU.JUMP_CACHE) >>> 2;
  views.i32.fill(0, start, start + JUMP_CACHE_ENTRIES * JUMP_CACHE_ENTRY_BYTES / 4);
  views.i32[(env + VCPU.TLB_EVICTED_CODE) >>> 2] = 0;
}

/** Drops the translations of the page that holds `address`, in every MMU mode. */
export function flushPage(views: Views, env: number, address: number): void {
  const { i32 } = views;
  count(views, env);
  const page = address & PAGE_MASK;
  let code = i32[(env + VCPU.TLB_EVICTED_CODE) >>> 2] !== 0;
  for (let mode = 0; mode < MMU_MODES; mode++) {
    const at = (env + tlbOffset(mode, address)) >>> 2;
    const exec = i32[at + 2];
    if ((exec & PAGE_MASK) !== page) continue;
    code ||= (exec & TLB_FLAG.INVALID) === 0;
    i32.fill(EMPTY, at, at + ENTRY_WORDS);
  }
  if (code) clearJumpCachePage(views, env, page);
}

/** The low 11 bits of a jump cache index take every value within a page: clears that half. */
function clearJumpCachePage(views: Views, env: number, page: number): void {
  const half = JUMP_CACHE_ENTRIES / 2 * JUMP_CACHE_ENTRY_BYTES;
  const inside = jumpCacheOffset(page) - VCPU.JUMP_CACHE;
  const start = (env + VCPU.JUMP_CACHE + (inside >= half ? half : 0)) >>> 2;
  views.i32.fill(0, start, start + half / 4);
}

/** Drops the translations that belong to one address space only. */
export function flushNonGlobal(views: Views, env: number): void {
  flushWhere(views, env, (exec) => (exec & TLB_FACT.NON_GLOBAL) !== 0);
}

/** Drops the translations in the domains of the mask. */
export function flushDomains(views: Views, env: number, domains: number): void {
  flushWhere(views, env, (exec) => (domains & (1 << (exec & TLB_FACT.DOMAIN_MASK))) !== 0);
}

function flushWhere(views: Views, env: number, drop: (exec: number) => boolean): void {
  const { i32 } = views;
  const used = i32[(env + VCPU.TLB_USED) >>> 2];
  if (used === 0) return;
  count(views, env);
  let code = i32[(env + VCPU.TLB_EVICTED_CODE) >>> 2] !== 0;
  for (let group = 0; group < TLB_GROUPS; group++) {
    if ((used & (1 << group)) === 0) continue;
    const start = groupStart(env, group);
    for (let at = start; at < start + GROUP_WORDS; at += ENTRY_WORDS) {
      const exec = i32[at + 2];
      if (exec === EMPTY || !drop(exec)) continue;
      code ||= (exec & TLB_FLAG.INVALID) === 0;
      i32.fill(EMPTY, at, at + ENTRY_WORDS);
    }
  }
  if (code) clearJumpCache(views, env);
}

/** Index into `views.i32` of the first word of a group. */
export function groupStart(env: number, group: number): number {
  return ((env + VCPU.TLB) >>> 2) + group * GROUP_WORDS;
}

function count(views: Views, env: number): void {
  views.f64[(env + VCPU.COUNTERS >>> 3) + COUNTER.tlbFlushes]++;
}

/**
 * TLB maintenance as one word, so that it can be queued for another vCPU: a page-aligned address
 * drops that page, the other values are these.
 */
export const TLB_REQUEST = { ALL: 1, NON_GLOBAL: 2 } as const;

/** Performs a request (see {@linkcode TLB_REQUEST}) on the vCPU. */
export function applyTlbRequest(views: Views, env: number, request: number): void {
  if (request === TLB_REQUEST.ALL) flushAll(views, env);
  else if (request === TLB_REQUEST.NON_GLOBAL) flushNonGlobal(views, env);
  else flushPage(views, env, request);
}
