/**
 * Chooses what becomes a region of the second tier: from a block that was found running hot, the
 * loop or function around it, and everything that is reached from there by branches, calls and
 * returns, up to a limit. A callee stands in the region once for each call, so that its return leads
 * to one place; what it expects is checked when the region runs.
 * @module
 */
import type { RegionEdge, UnitSite } from "../backends/wasm/region_plan.ts";
import { JUMP_TARGETS, jumpTargetsOffset, PAGE_MASK } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { type BlockExit, blockExits } from "./block_exits.ts";
import type { CodeCache, RegionRequest } from "./code_cache.ts";
import { TB } from "./code_cache_layout.ts";

/** Most blocks, and words of IR, of a region. */
const MAX_NODES = 128;
const MAX_WORDS = 16000;
/** Most calls that are followed into each other. */
const MAX_DEPTH = 6;
/** Most places that a jump to a computed address is expected to lead to. */
const MAX_TARGETS = 8;
/** Most blocks that are looked at for the head of the loop around a block. */
const MAX_EXPLORED = 256;

/** A region that is worth being made. */
export interface Region {
  /** Id of the block that it is entered at. */
  readonly head: number;
  /** Its blocks with the edges between them, the head first. */
  readonly sites: UnitSite[];
  /** Ids of the blocks in it, each once. */
  readonly members: number[];
}

/** A block where the vCPU has it mapped. */
export interface Place {
  /** Its id. */
  readonly id: number;
  /** Its guest address. */
  readonly pc: number;
}

/** A call that has not returned, in the region. */
interface Call {
  readonly outer: Call | null;
  readonly depth: number;
  /** Block that calls, and where the call returns to. */
  readonly caller: Place;
  readonly callee: Place;
  readonly returnPc: number;
  /** Number of this call in the region. */
  readonly number: number;
}

/** Forms regions from the blocks of a cache; translation lock held. */
export class RegionFormer {
  readonly #cache: CodeCache;
  readonly #i32: Int32Array;
  #exits: Map<number, readonly BlockExit[]> = new Map();
  /** By RAM page: offsets in it that calls on it return to. */
  #returns: Map<number, ReadonlySet<number>> = new Map();
  /** What is at each guest address. */
  #places: Map<number, Place> = new Map();
  /** The RAM page that each of the guest's pages is taken for, in the whole region. */
  #pages: Map<number, number> = new Map();

  /** `views` show the jump targets that vCPUs have noted. */
  constructor(cache: CodeCache, views: Views) {
    this.#cache = cache;
    this.#i32 = views.i32;
  }

