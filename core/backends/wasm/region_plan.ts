/**
 * Puts the blocks of a region into structured WebAssembly control flow. Blocks are laid out in
 * reverse postorder with every loop contiguous; a loop header gets a `loop` label, any other target
 * of a forward edge a `block` label that closes right before it. An edge for which no label is in
 * scope (into the middle of an irreducible loop) simply stays an ordinary chained exit.
 * @module
 */
import { INSN_WORDS } from "../../ir/ops.ts";
import type { BlockSite } from "../backend.ts";
import { GOTO_TB } from "./op_facts.ts";

/** What must hold at run time before a goto_ptr may continue inside the unit. */
export interface JumpGuard {
  /** The block flags that the target was made for. */
  readonly flags: number;
  /**
   * Whether the target lies on another page than the jump: then the jump cache must name it, as it
   * does only while the page is mapped at the address that the jump goes to.
   */
  readonly otherPage: boolean;
  /** Id of the target's block. */
  readonly id: number;
}

/** A way from one block of a unit to another. */
export interface RegionEdge {
  /** Place that the terminator continues at, numbered as on the page of the block there. */
  readonly pc: number;
  /** Index of the unit's block there. */
  readonly node: number;
  /** Null for goto_tb. */
  readonly guard: JumpGuard | null;
}

/** A block as part of a unit. The same block may stand in a unit several times. */
export interface UnitSite extends BlockSite {
  /** The edges to follow; without, every goto_tb to another block of the unit is one. */
  readonly edges?: readonly RegionEdge[];
  /** Number of the block's page among those of the unit, as the guest maps them; 0 without. */
  readonly page?: number;
}

/** One step of the layout: open or close the label of block `site` (at `pc`), or emit it. */
export interface RegionStep {
  /** `loop` and `block` open a label, `close` ends it, `body` is a block's code. */
  readonly kind: "loop" | "block" | "close" | "body";
  /** Place of the block. */
  readonly pc: number;
  /** Its index among the sites of the unit. */
  readonly site: number;
}

/** The layout of a region. */
export interface RegionPlan {
  /** Steps in the order of the code. */
  readonly steps: readonly RegionStep[];
}

/** Places that a block continues at by goto_tb. */
export function chainTargets(site: BlockSite): number[] {
  const { code } = site.block;
  const targets: number[] = [];
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    if (code[at] === GOTO_TB) targets.push(code[at + 1]);
  }
  return targets;
}

/** The edges of each block of a unit. */
export function unitEdges(sites: readonly UnitSite[]): readonly (readonly RegionEdge[])[] {
  const byPc = new Map<number, number>();
  for (const [i, site] of sites.entries()) byPc.set(site.block.pc | 0, i);
  return sites.map((site) =>
    site.edges ?? chainTargets(site).flatMap((pc) => {
      const node = byPc.get(pc | 0);
      return node === undefined ? [] : [{ pc: pc | 0, node, guard: null }];
    })
  );
}

/**
 * Plans a unit whose first block is the entry; null for a single block without an edge to itself.
 * Blocks that the entry does not reach are left out.
 */
export function planRegion(
  sites: readonly UnitSite[],
  edges: readonly (readonly RegionEdge[])[] = unitEdges(sites),
): RegionPlan | null {
  if (sites.length === 1 && edges[0].length === 0) return null;
  const successors = edges.map((out) => out.map(({ node }) => node));
  const layout = loopOrder(sites.length, successors);
  return { steps: structure(sites, layout, successors) };
}

/** Blocks in the order of their code, and the natural loop of each loop header. */
interface Layout {
  readonly order: readonly number[];
  readonly loops: ReadonlyMap<number, ReadonlySet<number>>;
}

/** Reverse postorder from block 0 in which the natural loops are contiguous. */
function loopOrder(count: number, successors: readonly (readonly number[])[]): Layout {
  const rpo = reversePostorder(count, successors);
  const position = new Array<number>(count).fill(-1);
  rpo.forEach((block, i) => position[block] = i);
  const predecessors: number[][] = Array.from({ length: count }, () => []);
  for (const block of rpo) for (const next of successors[block]) predecessors[next].push(block);
  // Body of the natural loop of each header: what reaches a back edge without passing the header.
  const bodies = new Map<number, Set<number>>();
  for (const header of rpo) {
    const body = new Set<number>([header]);
    const work = predecessors[header].filter((p) => position[p] >= position[header]);
    if (work.length === 0) continue;
    while (work.length > 0) {
      const block = work.pop()!;
      // In a reducible region nothing before the header reaches the back edge around it.
      if (body.has(block) || position[block] < position[header]) continue;
      body.add(block);
      work.push(...predecessors[block]);
    }
    bodies.set(header, body);
  }
  const placed = new Set<number>();
  const order: number[] = [];
  const place = (block: number): void => {
    if (placed.has(block)) return;
    placed.add(block);
    order.push(block);
    const body = bodies.get(block);
    if (body) { for (const inner of rpo) if (body.has(inner)) place(inner); }
  };
  for (const block of rpo) place(block);
  return { order, loops: bodies };
}

function reversePostorder(count: number, successors: readonly (readonly number[])[]): number[] {
  const seen = new Array<boolean>(count).fill(false);
  const post: number[] = [];
  const visit = (block: number): void => {
    seen[block] = true;
    for (const next of successors[block]) if (!seen[next]) visit(next);
    post.push(block);
  };
  visit(0);
  return post.reverse();
}

function structure(
  sites: readonly BlockSite[],
  { order, loops }: Layout,
  successors: readonly (readonly number[])[],
): RegionStep[] {
  const position = new Map(order.map((block, i) => [block, i]));
  /** Last place of a loop, by its header's place. */
  const loopEnd = new Map<number, number>();
  for (const [header, body] of loops) {
    const places = [...body].map((block) => position.get(block)!);
    loopEnd.set(position.get(header)!, Math.max(...places));
  }
  /** Places that are reached by a forward edge. */
  const targets = new Set<number>();
  for (const [i, block] of order.entries()) {
    for (const next of successors[block]) {
      const to = position.get(next)!;
      if (to > i) targets.add(to);
    }
  }
  const steps: RegionStep[] = [];
  /**
   * Emits places `from` to `to`, which lie in the same innermost loop (or in none); `headed` when
   * `from` is the header of that loop.
   */
  const sequence = (from: number, to: number, headed: boolean): void => {
    // What stands at each place: a block, or an inner loop with its last place.
    const parts: { place: number; last: number }[] = [];
    for (let place = from; place <= to;) {
      const end = headed && place === from ? undefined : loopEnd.get(place);
      const last = end === undefined ? -1 : Math.min(end, to);
      parts.push({ place, last });
      place = Math.max(place, last) + 1;
    }
    const step = (kind: RegionStep["kind"], place: number): void => {
      steps.push({ kind, pc: sites[order[place]].block.pc, site: order[place] });
    };
    // Labels of later blocks, the farthest outermost. Blocks inside inner loops open theirs there.
    const isTarget = (place: number): boolean => place > from && targets.has(place);
    for (const { place } of parts.toReversed()) if (isTarget(place)) step("block", place);
    for (const { place, last } of parts) {
      if (isTarget(place)) step("close", place);
      if (last < 0) {
        step("body", place);
      } else {
        step("loop", place);
        sequence(place, last, true);
        step("close", place);
      }
    }
  };
  sequence(0, order.length - 1, false);
  return steps;
}
