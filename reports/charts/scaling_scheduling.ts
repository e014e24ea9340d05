import { notesIn } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import { distinct, fullestOf, notMeasured, slicesOf } from "../data/slices.ts";
import { familyNotes } from "../data/verdict.ts";
import { coloursOf } from "./colours.ts";
import { LINE_LABELS, lineLayers } from "./lines.ts";
import { only, panelGrid, type PanelShape } from "./panels.ts";
import { highest, type ScalingRow, scalingRows } from "./scaling_rows.ts";
import {
  type Chart,
  type Drawing,
  type Frame,
  type Missing,
  RATIO_INTERVAL,
  type Spec,
} from "./types.ts";

const BASE = "round-robin";

function spec(rows: readonly ScalingRow[], frame: Frame): Spec {
  const series = distinct(rows.map((row) => row.series));
  const grid = [...Map.groupBy(rows, (row) => row.slice)].map(([slice, some]) => ({
    title: slice,
    spec: ({ first, width }: PanelShape) => ({
      transform: [only({ slice })],
      height: 220,
      layer: [
        {
          mark: { type: "rule", style: "reference" },
          encoding: { y: { datum: 1, type: "quantitative" } },
        },
        ...lineLayers({
          series: "series",
          domain: series,
          colours: coloursOf(series),
          legend: true,
          value: "relative to round-robin, 1 vCPU",
          format: "~r",
          log: false,
          range: [0, highest(some) * 1.05],
          counts: distinct(some.map((row) => row.vcpus)).sort((a, b) => a - b),
          across: "vCPUs",
          width,
          frame: frame.name,
          notes: notesIn(rows),
          labels: first || grid.length > 1,
        }),
      ],
    }),
  }));
  return panelGrid(
    grid.map((panel) => ({ heading: "", panels: [panel] })),
    { labels: LINE_LABELS, columns: { wide: 1, narrow: 1 } },
    frame,
  );
}

function draw(tables: Tables): Drawing | Missing {
  const parts = fullestOf(slicesOf(tables.cells, "scheduling"))
    .map(({ label, ours, peers }) => ({ label, members: [...ours, ...peers] }));
  const { rows, comparisons } = scalingRows(tables, parts, BASE);
  if (rows.length === 0) {
    return {
      missing:
        "No workload was timed under round-robin with one vCPU and another scheduling with " +
        "several: run the scaling experiment.",
    };
  }
  return {
    rows,
    comparisons,
    columns: [
      { field: "slice", title: "Workload" },
      { field: "series", title: "Subject" },
      { field: "vcpus", title: "vCPUs" },
      { field: "value", title: "Relative to round-robin" },
      { field: "low", title: "95 % from" },
      { field: "high", title: "95 % to" },
      { field: "samples", title: "Samples" },
      { field: "verdict", title: "Verdict" },
      ...notesIn(rows),
    ],
    read: "Higher is more total work a second than our round-robin with one vCPU; more threads " +
      `than cores (${tables.run.machine.cores} here) cannot rise further.`,
    interval: RATIO_INTERVAL,
    alt: "Line chart of total throughput over vCPUs for each scheduling and QEMU, relative to " +
      "round-robin with one vCPU.",
    notes: [...familyNotes(comparisons), ...notMeasured(parts.flatMap(({ members }) => members))],
    spec: (frame) => spec(rows, frame),
  };
}

/** One thread a vCPU against round-robin. */
export const SCALING_SCHEDULING: Chart = {
  id: "scaling-scheduling",
  section: "scaling",
  title: "Scaling against round-robin",
  draw,
};
