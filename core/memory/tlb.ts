/**
 * The softmmu TLB of one vCPU: filling and flushing. Only the thread that runs the vCPU calls these
 * functions (or one that has stopped it); other threads only mark write tags (tlb_mark.ts).
 *
 * The TLBs of all MMU modes together are cut into 32 groups of 64 entries. A word of used groups
 * says where anything was filled, and the reverse filter (1024 words, hashed by RAM page, each a
 * mask of groups) tells which groups may map a RAM page. Both only grow until the next whole flush.
 * Logs of fills (flush_log.ts) say which entries and filter words those are while they are few.
 * @module
 */
import { COUNTER } from "./counters.ts";
import { FLUSH_LOG, logFill, overflowLog, takeLog } from "./flush_log.ts";
import { MMU_INDEX } from "./memop.ts";
import {
  DOMAIN_LOG_ENTRIES,
  JUMP_CACHE_ENTRIES,
  JUMP_CACHE_ENTRY_BYTES,
  jumpCacheOffset,
  MMU_MODES,
  PAGE_BITS,
  PAGE_MASK,
  TLB_BYTES,
  TLB_ENTRIES,
  TLB_ENTRY_BYTES,
  TLB_FACT,
  tlbOffset,
  VCPU,
} from "./vcpu_layout.ts";
import { forgetSizes, isLargeAround, mayBeLarge } from "./tlb_sizes.ts";
import type { Views } from "./views.ts";

/** Number of groups; one bit each in TLB_USED and in the words of the reverse filter. */
export const TLB_GROUPS = 32;
/** Entries in a group. */
export const TLB_GROUP_ENTRIES: number = MMU_MODES * TLB_ENTRIES / TLB_GROUPS;
const GROUP_WORDS = TLB_GROUP_ENTRIES * TLB_ENTRY_BYTES / 4;
const FILTER_WORDS = 1024;
/** Bits of a map of pages with blocks in the jump cache. */
const JUMP_PAGES_BITS = VCPU.JUMP_PAGES_BYTES * 8;
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
  const nonGlobal = (entry.exec & TLB_FACT.NON_GLOBAL) !== 0;
  if (nonGlobal) i32[(env + VCPU.TLB_NON_GLOBAL) >>> 2] = 1;
  const filled = packFill(offset, hostPage);
  logFill(i32, env, nonGlobal ? FLUSH_LOG.TLB_NON_GLOBAL : FLUSH_LOG.TLB, filled);
  if ((entry.exec & TLB_FACT.DOMAIN_MASK) !== 0) logDomain(i32, env, offset);
  Atomics.store(i32, at + 1, EMPTY);
  i32[(env + VCPU.TLB_USED) >>> 2] |= group;
  if (hostPage !== 0) Atomics.or(i32, filterIndex(env, hostPage), group);
  i32[at] = entry.read;
  i32[at + 2] = entry.exec;
  Atomics.store(i32, at + 3, entry.addend);
  Atomics.store(i32, at + 1, entry.write);
}

/** A TLB entry and the word of the filter that has its group, as one word of a log. */
function packFill(offset: number, hostPage: number): number {
  return (offset - VCPU.TLB) / TLB_ENTRY_BYTES * FILTER_WORDS +
    ((hostPage >>> PAGE_BITS) & (FILTER_WORDS - 1));
}

function filledEntry(env: number, packed: number): number {
  return ((env + VCPU.TLB) >>> 2) + Math.trunc(packed / FILTER_WORDS) * ENTRY_WORDS;
}

/** Notes an entry outside domain 0, unless it is in the TLB of user code. */
function logDomain(i32: Int32Array, env: number, offset: number): void {
  if (mmuIndexAt(offset) === MMU_INDEX.USER) return;
  const at = (env + VCPU.DOMAIN_LOG_COUNT) >>> 2;
  const count = i32[at];
  if (count > DOMAIN_LOG_ENTRIES) return;
  i32[at] = count + 1;
  if (count < DOMAIN_LOG_ENTRIES) i32[((env + VCPU.DOMAIN_LOG) >>> 2) + count] = offset;
}

function mmuIndexAt(offset: number): number {
  return Math.trunc((offset - VCPU.TLB) / TLB_BYTES);
}

/** Adds flags to the write tag of the entry at byte `offset` from `env`. */
export function addWriteFlags(views: Views, env: number, offset: number, flags: number): void {
  Atomics.or(views.i32, ((env + offset) >>> 2) + 1, flags);
}

