/**
 * The translation-block cache: descriptors, physical hash, chaining and invalidation. One object a
 * thread over shared state. Look-ups read without locks; everything that changes the cache is
 * called with its translation lock held.
 * @module
 */
import type { IrBlock } from "../ir/block.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import {
  JUMP_CACHE_ENTRIES,
  JUMP_CACHE_ENTRY_BYTES,
  JUMP_ENTRY,
  jumpCacheOffset,
  PAGE_BITS,
  PAGE_MASK,
  PAGE_SIZE,
  VCPU,
} from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import {
  type CodeCacheLayout,
  HEADER,
  JUMP_PLACES,
  MAX_PENDING,
  MAX_REGION_REQUESTS,
  MODULE,
  planCodeCache,
  TB,
  TB_INVALID,
  TB_VALID,
} from "./code_cache_layout.ts";

/** Word offsets in a jump cache entry. */
const JC_PC = JUMP_ENTRY.PC >> 2;
const JC_FLAGS = JUMP_ENTRY.FLAGS >> 2;
const JC_INDEX = JUMP_ENTRY.INDEX >> 2;
const JC_ID = JUMP_ENTRY.ID >> 2;

/** A region that a vCPU wants. */
export interface RegionRequest {
  /** The vCPU that found the block running. */
  readonly env: number;
  /** The block. */
  readonly id: number;
  /** Guest address at which it ran. */
  readonly pc: number;
}

/** One code cache as one thread sees it. */
export class CodeCache {
  /** Host address of the cache. */
  readonly base: number;
  /** Where its parts lie, relative to `base`. */
  readonly plan: CodeCacheLayout;
  readonly #i32: Int32Array;
  readonly #u8: Uint8Array;
  readonly #layout: MachineLayout;
  readonly #pageBlocks: number;

  /** `index` is the number of the cache: 0, or the vCPU's when each has its own. */
  constructor(views: Views, layout: MachineLayout, index: number) {
    this.#i32 = views.i32;
    this.#u8 = views.u8;
    this.#layout = layout;
    this.plan = planCodeCache(layout.tbCount);
    this.base = layout.codeCache + index * layout.codeCacheBytes;
    this.#pageBlocks = layout.pageBlocks + index * (layout.ramBytes >>> (PAGE_BITS - 2));
  }

  /** Prepares an empty cache; called once, before any vCPU runs, and by `flush`. */
  reset(): void {
    const i32 = this.#i32;
    i32[(this.base + HEADER.NEXT_ID) >>> 2] = 1;
    i32[(this.base + HEADER.IR_USED) >>> 2] = 0;
    i32[(this.base + HEADER.MODULE_USED) >>> 2] = 0;
    i32[(this.base + HEADER.PENDING_COUNT) >>> 2] = 0;
    i32[(this.base + HEADER.FULL) >>> 2] = 0;
    i32[(this.base + HEADER.LAST_REGION) >>> 2] = 0;
    i32[(this.base + HEADER.REGION_REQUEST_COUNT) >>> 2] = 0;
  }

