/**
 * Dot plots with intervals: one line a series, one panel a number of vCPUs, one row of panels a slice.
 * @module
 */
import type { Interval } from "../../benches/stats/summary.ts";
import { notesIn } from "../data/cell_notes.ts";
import type { Row } from "../data/csv.ts";
import { distinct } from "../data/slices.ts";
import { ends } from "../data/verdict.ts";
import { coloursOf } from "./colours.ts";
import {
  labelWidth,
  logTicks,
  nameAxis,
  only,
  type Panel,
  panelGrid,
  type PanelRow,
} from "./panels.ts";
import type { Column, Frame, Spec } from "./types.ts";

/** A row of a dot plot. Values are null where there is nothing to show but `trouble`. */
export interface DotRow {
  /** Heading of the slice. */
  readonly slice: string;
  /** Number of vCPUs: which panel. */
  readonly vcpus: number;
  /** Which line of the panel. */
  readonly series: string;
  /** Position of the dot. */
  readonly value: number | null;
  /** Lower end of the interval. */
  readonly low: number | null;
  /** Upper end of the interval. */
  readonly high: number | null;
  /** Samples behind the dot. */
  readonly samples: number;
  /** Short words in place of the dot, such as `wrong result`; empty for none. */
  readonly trouble: string;
}

/** What differs between dot plots. */
export interface DotOptions {
  /** Title of the horizontal axis. */
  readonly value: string;
  /** Format of values in tooltips and on the axis (d3-format). */
  readonly format: string;
  /** `auto` is logarithmic where a panel's values span more than a factor of 30. */
  readonly scale: "auto" | "log" | "linear";
  /** A line at this value; part of every panel's domain. */
  readonly reference?: number;
}

const STEP = 17;
/** Above this factor between values a linear axis hides the small ones. */
const LOG_FROM = 30;

const POINTS = 64;

interface Domain {
  readonly log: boolean;
  readonly domain: readonly [number, number];
}

function domainOf(rows: readonly DotRow[], options: DotOptions): Domain {
  const values = rows.flatMap((row) => [row.low, row.value, row.high])
    .filter((value): value is number => value !== null);
  if (options.reference !== undefined) values.push(options.reference);
  const positive = values.filter((value) => value > 0);
  const most = Math.max(...values, Number.MIN_VALUE);
  const least = Math.min(...positive, most);
  const log = options.scale === "log" || (options.scale === "auto" && most / least > LOG_FROM);
  return log ? { log, domain: [least / 1.25, most * 1.25] } : { log, domain: [0, most * 1.05] };
}

/** Whether any panel of the plot has a logarithmic axis. */
export function hasLogAxis(rows: readonly DotRow[], options: DotOptions): boolean {
  return [...Map.groupBy(rows, (row) => row.slice).values()]
    .some((some) => domainOf(some, options).log);
}

function panelSpec(
  filter: Spec,
  series: readonly string[],
  all: readonly string[],
  { log, domain }: Domain,
  labels: number | null,
  width: number,
  options: DotOptions,
  notes: readonly Column[],
): Spec {
  const colour = { domain: all, range: coloursOf(all) };
  const y = {
    field: "series",
    type: "nominal",
    scale: { domain: series },
    axis: labels === null
      ? { labels: false, title: null, ticks: false, domain: false, grid: true }
      : nameAxis(labels),
  };
  const x = {
    field: "value",
    type: "quantitative",
    scale: { type: log ? "log" : "linear", domain, nice: false, ...(!log && { zero: true }) },
    axis: {
      // The first panel of a row has the title for all, from its left edge on.
      title: labels === null ? null : options.value,
      titleAnchor: "start",
      titleAlign: "left",
      format: options.format,
      labelFlush: false,
      ...(log ? { values: logTicks(domain, width) } : { tickCount: Math.min(6, width / 45) }),
    },
  };
  const tooltip = [
    { field: "series", type: "nominal", title: "Subject" },
    { field: "vcpus", type: "quantitative", title: "vCPUs" },
    { field: "value", type: "quantitative", title: options.value, format: options.format },
    { field: "low", type: "quantitative", title: "95 % from", format: options.format },
    { field: "high", type: "quantitative", title: "95 % to", format: options.format },
    { field: "samples", type: "quantitative", title: "Samples" },
    ...notes.map((note) => ({ ...note, type: "nominal" })),
  ];
  const color = { field: "series", type: "nominal", scale: colour, legend: null };
  const layer: Spec[] = [
    {
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 2.5, strokeCap: "round", opacity: 0.55 },
      encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color, tooltip },
    },
    {
      transform: [{ filter: "isValid(datum.value)" }],
      mark: { type: "point", filled: true, size: POINTS, opacity: 1 },
      encoding: { x, y, color, tooltip },
    },
    {
      transform: [{ filter: "datum.trouble !== ''" }],
      mark: { type: "text", style: "trouble", align: "left", baseline: "middle", fontSize: 10 },
      encoding: { x: { value: 3 }, y, text: { field: "trouble", type: "nominal" } },
    },
  ];
  if (options.reference !== undefined) {
    layer.unshift({
      mark: { type: "rule", style: "reference" },
      encoding: { x: { datum: options.reference, type: "quantitative" } },
    });
  }
  return { transform: [filter], height: { step: STEP }, layer };
}