/** Puts the TLB, its filter and the jump cache into their first state, whatever they hold. */
export function resetTlb(views: Views, env: number): void {
  views.i32[(env + VCPU.TLB_USED) >>> 2] = -1;
  views.i32[(env + VCPU.JUMP_DOMAINS) >>> 2] = -1;
  for (const log of Object.values(FLUSH_LOG)) overflowLog(views.i32, env, log);
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
  const filter = (env + VCPU.TLB_FILTER) >>> 2;
  const drop = (packed: number) => {
    dropEntry(i32, filledEntry(env, packed));
    i32[filter + (packed & (FILTER_WORDS - 1))] = 0;
  };
  const few = takeLog(i32, env, FLUSH_LOG.TLB, drop);
  if (!takeLog(i32, env, FLUSH_LOG.TLB_NON_GLOBAL, drop) || !few) {
    clearGroups(i32, env, used);
    i32.fill(0, filter, filter + FILTER_WORDS);
  }
  i32[(env + VCPU.TLB_USED) >>> 2] = 0;
  i32[(env + VCPU.TLB_NON_GLOBAL) >>> 2] = 0;
  i32[(env + VCPU.DOMAIN_LOG_COUNT) >>> 2] = 0;
  forgetSizes(i32, env);
  clearJumpCache(views, env);
}

function clearGroups(i32: Int32Array, env: number, used: number): void {
  for (let group = 0; group < TLB_GROUPS; group++) {
    if ((used & (1 << group)) === 0) continue;
    const start = groupStart(env, group);
    i32.fill(EMPTY, start, start + GROUP_WORDS);
  }
}

/**
 * Notes what flushes go by before a block at `pc` enters: `page` is an address of the page that it
 * comes from, one of two perhaps, and `exec` the execute tag of that.
 */
export function noteJump(
  i32: Int32Array,
  env: number,
  pc: number,
  page: number,
  exec: number,
  user: boolean,
): void {
  setPageBit(i32, env + VCPU.JUMP_PAGES, page);
  i32[(env + VCPU.JUMP_DOMAINS) >>> 2] |= 1 << ((exec & TLB_FACT.DOMAIN_MASK) + (user ? 16 : 0));
  const nonGlobal = (exec & TLB_FACT.NON_GLOBAL) !== 0;
  logFill(i32, env, nonGlobal ? FLUSH_LOG.JUMPS_NON_GLOBAL : FLUSH_LOG.JUMPS, pc);
  if (!nonGlobal) return;
  i32[(env + VCPU.JUMP_NON_GLOBAL) >>> 2] = 1;
  setPageBit(i32, env + VCPU.JUMP_NON_GLOBAL_PAGES, pc);
}

function setPageBit(i32: Int32Array, map: number, address: number): void {
  const page = (address >>> PAGE_BITS) & (JUMP_PAGES_BITS - 1);
  i32[(map >>> 2) + (page >>> 5)] |= 1 << page;
}

/** Clears the bits of an address and of those beside it. */
function clearPageBits(i32: Int32Array, map: number, address: number): void {
  const page = (address >>> PAGE_BITS) & (JUMP_PAGES_BITS - 1);
  i32[(map >>> 2) + (page >>> 5)] = 0;
}

function hasPageBit(i32: Int32Array, map: number, address: number): boolean {
  const page = (address >>> PAGE_BITS) & (JUMP_PAGES_BITS - 1);
  return (i32[(map >>> 2) + (page >>> 5)] & (1 << page)) !== 0;
}

/** Empties the jump cache. */
function clearJumpCache(views: Views, env: number): void {
  const { i32 } = views;
  if (i32[(env + VCPU.JUMP_DOMAINS) >>> 2] === 0) return;
  const drop = (pc: number) => {
    dropJump(i32, (env + jumpCacheOffset(pc)) >>> 2);
    clearPageBits(i32, env + VCPU.JUMP_PAGES, pc);
    clearPageBits(i32, env + VCPU.JUMP_NON_GLOBAL_PAGES, pc);
  };
  const few = takeLog(i32, env, FLUSH_LOG.JUMPS, drop);
  if (!takeLog(i32, env, FLUSH_LOG.JUMPS_NON_GLOBAL, drop) || !few) {
    const start = (env + VCPU.JUMP_CACHE) >>> 2;
    i32.fill(0, start, start + JUMP_CACHE_ENTRIES * JUMP_CACHE_ENTRY_BYTES / 4);
    const pages = (env + VCPU.JUMP_PAGES) >>> 2;
    i32.fill(0, pages, pages + 2 * VCPU.JUMP_PAGES_BYTES / 4);
  }
  i32[(env + VCPU.JUMP_DOMAINS) >>> 2] = 0;
  i32[(env + VCPU.JUMP_NON_GLOBAL) >>> 2] = 0;
}

