import type { Tables } from "../data/cells.ts";
import { memberAt, vcpuCounts } from "../data/slices.ts";
import { F2 } from "../published/f2.ts";
import { type DotOptions, dotPlot, vcpuWords } from "./dots.ts";
import {
  figureColumns,
  figureMembers,
  measuredRows,
  notMeasured,
  publishedRows,
} from "./figure_cells.ts";
import { type Chart, type Drawing, type Missing, RATIO_INTERVAL } from "./types.ts";

const OPTIONS: DotOptions = { value: "speed-up", format: "~r", scale: "auto", reference: 1 };

function draw(tables: Tables): Drawing | Missing {
  const { members, notes } = figureMembers(tables, F2, "atomic-stress");
  const items = vcpuCounts(members).filter((vcpus) => vcpus > 1).map((vcpus) => ({
    name: `ours, ${vcpuWords(vcpus)}`,
    cell: memberAt(members, "spinlock", vcpus)?.cell,
    base: memberAt(members, "mutex", vcpus)?.cell,
  }));
  const { rows: measured, comparisons } = measuredRows(tables, items);
  if (measured.length === 0) return notMeasured(F2);
  const rows = [...publishedRows(F2), ...measured];
  return {
    rows,
    comparisons,
    columns: figureColumns("Speed-up"),
    read:
      "Right of the line at 1 the spinlock around emulated exclusives is faster than the mutex, " +
      "left of it slower.",
    interval: RATIO_INTERVAL,
    alt:
      "Dot plot of the gain of a spinlock over a mutex on the atomic stress test: published, ours.",
    notes,
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Atomic stress test. */
export const F2_CHART: Chart = {
  id: "f2-atomic-stress",
  section: "published",
  title: "F2: atomic stress test, mutex against spinlock",
  draw,
};
