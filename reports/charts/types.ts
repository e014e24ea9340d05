/**
 * What a chart is: a name, the tidy rows that it shows, and its Vega-Lite spec for a frame.
 * @module
 */
import type { Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import type { Compared } from "../data/verdict.ts";

/** A piece of a Vega-Lite spec; the tests validate whole specs against Vega-Lite's own schema. */
export type Spec = Readonly<Record<string, unknown>>;

/** The space that a chart is laid out for. */
export interface Frame {
  /** What code that lays out asks for. */
  readonly name: "wide" | "narrow";
  /** Pixels. */
  readonly width: number;
}

/** A page on a desktop, and the files on disk. */
export const WIDE: Frame = { name: "wide", width: 920 };

/** A page on a phone. */
export const NARROW: Frame = { name: "narrow", width: 344 };

/** A column of a chart's table. */
export interface Column {
  /** Field of the row. */
  readonly field: string;
  /** Heading of the column. */
  readonly title: string;
}

/** A chart filled with data. */
export interface Drawing {
  /** Inline data of the spec, the CSV file and the table. */
  readonly rows: readonly Row[];
  /** The comparisons behind the rows, one family; left out by charts that compare nothing. */
  readonly comparisons?: readonly Compared[];
  /** Columns of the table and of the CSV file, in order. */
  readonly columns: readonly Column[];
  /** One sentence: how to read it. */
  readonly read: string;
  /** What its intervals are; empty for a chart without any. */
  readonly interval: string;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
  /** Something left out, or to be minded; shown below the chart. */
  readonly notes: readonly string[];
  /** The spec without data, schema, title and configuration. */
  readonly spec: (frame: Frame) => Spec;
}

/** Why a chart cannot be drawn from these results, and what to measure for it. */
export interface Missing {
  /** A sentence. */
  readonly missing: string;
}

/** Sections of the page, in order. */
export const SECTIONS = {
  atomics: "Atomics",
  scaling: "Scaling",
  barriers: "Barriers",
  correctness: "Correctness",
  published: "Published and measured",
  resources: "Core and resources",
} as const;

/** One chart of the report. */
export interface Chart {
  /** Name of its files. */
  readonly id: string;
  /** Section of the page it stands in. */
  readonly section: keyof typeof SECTIONS;
  /** Heading of the chart. */
  readonly title: string;
  /** Fills it from results. */
  readonly draw: (tables: Tables) => Drawing | Missing;
}

/** The sentence on intervals of charts that show amounts. */
export const MEAN_INTERVAL: string =
  "Points are geometric means over the processes that ran the cell; bars are 95 % intervals " +
  "(Student's t on logarithms), from five processes on.";

/** The sentence on intervals of charts that show shares. */
export const SHARE_INTERVAL: string =
  "Points are means over the processes that ran the cell; bars are 95 % intervals (Student's t), " +
  "from five processes on.";

/** The sentence on intervals of charts that show ratios. */
export const RATIO_INTERVAL: string =
  "Points are geometric means of ratios, taken turn by turn; bars are 95 % intervals (Student's t " +
  "on logarithms), from five turns on. Verdicts are corrected for all comparisons of the chart " +
  "(Holm), so that a bar may leave out 1 where there is no significant difference.";
