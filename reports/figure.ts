/**
 * A chart with its data, its files and the sizes that it takes.
 * @module
 */
import type { Chart, Drawing, Missing } from "./charts/types.ts";

/** Width and height in pixels. */
export interface Size {
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
}

/** Paths of a chart's files from the page. */
export interface FigureFiles {
  /** Vega-Lite spec with its data. */
  readonly spec: string;
  /** Vector picture. */
  readonly svg: string;
  /** Pixel picture. */
  readonly png: string;
  /** The data. */
  readonly csv: string;
}

/** One chart of one report. */
export interface Figure {
  /** Which chart it is. */
  readonly chart: Chart;
  /** What it shows, or why it shows nothing. */
  readonly drawing: Drawing | Missing;
  /** Where its files lie. */
  readonly files: FigureFiles;
  /** On the page; null for a chart that could not be drawn. */
  readonly sizes: { readonly wide: Size; readonly narrow: Size } | null;
}

/** Where a chart's files lie. */
export function figureFiles(id: string): FigureFiles {
  return {
    spec: `charts/${id}.vl.json`,
    svg: `charts/${id}.svg`,
    png: `charts/${id}.png`,
    csv: `charts/${id}.csv`,
  };
}