/**
 * Drops the translations of the page that holds `address`, in every MMU mode; of a translation larger
 * than a page the whole, as the guest may count on.
 */
export function flushPage(views: Views, env: number, address: number): void {
  const { i32 } = views;
  count(views, env);
  const page = address & PAGE_MASK;
  for (let mode = 0; mode < MMU_MODES; mode++) {
    const at = (env + tlbOffset(mode, address)) >>> 2;
    if ((i32[at + 2] & PAGE_MASK) === page) dropEntry(i32, at);
  }
  if (mayBeLarge(i32, env, address)) flushLarge(views, env, address);
  clearJumpCachePage(i32, env, page);
}

/** Drops every page of the larger translations that `address` lies in. */
function flushLarge(views: Views, env: number, address: number): void {
  flushWhere(views.i32, env, (exec) => isLargeAround(exec, address));
  // Blocks may have come from pages whose entries are gone.
  clearJumpCache(views, env);
}

function dropEntry(i32: Int32Array, at: number): void {
  i32[at] = EMPTY;
  i32[at + 1] = EMPTY;
  i32[at + 2] = EMPTY;
  i32[at + 3] = EMPTY;
}

/** The low 11 bits of a jump cache index take every value within a page: looks through that half. */
function clearJumpCachePage(i32: Int32Array, env: number, page: number): void {
  if (!hasPageBit(i32, env + VCPU.JUMP_PAGES, page)) return;
  const half = JUMP_CACHE_ENTRIES / 2 * JUMP_CACHE_ENTRY_BYTES;
  const inside = jumpCacheOffset(page) - VCPU.JUMP_CACHE;
  const start = (env + VCPU.JUMP_CACHE + (inside >= half ? half : 0)) >>> 2;
  for (let at = start; at < start + half / 4; at += JUMP_CACHE_ENTRY_BYTES / 4) {
    if ((i32[at] & PAGE_MASK) === page) dropJump(i32, at);
  }
  // An instruction that ends on this page begins in the last two bytes of the page before.
  const before = (page - 2) | 0;
  const spanning = (env + jumpCacheOffset(before)) >>> 2;
  if (i32[spanning] === before) dropJump(i32, spanning);
}

function dropJump(i32: Int32Array, at: number): void {
  i32[at] = 0;
  i32[at + 1] = 0;
  i32[at + 2] = 0;
  i32[at + 3] = 0;
}

/** Drops the translations that belong to one address space only. */
export function flushNonGlobal(views: Views, env: number): void {
  const { i32 } = views;
  const filled = (env + VCPU.TLB_NON_GLOBAL) >>> 2;
  if (i32[filled] === 0) return;
  i32[filled] = 0;
  count(views, env);
  const isNonGlobal = (exec: number) => exec !== EMPTY && (exec & TLB_FACT.NON_GLOBAL) !== 0;
  const few = takeLog(i32, env, FLUSH_LOG.TLB_NON_GLOBAL, (packed) => {
    const at = filledEntry(env, packed);
    // A global translation may have taken the entry.
    if (isNonGlobal(i32[at + 2])) dropEntry(i32, at);
  });
  if (!few) flushWhere(i32, env, isNonGlobal);
  flushNonGlobalJumps(i32, env);
}

function flushNonGlobalJumps(i32: Int32Array, env: number): void {
  const jumps = (env + VCPU.JUMP_NON_GLOBAL) >>> 2;
  if (i32[jumps] === 0) return;
  i32[jumps] = 0;
  const map = env + VCPU.JUMP_NON_GLOBAL_PAGES;
  const few = takeLog(i32, env, FLUSH_LOG.JUMPS_NON_GLOBAL, (pc) => {
    const at = (env + jumpCacheOffset(pc)) >>> 2;
    if (i32[at] === pc) dropJump(i32, at);
    clearPageBits(i32, map, pc);
  });
  if (few) return;
  const start = (env + VCPU.JUMP_CACHE) >>> 2;
  const end = start + JUMP_CACHE_ENTRIES * JUMP_CACHE_ENTRY_BYTES / 4;
  for (let at = start; at < end; at += JUMP_CACHE_ENTRY_BYTES / 4) {
    if (hasPageBit(i32, map, i32[at])) dropJump(i32, at);
  }
  i32.fill(0, map >>> 2, (map + VCPU.JUMP_PAGES_BYTES) >>> 2);
}

