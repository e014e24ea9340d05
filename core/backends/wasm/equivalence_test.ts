/**
 * The wasm backend against the reference interpreter on random blocks.
 */
import { assertEquals } from "@std/assert";
import type { IrBlock } from "../../ir/block.ts";
import { EXIT, INSN_WORDS, OP, OPS } from "../../ir/ops.ts";
import { randomBlock } from "../../ir/testing/random_ir.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { printBlock } from "../../ir/printer.ts";
import { MEMOP } from "../../memory/memop.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { InterpRunner } from "../interp/runner.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import type { BlockSite } from "../backend.ts";
import { ModuleBuilder } from "./module.ts";
import { WasmRunner } from "./runner.ts";

const CHAIN_SLOTS = 0x200;

function site(block: IrBlock, id: number): BlockSite {
  return { block, id, chainSlots: CHAIN_SLOTS + 8 * id, flags: 0 };
}

const SLOTS = [0, 4, 8, 12, 16, 20, 24, VCPU.PC, 0x40, 0x44, 0x48, 0x80, 0x84, VCPU.STRATEGY];

function random(host: TestHost, seed: number, size: number): IrBlock {
  const block = randomBlock(new Rng(seed), {
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
  let pc = block.pc;
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    const op = code[at];
    if (op === OP.if) depth++;
    else if (op === OP.end) depth--;
    else if (op === OP.insn) {
      // Front ends begin no instruction inside an arm: after the arm, whose pc would hold?
      if (depth === 0) pc = code[at + 1];
      else code[at + 1] = pc;
    } else if (OPS[op].aux === "memop" && code[at + 1] & MEMOP.SEQ_CST) {
      // Where a sequentially consistent access is misaligned, backends may choose different ways
      // to the same value: keep that out by asking for alignment.
      code[at + 1] |= (code[at + 1] & MEMOP.SIZE_MASK) << MEMOP.ALIGN_SHIFT;
    }
  }
  return block;
}

Deno.test("wasm does what interp does on random blocks", () => {
  const reference = new TestHost(1);
  const host = new TestHost(1);
  const interp = new InterpRunner(reference);
  const builder = new ModuleBuilder({ helpers: host.helpers });
  const runner = new WasmRunner(host, 4096);
  for (let seed = 1; seed <= 1000; seed++) {
    const block = random(host, seed, 4 + seed % 60);
    const bytes = builder.build([[site(block, seed)]]);
    const print = () => printBlock(block, { helpers: host.helpers });
    try {
      runner.addModule(bytes, [seed]);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error}\n${print()}`);
    }
    reference.reset(seed);
    host.reset(seed);
    let expected = interp.runBlock(reference.env, block);
    if ((expected & 0x7f) === EXIT.CHAIN) expected |= seed << 8;
    const result = runner.run(host.env, seed);
    assertEquals(host.outcome(result), reference.outcome(expected), `seed ${seed}\n${print()}`);
  }
});
