/**
 * Curves over the number of vCPUs, with intervals.
 * @module
 */
import { logTicks } from "./panels.ts";
import type { Column, Frame, Spec } from "./types.ts";

/** What differs between curves. */
export interface LineOptions {
  /** Field that makes a curve. */
  readonly series: string;
  /** Values of `series`, in order. */
  readonly domain: readonly string[];
  /** Their colours, in the same order. */
  readonly colours: readonly string[];
  /** A second field that tells curves apart by their dashes. */
  readonly dash?: { readonly field: string; readonly domain: readonly string[] };
  /** Whether to show a legend. */
  readonly legend: boolean;
  /** Title of the vertical axis. */
  readonly value: string;
  /** Format of values in tooltips and on the axis (d3-format). */
  readonly format: string;
  /** Whether the vertical axis is logarithmic. */
  readonly log: boolean;
  /** Range of the vertical axis. */
  readonly range: readonly [number, number];
  /** Numbers of vCPUs on the horizontal axis, ascending. */
  readonly counts: readonly number[];
  /** Title of the horizontal axis. */
  readonly across: string;
  /** Pixels of the panel. */
  readonly width: number;
  /** Which frame the panel is in. */
  readonly frame: Frame["name"];
  /** Whether the vertical axis carries labels. */
  readonly labels: boolean;
  /** Further fields of tooltips. */
  readonly notes?: readonly Column[];
  /** Field that says `at most` of rows that are upper bounds: those are triangles. */
  readonly bound?: string;
}

/** Dashes that can be told apart. */
const DASHES: readonly (readonly number[])[] = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [
  12,
  4,
]];

const EXTENT = 34;

/** Room for the ticks of a logarithmic vertical axis, as if it were horizontal. */
const TALL = 400;

/** Pixels that a number of vCPUs takes on the axis. */
const COUNT = 22;

function countsIn({ counts, width }: LineOptions): number[] {
  const every = Math.ceil(counts.length * COUNT / width);
  return counts.filter((_, at) => at % every === 0);
}

/** Pixels that the vertical axis takes. */
export const LINE_LABELS = 52;

/** Layers for rows with the fields `vcpus`, `value`, `low`, `high` and the series. */
export function lineLayers(options: LineOptions): Spec[] {
  const narrow = options.frame === "narrow";
  const x = {
    field: "vcpus",
    type: "quantitative",
    scale: {
      type: "log",
      base: 2,
      domain: [options.counts[0] / 1.12, options.counts.at(-1)! * 1.12],
      nice: false,
    },
    axis: { title: options.across, values: countsIn(options), format: "d", grid: false },
  };
  const scale = {
    domain: options.range,
    nice: false,
    clamp: true,
    ...(options.log ? { type: "log" } : { zero: true }),
  };
  const y = {
    field: "value",
    type: "quantitative",
    scale,
    axis: {
      title: options.labels ? options.value : null,
      labels: options.labels,
      format: options.format,
      ...(options.log ? { values: logTicks(options.range, TALL) } : { tickCount: 5 }),
      grid: true,
      ticks: false,
      domain: false,
      ...(options.labels && { minExtent: EXTENT, maxExtent: EXTENT }),
    },
  };
  const color = {
    field: options.series,
    type: "nominal",
    scale: { domain: options.domain, range: options.colours },
    legend: options.legend
      ? {
        title: null,
        orient: "top",
        columns: narrow ? 2 : 5,
        columnPadding: narrow ? 8 : 16,
        symbolOpacity: 1,
        symbolType: "circle",
        labelLimit: narrow ? 160 : 220,
      }
      : null,
  };
  const strokeDash = options.dash && {
    field: options.dash.field,
    type: "nominal",
    scale: {
      domain: options.dash.domain,
      range: options.dash.domain.map((_, at) => DASHES[at % DASHES.length]),
    },
    legend: {
      title: null,
      orient: "top",
      columns: narrow ? 1 : 3,
      symbolType: "stroke",
      symbolSize: 400,
      symbolOpacity: 1,
      labelLimit: 280,
    },
  };
  const detail = options.dash && [{ field: options.dash.field, type: "nominal" }];
  const tooltip = [
    { field: options.series, type: "nominal", title: "Subject" },
    ...(options.dash ? [{ field: options.dash.field, type: "nominal", title: "Workload" }] : []),
    { field: "vcpus", type: "quantitative", title: "vCPUs" },
    { field: "value", type: "quantitative", title: options.value, format: options.format },
    { field: "low", type: "quantitative", title: "95 % from", format: options.format },
    { field: "high", type: "quantitative", title: "95 % to", format: options.format },
    ...(options.notes ?? []).map((note) => ({ ...note, type: "nominal" })),
  ];
  const shared = { x, color, ...(detail && { detail }) };
  const shape = options.bound && {
    field: options.bound,
    type: "nominal",
    scale: { domain: ["", "at most"], range: ["circle", "triangle-down"] },
    legend: null,
  };
  return [
    {
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 2.5, opacity: 0.45 },
      encoding: { ...shared, y: { ...y, field: "low" }, y2: { field: "high" } },
    },
    {
      mark: { type: "line", strokeWidth: 1.8 },
      encoding: { ...shared, y, ...(strokeDash && { strokeDash }) },
    },
    {
      mark: { type: "point", filled: true, size: 34, opacity: 1 },
      encoding: { ...shared, y, tooltip, ...(shape && { shape }) },
    },
  ];
}
