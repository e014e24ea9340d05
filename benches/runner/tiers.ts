/**
 * Which tiers ran a measured part, all vCPUs together.
 * @module
 */
import type { TierCounts } from "../../core/memory/counter_marks.ts";
import type { Tiers } from "../results/types.ts";

/** The sample's field; none without counts, or where no instruction was run. */
export function tiersOf(counts: readonly TierCounts[] | undefined): { readonly tiers?: Tiers } {
  if (counts === undefined) return {};
  const sum = (of: (one: TierCounts) => number) => counts.reduce((all, one) => all + of(one), 0);
  const interpreter = sum((one) => one.interpreter);
  const first = sum((one) => one.first);
  const region = sum((one) => one.region);
  const insns = interpreter + first + region;
  if (insns === 0) return {};
  return {
    tiers: {
      insns,
      interpreter: interpreter / insns,
      first: first / insns,
      region: region / insns,
      compileSeconds: sum((one) => one.compileNs) / 1e9,
    },
  };
}
