import type { CounterName } from "../../core/memory/counters.ts";
import { median } from "../../benches/stats/summary.ts";
import type { Cell, Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { distinct, fullestOf, slicesOf } from "../data/slices.ts";
import { vcpuWords } from "./dots.ts";
import { labelWidth, only, panelGrid, type PanelShape } from "./panels.ts";
import type { Chart, Drawing, Frame, Missing, Spec } from "./types.ts";

const KINDS = {
  "waiting for a lock": "lockWaitNs",
  "stopping the world": "stopTheWorldNs",
} as const;
const COLOURS = ["#d9822b", "#d1495b"];

/**
 * Median over the samples of the counter's share of all vCPUs' time. The counters run from start to
 * power-off, so the time is that of the whole run and not of its measured part.
 */
function shareOf(cell: Cell, counter: CounterName): number | null {
  const shares = cell.samples.flatMap((sample) => {
    const nanoseconds = sample.counters[counter];
    const time = sample.wallSeconds * cell.record.vcpus;
    return nanoseconds === undefined || time === 0 ? [] : [nanoseconds / 1e9 / time];
  });
  return shares.length === 0 ? null : median(shares);
}

function rowsOf(tables: Tables): Row[] {
  return fullestOf(slicesOf(tables.cells, "atomics")).flatMap((slice) =>
    slice.ours.flatMap(({ series, cell }) => {
      if (cell.throughput === null) return [];
      return Object.entries(KINDS).flatMap(([kind, counter]) => {
        const share = shareOf(cell, counter);
        if (share === null) return [];
        const { vcpus } = cell.record;
        return [{ slice: slice.label, vcpus, series, kind, share, samples: cell.samples.length }];
      });
    })
  );
}

function panel(rows: readonly Row[], most: number, labels: number | null, width: number): Spec {
  const axis = { title: null, ticks: false, domain: false };
  return {
    height: { step: 15 },
    mark: { type: "bar", cornerRadiusEnd: 1 },
    encoding: {
      y: {
        field: "series",
        type: "nominal",
        scale: { domain: distinct(rows.map((row) => row.series)), paddingInner: 0.3 },
        axis: labels === null
          ? { ...axis, labels: false }
          : { ...axis, minExtent: labels, maxExtent: labels, labelLimit: labels },
      },
      x: {
        field: "share",
        type: "quantitative",
        scale: { domain: [0, most], nice: false },
        axis: {
          title: labels === null ? null : "share of all vCPUs' run time",
          titleAnchor: "start",
          titleAlign: "left",
          format: ".2~p",
          tickCount: Math.min(4, width / 50),
        },
      },
      color: {
        field: "kind",
        type: "nominal",
        scale: { domain: Object.keys(KINDS), range: COLOURS },
        legend: { title: null, orient: "top", columns: width < 150 ? 1 : 2 },
      },
      tooltip: [
        { field: "series", type: "nominal", title: "Atomics" },
        { field: "kind", type: "nominal", title: "Time" },
        { field: "share", type: "quantitative", title: "Share", format: ".2%" },
      ],
    },
  };
}

function spec(rows: readonly Row[], frame: Frame): Spec {
  const labels = labelWidth(rows.map((row) => String(row.series)), 130);
  const grid = [...Map.groupBy(rows, (row) => row.slice)].map(([slice, some]) => {
    const bars = Map.groupBy(some, (row) => `${row.series} ${row.vcpus}`);
    const sums = [...bars.values()].map((parts) =>
      parts.reduce((sum, part) => sum + Number(part.share), 0)
    );
    const most = Math.max(0.01, ...sums) * 1.05;
    return {
      heading: String(slice),
      panels: distinct(some.map((row) => Number(row.vcpus))).sort((a, b) => a - b).map((vcpus) => ({
        title: vcpuWords(vcpus),
        spec: ({ first, width }: PanelShape) => ({
          transform: [only({ slice: String(slice), vcpus })],
          ...panel(some, most, first ? labels : null, width),
        }),
      })),
    };
  });
  return panelGrid(grid, { labels, columns: { wide: 4, narrow: 2 } }, frame);
}

function draw(tables: Tables): Drawing | Missing {
  const rows = rowsOf(tables);
  if (rows.every((row) => row.share === 0)) {
    return {
      missing: rows.length === 0
        ? "No timed sample counted lock waits (counters lockWaitNs, stopTheWorldNs)."
        : "No vCPU of a timed cell ever waited for a lock or for a stopped world.",
    };
  }
  return {
    rows,
    columns: [
      { field: "slice", title: "Workload" },
      { field: "vcpus", title: "vCPUs" },
      { field: "series", title: "Atomics" },
      { field: "kind", title: "Time spent" },
      { field: "share", title: "Share of vCPU time" },
      { field: "samples", title: "Samples" },
    ],
    read:
      "A longer bar means that vCPUs spent more of the run's time waiting for locks or stopping each " +
      "other.",
    interval: "Bars are medians over the timed repeats; the samples are in results.csv.",
    alt: "Stacked bars of the share of vCPU time spent waiting for locks and stopping the world.",
    notes: [
      "The share is of the whole run, start-up included, as the counters are: short runs look calmer " +
      "than they are.",
    ],
    spec: (frame) => spec(rows, frame),
  };
}

/** Time lost to locks and to stopping the world. */
export const WAIT_SHARE: Chart = {
  id: "wait-share",
  section: "atomics",
  title: "Lock wait and stop-the-world time",
  draw,
};
