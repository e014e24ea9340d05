/**
 * Student's t, from `jstat`.
 * @module
 */
import jstat from "jstat";

/** The estimate of a mean: what an interval or a test is made from. */
export interface MeanEstimate {
  /** The mean. */
  readonly mean: number;
  /** Its standard error. */
  readonly error: number;
  /** Degrees of freedom of the standard error. */
  readonly freedom: number;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean and standard error of at least two values; throws a RangeError for fewer. */
export function estimateMean(values: readonly number[]): MeanEstimate {
  if (values.length < 2) throw new RangeError("A standard error needs at least two values");
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const freedom = values.length - 1;
  return { mean, error: Math.sqrt(squares / freedom / values.length), freedom };
}

/** Difference of two means whose spreads may differ (Welch, with Satterthwaite's degrees of freedom). */
export function estimateDifference(
  values: readonly number[],
  base: readonly number[],
): MeanEstimate {
  const a = estimateMean(values), b = estimateMean(base);
  const error = Math.hypot(a.error, b.error);
  const freedom = error === 0
    ? a.freedom + b.freedom
    : error ** 4 / (a.error ** 4 / a.freedom + b.error ** 4 / b.freedom);
  return { mean: a.mean - b.mean, error, freedom };
}

/** Half the width of the interval that covers the mean with probability `coverage`. */
export function halfWidth({ error, freedom }: MeanEstimate, coverage: number): number {
  return error === 0 ? 0 : error * jstat.studentt.inv(1 - (1 - coverage) / 2, freedom);
}

/** How probable a mean this far from zero or farther is when the true one is zero (two-sided). */
export function probabilityOfZero({ mean, error, freedom }: MeanEstimate): number {
  if (mean === 0) return 1;
  if (error === 0) return 0;
  return Math.min(1, 2 * jstat.studentt.cdf(-Math.abs(mean) / error, freedom));
}
