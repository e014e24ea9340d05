/**
 * A cell's measures in a few numbers: centre, interval, range, outliers.
 * @module
 */
import { estimateMean, halfWidth } from "./student.ts";

/** A range of plausible values. */
export interface Interval {
  /** Lower bound. */
  readonly low: number;
  /** Upper bound. */
  readonly high: number;
}

/** What is said of one cell's measures. */
export interface Summary {
  /** How many processes. */
  readonly samples: number;
  /** Geometric mean of amounts, mean of shares. */
  readonly centre: number;
  /** 95 % interval of `centre`; null where so few measures carry none. */
  readonly interval: Interval | null;
  /** Least measure. */
  readonly minimum: number;
  /** Greatest measure. */
  readonly maximum: number;
  /** Positions of the measures that lie far out; flagged, never dropped. */
  readonly outliers: readonly number[];
}

/**
 * Fewer measures than this carry neither an interval nor a verdict: where a host has fast and slow
 * phases, four or fewer processes lie in one of them by chance too often (`check-statistics`).
 */
export const FEWEST_MEASURES = 5;

/** Coverage of every interval. */
export const COVERAGE = 0.95;

/** Outside this many scaled median absolute deviations a measure is flagged (Iglewicz and Hoaglin). */
const OUTLIER_SCORE = 3.5;

/** A normal distribution's median absolute deviation in standard deviations. */
const MAD_OF_NORMAL = 0.6745;

function sorted(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError("A summary needs at least one sample");
  return [...values].sort((a, b) => a - b);
}

/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const inOrder = sorted(values);
  const half = inOrder.length >> 1;
  return inOrder.length % 2 === 1 ? inOrder[half] : (inOrder[half - 1] + inOrder[half]) / 2;
}

/** Median of the distances from the median. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** Positions of the values with a modified z-score above 3.5. */
export function outliers(values: readonly number[]): number[] {
  const middle = median(values);
  const spread = medianAbsoluteDeviation(values);
  if (spread === 0) return [];
  return values.flatMap((value, at) =>
    (MAD_OF_NORMAL * Math.abs(value - middle)) / spread > OUTLIER_SCORE ? [at] : []
  );
}

/** The summary of `values`, whose centre and interval are found on the scale of `to`. */
function summaryOn(
  values: readonly number[],
  to: (value: number) => number,
  from: (value: number) => number,
): Summary {
  const inOrder = sorted(values);
  const scaled = values.map(to);
  const mean = scaled.reduce((sum, value) => sum + value, 0) / scaled.length;
  const half = scaled.length < FEWEST_MEASURES ? null : halfWidth(estimateMean(scaled), COVERAGE);
  return {
    samples: values.length,
    centre: from(mean),
    interval: half === null ? null : { low: from(mean - half), high: from(mean + half) },
    minimum: inOrder[0],
    maximum: inOrder[inOrder.length - 1],
    outliers: outliers(values),
  };
}

/**
 * Summary of amounts above zero, such as operations a second: geometric mean, with an interval of
 * Student's t on their logarithms. Throws a RangeError for none, or for an amount that is not above
 * zero.
 */
export function summarise(values: readonly number[]): Summary {
  const wrong = values.find((value) => !(value > 0));
  if (wrong !== undefined) throw new RangeError(`${wrong} is not above zero and has no logarithm`);
  return summaryOn(values, Math.log, Math.exp);
}

/** Summary of shares, which may be zero: mean, with an interval of Student's t, not below zero. */
export function summariseShares(values: readonly number[]): Summary {
  return summaryOn(values, (value) => value, (value) => Math.max(0, value));
}
