/**
 * Blocks and regions for the backend's tests.
 * @module
 */
import type { IrBlock } from "../../../ir/block.ts";
import { EXIT, INSN_WORDS, OP, OPS } from "../../../ir/ops.ts";
import { randomBlock } from "../../../ir/testing/random_ir.ts";
import { Rng } from "../../../ir/testing/rng.ts";
import { MEMOP } from "../../../memory/memop.ts";
import { VCPU } from "../../../memory/vcpu_layout.ts";
import type { BlockSite } from "../../backend.ts";
import type { InterpRunner } from "../../interp/runner.ts";
import { TEST_LAYOUT, type TestHost } from "../../testing/host.ts";
import { ModuleBuilder, type ModuleOptions } from "../module.ts";

/** Host address of the chaining slots of block 0; 8 bytes a block follow. */
export const CHAIN_SLOTS = 0x200;

/** State slots that random blocks use: registers, flags, a pair, a word that is not cached. */
const SLOTS = [0, 4, 8, 12, 16, 20, 24, VCPU.PC, 0x40, 0x44, 0x48, 0x80, 0x84, VCPU.STRATEGY];

/** The site of `block` as number `id`. */
export function siteOf(block: IrBlock, id: number): BlockSite {
  return { block, id, chainSlots: CHAIN_SLOTS + 8 * id, flags: 0 };
}

/** Makes a module of single blocks. */
export function buildModule(
  sites: readonly BlockSite[],
  options: ModuleOptions,
): Uint8Array<ArrayBuffer> {
  return new ModuleBuilder(options).build(sites.map((site) => [site]));
}

/** A random block at guest address `pc`, whose goto_tb continue at random `targets` if given. */
export function randomUnitBlock(
  host: TestHost,
  seed: number,
  size: number,
  pc = 0x8000,
  targets: readonly number[] = [],
): IrBlock {
  const rng = new Rng(seed);
  const block = randomBlock(rng, {
    helpers: host.helpers,
    size,
    slots: SLOTS,
    guestBase: TEST_LAYOUT.guestBase,
    guestMask: TEST_LAYOUT.guestMask,
    hostBase: TEST_LAYOUT.scratch,
    hostBytes: TEST_LAYOUT.scratchBytes,
  });
  const { code } = block;
  let depth = 0;
  let marker = block.pc;
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    const op = code[at];
    if (op === OP.if) {
      depth++;
    } else if (op === OP.end) {
      depth--;
    } else if (op === OP.insn) {
      // Front ends begin no instruction inside an arm: after the arm, whose pc would hold?
      if (depth === 0) marker = code[at + 1];
      else code[at + 1] = marker;
    } else if (op === OP.goto_tb && targets.length > 0) {
      code[at + 1] = rng.pick(targets);
    } else if (OPS[op].aux === "memop" && code[at + 1] & MEMOP.SEQ_CST) {
      // Where a sequentially consistent access is misaligned, backends may choose different ways
      // to the same value: keep that out by asking for alignment.
      code[at + 1] |= (code[at + 1] & MEMOP.SIZE_MASK) << MEMOP.ALIGN_SHIFT;
    }
  }
  return { ...block, pc };
}

/** Links every chaining slot of `sites` whose target is among them. */
export function linkAll(host: TestHost, sites: readonly BlockSite[]): void {
  const ids = new Map(sites.map((site) => [site.block.pc, site.id]));
  for (const { block, chainSlots } of sites) {
    const { code } = block;
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      if (code[at] !== OP.goto_tb) continue;
      // Several goto_tb of a random block may share a slot: the interpreter below goes by the pc.
      host.views.i32[(chainSlots >>> 2) + code[at + 3]] = ids.get(code[at + 1]) ?? 0;
    }
  }
}

/** Gives each of a block's chaining slots one target, as a front end does. */
export function oneTargetPerSlot(block: IrBlock): IrBlock {
  const target: (number | undefined)[] = [];
  const { code } = block;
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    if (code[at] === OP.goto_tb) code[at + 1] = target[code[at + 3]] ??= code[at + 1];
  }
  return block;
}

/**
 * Runs `sites` by the interpreter, following goto_tb among them, as chained code would; their page is
 * mapped `shift` bytes from their places.
 */
export function interpret(
  runner: InterpRunner,
  host: TestHost,
  sites: readonly BlockSite[],
  shift: number = 0,
): number {
  const byPc = new Map(sites.map((site) => [site.block.pc, site]));
  let site = sites[0];
  for (;;) {
    const result = runner.runBlock(host.env, site.block);
    if ((result & 0x7f) !== EXIT.CHAIN) return result;
    const next = byPc.get(host.views.i32[(host.env + VCPU.PC) >>> 2] - shift | 0);
    if (next === undefined) return result | site.id << 8;
    site = next;
  }
}
