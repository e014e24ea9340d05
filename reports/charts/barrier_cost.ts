import type { Tables } from "../data/cells.ts";
import { distinct, fullestOf, memberAt, slicesOf } from "../data/slices.ts";
import { comparedOf } from "../data/verdict.ts";
import { dotColumns, type DotOptions, dotPlot } from "./dots.ts";
import { type RatioRow, undecided, VERDICT } from "./ratios.ts";
import { type Chart, type Drawing, type Missing, RATIO_INTERVAL } from "./types.ts";

const BASE = "none";
const OPTIONS: DotOptions = {
  value: "time relative to no barriers",
  format: "~r",
  scale: "auto",
  reference: 1,
};

function draw(tables: Tables): Drawing | Missing {
  const rows = fullestOf(slicesOf(tables.cells, "barriers")).flatMap((slice) =>
    slice.ours.flatMap(({ series, cell }): RatioRow[] => {
      const { vcpus } = cell.record;
      const base = memberAt(slice.ours, BASE, vcpus)?.cell;
      // Time an operation is the inverse of throughput.
      const compared = comparedOf(base?.throughputs ?? [], cell.throughputs, "slower", "faster");
      if (series === BASE || (compared === null && cell.trouble === "")) return [];
      return [{
        slice: slice.label,
        vcpus,
        series,
        value: compared?.ratio ?? null,
        low: compared?.interval.low ?? null,
        high: compared?.interval.high ?? null,
        samples: compared?.samples ?? 0,
        trouble: compared === null ? cell.trouble : "",
        verdict: compared?.words ?? "",
      }];
    })
  );
  const timed = new Set(rows.filter((row) => row.value !== null).map((row) => row.slice));
  const shown = rows.filter((row) => timed.has(row.slice));
  if (shown.length === 0) {
    return { missing: `No workload was timed under \`${BASE}\` and another barriers scheme.` };
  }
  return {
    rows: shown,
    columns: dotColumns("Time relative to none", [VERDICT]),
    read:
      "Further right is a higher cost: the time of one operation over its time when guest barriers " +
      `are ignored (\`${BASE}\`), for ${distinct(shown.map((row) => row.slice)).length} workloads.`,
    interval: RATIO_INTERVAL,
    alt: "Dot plots of the time an operation takes under each barriers scheme, relative to none.",
    notes: undecided(shown),
    spec: (frame) => dotPlot(shown, OPTIONS, frame),
  };
}

/** What each barriers scheme costs. */
export const BARRIER_COST: Chart = {
  id: "barrier-cost",
  section: "barriers",
  title: "Cost of each barriers strategy",
  draw,
};
