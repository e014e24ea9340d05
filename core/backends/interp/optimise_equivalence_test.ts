import { assertEquals } from "@std/assert";
import { InterpRunner } from "./runner.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { blockLength, type IrBlock } from "../../ir/block.ts";
import { Optimiser } from "../../ir/passes/optimise.ts";
import { printBlock } from "../../ir/printer.ts";
import { randomBlock } from "../../ir/testing/random_ir.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { verify } from "../../ir/verifier.ts";

const host = new TestHost(0);
const runner = new InterpRunner(host);
const optimiser = new Optimiser(host.helpers);
const { helpers } = host;

function outcome(block: IrBlock, seed: number): string {
  host.reset(seed);
  host.enter(block, 0x1000 * (seed % 3));
  return host.outcome(runner.runBlock(host.env, block));
}

function check(seed: number): number {
  const rng = new Rng(seed);
  const block = randomBlock(rng, {
    helpers,
    size: 1 + rng.below(90),
    slots: [0, 4, 8, 12, 0x3c, 0x40, 0x44, 0x800],
    guestBase: TEST_LAYOUT.guestBase,
    guestMask: TEST_LAYOUT.guestMask,
    hostBase: TEST_LAYOUT.scratch,
    hostBytes: TEST_LAYOUT.scratchBytes,
  });
  const expected = outcome(block, seed);
  let after: IrBlock = block;
  const stages: IrBlock[] = [];
  try {
    after = optimiser.optimise(block, (_, stage) => stages.push(stage));
    for (const stage of stages) verify(stage, { helpers, expanded: true });
    assertEquals(outcome(after, seed), expected);
  } catch (error) {
    const listing = printBlock(block, { helpers }) + printBlock(after, { helpers });
    throw new Error(`Seed ${seed}: ${(error as Error).message}\n${listing}`);
  }
  return blockLength(block) - blockLength(after);
}

Deno.test("Optimiser keeps what a random block does, pc slot and precise state included", () => {
  let removed = 0;
  for (let seed = 0; seed < 4000; seed++) removed += check(seed);
  // A pass that did nothing would pass the comparison too.
  assertEquals(removed > 4000, true);
});