/** The panels of `rows` in a frame. */
export function dotPlot(rows: readonly DotRow[], options: DotOptions, frame: Frame): Spec {
  const slices = [...Map.groupBy(rows, (row) => row.slice)];
  const labels = labelWidth(rows.map((row) => row.series), frame.name === "wide" ? 200 : 146);
  const order = distinct(rows.map((row) => row.series));
  const seriesOf = (some: readonly DotRow[]) =>
    distinct(some.map((row) => row.series)).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  // One colour scale for the chart: its panels share it.
  const all = seriesOf(rows);
  const notes = notesIn(rows as readonly (DotRow & Row)[]);
  const counts = (some: readonly DotRow[]) =>
    distinct(some.map((row) => row.vcpus)).sort((a, b) => a - b);
  const panelsOf = (slice: string, some: readonly DotRow[], title?: string): Panel[] => {
    const domain = domainOf(some, options);
    return counts(some).map((vcpus) => ({
      title: title ?? vcpuWords(vcpus),
      spec: ({ first, width }) =>
        panelSpec(
          only({ slice, vcpus }),
          seriesOf(some),
          all,
          domain,
          first ? labels : null,
          width,
          options,
          notes,
        ),
    }));
  };
  // Slices of one panel each and the same series share a row.
  const key = (some: readonly DotRow[]) => JSON.stringify([counts(some).length, seriesOf(some)]);
  const isSingle = ([, some]: (typeof slices)[number]) =>
    counts(some).length === 1 &&
    slices.filter(([, other]) => key(other) === key(some)).length > 1;
  const panelRows: PanelRow[] = [
    ...Map.groupBy(
      slices,
      (slice) => isSingle(slice) ? key(slice[1]) : slice[0],
    ).values(),
  ].map((group) => {
    if (group.length === 1) {
      const [slice, some] = group[0];
      return { heading: slice, panels: panelsOf(slice, some) };
    }
    const title = (slice: string, { vcpus }: DotRow) => `${slice}, ${vcpuWords(vcpus)}`;
    const panels = group.flatMap(([slice, some]) => panelsOf(slice, some, title(slice, some[0])));
    return { heading: "", panels };
  });
  return panelGrid(panelRows, { labels, columns: { wide: 4, narrow: 2 } }, frame);
}

/** `1 vCPU`, `2 vCPUs`; empty for 0, which stands for a row that is of no single number. */
export function vcpuWords(count: number): string {
  if (count === 0) return "";
  return `${count} vCPU${count === 1 ? "" : "s"}`;
}

/** The columns of a dot plot's table; `value` is the title of the value's column. */
export function dotColumns(value: string, more: readonly Column[] = []): Column[] {
  return [
    { field: "slice", title: "Workload" },
    { field: "vcpus", title: "vCPUs" },
    { field: "series", title: "Subject" },
    { field: "value", title: value },
    { field: "low", title: "95 % from" },
    { field: "high", title: "95 % to" },
    { field: "samples", title: "Samples" },
    ...more,
    { field: "trouble", title: "Trouble" },
  ];
}

/** A row for a summary; null summary gives a row with `trouble` alone. */
export function dotRow(
  slice: string,
  vcpus: number,
  series: string,
  summary:
    | {
      readonly centre: number;
      readonly interval: Interval | null;
      readonly samples: number;
    }
    | null,
  trouble: string,
  more: Row = {},
): DotRow & Row {
  return {
    slice,
    vcpus,
    series,
    value: summary?.centre ?? null,
    ...ends(summary?.interval ?? null),
    samples: summary?.samples ?? 0,
    trouble,
    ...more,
  };
}