  /**
   * The region around a block as the vCPU that found it sees the code; null when there is none that
   * is more than a block.
   */
  form({ env, id, pc }: RegionRequest): Region | null {
    this.#exits = new Map();
    this.#returns = new Map();
    this.#places = new Map();
    this.#pages = new Map();
    // The wish may be older than a flush, and the block another one since.
    if (this.#cache.place(id) !== (pc & ~PAGE_MASK)) return null;
    const head = this.#heads(env, this.#place(id, pc))
      .find(({ id }) => this.#cache.field(id, TB.REGION) === 0);
    if (head === undefined || this.#cache.field(head.id, TB.SECOND) !== 0) return null;
    const region = new RegionBuilder(this, this.#cache, env).build(head);
    return region.sites.length > 1 || region.sites[0].edges!.length > 0 ? region : null;
  }

  /** The ways out of a block, places relative to its page. */
  exits({ id }: Place): readonly BlockExit[] {
    let exits = this.#exits.get(id);
    if (exits === undefined) {
      exits = blockExits(this.#cache.ir(id));
      this.#exits.set(id, exits);
    }
    return exits;
  }

  /** Blocks that jumps of a block went to, as far as they have been noted. */
  targets(env: number, from: Place): Place[] {
    const at = (env + jumpTargetsOffset(from.id)) >>> 2;
    const noted = [...new Set(this.#i32.subarray(at, at + JUMP_TARGETS))].filter((pc) => pc !== 0);
    return noted.map((pc) => this.resolve(env, from, pc)).filter((to) => to !== null)
      .slice(0, MAX_TARGETS);
  }

  /** Whether a call that is known returns to a block. */
  isReturn(to: Place): boolean {
    const physical = this.#cache.field(to.id, TB.PHYSICAL) >>> 0;
    const page = (physical & PAGE_MASK) >>> 0;
    let returns = this.#returns.get(page);
    if (returns === undefined) {
      const callers = this.#onPage(to).filter((block) => this.exits(block).some((e) => e.call));
      returns = new Set(callers.map((block) => this.#end(block.id)));
      this.#returns.set(page, returns);
    }
    return returns.has(this.#cache.place(to.id));
  }

  /** Where a call from a block returns to. */
  returnPc({ id, pc }: Place): number {
    return (pageOf(pc) + this.#end(id)) | 0;
  }

  /** The block at `pc` as seen from a block; null when it is not known or not eligible. */
  resolve(env: number, from: Place, pc: number): Place | null {
    const known = this.#places.get(pc);
    if (known !== undefined) return known;
    const id = this.#find(env, from, pc);
    return id === 0 ? null : this.#place(id, pc);
  }

  #find(env: number, from: Place, pc: number): number {
    const cache = this.#cache;
    const flags = cache.field(from.id, TB.FLAGS);
    const page = this.#pages.get(pageOf(pc));
    if (page !== undefined) return cache.find((page | (pc & ~PAGE_MASK)) >>> 0, flags, 0);
    const id = cache.jumpCacheGet(env, pc, flags);
    // Another thread than the vCPU's may read an entry that is just being written.
    return id !== 0 && cache.isValid(id) && cache.place(id) === (pc & ~PAGE_MASK) &&
        cache.field(id, TB.FLAGS) === flags
      ? id
      : 0;
  }

  #place(id: number, pc: number): Place {
    const place = { id, pc };
    this.#places.set(pc, place);
    // The vCPU may be in another address space by now: what was found first holds for the page.
    if (!this.#pages.has(pageOf(pc))) {
      this.#pages.set(pageOf(pc), pageOf(this.#cache.field(id, TB.PHYSICAL)));
    }
    return place;
  }

  /** Offset in its page at which a block ends. */
  #end(id: number): number {
    return this.#cache.place(id) + this.#cache.field(id, TB.GUEST_BYTES);
  }

  /** The blocks on the page of `near`, mapped as that is, made for the same flags. */
  #onPage(near: Place): Place[] {
    const cache = this.#cache;
    const flags = cache.field(near.id, TB.FLAGS);
    return cache.pageBlocks(cache.field(near.id, TB.PHYSICAL) >>> 0)
      .filter((id) => cache.field(id, TB.FLAGS) === flags && cache.field(id, TB.SECOND) === 0)
      .map((id) => {
        const pc = pageOf(near.pc) | cache.place(id);
        return this.#places.get(pc) ?? this.#place(id, pc);
      });
  }

  /** Head of the loop around a block, entry of the function around it, itself: what there is of them. */
  #heads(env: number, block: Place): Place[] {
    return [...this.#loopHead(env, block), ...this.#functionEntry(env, block), block];
  }

  /** Blocks that follow in the same function. */
  #successors(env: number, from: Place): Place[] {
    return this.exits(from).flatMap(({ pc, call }) => {
      if (!call && pc === null) return this.#branchTargets(env, from);
      const to = this.resolve(env, from, call ? this.returnPc(from) : addressOf(from, pc!));
      return to === null ? [] : [to];
    });
  }

  /** Where a jump that is no call goes to within its function. */
  #branchTargets(env: number, from: Place): Place[] {
    return this.targets(env, from).filter((to) => !this.isReturn(to));
  }

  #loopHead(env: number, block: Place): Place[] {
    const successors = new Map<Place, Place[]>();
    const work = [block];
    for (let at = 0; at < work.length && at < MAX_EXPLORED; at++) {
      const next = this.#successors(env, work[at]);
      successors.set(work[at], next);
      for (const target of next) if (!work.includes(target)) work.push(target);
    }
    // Blocks from which there is a way back.
    const around = new Set<Place>();
    for (let grown = true; grown;) {
      grown = false;
      for (const [from, next] of successors) {
        if (around.has(from)) continue;
        if (!next.some((target) => target === block || around.has(target))) continue;
        around.add(from);
        grown = true;
      }
    }
    let head: Place | null = null;
    for (const from of around) {
      for (const target of successors.get(from)!) {
        if (!around.has(target) || isBelow(from, target)) continue;
        if (head === null || isBelow(target, head)) head = target;
      }
    }
    return head === null ? [] : [head];
  }

  #functionEntry(env: number, block: Place): Place[] {
    const predecessors = new Map<Place, Place[]>();
    for (const from of this.#onPage(block)) {
      for (const next of this.#successors(env, from)) {
        const list = predecessors.get(next);
        if (list === undefined) predecessors.set(next, [from]);
        else list.push(from);
      }
    }
    let entry: Place | null = null;
    const seen = new Set<Place>([block]);
    for (const one of seen) {
      const before = predecessors.get(one);
      for (const from of before ?? []) seen.add(from);
      if (before === undefined && (entry === null || isBelow(one, entry))) entry = one;
    }
    return entry === null ? [] : [entry];
  }
}

/** Page of a guest address, or of a physical one. */
function pageOf(address: number): number {
  return address & PAGE_MASK;
}

/** Guest address of a place as a block numbers it. */
function addressOf(block: Place, place: number): number {
  return (pageOf(block.pc) + place) | 0;
}

function isBelow(one: Place, other: Place): boolean {
  return one.pc >>> 0 < other.pc >>> 0;
}

/** Collects the blocks of one region. */
class RegionBuilder {
  readonly #former: RegionFormer;
  readonly #cache: CodeCache;
  readonly #env: number;
  /** Block and call of each node, and its number by both. */
  readonly #nodes: { readonly place: Place; readonly call: Call | null }[] = [];
  readonly #numbers: Map<string, number> = new Map();
  readonly #calls: Map<string, Call> = new Map();
  #words = 0;

  constructor(former: RegionFormer, cache: CodeCache, env: number) {
    this.#former = former;
    this.#cache = cache;
    this.#env = env;
  }

  build(head: Place): Region {
    const cache = this.#cache;
    this.#node(head, null);
    const edges: RegionEdge[][] = [];
    for (let at = 0; at < this.#nodes.length; at++) edges.push(this.#edges(at));
    const pages = [...new Set(this.#nodes.map(({ place }) => pageOf(place.pc)))];
    const sites = this.#nodes.map(({ place: { id, pc } }, i) => ({
      block: cache.ir(id),
      id,
      chainSlots: cache.chainSlots(id),
      flags: cache.field(id, TB.FLAGS),
      seenAt: pc,
      page: pages.indexOf(pageOf(pc)),
      edges: edges[i],
    }));
    const members = [...new Set(this.#nodes.map(({ place }) => place.id))];
    return { head: head.id, sites, members };
  }

  /** Number of the node for a block in `call`; -1 when it does not fit any more. */
  #node(place: Place, call: Call | null): number {
    const key = `${place.pc} ${call?.number ?? 0}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const words = this.#cache.field(place.id, TB.IR_WORDS);
    if (this.#nodes.length === MAX_NODES || this.#words + words > MAX_WORDS) return -1;
    if (this.#cache.field(place.id, TB.SECOND) !== 0) return -1;
    this.#words += words;
    this.#numbers.set(key, this.#nodes.length);
    return this.#nodes.push({ place, call }) - 1;
  }

  #edges(at: number): RegionEdge[] {
    const { place, call } = this.#nodes[at];
    const former = this.#former;
    const edges = former.exits(place).flatMap((exit) => {
      if (exit.pc !== null) {
        const to = former.resolve(this.#env, place, addressOf(place, exit.pc));
        return to === null ? [] : [this.#followed(place, exit, to, call)];
      }
      const targets = former.targets(this.#env, place);
      if (exit.call) return targets.map((to) => this.#followed(place, exit, to, call));
      const inside = targets.filter((to) => !former.isReturn(to));
      const back = call !== null && (inside.length === 0 || inside.length < targets.length)
        ? former.resolve(this.#env, call.caller, call.returnPc)
        : null;
      const returns = back === null ? [] : [this.#edge(place, exit, back, call!.outer)];
      return [...returns, ...inside.map((to) => this.#followed(place, exit, to, call))];
    });
    return edges.filter((edge) => edge !== null);
  }

  #followed(from: Place, exit: BlockExit, to: Place, call: Call | null): RegionEdge | null {
    if (!exit.call) return this.#edge(from, exit, to, call);
    const inner = this.#enter(from, to, call);
    return inner && this.#edge(from, exit, to, inner);
  }

  /** The call of `callee` from block `caller`; null when it would be too deep or recurses. */
  #enter(caller: Place, callee: Place, outer: Call | null): Call | null {
    const depth = (outer?.depth ?? 0) + 1;
    if (depth > MAX_DEPTH) return null;
    for (let at = outer; at !== null; at = at.outer) if (at.callee === callee) return null;
    const key = `${caller.pc} ${callee.pc} ${outer?.number ?? 0}`;
    let call = this.#calls.get(key);
    if (call === undefined) {
      const returnPc = this.#former.returnPc(caller);
      call = { outer, depth, caller, callee, returnPc, number: this.#calls.size + 1 };
      this.#calls.set(key, call);
    }
    return call;
  }

  #edge(from: Place, exit: BlockExit, to: Place, call: Call | null): RegionEdge | null {
    const cache = this.#cache;
    const node = this.#node(to, call);
    if (node < 0) return null;
    const pc = cache.place(to.id);
    if (exit.kind === "direct") return { pc, node, guard: null };
    const otherPage = pageOf(to.pc) !== pageOf(from.pc);
    return { pc, node, guard: { flags: cache.field(from.id, TB.FLAGS), otherPage, id: to.id } };
  }
}
