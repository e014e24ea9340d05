/**
 * A chart with its data, its files and the sizes that it takes.
 * @module
 */
import type { Chart, Drawing, Missing } from "./charts/types.ts";

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Paths of a chart's files from the page. */
export interface FigureFiles {
  readonly spec: string;
  readonly svg: string;
  readonly png: string;
  readonly csv: string;
}

/** One chart of one report. */
export interface Figure {
  readonly chart: Chart;
  readonly drawing: Drawing | Missing;
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
