import { measuresOf } from "../../benches/stats/measure.ts";
import { summariseShares } from "../../benches/stats/summary.ts";
import type { SampleRecord } from "../../benches/results/types.ts";
import type { Tables } from "../data/cells.ts";
import { fullestOf, slicesOf } from "../data/slices.ts";
import { dotColumns, type DotOptions, dotPlot, dotRow } from "./dots.ts";
import { type Chart, type Drawing, type Missing, SHARE_INTERVAL } from "./types.ts";

const OPTIONS: DotOptions = { value: "failed STREX", format: ".3~p", scale: "linear" };

/** Share of store-exclusives that failed: by our counters, else by the guest's own count. */
function shareOf(sample: SampleRecord): number | null {
  const { strexAttempts, strexFailures } = sample.counters;
  if (strexAttempts !== undefined && strexAttempts > 0) return (strexFailures ?? 0) / strexAttempts;
  const failures = sample.guest.strex_failures;
  if (typeof failures !== "number" || sample.ops === 0) return null;
  return failures / (sample.ops + failures);
}

function draw(tables: Tables): Drawing | Missing {
  const rows = fullestOf(slicesOf(tables.cells, "atomics")).flatMap((slice) =>
    [...slice.ours, ...slice.peers].flatMap(({ series, cell }) => {
      if (cell.throughput === null) return [];
      const shares = measuresOf(cell.samples, shareOf).map(({ value }) => value);
      if (shares.length === 0) return [];
      return [dotRow(slice.label, cell.record.vcpus, series, summariseShares(shares), "")];
    })
  );
  if (rows.length === 0) {
    return { missing: "No timed sample counted store-exclusives (counter strexAttempts)." };
  }
  return {
    rows,
    columns: dotColumns("Share of STREX that failed"),
    read:
      "Further right means that a larger share of store-exclusives failed and had to be tried " +
      "again.",
    interval: SHARE_INTERVAL,
    alt: "Dot plots of the share of store-exclusive instructions that failed, by atomics scheme.",
    notes: [],
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** How often store-exclusives fail. */
export const STREX_FAILURES: Chart = {
  id: "strex-failures",
  section: "atomics",
  title: "Store-exclusives that failed",
  draw,
};
