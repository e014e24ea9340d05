import { cellNotes, notesIn } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import { fullestOf, slicesOf } from "../data/slices.ts";
import { dotColumns, type DotOptions, dotPlot, dotRow } from "./dots.ts";
import { type Chart, type Drawing, MEAN_INTERVAL, type Missing } from "./types.ts";

const OPTIONS: DotOptions = { value: "operations per second", format: "~s", scale: "log" };

function draw(tables: Tables): Drawing | Missing {
  const rows = fullestOf(slicesOf(tables.cells, "backend")).flatMap((slice) =>
    [...slice.ours, ...slice.peers]
      .filter(({ cell }) => cell.throughput !== null || cell.trouble !== "")
      .map(({ series, cell }) =>
        dotRow(slice.label, cell.record.vcpus, series, cell.throughput, cell.trouble, {
          unit: slice.unit,
          ...cellNotes(cell),
        })
      )
  );
  if (rows.length === 0) {
    return {
      missing:
        "Backends were not compared: run `deno task bench --experiment core --backend wasm,interp`.",
    };
  }
  return {
    rows,
    columns: dotColumns("Operations per second", [
      { field: "unit", title: "Operation" },
      ...notesIn(rows),
    ]),
    read: "Further right is faster; the axes are logarithmic, each workload has its own.",
    interval: MEAN_INTERVAL,
    alt: "Dot plots of throughput by backend and QEMU, one for each kind of work.",
    notes: [],
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Speed of the backends by kind of work. */
export const CORE_SPEED: Chart = {
  id: "core-speed",
  section: "resources",
  title: "Speed of the core by backend and kind of work",
  draw,
};