/** Drops the translations in the domains of the mask from the TLBs that privileged code uses. */
export function flushDomains(views: Views, env: number, domains: number): void {
  const { i32 } = views;
  const counted = (env + VCPU.DOMAIN_LOG_COUNT) >>> 2;
  const logged = i32[counted];
  if ((domains & 1) !== 0 || logged > DOMAIN_LOG_ENTRIES) {
    count(views, env);
    // The log is made anew from what stays.
    i32[counted] = 0;
    flushWhere(i32, env, (exec, offset) => {
      if (mmuIndexAt(offset) === MMU_INDEX.USER) return false;
      if (inDomains(exec, domains)) return true;
      if ((exec & TLB_FACT.DOMAIN_MASK) !== 0) logDomain(i32, env, offset);
      return false;
    });
  } else if (logged !== 0) {
    count(views, env);
    i32[counted] = flushLogged(i32, env, domains, logged);
  }
  if ((i32[(env + VCPU.JUMP_DOMAINS) >>> 2] & domains) !== 0) clearJumpCache(views, env);
}

function inDomains(exec: number, domains: number): boolean {
  return (domains & (1 << (exec & TLB_FACT.DOMAIN_MASK))) !== 0;
}

/** Drops the entries of the log that are in the domains; keeps and counts the others. */
function flushLogged(i32: Int32Array, env: number, domains: number, logged: number): number {
  const log = (env + VCPU.DOMAIN_LOG) >>> 2;
  let kept = 0;
  for (let n = 0; n < logged; n++) {
    const offset = i32[log + n];
    const at = (env + offset) >>> 2;
    const exec = i32[at + 2];
    if (exec === EMPTY) continue;
    if (inDomains(exec, domains)) dropEntry(i32, at);
    else i32[log + kept++] = offset;
  }
  return kept;
}

/** Drops the translations in the domains of the mask from the TLB of user code. */
export function flushUserDomains(views: Views, env: number, domains: number): void {
  const { i32 } = views;
  count(views, env);
  flushWhere(
    i32,
    env,
    (exec, offset) => mmuIndexAt(offset) === MMU_INDEX.USER && inDomains(exec, domains),
  );
  if ((i32[(env + VCPU.JUMP_DOMAINS) >>> 2] >>> 16 & domains) !== 0) clearJumpCache(views, env);
}

/** Drops the entries that `drop` chooses by execute tag and byte offset from the vCPU. */
function flushWhere(
  i32: Int32Array,
  env: number,
  drop: (exec: number, offset: number) => boolean,
): void {
  const used = i32[(env + VCPU.TLB_USED) >>> 2];
  for (let group = 0; group < TLB_GROUPS; group++) {
    if ((used & (1 << group)) === 0) continue;
    const start = groupStart(env, group);
    for (let at = start; at < start + GROUP_WORDS; at += ENTRY_WORDS) {
      const exec = i32[at + 2];
      if (exec !== EMPTY && drop(exec, at * 4 - env)) dropEntry(i32, at);
    }
  }
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

/**
 * Whether a request may find something to drop in the vCPU's TLB or jump cache. For other threads,
 * after the page tables have been changed: an entry that is being filled meanwhile counts.
 */
export function mayHold(views: Views, env: number, request: number): boolean {
  const { i32 } = views;
  // Read first: a refill that is over has its entry in place, one that begins later sees the change.
  if (Atomics.load(i32, (env + VCPU.TLB_REFILL) >>> 2) !== 0) return true;
  if (request === TLB_REQUEST.ALL) return Atomics.load(i32, (env + VCPU.TLB_USED) >>> 2) !== 0;
  if (request === TLB_REQUEST.NON_GLOBAL) {
    return Atomics.load(i32, (env + VCPU.TLB_NON_GLOBAL) >>> 2) !== 0;
  }
  for (let mode = 0; mode < MMU_MODES; mode++) {
    const exec = Atomics.load(i32, ((env + tlbOffset(mode, request)) >>> 2) + 2);
    if ((exec & PAGE_MASK) === (request & PAGE_MASK)) return true;
  }
  return hasPageBit(i32, env + VCPU.JUMP_PAGES, request) || mayBeLarge(i32, env, request);
}
