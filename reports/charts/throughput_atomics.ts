import { cellNotes, notesIn } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import { fullestOf, slicesOf } from "../data/slices.ts";
import { dotColumns, type DotOptions, dotPlot, dotRow, hasLogAxis } from "./dots.ts";
import { type Chart, type Drawing, MEAN_INTERVAL, type Missing } from "./types.ts";

const OPTIONS: DotOptions = { value: "operations per second", format: "~s", scale: "auto" };

function draw(tables: Tables): Drawing | Missing {
  const rows = fullestOf(slicesOf(tables.cells, "atomics")).flatMap((slice) => {
    const members = [...slice.ours, ...slice.peers];
    if (members.every(({ cell }) => cell.throughput === null)) return [];
    return members
      .filter(({ cell }) => cell.throughput !== null || cell.trouble !== "")
      .map(({ series, cell }) =>
        dotRow(slice.label, cell.record.vcpus, series, cell.throughput, cell.trouble, {
          unit: slice.unit,
          outliers: cell.throughput?.outliers.length ?? 0,
          ...cellNotes(cell),
        })
      );
  });
  if (rows.length === 0) {
    return { missing: "No timed cell of an atomics scheme: run `deno task bench`." };
  }
  const log = hasLogAxis(rows, OPTIONS)
    ? " Axes that span more than a factor of 30 are logarithmic."
    : "";
  return {
    rows,
    columns: dotColumns("Operations per second", [
      { field: "unit", title: "Operation" },
      { field: "outliers", title: "Outliers" },
      ...notesIn(rows),
    ]),
    read:
      "Further right is faster; panels of one workload share their axis, from few vCPUs to many." +
      log,
    interval: MEAN_INTERVAL,
    alt: "Dot plots of throughput by atomics scheme, a panel for each number of vCPUs, a row of " +
      "panels for each workload.",
    notes: rows.some((row) => row.trouble !== "")
      ? ["A scheme whose result was wrong, or that was not measured, is named so and has no time."]
      : [],
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Throughput of each atomics scheme. */
export const THROUGHPUT_ATOMICS: Chart = {
  id: "throughput-atomics",
  section: "atomics",
  title: "Throughput by atomics strategy and number of vCPUs",
  draw,
};
