import { median } from "../../benches/stats/summary.ts";
import type { SampleRecord, SegmentSample } from "../../benches/results/types.ts";
import type { Cell, Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { unsettledOf } from "../data/settling.ts";
import { distinct } from "../data/slices.ts";
import { LINE_LABELS } from "./lines.ts";
import { only, panelGrid, type PanelShape } from "./panels.ts";
import type { Chart, Drawing, Frame, Missing, Spec } from "./types.ts";

/** Pixels of the vertical axis beside its title. */
const AXIS = LINE_LABELS - 18;

/** Cells that are drawn; the others are told in a note. */
const MOST_CELLS = 12;
const PHASES = ["warm-up", "measured"];
const COLOURS = ["#8a8f98", "#2f6db3"];

function speedOf({ count, seconds }: SegmentSample): number {
  return count / seconds;
}

/** The curve of one run; the speed is relative to the median of its measured part. */
function rowsOf({ record, samples }: Cell, sample: SampleRecord): Row[] {
  const segments = sample.segments!.filter(({ count, seconds }) => count > 0 && seconds > 0);
  const measured = segments.filter(({ phase }) => phase === "measured");
  const usual = median((measured.length > 0 ? measured : segments).map(speedOf));
  const runs = `${samples.filter(({ settled }) => settled === false).length} of ${samples.length}`;
  let at = 0;
  return segments.map((segment) => {
    at += segment.seconds;
    const { phase, count } = segment;
    return { cell: record.cell, runs, at, phase, count, speed: speedOf(segment) / usual };
  });
}

function panel(cell: string, most: number, { first }: PanelShape): Spec {
  return {
    transform: [only({ cell })],
    height: 110,
    layer: [
      {
        mark: { type: "rule", style: "reference" },
        encoding: { y: { datum: 1, type: "quantitative" } },
      },
      {
        mark: { type: "point", filled: true, size: 18, opacity: 1 },
        encoding: {
          x: {
            field: "at",
            type: "quantitative",
            axis: { title: "seconds", tickCount: 4, grid: false },
          },
          y: {
            field: "speed",
            type: "quantitative",
            scale: { domain: [0, most], nice: false },
            axis: {
              title: first ? "relative speed" : null,
              labels: first,
              tickCount: 4,
              ticks: false,
              domain: false,
              ...(first && { minExtent: AXIS, maxExtent: AXIS }),
            },
          },
          color: {
            field: "phase",
            type: "nominal",
            scale: { domain: PHASES, range: COLOURS },
            legend: { title: null, orient: "top" },
          },
          tooltip: ["cell", "phase", "at", "count", "speed"].map((field) => ({ field })),
        },
      },
    ],
  };
}

function plot(rows: readonly Row[], frame: Frame): Spec {
  const most = Math.max(...rows.map((row) => Number(row.speed))) * 1.05;
  const panels = distinct(rows.map((row) => String(row.cell))).map((cell) => ({
    // In words, which can be wrapped.
    title: cell.replaceAll("/", " "),
    spec: (shape: PanelShape) => panel(cell, most, shape),
  }));
  return panelGrid(
    [{ heading: "", panels }],
    { labels: LINE_LABELS, columns: { wide: 3, narrow: 1 } },
    frame,
  );
}

function draw(tables: Tables): Drawing | Missing {
  const unsettled = unsettledOf(tables.cells);
  if (unsettled.length === 0) {
    return { missing: "Every guest that warms up was at a settled speed when it was measured." };
  }
  const drawn = unsettled.slice(0, MOST_CELLS);
  const rows = drawn.flatMap(({ cell, sample }) => rowsOf(cell, sample));
  const left = unsettled.length - drawn.length;
  return {
    rows,
    columns: [
      { field: "cell", title: "Cell" },
      { field: "runs", title: "Runs not settled" },
      { field: "phase", title: "Part" },
      { field: "at", title: "Until second" },
      { field: "count", title: "Operations of a vCPU" },
      { field: "speed", title: "Relative speed" },
    ],
    read:
      "Each point is a segment of the last run that was not settled: a level curve before the " +
      "measured part and in it would be warm.",
    interval: "",
    alt: "Small charts of speed over time, one for each cell whose guest was not at a settled " +
      "speed when it was measured.",
    notes: left > 0 ? [`${left} more cells had such runs; results.csv names them.`] : [],
    spec: (frame) => plot(rows, frame),
  };
}

/** How the speed of guests went that were not warm. */
export const SETTLING: Chart = {
  id: "settling",
  section: "resources",
  title: "Guests whose speed had not settled",
  draw,
};