  /** Address of the translation lock. */
  get lock(): number {
    return this.base + HEADER.LOCK;
  }
  /** Number of flushes so far, modulo 2^32. */
  get generation(): number {
    return Atomics.load(this.#i32, (this.base + HEADER.GENERATION) >>> 2);
  }
  /** Whether a flush is due because something ran out. */
  get full(): boolean {
    return this.#i32[(this.base + HEADER.FULL) >>> 2] !== 0;
  }

  /** Asks for a flush: the next vCPU that leaves translated code does it as safe work. */
  requestFlush(): void {
    Atomics.store(this.#i32, (this.base + HEADER.FULL) >>> 2, 1);
  }

  /** Number of blocks translated since the last flush. */
  get count(): number {
    return this.#i32[(this.base + HEADER.NEXT_ID) >>> 2] - 1;
  }

  /** Host address of the descriptor of block `id`. */
  tb(id: number): number {
    return this.base + this.plan.tbs + id * TB.BYTES;
  }
  /** Reads a word of a descriptor; `field` is one of TB. */
  field(id: number, field: number): number {
    return this.#i32[(this.tb(id) + field) >>> 2];
  }
  /** Writes a word of a descriptor. */
  setField(id: number, field: number, value: number): void {
    this.#i32[(this.tb(id) + field) >>> 2] = value;
  }
  /** Whether block `id` is in use and its bytes are as they were. */
  isValid(id: number): boolean {
    return Atomics.load(this.#i32, (this.tb(id) + TB.STATE) >>> 2) === TB_VALID;
  }

  #bucket(physical: number, flags: number): number {
    const h = Math.imul((physical >>> 1) ^ (flags << 20), 0x9e3779b1) >>> 8;
    return (this.base + this.plan.hash >>> 2) + (h & (this.plan.buckets - 1));
  }

  /**
   * Id of the valid block for this physical address and flags; 0 when there is none. `second` is
   * the physical address of the next page when the block's instruction spans two pages, else 0.
   */
  find(physical: number, flags: number, second: number): number {
    const i32 = this.#i32;
    let id = Atomics.load(i32, this.#bucket(physical, flags));
    while (id !== 0) {
      const w = this.tb(id) >>> 2;
      if (
        i32[w + (TB.PHYSICAL >> 2)] === (physical | 0) && i32[w + (TB.FLAGS >> 2)] === flags &&
        i32[w + (TB.SECOND >> 2)] === (second | 0) &&
        Atomics.load(i32, w + (TB.STATE >> 2)) === TB_VALID
      ) return id;
      id = i32[w + (TB.HASH_NEXT >> 2)];
    }
    return 0;
  }

  #pageWord(physical: number): number {
    return (this.#pageBlocks >>> 2) + ((physical - this.#layout.ramBase) >>> PAGE_BITS);
  }

  /**
   * Enters a block (lock held) whose places are offsets in its page; gives its id, or 0 when the
   * cache is full: the caller then asks for a flush. `second` is as in `find`; `pc` is the guest
   * address at which the block is wanted now.
   */
  insert(block: IrBlock, pc: number, physical: number, flags: number, second: number): number {
    const i32 = this.#i32;
    const header = this.base >>> 2;
    const id = i32[header + (HEADER.NEXT_ID >> 2)];
    const used = i32[header + (HEADER.IR_USED >> 2)];
    const bytes = block.code.length * 4 + ((block.types.length + 3) & -4);
    if (id >= this.plan.tbCount || used + bytes > this.plan.irBytes) {
      i32[header + (HEADER.FULL >> 2)] = 1;
      return 0;
    }
    i32[header + (HEADER.NEXT_ID >> 2)] = id + 1;
    i32[header + (HEADER.IR_USED >> 2)] = used + bytes;
    const ir = this.base + this.plan.ir + used;
    i32.set(block.code, ir >>> 2);
    this.#u8.set(block.types, ir + block.code.length * 4);

    const w = this.tb(id) >>> 2;
    i32.fill(0, w, w + (TB.BYTES >> 2));
    i32[w + (TB.SEEN_AT >> 2)] = pc;
    i32[w + (TB.FLAGS >> 2)] = flags;
    i32[w + (TB.PHYSICAL >> 2)] = physical;
    i32[w + (TB.GUEST_BYTES >> 2)] = block.guestBytes;
    i32[w + (TB.GUEST_INSNS >> 2)] = block.guestInsns;
    i32[w + (TB.REGION_START >> 2)] = physical;
    i32[w + (TB.REGION_END >> 2)] = physical + block.guestBytes;
    i32[w + (TB.IR >> 2)] = ir;
    i32[w + (TB.IR_WORDS >> 2)] = block.code.length;
    i32[w + (TB.TEMPS >> 2)] = block.types.length;
    const page = this.#pageWord(physical);
    i32[w + (TB.PAGE_NEXT >> 2)] = i32[page];
    i32[page] = id;
    if (second !== 0) {
      i32[w + (TB.SECOND >> 2)] = second;
      const next = this.#pageWord(second);
      // Two virtual pages may be the same RAM page.
      if (next !== page) {
        i32[w + (TB.SECOND_NEXT >> 2)] = i32[next];
        i32[next] = id;
      }
    }
    const bucket = this.#bucket(physical, flags);
    i32[w + (TB.HASH_NEXT >> 2)] = i32[bucket];
    Atomics.store(i32, w + (TB.STATE >> 2), TB_VALID);
    Atomics.store(i32, bucket, id);
    return id;
  }

  /** Place of a block's first instruction: its offset in its page. */
  place(id: number): number {
    return this.field(id, TB.PHYSICAL) & ~PAGE_MASK;
  }

  /** The IR of a block, as views into the shared memory. */
  ir(id: number): IrBlock {
    const i32 = this.#i32;
    const w = this.tb(id) >>> 2;
    const ir = i32[w + (TB.IR >> 2)] >>> 0;
    const words = i32[w + (TB.IR_WORDS >> 2)];
    return {
      pc: this.place(id),
      guestInsns: i32[w + (TB.GUEST_INSNS >> 2)],
      guestBytes: i32[w + (TB.GUEST_BYTES >> 2)],
      code: i32.subarray(ir >>> 2, (ir >>> 2) + words),
      types: this.#u8.subarray(ir + words * 4, ir + words * 4 + i32[w + (TB.TEMPS >> 2)]),
    };
  }

  /** Host address of the two chaining slots of a block. */
  chainSlots(id: number): number {
    return this.tb(id) + TB.CHAIN;
  }

  /** Lets `slot` of block `from` lead to block `to` (lock held); false when either is stale. */
  link(from: number, slot: number, to: number): boolean {
    const i32 = this.#i32;
    const source = this.tb(from) >>> 2;
    if (!this.isValid(from) || !this.isValid(to)) return false;
    // Another page may have been mapped there since the jump: only within a page is it certain.
    if (((this.field(from, TB.PHYSICAL) ^ this.field(to, TB.PHYSICAL)) & PAGE_MASK) !== 0) {
      return false;
    }
    if (i32[source + (TB.CHAIN >> 2) + slot] !== 0) return false;
    const target = this.tb(to) >>> 2;
    i32[source + (TB.CHAIN_NEXT >> 2) + slot] = i32[target + (TB.INCOMING >> 2)];
    i32[target + (TB.INCOMING >> 2)] = from * 2 + slot;
    Atomics.store(i32, source + (TB.CHAIN >> 2) + slot, to);
    return true;
  }

  /**
   * Invalidates the blocks of RAM page `physical` that overlap `bytes` from there (lock held).
   * Returns how many; `left` in the result tells whether the page still has valid blocks.
   */
  invalidate(physical: number, bytes: number): { invalidated: number; left: boolean } {
    const i32 = this.#i32;
    const page = this.#pageWord(physical);
    let invalidated = 0;
    for (let id = i32[page]; id !== 0;) {
      const next = i32[this.#pageLink(id, page)];
      if (this.#overlaps(id, physical, bytes)) {
        this.#drop(id);
        this.#leavePages(id);
        invalidated++;
        const owner = this.field(id, TB.OWNER);
        // The owner's page is another one, so `next` stays in this page's list.
        if (owner !== 0 && this.isValid(owner)) {
          this.#drop(owner);
          this.#leavePages(owner);
          invalidated++;
        }
      }
      id = next;
    }
    return { invalidated, left: i32[page] !== 0 };
  }

  /** Whether the function of a block was made from some of `bytes` bytes at `physical`. */
  #overlaps(id: number, physical: number, bytes: number): boolean {
    const hits = (from: number, to: number): boolean => from < physical + bytes && physical < to;
    if (hits(this.field(id, TB.REGION_START) >>> 0, this.field(id, TB.REGION_END) >>> 0)) {
      return true;
    }
    const second = this.field(id, TB.SECOND) >>> 0;
    if (second === 0) return false;
    const inFirst = PAGE_SIZE - (this.field(id, TB.PHYSICAL) & (PAGE_SIZE - 1));
    return hits(second, second + this.field(id, TB.GUEST_BYTES) - inFirst);
  }

  /** Index of the word that links a block to the next one in the list of a page that it is on. */
  #pageLink(id: number, page: number): number {
    const first = this.#pageWord(this.field(id, TB.PHYSICAL) >>> 0) === page;
    return (this.tb(id) + (first ? TB.PAGE_NEXT : TB.SECOND_NEXT)) >>> 2;
  }

  /** Takes a block out of the lists of its pages. */
  #leavePages(id: number): void {
    const first = this.#pageWord(this.field(id, TB.PHYSICAL) >>> 0);
    this.#leavePage(id, first);
    const second = this.field(id, TB.SECOND) >>> 0;
    if (second !== 0 && this.#pageWord(second) !== first) {
      this.#leavePage(id, this.#pageWord(second));
    }
  }

  #leavePage(id: number, page: number): void {
    const i32 = this.#i32;
    let link = page;
    while (i32[link] !== id) link = this.#pageLink(i32[link], page);
    i32[link] = i32[this.#pageLink(id, page)];
  }

  /** Takes a block out of hash, chains and jump caches. */
  #drop(id: number): void {
    const i32 = this.#i32;
    const w = this.tb(id) >>> 2;
    Atomics.store(i32, w + (TB.STATE >> 2), TB_INVALID);

    const bucket = this.#bucket(i32[w + (TB.PHYSICAL >> 2)], i32[w + (TB.FLAGS >> 2)]);
    // The dropped block keeps its own link, so that a look-up standing on it finds its way on.
    const after = i32[w + (TB.HASH_NEXT >> 2)];
    if (i32[bucket] === id) {
      Atomics.store(i32, bucket, after);
    } else {
      for (let at = i32[bucket]; at !== 0; at = this.field(at, TB.HASH_NEXT)) {
        if (this.field(at, TB.HASH_NEXT) === id) {
          this.setField(at, TB.HASH_NEXT, after);
          break;
        }
      }
    }

    for (let edge = i32[w + (TB.INCOMING >> 2)]; edge !== 0;) {
      const source = this.tb(edge >>> 1) >>> 2;
      const slot = edge & 1;
      Atomics.store(i32, source + (TB.CHAIN >> 2) + slot, 0);
      const next = i32[source + (TB.CHAIN_NEXT >> 2) + slot];
      i32[source + (TB.CHAIN_NEXT >> 2) + slot] = 0;
      edge = next;
    }
    i32[w + (TB.INCOMING >> 2)] = 0;
    this.#unlinkOutgoing(id);

    this.#leaveJumpCaches(id);
  }

