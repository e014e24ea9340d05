/**
 * Lays panels out in rows of a frame. Panels are placed by their plot areas alone, so that columns
 * line up whatever their labels are.
 * @module
 */
import { wrapped } from "./text.ts";
import type { Frame, Spec } from "./types.ts";

/** A unit or layered spec without a size. */
export interface Panel {
  /** Above the panel. */
  readonly title: string;
  /** Makes the spec for the place it gets. */
  readonly spec: (shape: PanelShape) => Spec;
}

/** Where a panel stands. */
export interface PanelShape {
  /** Pixels of its plot area. */
  readonly width: number;
  /** Whether it is the first of its row, which carries the labels of the vertical axis. */
  readonly first: boolean;
}

/** Panels that belong together under one heading. */
export interface PanelRow {
  /** Empty for none. */
  readonly heading: string;
  /** From left to right. */
  readonly panels: readonly Panel[];
}

/** How panels are laid out. */
export interface Layout {
  /** Pixels of the vertical axis' labels. */
  readonly labels: number;
  /** Most panels side by side, in each frame. */
  readonly columns: Readonly<Record<Frame["name"], number>>;
}

const GAP = 18;
/** Pixels between one row's axis and the next row's heading. */
const BETWEEN = 20;
/** A tick's label may stand out at the right. */
const RIGHT = 14;

function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < items.length; at += size) result.push(items.slice(at, at + size));
  return result;
}

/** Pixels that the longest of some axis labels takes, up to `most`. */
export function labelWidth(labels: readonly string[], most = 170): number {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.min(most, Math.ceil(longest * 6.2) + 10);
}

/** The axis of names at the left of dots, `labels` pixels wide. */
export function nameAxis(labels: number): Spec {
  return {
    title: null,
    ticks: false,
    domain: false,
    grid: true,
    minExtent: labels,
    maxExtent: labels,
    labelLimit: labels,
  };
}

/** The rows, one below the other. */
export function panelGrid(rows: readonly PanelRow[], layout: Layout, frame: Frame): Spec {
  const columns = Math.min(
    layout.columns[frame.name],
    Math.max(1, ...rows.map((row) => row.panels.length)),
  );
  const width = Math.floor(
    (frame.width - layout.labels - RIGHT - GAP * (columns - 1)) / columns,
  );
  const lines = rows.flatMap((row) =>
    chunks(row.panels, columns).map((panels, at) => ({
      ...(at === 0 && row.heading !== "" && {
        title: {
          text: frame.name === "wide" ? row.heading : wrapped(row.heading, 40),
          anchor: "start",
          frame: "group",
          fontSize: 13,
          fontWeight: 600,
          offset: 8,
        },
      }),
      spacing: GAP,
      bounds: "flush",
      hconcat: panels.map((panel, place) => ({
        ...(panel.title !== "" && {
          title: {
            text: wrapped(panel.title, Math.max(10, width / 5.6)),
            anchor: "start",
            frame: "group",
            fontSize: 11,
            fontWeight: 500,
            offset: 6,
          },
        }),
        width,
        ...panel.spec({ width, first: place === 0 }),
      })),
    }))
  );
  return { vconcat: lines, spacing: BETWEEN };
}

/** Keeps the rows whose fields have these values. */
export function only(fields: Readonly<Record<string, string | number>>): Spec {
  const tests = Object.entries(fields).map(([field, equal]) => ({ field, equal }));
  return { filter: tests.length === 1 ? tests[0] : { and: tests } };
}

const STEPS = [1, 2, 5];
/** Pixels that a tick of a logarithmic axis takes at least, label included. */
const TICK = 38;

/**
 * Ticks of a logarithmic axis of `pixels`: 1, 2 and 5 times the powers of ten where there is room, the
 * powers alone or some of them where there is not.
 */
export function logTicks([least, most]: readonly [number, number], pixels: number): number[] {
  const first = Math.floor(Math.log10(least)), last = Math.ceil(Math.log10(most));
  const inside = (value: number) => value >= least && value <= most;
  const powers = (steps: readonly number[], every: number) => {
    const ticks: number[] = [];
    for (let power = first; power <= last; power++) {
      if (power % every !== 0) continue;
      for (const step of steps) ticks.push(Number(`${step}e${power}`));
    }
    return ticks.filter(inside);
  };
  const room = Math.max(2, Math.floor(pixels / TICK));
  const fine = powers(STEPS, 1);
  if (fine.length <= room) return fine;
  for (let every = 1; every < last - first; every++) {
    const ticks = powers([1], every);
    if (ticks.length <= room && ticks.length > 1) return ticks;
  }
  // Less than two powers of ten inside: some of the finer ticks.
  const stride = Math.ceil(fine.length / room);
  return fine.filter((_, at) => at % stride === 0);
}
