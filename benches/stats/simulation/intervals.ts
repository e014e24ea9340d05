/**
 * Ways to an interval, on logarithms of measures: the one in use and those that were tried beside it.
 * @module
 */
import { cumulativeStdNormalProbability, probit } from "simple-statistics";
import { estimateMean, halfWidth } from "../student.ts";
import { COVERAGE, FEWEST_MEASURES, type Interval, median } from "../summary.ts";
import type { Random } from "../random.ts";

/** A way to an interval. */
export interface Method {
  /** For tables. */
  readonly name: string;
  /** What the interval is to cover. */
  readonly of: "mean" | "median";
  /** The interval of some logarithms; null where it cannot be had. */
  interval(logs: readonly number[], random: Random): Interval | null;
}

/** Resamplings of each bootstrap. */
const RESAMPLES = 400;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `statistic` of resampled values, ascending. */
function resampled(
  values: readonly number[],
  random: Random,
  statistic: (values: readonly number[]) => number,
): number[] {
  return Array.from(
    { length: RESAMPLES },
    () => statistic(values.map(() => values[Math.floor(random() * values.length)])),
  ).sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  const at = Math.round(share * (sorted.length - 1));
  return sorted[Math.min(sorted.length - 1, Math.max(0, at))];
}

const TAIL = (1 - COVERAGE) / 2;

function percentile(logs: readonly number[], random: Random): Interval {
  const sorted = resampled(logs, random, median);
  return { low: quantile(sorted, TAIL), high: quantile(sorted, 1 - TAIL) };
}

/** The narrowest pair of ranks that covers the median of any distribution often enough. */
function orderStatistics(logs: readonly number[]): Interval | null {
  const sorted = [...logs].sort((a, b) => a - b);
  const count = sorted.length;
  let chance = 0.5 ** count, below = 0, rank = -1;
  // Binomial probabilities of how many values lie below the median.
  for (let at = 0; at < count / 2; at++) {
    below += chance;
    if (below > TAIL) break;
    rank = at;
    chance *= (count - at) / (at + 1);
  }
  return rank < 0 ? null : { low: sorted[rank], high: sorted[count - 1 - rank] };
}

/** Bias-corrected and accelerated (Efron 1987), of the mean. */
function biasCorrected(logs: readonly number[], random: Random): Interval | null {
  const mean = meanOf(logs), count = logs.length;
  const sorted = resampled(logs, random, meanOf);
  const below = sorted.filter((value) => value < mean).length / sorted.length;
  const left = logs.map((value) => (mean * count - value) / (count - 1));
  const distances = left.map((value) => meanOf(left) - value);
  const squares = distances.reduce((sum, one) => sum + one ** 2, 0);
  if (squares === 0 || below === 0 || below === 1) return null;
  const acceleration = distances.reduce((sum, one) => sum + one ** 3, 0) / (6 * squares ** 1.5);
  const bias = probit(below);
  const end = (share: number) => {
    const normal = bias + probit(share);
    const moved = bias + normal / (1 - acceleration * normal);
    return quantile(sorted, cumulativeStdNormalProbability(moved));
  };
  return { low: end(TAIL), high: end(1 - TAIL) };
}

/** Bootstrap of Student's statistic. */
function studentised(logs: readonly number[], random: Random): Interval | null {
  const { mean, error } = estimateMean(logs);
  const sorted = resampled(logs, random, (values) => {
    const one = estimateMean(values);
    return one.error === 0 ? 0 : (one.mean - mean) / one.error;
  });
  return {
    low: mean - quantile(sorted, 1 - TAIL) * error,
    high: mean - quantile(sorted, TAIL) * error,
  };
}

function student(logs: readonly number[]): Interval {
  const estimate = estimateMean(logs);
  const half = halfWidth(estimate, COVERAGE);
  return { low: estimate.mean - half, high: estimate.mean + half };
}

/** The way in use; it shows nothing below five measures. */
export const IN_USE: Method = {
  name: "Student, from five on",
  of: "mean",
  interval: (logs) => logs.length < FEWEST_MEASURES ? null : student(logs),
};

/** All ways, the one in use last. */
export const METHODS: readonly Method[] = [
  { name: "percentile bootstrap", of: "median", interval: percentile },
  { name: "order statistics", of: "median", interval: orderStatistics },
  { name: "BCa bootstrap", of: "mean", interval: biasCorrected },
  { name: "studentised bootstrap", of: "mean", interval: studentised },
  { name: "Student, always", of: "mean", interval: student },
  IN_USE,
];