  /** Takes a block out of the jump caches, at whatever addresses vCPUs have found it. */
  #leaveJumpCaches(id: number): void {
    const i32 = this.#i32;
    const first = (this.tb(id) + TB.JUMPS) >>> 2;
    const many = Atomics.load(i32, (this.tb(id) + TB.MANY_JUMPS) >>> 2) !== 0;
    for (let v = 0; v < this.#layout.vcpus; v++) {
      const env = vcpuBase(this.#layout, v);
      if (many) {
        const entries = (env + VCPU.JUMP_CACHE) >>> 2;
        for (let n = 0; n < JUMP_CACHE_ENTRIES; n++) {
          this.#dropJump(entries + n * (JUMP_CACHE_ENTRY_BYTES >> 2), id);
        }
        continue;
      }
      for (let n = 0; n < JUMP_PLACES; n++) {
        const pc = Atomics.load(i32, first + n);
        if (pc !== 0) this.#dropJump((env + jumpCacheOffset(pc & ~1)) >>> 2, id);
      }
    }
  }

  /** Empties a jump cache entry when it has block `id`. */
  #dropJump(entry: number, id: number): void {
    const i32 = this.#i32;
    if (i32[entry + JC_ID] !== id) return;
    Atomics.store(i32, entry + JC_INDEX, 0);
    Atomics.store(i32, entry + JC_ID, 0);
  }

  /** Remembers that a block is going to be in a jump cache at `pc`: most are at one address only. */
  #noteJump(id: number, pc: number): void {
    const i32 = this.#i32;
    const first = (this.tb(id) + TB.JUMPS) >>> 2;
    const marked = pc | 1;
    for (let n = first; n < first + JUMP_PLACES; n++) {
      if (i32[n] === marked) return;
      const there = Atomics.compareExchange(i32, n, 0, marked);
      if (there === 0 || there === marked) return;
    }
    Atomics.store(i32, (this.tb(id) + TB.MANY_JUMPS) >>> 2, 1);
  }

  #unlinkOutgoing(id: number): void {
    const i32 = this.#i32;
    const w = this.tb(id) >>> 2;
    for (let slot = 0; slot < 2; slot++) {
      const to = i32[w + (TB.CHAIN >> 2) + slot];
      if (to === 0) continue;
      Atomics.store(i32, w + (TB.CHAIN >> 2) + slot, 0);
      const me = id * 2 + slot;
      const next = i32[w + (TB.CHAIN_NEXT >> 2) + slot];
      const head = (this.tb(to) + TB.INCOMING) >>> 2;
      if (i32[head] === me) {
        i32[head] = next;
        continue;
      }
      for (let edge = i32[head]; edge !== 0;) {
        const link = (this.tb(edge >>> 1) + TB.CHAIN_NEXT >>> 2) + (edge & 1);
        if (i32[link] === me) {
          i32[link] = next;
          break;
        }
        edge = i32[link];
      }
    }
  }

  /**
   * Empties the cache (lock held). Only as safe work: no vCPU is in translated code, and each drops
   * its compiled functions when it sees the new generation.
   */
  flush(): void {
    const i32 = this.#i32;
    for (let id = this.count; id > 0; id--) {
      this.setField(id, TB.STATE, 0);
      i32[this.#pageWord(this.field(id, TB.PHYSICAL) >>> 0)] = 0;
      const second = this.field(id, TB.SECOND) >>> 0;
      if (second !== 0) i32[this.#pageWord(second)] = 0;
    }
    const hash = (this.base + this.plan.hash) >>> 2;
    i32.fill(0, hash, hash + this.plan.buckets);
    for (let v = 0; v < this.#layout.vcpus; v++) {
      const at = (vcpuBase(this.#layout, v) + VCPU.JUMP_CACHE) >>> 2;
      i32.fill(0, at, at + (VCPU.JUMP_CACHE_BYTES >> 2));
    }
    this.reset();
    Atomics.add(i32, (this.base + HEADER.GENERATION) >>> 2, 1);
  }

  /** Ids of the valid blocks on the RAM page of `physical`. */
  pageBlocks(physical: number): number[] {
    const i32 = this.#i32;
    const page = this.#pageWord(physical);
    const ids: number[] = [];
    for (let id = i32[page]; id !== 0; id = i32[this.#pageLink(id, page)]) {
      if (this.field(id, TB.OWNER) === 0) ids.push(id);
    }
    return ids;
  }

  /** Id in the vCPU's jump cache for its pc and flags; 0 on a miss. */
  jumpCacheGet(env: number, pc: number, flags: number): number {
    const i32 = this.#i32;
    const entry = (env + jumpCacheOffset(pc)) >>> 2;
    if (i32[entry + JC_PC] !== (pc | 0) || i32[entry + JC_FLAGS] !== flags) return 0;
    return i32[entry + JC_ID];
  }

  /** Enters a block into the vCPU's jump cache, for the run loop only. */
  jumpCachePut(env: number, pc: number, flags: number, id: number): void {
    const i32 = this.#i32;
    const entry = (env + jumpCacheOffset(pc)) >>> 2;
    this.#noteJump(id, pc);
    Atomics.store(i32, entry + JC_INDEX, 0);
    // Whoever forms a region on another thread must not take the old block for the new address.
    Atomics.store(i32, entry + JC_ID, 0);
    i32[entry + JC_PC] = pc;
    i32[entry + JC_FLAGS] = flags;
    Atomics.store(i32, entry + JC_ID, id);
    this.#forgetStale(entry, id);
  }

  /** Lets translated code jump to block `id`, at the vCPU's pc, when it is in the jump cache. */
  jumpCacheCompiled(env: number, id: number): void {
    const i32 = this.#i32;
    const pc = i32[(env + VCPU.PC) >>> 2];
    const entry = (env + jumpCacheOffset(pc)) >>> 2;
    if (i32[entry + JC_ID] !== id || i32[entry + JC_INDEX] === id) return;
    if (i32[entry + JC_PC] !== pc) return;
    Atomics.store(i32, entry + JC_INDEX, id);
    this.#forgetStale(entry, id);
  }

  /** An invalidation that came between the check and the entry looked at the old entry. */
  #forgetStale(entry: number, id: number): void {
    if (this.isValid(id)) return;
    Atomics.store(this.#i32, entry + JC_INDEX, 0);
    Atomics.store(this.#i32, entry + JC_ID, 0);
  }

  /** Queues a block for compilation (lock held); gives the number of blocks that wait. */
  enqueue(id: number): number {
    const i32 = this.#i32;
    const at = (this.base + HEADER.PENDING_COUNT) >>> 2;
    const count = i32[at];
    if (count < MAX_PENDING) {
      i32[((this.base + HEADER.PENDING) >>> 2) + count] = id;
      i32[at] = count + 1;
    }
    return i32[at];
  }

  /** Takes the waiting blocks that are still valid off the queue (lock held). */
  takePending(): number[] {
    const i32 = this.#i32;
    const at = (this.base + HEADER.PENDING_COUNT) >>> 2;
    const first = (this.base + HEADER.PENDING) >>> 2;
    const ids = [...i32.subarray(first, first + i32[at])];
    i32[at] = 0;
    return ids.filter((id) => this.isValid(id) && this.field(id, TB.MODULE) === 0);
  }

  /** Notes that a region is wanted around block `id` (lock held); forgets it when many are. */
  requestRegion({ env, id, pc }: RegionRequest): void {
    const i32 = this.#i32;
    const at = (this.base + HEADER.REGION_REQUEST_COUNT) >>> 2;
    const count = i32[at];
    if (count === MAX_REGION_REQUESTS) return;
    i32.set([env, id, pc], ((this.base + HEADER.REGION_REQUESTS) >>> 2) + 3 * count);
    i32[at] = count + 1;
  }

  /** Takes the wishes for regions (lock held). */
  takeRegionRequests(): RegionRequest[] {
    const i32 = this.#i32;
    const at = (this.base + HEADER.REGION_REQUEST_COUNT) >>> 2;
    const first = (this.base + HEADER.REGION_REQUESTS) >>> 2;
    const requests = Array.from({ length: i32[at] }, (_, n) => ({
      env: i32[first + 3 * n],
      id: i32[first + 3 * n + 1],
      pc: i32[first + 3 * n + 2],
    }));
    i32[at] = 0;
    return requests;
  }

  /**
   * Publishes a module that holds `ids` (lock held); false when the arena is full.
   */
  publishModule(bytes: Uint8Array, ids: readonly number[]): boolean {
    return this.#publish(bytes, ids) !== 0;
  }

  /**
   * Publishes the region headed by block `head`, made of `members` (lock held); false when something
   * ran out. Threads that run the head's first function find the region by `regionsAfter`.
   */
  publishRegion(bytes: Uint8Array, head: number, members: readonly number[]): boolean {
    const i32 = this.#i32;
    if (!this.#claim(head, members)) return false;
    const record = this.#publish(bytes, [head]);
    if (record === 0) return false;
    this.setField(head, TB.REGION, 1);
    const last = (this.base + HEADER.LAST_REGION) >>> 2;
    i32[(record + MODULE.PREVIOUS) >>> 2] = i32[last];
    Atomics.store(i32, last, record);
    return true;
  }

  /** Record of the last region that was published; 0 when there is none. */
  get lastRegion(): number {
    return Atomics.load(this.#i32, (this.base + HEADER.LAST_REGION) >>> 2);
  }

  /** Records of the regions that were published after `seen`, oldest first. */
  regionsAfter(seen: number): number[] {
    const records: number[] = [];
    for (let at = this.lastRegion; at !== 0 && at !== seen;) {
      records.push(at >>> 0);
      at = this.#i32[((at >>> 0) + MODULE.PREVIOUS) >>> 2];
    }
    return records.reverse();
  }

  /** Lets a store to any of `members` drop `head`; false when there is no descriptor left. */
  #claim(head: number, members: readonly number[]): boolean {
    const pages = new Map<number, number[]>();
    for (const member of members) {
      const page = this.#pageWord(this.field(member, TB.PHYSICAL) >>> 0);
      pages.set(page, [...(pages.get(page) ?? []), member]);
    }
    const own = this.#pageWord(this.field(head, TB.PHYSICAL) >>> 0);
    for (const [page, there] of pages) {
      if (page === own) {
        this.setRegion(head, there);
        continue;
      }
      const part = this.#part(head, page);
      if (part === 0) return false;
      this.setField(part, TB.PHYSICAL, this.field(there[0], TB.PHYSICAL));
      this.setRegion(part, there);
    }
    return true;
  }

  /** A new descriptor for the part of region `head` on another page; 0 when the cache is full. */
  #part(head: number, page: number): number {
    const i32 = this.#i32;
    const next = (this.base + HEADER.NEXT_ID) >>> 2;
    const id = i32[next];
    if (id >= this.plan.tbCount) {
      i32[(this.base + HEADER.FULL) >>> 2] = 1;
      return 0;
    }
    i32[next] = id + 1;
    const w = this.tb(id) >>> 2;
    i32.fill(0, w, w + (TB.BYTES >> 2));
    i32[w + (TB.OWNER >> 2)] = head;
    i32[w + (TB.PAGE_NEXT >> 2)] = i32[page];
    i32[page] = id;
    Atomics.store(i32, w + (TB.STATE >> 2), TB_VALID);
    return id;
  }

  /** Appends a module record; gives its host address, 0 when the arena is full. */
  #publish(bytes: Uint8Array, ids: readonly number[]): number {
    const i32 = this.#i32;
    const at = (this.base + HEADER.MODULE_USED) >>> 2;
    const size = (MODULE.IDS + ids.length * 4 + bytes.length + 3) & -4;
    if (i32[at] + size > this.plan.moduleBytes) {
      i32[(this.base + HEADER.FULL) >>> 2] = 1;
      return 0;
    }
    const record = this.base + this.plan.modules + i32[at];
    i32[at] += size;
    i32[(record + MODULE.LENGTH) >>> 2] = bytes.length;
    i32[(record + MODULE.COUNT) >>> 2] = ids.length;
    i32.set(ids, (record + MODULE.IDS) >>> 2);
    new Uint8Array(i32.buffer, record + MODULE.IDS + ids.length * 4, bytes.length).set(bytes);
    for (const id of ids) Atomics.store(i32, (this.tb(id) + TB.MODULE) >>> 2, record);
    return record;
  }

  /** Notes that the function of block `id` holds the code of `members` too (lock held). */
  setRegion(id: number, members: readonly number[]): void {
    const starts = members.map((member) => this.field(member, TB.PHYSICAL) >>> 0);
    const ends = members.map((member, i) => starts[i] + this.field(member, TB.GUEST_BYTES));
    this.setField(id, TB.REGION_START, Math.min(...starts));
    this.setField(id, TB.REGION_END, Math.max(...ends));
  }

  /** Bytes (a private copy) and block ids of the module at host address `record`. */
  module(record: number): { bytes: Uint8Array<ArrayBuffer>; ids: number[] } {
    const i32 = this.#i32;
    const at = record >>> 2;
    const count = i32[at + (MODULE.COUNT >> 2)];
    const start = record + MODULE.IDS + count * 4;
    const bytes = new Uint8Array(i32[at + (MODULE.LENGTH >> 2)]);
    bytes.set(new Uint8Array(i32.buffer, start, bytes.length));
    return {
      bytes,
      ids: [...i32.subarray(at + (MODULE.IDS >> 2), at + (MODULE.IDS >> 2) + count)],
    };
  }
}
