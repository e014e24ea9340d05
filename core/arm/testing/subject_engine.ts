/**
 * The tiers of the subject: a block interpreted, a block compiled, or a region of several blocks
 * compiled as one function. Which tier it is never changes while a subject lives: thresholds that
 * are forced.
 * @module
 */
import type { BackendHost } from "../../backends/backend.ts";
import { InterpRunner } from "../../backends/interp/runner.ts";
import { ModuleBuilder } from "../../backends/wasm/module.ts";
import type { RegionEdge, UnitSite } from "../../backends/wasm/region_plan.ts";
import { WasmRunner } from "../../backends/wasm/runner.ts";
import { type BlockExit, blockExits } from "../../exec/block_exits.ts";
import type { IrBlock } from "../../ir/block.ts";

/** Names of the tiers. */
export const TIERS = ["interp", "wasm", "region"] as const;
/** One of the tiers. */
export type Tier = (typeof TIERS)[number];

/** Makes the block at an address, as it runs; null where a region must not reach. */
export type BlockSource = (pc: number) => IrBlock | null;

/** Runs blocks of one vCPU. */
export interface Engine {
  /** Runs the block at `pc`, made for block flags `flags`, and whatever the tier has behind it. */
  run(env: number, pc: number, flags: number, source: BlockSource): void;
}

/** Chaining slots of the blocks, 8 bytes each; never linked, so that every block returns. */
const CHAIN_SLOTS = 0x200;
/** Most blocks of a region. */
const MAX_REGION = 12;

/** The engine of a tier. */
export function createEngine(tier: Tier, host: BackendHost): Engine {
  if (tier === "interp") {
    const runner = new InterpRunner(host);
    return { run: (env, pc, _flags, source) => void runner.runBlock(env, source(pc)!) };
  }
  const modules = new ModuleBuilder(host);
  const runner = new WasmRunner(host, MAX_REGION + 1);
  return {
    run: (env, pc, flags, source) => {
      const unit = tier === "wasm" ? [siteOf(source(pc)!, 1, flags)] : regionAt(pc, flags, source);
      runner.removeAll();
      runner.addModule(modules.build([unit]), [1]);
      runner.run(env, 1);
    },
  };
}

function siteOf(block: IrBlock, id: number, flags: number): UnitSite {
  return { block, id, chainSlots: CHAIN_SLOTS + 8 * id, flags };
}

/** The blocks that the one at `pc` leads to, and all ways between them. */
function regionAt(pc: number, flags: number, source: BlockSource): UnitSite[] {
  const sites = [siteOf(source(pc)!, 1, flags)];
  const numbers = new Map([[pc, 0]]);
  const node = (at: number): number => {
    const known = numbers.get(at);
    if (known !== undefined) return known;
    const block = sites.length === MAX_REGION ? null : source(at);
    if (block === null) return -1;
    numbers.set(at, sites.length);
    return sites.push(siteOf(block, sites.length + 1, flags)) - 1;
  };
  const exits: BlockExit[][] = [];
  for (let i = 0; i < sites.length; i++) {
    const { block } = sites[i];
    // The block behind may be where a conditional branch, or a jump with an odd target, goes.
    const places = blockExits(block).map((exit) => ({ ...exit, pc: exit.pc && exit.pc >>> 0 }));
    for (const exit of places) if (exit.pc !== null) node(exit.pc);
    node((block.pc + block.guestBytes) >>> 0);
    exits.push(places);
  }
  return sites.map((site, i) => ({ ...site, edges: edgesOf(exits[i], numbers, flags) }));
}

function edgesOf(
  exits: readonly BlockExit[],
  numbers: ReadonlyMap<number, number>,
  flags: number,
): RegionEdge[] {
  return exits.flatMap(({ kind, pc }) => {
    const targets = pc === null ? [...numbers.keys()] : numbers.has(pc) ? [pc] : [];
    return targets.map((target) => {
      const at = numbers.get(target)!;
      const guard = kind === "direct" ? null : { flags, otherPage: false, id: at + 1 };
      return { pc: target | 0, node: at, guard };
    });
  });
}
