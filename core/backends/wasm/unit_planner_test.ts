import { assertEquals } from "@std/assert";
import { IrBuilder } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import { testHelperTable } from "../../ir/testing/test_helpers.ts";
import { siteOf } from "./testing/units.ts";
import { MAX_REGION_BLOCKS, type PlannedSite, planUnits } from "./unit_planner.ts";

/** A block at `pc` that continues at each of `targets`; ids count from 1 in pc order. */
function at(pc: number, targets: readonly number[], page = 0, flags = 0): PlannedSite {
  const b = new IrBuilder(testHelperTable());
  b.begin(pc);
  b.insn(pc, 4);
  if (targets.length === 2) b.if(b.get(0), () => b.gotoTb(0, targets[0]));
  if (targets.length === 0) b.exit(EXIT.LOOKUP);
  else b.gotoTb(1, targets[targets.length - 1]);
  return { ...siteOf(b.finish(), 1), flags, page };
}

function pcs(sites: readonly PlannedSite[]): number[][] {
  return planUnits(sites).map((unit) => unit.map((site) => site.block.pc));
}

Deno.test("planUnits gives blocks without a backward edge a function each", () => {
  assertEquals(pcs([at(0, [4, 8]), at(4, [8]), at(8, [])]), [[0], [4], [8]]);
});

Deno.test("planUnits gives the head of each loop the blocks of the loop", () => {
  const sites = [
    at(0, [4]),
    at(4, [8, 12]),
    at(8, [12]),
    at(12, [4, 16]),
    at(16, [0, 20]),
    at(20, []),
  ];
  assertEquals(pcs(sites), [[0, 4, 8, 12, 16], [4, 8, 12], [8], [12], [16], [20]]);
});

Deno.test("planUnits leaves a loop on one block to its own function", () => {
  assertEquals(pcs([at(0, [0, 4]), at(4, [])]), [[0], [4]]);
});

Deno.test("planUnits keeps blocks of other pages and CPU states apart", () => {
  assertEquals(pcs([at(0, [4]), at(4, [0], 0x1000)]), [[0], [4]]);
  assertEquals(pcs([at(0, [4]), at(4, [0], 0, 1)]), [[0], [4]]);
  assertEquals(pcs([at(0, [4], 8), at(4, [0], 8)]), [[0, 4], [4]]);
});

Deno.test("planUnits leaves a loop of very many blocks chained", () => {
  const loop = (count: number) =>
    Array.from({ length: count }, (_, i) => at(4 * i, [4 * ((i + 1) % count)]));
  assertEquals(pcs(loop(MAX_REGION_BLOCKS))[0].length, MAX_REGION_BLOCKS);
  assertEquals(pcs(loop(MAX_REGION_BLOCKS + 1))[0].length, 1);
});
