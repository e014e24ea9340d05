/**
 * The wasm backend against the reference interpreter on random blocks.
 */
import { assert, assertEquals } from "@std/assert";
import { EXIT } from "../../ir/ops.ts";
import { printBlock } from "../../ir/printer.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import type { BlockSite } from "../backend.ts";
import { InterpRunner } from "../interp/runner.ts";
import { TestHost } from "../testing/host.ts";
import { ModuleBuilder, type Unit } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { unitEdges } from "./region_plan.ts";
import { planUnits } from "./unit_planner.ts";
import { interpret, linkAll, oneTargetPerSlot, randomUnitBlock, siteOf } from "./testing/units.ts";

/** Runs sites both ways from the same random state and compares everything visible. */
class Comparison {
  readonly #reference = new TestHost(1);
  readonly host = new TestHost(1);
  readonly #interp = new InterpRunner(this.#reference);
  readonly #builder = new ModuleBuilder({ helpers: this.host.helpers });
  readonly #runner = new WasmRunner(this.host, 64);

  /** `exact`: the units look at the budget at the head of every block, as the interpreter does. */
  check(
    seed: number,
    sites: readonly BlockSite[],
    units: readonly Unit[],
    budget: number,
    exact = true,
  ): void {
    const { host } = this;
    const reference = this.#reference;
    const about = () =>
      `seed ${seed}\n${sites.map((s) => printBlock(s.block, { helpers: host.helpers })).join("")}`;
    try {
      this.#runner.addModule(this.#builder.build(units), units.map((unit) => unit[0].id));
    } catch (error) {
      throw new Error(`${error} ${about()}`);
    }
    for (const each of [reference, host]) {
      each.reset(seed);
      each.views.i32[(each.env + VCPU.BUDGET) >>> 2] = budget;
      // Whoever enters a block has its pc in the pc slot.
      each.views.i32[(each.env + VCPU.PC) >>> 2] = sites[0].block.pc;
    }
    linkAll(host, sites);
    const expected = interpret(this.#interp, reference, sites);
    if (exact || expected !== EXIT.INTERRUPTED) {
      const result = this.#runner.run(host.env, sites[0].id);
      assertEquals(host.outcome(result), reference.outcome(expected), about());
    }
    this.#runner.removeAll();
  }
}

Deno.test("wasm does what interp does on random blocks", () => {
  const comparison = new Comparison();
  for (let seed = 1; seed <= 1000; seed++) {
    const block = randomUnitBlock(comparison.host, seed, 4 + seed % 60);
    const site = siteOf(block, 1 + seed % 50);
    comparison.check(seed, [site], [[site]], 1000);
  }
});

/** Random blocks that chain to one another. */
function randomRegion(host: TestHost, seed: number, count: number): BlockSite[] {
  const pcs = Array.from({ length: count }, (_, i) => 0x8000 + 0x20 * i);
  const targets = [...pcs, 0x9000];
  return pcs.map((pc, i) => {
    const size = new Rng(seed + i).below(30);
    return siteOf(
      oneTargetPerSlot(randomUnitBlock(host, seed * 8 + i, size, pc, targets)),
      i + 1,
    );
  });
}

Deno.test("chained blocks do what interp does", () => {
  const comparison = new Comparison();
  for (let seed = 1; seed <= 400; seed++) {
    const sites = randomRegion(comparison.host, seed, 1 + seed % 5);
    comparison.check(seed, sites, sites.map((site) => [site]), seed % 90);
  }
});

Deno.test("regions do what interp does", () => {
  const comparison = new Comparison();
  for (let seed = 1; seed <= 600; seed++) {
    const sites = randomRegion(comparison.host, seed, 1 + seed % 7);
    // The other blocks also stand alone, for edges that the region cannot hold.
    const units = [sites, ...sites.slice(1).map((site) => [site])];
    comparison.check(seed, sites, units, seed % 90);
  }
});

Deno.test("regions with the same block in several places do what interp does", () => {
  const comparison = new Comparison();
  for (let seed = 1; seed <= 400; seed++) {
    const sites = randomRegion(comparison.host, seed, 1 + seed % 5);
    // Two copies of each block, each edge to either.
    const rng = new Rng(seed);
    const edges = unitEdges(sites).map((out) =>
      out.map((edge) => ({ ...edge, node: edge.node + sites.length * rng.below(2) }))
    );
    const region = [...sites, ...sites].map((site, i) => ({
      ...site,
      edges: edges[i % sites.length],
    }));
    const units = [region, ...sites.slice(1).map((site) => [site])];
    // Random blocks that go round for ever end by their budget, which regions see later.
    comparison.check(seed, sites, units, 1000, false);
  }
});

Deno.test("planned batches do what interp does", () => {
  const comparison = new Comparison();
  let regions = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const sites = randomRegion(comparison.host, seed, 2 + seed % 6);
    const units = planUnits(sites.map((site) => ({ ...site, page: 0x1000 })));
    regions += units.filter((unit) => unit.length > 1).length;
    comparison.check(seed, sites, units, seed % 150);
  }
  assert(regions > 40, `${regions} regions`);
});
