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
  readonly value: number;
  /** The range that the source gives in place of one number. */
  readonly range: readonly [number, number] | null;
}

/** One published figure. */
export interface PublishedFigure {
  /** As in `deno task reproduce`. */
  readonly id: string;
  readonly source: string;
  /** `not stated` where the source does not say. */
  readonly hardware: string;
  readonly workload: string;
  readonly values: readonly PublishedValue[];
  /** What differs between the published measurement and ours, in a sentence. */
  readonly differs: string;
}
