import { notesIn } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import { distinct, fullestOf, notMeasured, slicesOf } from "../data/slices.ts";
import { familyNotes } from "../data/verdict.ts";
import { coloursOf } from "./colours.ts";
import { LINE_LABELS, lineLayers } from "./lines.ts";
import { only, panelGrid, type PanelShape } from "./panels.ts";
import { highest, type ScalingPart, type ScalingRow, scalingRows } from "./scaling_rows.ts";
import {
  type Chart,
  type Drawing,
  type Frame,
  type Missing,
  RATIO_INTERVAL,
  type Spec,
} from "./types.ts";

function spec(rows: readonly ScalingRow[], frame: Frame): Spec {
  const counts = distinct(rows.map((row) => row.vcpus)).sort((a, b) => a - b);
  const most = highest(rows) * 1.05;
  const slices = distinct(rows.map((row) => row.slice));
  const panels = distinct(rows.map((row) => row.series)).map((series) => ({
    title: series,
    spec: ({ first, width }: PanelShape) => ({
      transform: [only({ series })],
      height: 118,
      layer: [
        {
          mark: { type: "rule", style: "reference" },
          encoding: { y: { datum: 1, type: "quantitative" } },
        },
        ...lineLayers({
          series: "series",
          domain: [series],
          colours: coloursOf([series]),
          dash: { field: "slice", domain: slices },
          legend: false,
          value: "relative to 1 vCPU",
          format: "~r",
          log: false,
          range: [0, most],
          counts,
          across: "vCPUs",
          width,
          frame: frame.name,
          notes: notesIn(rows),
          labels: first,
        }),
      ],
      resolve: { scale: { color: "independent" } },
    }),
  }));
  return {
    ...panelGrid(
      [{ heading: "", panels }],
      { labels: LINE_LABELS, columns: { wide: 4, narrow: 2 } },
      frame,
    ),
    resolve: { scale: { color: "independent" } },
  };
}

/** Names the series that have no base, so that nobody looks for them. */
function withoutBase(parts: readonly ScalingPart[], rows: readonly ScalingRow[]): string[] {
  const shown = new Set(rows.map(({ slice, series }) => `${slice} ${series}`));
  const left = parts.flatMap(({ label, members }) =>
    distinct(members.filter(({ cell }) => cell.measures.length > 0).map(({ series }) => series))
      .filter((series) => !shown.has(`${label} ${series}`))
      .map((series) => `${series} on ${label}`)
  );
  return left.length === 0 ? [] : [
    `Not drawn, because they were not timed with one vCPU and parallel code, or only so: ${
      left.join("; ")
    }.`,
  ];
}

function draw(tables: Tables): Drawing | Missing {
  const parts = fullestOf(slicesOf(tables.cells, "atomics"))
    .map(({ label, ours }) => ({ label, members: ours }));
  const { rows, comparisons } = scalingRows(tables, parts, null);
  if (rows.length === 0) {
    return {
      missing:
        "No atomics scheme was timed with several vCPUs and, with parallel code, with one: " +
        "there is nothing to scale from. Run the scaling experiment, or add 1 to " +
        "`--vcpus` and `--parallel-code`.",
    };
  }
  return {
    rows,
    comparisons,
    columns: [
      { field: "slice", title: "Workload" },
      { field: "series", title: "Atomics" },
      { field: "vcpus", title: "vCPUs" },
      { field: "value", title: "Relative to 1 vCPU" },
      { field: "low", title: "95 % from" },
      { field: "high", title: "95 % to" },
      { field: "samples", title: "Samples" },
      { field: "verdict", title: "Verdict" },
      ...notesIn(rows),
    ],
    read:
      "A rising curve means that more vCPUs do more work in total; below the line at 1 they do " +
      "less than one vCPU alone, which runs the same code as several (parallel code). The host has " +
      `${tables.run.machine.cores} cores.`,
    interval: RATIO_INTERVAL,
    alt:
      "Small line charts, one for each atomics scheme: total throughput over vCPUs relative to its " +
      "own throughput with one vCPU, a dash pattern for each workload.",
    notes: [
      ...withoutBase(parts, rows),
      ...familyNotes(comparisons),
      ...notMeasured(parts.flatMap(({ members }) => members)),
    ],
    spec: (frame) => spec(rows, frame),
  };
}

/** How each atomics scheme scales. */
export const SCALING_ATOMICS: Chart = {
  id: "scaling-atomics",
  section: "scaling",
  title: "Scaling of each atomics strategy over vCPUs",
  draw,
};
