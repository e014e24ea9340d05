/**
 * Summaries of repeated measurements: median, spread, bootstrap intervals, comparisons.
 * @module
 */
import { type Random, seededRandom } from "./random.ts";

/** A range of plausible values. */
export interface Interval {
  /** Lower bound. */
  readonly low: number;
  /** Upper bound. */
  readonly high: number;
}

/** What is said of one cell's samples. */
export interface Summary {
  /** How many. */
  readonly samples: number;
  /** Middle value. */
  readonly median: number;
  /** Bootstrap 95 % interval of the median; see `bootstrapMedian` for few samples. */
  readonly interval: Interval;
  /** Least sample. */
  readonly minimum: number;
  /** Greatest sample. */
  readonly maximum: number;
  /** Positions of the samples that lie far out; flagged, never dropped. */
  readonly outliers: readonly number[];
}

/** How a comparison came out. */
export type Verdict =
  | "higher"
  | "lower"
  | "no significant difference"
  | "too few samples";

/** A ratio of two medians. */
export interface Comparison {
  /** Median of the first over median of the second. */
  readonly ratio: number;
  /** Bootstrap 95 % interval of the ratio. */
  readonly interval: Interval;
  /** Whether that is a difference. */
  readonly verdict: Verdict;
}

/** Resamplings of a bootstrap. */
const RESAMPLES = 2000;

/** Seed of every bootstrap, so that a report can be made again from the same file. */
const BOOTSTRAP_SEED = 1;

/**
 * Fewer samples than this on one side and no interval of 95 % can be had from their order alone: of
 * 4 + 4 samples, one side lies wholly above the other by chance in 1 of 35 cases, of 3 + 3 in 1 of 10.
 */
export const FEWEST_TO_COMPARE = 4;

/** Outside this many scaled median absolute deviations a sample is flagged (Iglewicz and Hoaglin). */
const OUTLIER_SCORE = 3.5;

/** A normal distribution's median absolute deviation in standard deviations. */
const MAD_OF_NORMAL = 0.6745;

function sorted(values: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError("A summary needs at least one sample");
  return [...values].sort((a, b) => a - b);
}

function medianOfSorted(values: ArrayLike<number>): number {
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

/** Middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  return medianOfSorted(sorted(values));
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

function resampledMedian(values: readonly number[], scratch: Float64Array, random: Random): number {
  for (let i = 0; i < scratch.length; i++) {
    scratch[i] = values[Math.floor(random() * scratch.length)];
  }
  scratch.sort();
  return medianOfSorted(scratch);
}

/** Middle 95 % of `draw`'s results. */
function percentileInterval(draw: () => number): Interval {
  const results = new Float64Array(RESAMPLES);
  for (let i = 0; i < RESAMPLES; i++) results[i] = draw();
  results.sort();
  return {
    low: results[Math.floor(RESAMPLES * 0.025)],
    high: results[Math.ceil(RESAMPLES * 0.975) - 1],
  };
}

/**
 * Percentile bootstrap 95 % interval of the median. With fewer than six samples it is at most the
 * range of the samples, which covers the true median less often than 95 % (five samples: 94 %, three:
 * 75 %): show the number of samples beside it.
 */
export function bootstrapMedian(
  values: readonly number[],
  seed: number = BOOTSTRAP_SEED,
): Interval {
  sorted(values);
  const random = seededRandom(seed);
  const scratch = new Float64Array(values.length);
  return percentileInterval(() => resampledMedian(values, scratch, random));
}

/** All of the above of one cell's samples; throws a RangeError for none. */
export function summarise(values: readonly number[], seed: number = BOOTSTRAP_SEED): Summary {
  const inOrder = sorted(values);
  return {
    samples: values.length,
    median: medianOfSorted(inOrder),
    interval: bootstrapMedian(values, seed),
    minimum: inOrder[0],
    maximum: inOrder[inOrder.length - 1],
    outliers: outliers(values),
  };
}

/**
 * Ratio of the medians of `values` and `base` with a bootstrap interval over both. The verdict is a
 * difference only when the interval leaves out 1 and both sides have enough samples.
 */
export function compare(
  values: readonly number[],
  base: readonly number[],
  seed: number = BOOTSTRAP_SEED,
): Comparison {
  const ratio = median(values) / median(base);
  const random = seededRandom(seed);
  const scratch = new Float64Array(values.length), baseScratch = new Float64Array(base.length);
  const interval = percentileInterval(() =>
    resampledMedian(values, scratch, random) / resampledMedian(base, baseScratch, random)
  );
  return { ratio, interval, verdict: verdictOf(interval, Math.min(values.length, base.length)) };
}

function verdictOf(interval: Interval, samples: number): Verdict {
  if (samples < FEWEST_TO_COMPARE) return "too few samples";
  if (interval.low > 1) return "higher";
  if (interval.high < 1) return "lower";
  return "no significant difference";
}
