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
  /** In the unit of the figure; the middle where `range` is given, the bound where `atMost` is true. */
  readonly value: number;
  /** The range that the source gives in place of one number. */
  readonly range: readonly [number, number] | null;
  /** The point lies on the plot's axis: all that is known is that it is not above `value`. */
  readonly atMost?: true;
}

/** Where a number was published. */
export interface Source {
  /** Authors or project, and title. */
  readonly title: string;
  /** Of the publication. */
  readonly year: number;
  /** Mailing list, conference or repository. */
  readonly place: string;
  /** Number of the figure; where it has none, what it is and where it stands. */
  readonly figure: string;
}

/** One published figure. */
export interface PublishedFigure {
  /** As in `deno task reproduce`. */
  readonly id: string;
  /** Where it was published. */
  readonly source: Source;
  /** `not stated` where the source does not say. */
  readonly hardware: string;
  /** What was run. */
  readonly workload: string;
  /** Its numbers. */
  readonly values: readonly PublishedValue[];
  /** What differs between the published measurement and ours, a sentence each. */
  readonly differs: readonly string[];
}

/** A source as a report cites it. */
export function cited({ title, place, year, figure }: Source): string {
  return `${title}, ${place}, ${year}, ${figure}`;
}
