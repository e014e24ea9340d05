/**
 * Flame charts of profiles: boxes as wide as their time, the root on top.
 * @module
 */
import { ACTIVITY_NAMES } from "../../core/profile/profile_data.ts";
import { FLAME_LEVELS, type FlameRow } from "../data/flame.ts";
import { distinct } from "../data/slices.ts";
import { labelWidth, only, panelGrid } from "./panels.ts";
import type { Column, Frame, Spec } from "./types.ts";

const STEP = 22;
/** Pixels of a character on a box. */
const CHARACTER = 7;

/** Columns of a flame chart's table. */
export const FLAME_COLUMNS: readonly Column[] = [
  { field: "slice", title: "Run" },
  { field: "vcpu", title: "vCPU" },
  { field: "level", title: "Level" },
  { field: "activity", title: "Activity" },
  { field: "name", title: "Name" },
  { field: "milliseconds", title: "Milliseconds" },
  { field: "share", title: "Share" },
  { field: "samples", title: "Samples" },
];

/** Warm colours for guest code, cold ones for waiting, grey for the engine's own work. */
const COLOURS: Readonly<Record<string, string>> = {
  "region": "#d9822b",
  "first tier": "#c8661b",
  "interpreter": "#d1495b",
  "helper": "#b08413",
  "slow access": "#8b6bd6",
  "TLB fill": "#b45bc4",
  "MMIO": "#d64f94",
  "lock wait": "#1f97b8",
  "stop the world": "#2f7ed8",
  "other vCPUs' work": "#5c93ad",
  "idle": "#4f8f8b",
  "translation": "#6a9a2d",
  "compilation": "#1f9d6b",
};
const ENGINE = "#8a8f98";

function panel(rows: readonly FlameRow[], labels: number | null, width: number): Spec {
  const activities = ["", ...Object.values(ACTIVITY_NAMES)];
  const most = Math.max(...rows.map(({ to }) => to));
  const y = {
    field: "level",
    type: "ordinal",
    sort: [...FLAME_LEVELS],
    scale: { domain: [...FLAME_LEVELS], padding: 0.04 },
    axis: {
      title: null,
      ticks: false,
      domain: false,
      ...(labels === null ? { labels: false } : { minExtent: labels, maxExtent: labels }),
    },
  };
  const x = {
    field: "from",
    type: "quantitative",
    scale: { domain: [0, most], nice: false },
    axis: { title: "milliseconds, vCPUs side by side", grid: false, tickCount: width / 90 },
  };
  const tooltip = FLAME_COLUMNS.map(({ field, title }) => ({
    field,
    title,
    type: ["milliseconds", "share", "samples", "vcpu"].includes(field) ? "quantitative" : "nominal",
    ...(field === "share" ? { format: ".1%" } : {}),
    ...(field === "milliseconds" ? { format: ",.1f" } : {}),
  }));
  const room = `floor((datum.to - datum.from) * ${width / most} / ${CHARACTER})`;
  return {
    height: { step: STEP },
    layer: [
      {
        mark: { type: "rect", stroke: "#ffffff", strokeWidth: 0.5 },
        encoding: {
          x,
          x2: { field: "to" },
          y,
          color: {
            field: "activity",
            type: "nominal",
            legend: null,
            scale: {
              domain: activities,
              range: activities.map((name) => COLOURS[name] ?? ENGINE),
            },
          },
          tooltip,
        },
      },
      {
        transform: [
          { filter: `${room} > 3` },
          { calculate: `truncate(datum.name, ${room})`, as: "text" },
        ],
        mark: {
          type: "text",
          align: "left",
          dx: 3,
          baseline: "middle",
          fontSize: 10,
          color: "#ffffff",
        },
        encoding: { x, y, text: { field: "text", type: "nominal" } },
      },
    ],
  };
}

/** The charts of some profiles, one below the other. */
export function flameSpec(rows: readonly FlameRow[], frame: Frame): Spec {
  const labels = labelWidth([...FLAME_LEVELS]);
  const lines = distinct(rows.map(({ slice }) => slice)).map((slice) => {
    const own = rows.filter((row) => row.slice === slice);
    return {
      heading: slice,
      panels: [{
        title: "",
        spec: ({ first, width }: { readonly first: boolean; readonly width: number }) => ({
          transform: [only({ slice })],
          ...panel(own, first ? labels : null, width),
        }),
      }],
    };
  });
  return panelGrid(lines, { labels, columns: { wide: 1, narrow: 1 } }, frame);
}
