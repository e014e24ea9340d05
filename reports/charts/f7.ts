import type { Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { distinct, workloadLabel } from "../data/slices.ts";
import { F7 } from "../published/f7.ts";
import { figureMembers, notMeasured } from "./figure_cells.ts";
import { LINE_LABELS, lineLayers } from "./lines.ts";
import { only, panelGrid, type PanelShape } from "./panels.ts";
import type { Chart, Drawing, Frame, Missing, Spec } from "./types.ts";

const MILLION = 1e6;
/** Measured series that stand for the published ones, with the colour of each. */
const MEASURED: Readonly<Record<string, string>> = {
  "cmpxchg": "ours: cmpxchg",
  "hst": "ours: hst",
  "QEMU multi": "QEMU here",
};
const COLOURS: Readonly<Record<string, string>> = {
  "published: cmpxchg": "#b08413",
  "published: stop the world": "#a0623d",
  "ours: cmpxchg": "#2f7ed8",
  "ours: hst": "#d1495b",
  "QEMU here": "#d64f94",
};

function publishedRows(): Row[] {
  return F7.values.map((one) => ({
    part: one.part,
    series: `published: ${one.series}`,
    vcpus: one.threads,
    value: one.value,
    low: one.range?.[0] ?? null,
    high: one.range?.[1] ?? null,
    samples: null,
    bound: one.atMost ? "at most" : "",
  }));
}

function measuredRows(tables: Tables): { rows: Row[]; notes: readonly string[] } {
  const { members, notes } = figureMembers(tables, F7, "atomic-add");
  const rows = members.flatMap(({ series, cell }) => {
    const { throughput } = cell;
    if (throughput === null || MEASURED[series] === undefined) return [];
    return [{
      part: workloadLabel(cell).replace("atomic-add, ", ""),
      series: MEASURED[series],
      vcpus: cell.record.vcpus,
      value: throughput.centre / MILLION,
      low: throughput.interval && throughput.interval.low / MILLION,
      high: throughput.interval && throughput.interval.high / MILLION,
      samples: throughput.samples,
      bound: "",
    }];
  });
  return { rows, notes };
}

function spec(all: readonly Row[], frame: Frame): Spec {
  const rows = all;
  const amounts = rows.flatMap((row) => [row.value, row.low, row.high])
    .filter((value) => typeof value === "number" && value > 0) as number[];
  const series = Object.keys(COLOURS).filter((name) => rows.some((row) => row.series === name));
  const panels = distinct(rows.map((row) => String(row.part))).map((part) => ({
    title: part,
    spec: ({ first, width }: PanelShape) => ({
      transform: [only({ part })],
      height: 220,
      layer: lineLayers({
        series: "series",
        domain: series,
        colours: series.map((name) => COLOURS[name]),
        legend: true,
        value: "million operations a second",
        format: "~g",
        log: true,
        range: [Math.min(...amounts) / 1.3, Math.max(...amounts) * 1.3],
        counts: [1, 2, 4, 8, 16, 32, 64],
        across: "vCPUs or threads",
        width,
        frame: frame.name,
        labels: first,
        bound: "bound",
      }),
    }),
  }));
  return panelGrid(
    [{ heading: "", panels }],
    { labels: LINE_LABELS, columns: { wide: 3, narrow: 1 } },
    frame,
  );
}

function draw(tables: Tables): Drawing | Missing {
  const measured = measuredRows(tables);
  if (measured.rows.length === 0) return notMeasured(F7);
  const rows = [...publishedRows(), ...measured.rows];
  return {
    rows,
    columns: [
      { field: "part", title: "Counters" },
      { field: "series", title: "Series" },
      { field: "vcpus", title: "vCPUs or threads" },
      { field: "bound", title: "Bound" },
      { field: "value", title: "Million operations a second" },
      { field: "low", title: "From" },
      { field: "high", title: "To" },
      { field: "samples", title: "Samples" },
    ],
    read:
      "Higher is more additions a second in total, from few threads to many; the panels go from " +
      "all threads on one counter to many counters. Both axes are logarithmic. A triangle is an upper " +
      "bound: the published plot shows the point on its axis.",
    interval: "Measured points are geometric means with 95 % intervals; published bars are the " +
      "range that the source gives.",
    alt:
      "Line charts of atomic additions a second over threads, published and measured, for 1, 2, 128 " +
      "and 1024 counters.",
    notes: measured.notes,
    spec: (frame) => spec(rows, frame),
  };
}

/** Atomic add, contention sweep. */
export const F7_CHART: Chart = {
  id: "f7-atomic-add",
  section: "published",
  title: "F7: atomic add, contention sweep",
  draw,
};
