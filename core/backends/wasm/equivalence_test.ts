/**
 * The wasm backend against the reference interpreter on random blocks.
 */
import { assert } from "@std/assert";
import { Rng } from "../../ir/testing/rng.ts";
import type { BlockSite } from "../backend.ts";
import type { TestHost } from "../testing/host.ts";
import { unitEdges } from "./region_plan.ts";
import { Comparison } from "./testing/comparison.ts";
import { planUnits } from "./unit_planner.ts";
import { oneTargetPerSlot, randomUnitBlock, siteOf } from "./testing/units.ts";

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
