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
import { CodeCache } from "./code_cache.ts";
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

/** A call that has not returned, in the region. */
interface Call {
  readonly outer: Call | null;
  readonly depth: number;
  /** Block that calls, and where the call returns to. */
  readonly caller: number;
  readonly callee: number;
  readonly returnPc: number;
  /** Number of this call in the region. */
  readonly number: number;
}

/** Forms regions from the blocks of a cache; translation lock held. */
export class RegionFormer {
  readonly #cache: CodeCache;
  readonly #i32: Int32Array;
  #exits: Map<number, readonly BlockExit[]> = new Map();
  /** By RAM page: addresses that calls on it return to. */
  #returns: Map<number, ReadonlySet<number>> = new Map();

  /** `views` show the jump targets that vCPUs have noted. */
  constructor(cache: CodeCache, views: Views) {
    this.#cache = cache;
    this.#i32 = views.i32;
  }

  /**
   * The region around block `id` as the vCPU at `env` sees the code; null when there is none that is
   * more than a block.
   */
  form(env: number, id: number): Region | null {
    this.#exits = new Map();
    this.#returns = new Map();
    const head = this.#heads(env, id).find((head) => this.#cache.field(head, TB.REGION) === 0);
    if (head === undefined || this.#cache.field(head, TB.SECOND) !== 0) return null;
    const region = new RegionBuilder(this, this.#cache, env).build(head);
    return region.sites.length > 1 || region.sites[0].edges!.length > 0 ? region : null;
  }

  /** The ways out of a block. */
  exits(id: number): readonly BlockExit[] {
    let exits = this.#exits.get(id);
    if (exits === undefined) {
      exits = blockExits(this.#cache.ir(id));
      this.#exits.set(id, exits);
    }
    return exits;
  }

  /** Guest addresses that jumps of block `id` went to, as far as they have been noted. */
  targets(env: number, id: number): number[] {
    const at = (env + jumpTargetsOffset(id)) >>> 2;
    const noted = [...new Set(this.#i32.subarray(at, at + JUMP_TARGETS))];
    return noted.filter((pc) => pc !== 0 && this.resolve(env, id, pc) !== 0).slice(0, MAX_TARGETS);
  }

  /** Whether a call that is known returns to `pc`, where block `id` is. */
  isReturn(id: number, pc: number): boolean {
    const physical = this.#cache.field(id, TB.PHYSICAL) >>> 0;
    const page = (physical & PAGE_MASK) >>> 0;
    let returns = this.#returns.get(page);
    if (returns === undefined) {
      const callers = this.#cache.pageBlocks(physical)
        .filter((block) => this.exits(block).some(({ call }) => call));
      returns = new Set(callers.map((block) => this.returnPc(block)));
      this.#returns.set(page, returns);
    }
    return returns.has(pc);
  }

  /** Where a call from block `id` returns to. */
  returnPc(id: number): number {
    return (this.#cache.field(id, TB.PC) + this.#cache.field(id, TB.GUEST_BYTES)) | 0;
  }

  /** Id of the block at `pc` as seen from block `from`; 0 when it is not known or not eligible. */
  resolve(env: number, from: number, pc: number): number {
    const cache = this.#cache;
    const flags = cache.field(from, TB.FLAGS);
    if (((pc ^ cache.field(from, TB.PC)) & PAGE_MASK) === 0) {
      const page = cache.field(from, TB.PHYSICAL) & PAGE_MASK;
      return cache.find((page | (pc & ~PAGE_MASK)) >>> 0, pc, flags, 0);
    }
    const id = cache.jumpCacheGet(env, pc, flags);
    // Another thread than the vCPU's may read an entry that is just being written.
    return id !== 0 && cache.isValid(id) && cache.field(id, TB.PC) === (pc | 0) &&
        cache.field(id, TB.FLAGS) === flags
      ? id
      : 0;
  }

  /** Head of the loop around `id`, entry of the function around it, itself: what there is of them. */
  #heads(env: number, id: number): number[] {
    return [...this.#loopHead(env, id), ...this.#functionEntry(env, id), id];
  }

  /** Blocks that follow in the same function. */
  #successors(env: number, id: number): number[] {
    const pcs = this.exits(id).flatMap(({ pc, call }) =>
      call ? [this.returnPc(id)] : pc === null ? this.#branchTargets(env, id) : [pc]
    );
    return pcs
      .map((pc) => this.resolve(env, id, pc)).filter((next) => next !== 0);
  }

  /** Where a jump that is no call goes to within its function. */
  #branchTargets(env: number, id: number): number[] {
    return this.targets(env, id).filter((pc) => !this.isReturn(this.resolve(env, id, pc), pc));
  }

  #pc(id: number): number {
    return this.#cache.field(id, TB.PC) >>> 0;
  }

  #loopHead(env: number, id: number): number[] {
    const successors = new Map<number, number[]>();
    const work = [id];
    for (let at = 0; at < work.length && at < MAX_EXPLORED; at++) {
      const next = this.#successors(env, work[at]);
      successors.set(work[at], next);
      for (const target of next) if (!work.includes(target)) work.push(target);
    }
    // Blocks from which there is a way back.
    const around = new Set<number>();
    for (let grown = true; grown;) {
      grown = false;
      for (const [block, next] of successors) {
        if (around.has(block)) continue;
        if (!next.some((target) => target === id || around.has(target))) continue;
        around.add(block);
        grown = true;
      }
    }
    let head = 0;
    for (const block of around) {
      for (const target of successors.get(block)!) {
        if (!around.has(target) || this.#pc(target) > this.#pc(block)) continue;
        if (head === 0 || this.#pc(target) < this.#pc(head)) head = target;
      }
    }
    return head === 0 ? [] : [head];
  }

  #functionEntry(env: number, id: number): number[] {
    const cache = this.#cache;
    const flags = cache.field(id, TB.FLAGS);
    const page = this.#pc(id) & PAGE_MASK;
    const predecessors = new Map<number, number[]>();
    for (const block of cache.pageBlocks(cache.field(id, TB.PHYSICAL) >>> 0)) {
      if (cache.field(block, TB.FLAGS) !== flags || (this.#pc(block) & PAGE_MASK) !== page) {
        continue;
      }
      if (cache.field(block, TB.SECOND) !== 0) continue;
      for (const next of this.#successors(env, block)) {
        const list = predecessors.get(next);
        if (list === undefined) predecessors.set(next, [block]);
        else list.push(block);
      }
    }
    let entry = 0;
    const seen = new Set<number>([id]);
    for (const block of seen) {
      const before = predecessors.get(block);
      for (const one of before ?? []) seen.add(one);
      if (before === undefined && (entry === 0 || this.#pc(block) < this.#pc(entry))) entry = block;
    }
    return entry === 0 ? [] : [entry];
  }
}

/** Collects the blocks of one region. */
class RegionBuilder {
  readonly #former: RegionFormer;
  readonly #cache: CodeCache;
  readonly #env: number;
  /** Block and call of each node, and its number by both. */
  readonly #nodes: { readonly id: number; readonly call: Call | null }[] = [];
  readonly #numbers: Map<string, number> = new Map();
  readonly #calls: Map<string, Call> = new Map();
  #words = 0;

  constructor(former: RegionFormer, cache: CodeCache, env: number) {
    this.#former = former;
    this.#cache = cache;
    this.#env = env;
  }

  build(head: number): Region {
    const cache = this.#cache;
    this.#node(head, null);
    const edges: RegionEdge[][] = [];
    for (let at = 0; at < this.#nodes.length; at++) edges.push(this.#edges(at));
    const sites = this.#nodes.map(({ id }, i) => ({
      block: cache.ir(id),
      id,
      chainSlots: cache.chainSlots(id),
      flags: cache.field(id, TB.FLAGS),
      edges: edges[i],
    }));
    return { head, sites, members: [...new Set(this.#nodes.map(({ id }) => id))] };
  }

  /** Number of the node for block `id` in `call`; -1 when it does not fit any more. */
  #node(id: number, call: Call | null): number {
    const key = `${id} ${call?.number ?? 0}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const words = this.#cache.field(id, TB.IR_WORDS);
    if (this.#nodes.length === MAX_NODES || this.#words + words > MAX_WORDS) return -1;
    if (this.#cache.field(id, TB.SECOND) !== 0) return -1;
    this.#words += words;
    this.#numbers.set(key, this.#nodes.length);
    return this.#nodes.push({ id, call }) - 1;
  }

  #edges(at: number): RegionEdge[] {
    const { id, call } = this.#nodes[at];
    const edges = this.#former.exits(id).flatMap((exit) => {
      if (exit.pc !== null) return [this.#followed(id, exit, exit.pc, call)];
      const targets = this.#former.targets(this.#env, id);
      if (exit.call) return targets.map((pc) => this.#followed(id, exit, pc, call));
      const env = this.#env;
      const inside = targets.filter((pc) =>
        !this.#former.isReturn(this.#former.resolve(env, id, pc), pc)
      );
      const returns = call !== null && (inside.length === 0 || inside.length < targets.length)
        ? [this.#edge(id, exit, call.returnPc, call.caller, call.outer)]
        : [];
      return [...returns, ...inside.map((pc) => this.#followed(id, exit, pc, call))];
    });
    return edges.filter((edge) => edge !== null);
  }

  #followed(id: number, exit: BlockExit, pc: number, call: Call | null): RegionEdge | null {
    if (!exit.call) return this.#edge(id, exit, pc, id, call);
    const callee = this.#former.resolve(this.#env, id, pc);
    if (callee === 0) return null;
    const inner = this.#enter(id, callee, call);
    return inner && this.#edge(id, exit, pc, id, inner);
  }

  /** The call of `callee` from block `caller`; null when it would be too deep or recurses. */
  #enter(caller: number, callee: number, outer: Call | null): Call | null {
    const depth = (outer?.depth ?? 0) + 1;
    if (depth > MAX_DEPTH) return null;
    for (let at = outer; at !== null; at = at.outer) if (at.callee === callee) return null;
    const key = `${caller} ${callee} ${outer?.number ?? 0}`;
    let call = this.#calls.get(key);
    if (call === undefined) {
      const returnPc = this.#former.returnPc(caller);
      call = { outer, depth, caller, callee, returnPc, number: this.#calls.size + 1 };
      this.#calls.set(key, call);
    }
    return call;
  }

  /** The edge of block `from` to `pc`, which is found from block `near`. */
  #edge(
    from: number,
    exit: BlockExit,
    pc: number,
    near: number,
    call: Call | null,
  ): RegionEdge | null {
    const cache = this.#cache;
    const id = this.#former.resolve(this.#env, near, pc);
    if (id === 0) return null;
    const node = this.#node(id, call);
    if (node < 0) return null;
    if (exit.kind === "direct") return { pc, node, guard: null };
    const samePage = ((pc ^ cache.field(from, TB.PC)) & PAGE_MASK) === 0;
    const cacheWord = samePage ? 0 : CodeCache.jumpCacheWord(pc);
    return { pc, node, guard: { flags: cache.field(from, TB.FLAGS), cacheWord, id } };
  }
}
