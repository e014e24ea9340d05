/**
 * Published results that are shown beside our own.
 * @module
 */

/** One published number; a value that the source does not give as a number is not listed. */
export interface PublishedValue {
  /** What was measured, in the source's terms. */
  readonly series: string;
  /** Which part of the figure, such as `counters 128`; empty where there is one part. */
  readonly part: string;
  /** Threads or vCPUs; null where the number is not of one of them. */
  readonly threads: number | null;
  /** In the unit of the figure; the middle where `range` is given. */
  readonly value: number;
  /** The range that the source gives in place of one number. */
  readonly range: readonly [number, number] | null;
}

/** One published figure. */
export interface PublishedFigure {
  /** As in `deno task reproduce`. */
  readonly id: string;
  /** Authors, title, year and where in it. */
  readonly source: string;
  /** `not stated` where the source does not say. */
  readonly hardware: string;
  /** What was run. */
  readonly workload: string;
  /** Its numbers. */
  readonly values: readonly PublishedValue[];
  /** What differs between the published measurement and ours, in a sentence. */
  readonly differs: string;
}
