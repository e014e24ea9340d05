import { assert, assertEquals } from "@std/assert";
import { IrBuilder } from "../../ir/builder.ts";
import { EXIT, INSN_WORDS, OP } from "../../ir/ops.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { testHelperTable } from "../../ir/testing/test_helpers.ts";
import type { BlockSite } from "../backend.ts";
import { planRegion, type RegionStep } from "./region_plan.ts";
import { siteOf } from "./testing/units.ts";

/** Blocks named by their pcs with up to two successors each. */
function graph(edges: Readonly<Record<number, readonly number[]>>): BlockSite[] {
  return Object.entries(edges).map(([pc, successors], i) => {
    const b = new IrBuilder(testHelperTable());
    b.begin(Number(pc));
    b.insn(Number(pc), 4);
    if (successors.length === 2) b.if(b.get(0), () => b.gotoTb(0, successors[0]));
    if (successors.length === 0) b.exit(EXIT.WFI);
    else b.gotoTb(1, successors[successors.length - 1]);
    return siteOf(b.finish(), i + 1);
  });
}

/** Entry first; the plan as text: `3{` loop, `(3` label, `3)` its end, `3` the block. */
function text(steps: readonly RegionStep[]): string {
  const open: string[] = [];
  return steps.map(({ kind, pc }) => {
    if (kind === "body") return `${pc}`;
    if (kind !== "close") {
      open.push(kind);
      return kind === "loop" ? `${pc}{` : `(${pc}`;
    }
    return open.pop() === "loop" ? `}${pc}` : `${pc})`;
  }).join(" ");
}

function planText(edges: Readonly<Record<number, readonly number[]>>): string | null {
  const plan = planRegion(graph(edges));
  return plan && text(plan.steps);
}

/** Edges of the region that find no label in scope. */
function missingEdges(sites: readonly BlockSite[], steps: readonly RegionStep[]): number {
  const scope: number[] = [];
  let missing = 0;
  for (const step of steps) {
    if (step.kind === "close") {
      assertEquals(scope.pop(), step.pc);
    } else if (step.kind !== "body") {
      scope.push(step.pc);
    } else {
      for (const target of successorsOf(sites[step.site])) if (!scope.includes(target)) missing++;
    }
  }
  assertEquals(scope, []);
  return missing;
}

function successorsOf(site: BlockSite): number[] {
  const { code } = site.block;
  const targets: number[] = [];
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    if (code[at] === OP.goto_tb) targets.push(code[at + 1]);
  }
  return targets;
}

Deno.test("a single block without an edge to itself needs no plan", () => {
  assertEquals(planText({ 1: [2] }), null);
});

Deno.test("a block that continues at itself is a loop", () => {
  assertEquals(planText({ 1: [1, 9] }), "1{ 1 }1");
});

Deno.test("a diamond is laid out with a label for each later block", () => {
  assertEquals(planText({ 1: [2, 3], 2: [4], 3: [4], 4: [] }), "(4 (2 (3 1 3) 3 2) 2 4) 4");
});

Deno.test("what follows a loop stands after it, and its label around it", () => {
  assertEquals(planText({ 1: [2], 2: [2, 3], 3: [] }), "(3 (2 1 2) 2{ 2 }2 3) 3");
});

Deno.test("nested loops nest", () => {
  assertEquals(
    planText({ 1: [2], 2: [2, 3], 3: [1, 4], 4: [] }),
    "(4 1{ (3 (2 1 2) 2{ 2 }2 3) 3 }1 4) 4",
  );
});

Deno.test("blocks that the entry does not reach are left out", () => {
  assertEquals(planText({ 1: [1, 2], 2: [], 3: [1] })?.includes("3"), false);
});

Deno.test("every edge of a reducible region finds its label", () => {
  // Random structured graphs: edges forward, or back to a block that dominates (a chain does).
  for (let seed = 1; seed <= 300; seed++) {
    const rng = new Rng(seed);
    const count = 2 + rng.below(8);
    const edges: Record<number, number[]> = {};
    for (let i = 1; i <= count; i++) {
      // The spine 1 -> 2 -> ... makes every earlier block a dominator of the later ones.
      edges[i] = i === count ? [1 + rng.below(count)] : [1 + rng.below(i), i + 1];
    }
    const sites = graph(edges);
    const plan = planRegion(sites)!;
    assertEquals(missingEdges(sites, plan.steps), 0, JSON.stringify(edges));
    const bodies = plan.steps.filter((step) => step.kind === "body").map((step) => step.site);
    assertEquals(bodies.length, new Set(bodies).size);
    assertEquals(bodies[0], 0);
  }
});

Deno.test("an irreducible region is planned with the unreachable edge left to chaining", () => {
  const sites = graph({ 1: [2, 3], 2: [3], 3: [2] });
  const plan = planRegion(sites)!;
  assert(missingEdges(sites, plan.steps) > 0);
  assertEquals(plan.steps.filter((step) => step.kind === "body").length, 3);
});
