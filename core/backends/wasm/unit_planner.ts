/**
 * Chooses the units of a batch: every block gets a function, and the head of a loop gets a region of
 * the loop's blocks. A loop is found by its backward edge, as compilers lay loops out: the blocks
 * from the edge's target up to its source.
 *
 * A region holds copies of blocks other than its head: when one of them is invalidated, the head
 * must be too. All blocks of a region lie on one page, since goto_tb never leaves the page.
 * @module
 */
import type { BlockSite } from "../backend.ts";
import type { Unit } from "./module.ts";
import { chainTargets } from "./region_plan.ts";

/** Most blocks of a region; longer loops stay chained blocks. */
export const MAX_REGION_BLOCKS = 16;

/** A block with what tells whether it may share a region with another. */
export interface PlannedSite extends BlockSite {
  /** Physical address of the block's page. */
  readonly page: number;
}

/**
 * One unit for each of `sites`, in their order. Units of more than one block are regions headed by
 * their site.
 */
export function planUnits(sites: readonly PlannedSite[]): Unit[] {
  const groups = new Map<string, Map<number, PlannedSite>>();
  for (const site of sites) {
    // The same pc may stand for different code in another address space or CPU state.
    const key = `${site.page} ${site.flags} ${site.block.pc >>> 12}`;
    const group = groups.get(key) ?? new Map<number, PlannedSite>();
    groups.set(key, group.set(site.block.pc | 0, site));
  }
  const regions = new Map<PlannedSite, Unit>();
  for (const group of groups.values()) {
    for (const [head, last] of backwardEdges(group)) {
      const unit = loopBlocks(group, head, last);
      if (unit.length > 1 && unit.length <= MAX_REGION_BLOCKS) regions.set(head, unit);
    }
  }
  return sites.map((site) => regions.get(site) ?? [site]);
}

/** Targets of backward edges, each with the highest pc that one of them comes from. */
function backwardEdges(group: ReadonlyMap<number, PlannedSite>): Map<PlannedSite, number> {
  const edges = new Map<PlannedSite, number>();
  for (const site of group.values()) {
    const from = site.block.pc >>> 0;
    for (const pc of chainTargets(site)) {
      const head = group.get(pc | 0);
      if (head === undefined || pc >>> 0 > from) continue;
      edges.set(head, Math.max(from, edges.get(head) ?? 0));
    }
  }
  return edges;
}

/** The blocks up to `last` that the loop's head reaches without going below it. */
function loopBlocks(
  group: ReadonlyMap<number, PlannedSite>,
  head: PlannedSite,
  last: number,
): PlannedSite[] {
  const first = head.block.pc >>> 0;
  const found = new Set<PlannedSite>([head]);
  for (const site of found) {
    for (const pc of chainTargets(site)) {
      const next = group.get(pc | 0);
      if (next !== undefined && pc >>> 0 >= first && pc >>> 0 <= last) found.add(next);
    }
  }
  return [...found];
}
