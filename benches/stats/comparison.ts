/**
 * The ratio of two cells. Measures of the same turn are compared as pairs, so that what slowed the
 * host down in that turn cancels; cells without enough common turns are compared as they are.
 * @module
 */
import type { Measure } from "./measure.ts";
import { LOOKS, looksUpTo } from "./sequential.ts";
import {
  estimateDifference,
  estimateMean,
  halfWidth,
  type MeanEstimate,
  probabilityOfZero,
} from "./student.ts";
import { COVERAGE, FEWEST_MEASURES, type Interval } from "./summary.ts";

/** How two cells compare, before any correction for the number of comparisons. */
export interface Comparison {
  /** Geometric mean of the first over that of the second, of the pairs where there are pairs. */
  readonly ratio: number;
  /** 95 % interval of the ratio; null where so few measures carry none. */
  readonly interval: Interval | null;
  /** How probable such a ratio is between equal cells; null where there are too few measures. */
  readonly probability: number | null;
  /** Measures of the side that has fewer, or pairs. */
  readonly samples: number;
  /** Whether the measures were compared by turns. */
  readonly paired: boolean;
}

/** How the measures came about. */
export interface ComparisonOptions {
  /** Whether it was looked at the results on the way to decide on going on (`--until-clear`). */
  readonly sequential?: boolean;
  /** Whether equal turns are the same turn; not so for cells of two sessions. */
  readonly sameSession?: boolean;
}

/** Logarithms of the values by turn; the first measure counts where a turn has several. */
function logarithms(measures: readonly Measure[]): Map<number, number> {
  const byTurn = new Map<number, number>();
  for (const { turn, value } of measures) {
    if (!byTurn.has(turn)) byTurn.set(turn, Math.log(value));
  }
  return byTurn;
}

/** Differences of the logarithms in the turns that both have, in the order of turns. */
function differences(values: readonly Measure[], base: readonly Measure[]): number[] {
  const own = logarithms(values), others = logarithms(base);
  return [...own.keys()].filter((turn) => others.has(turn)).sort((a, b) => a - b)
    .map((turn) => own.get(turn)! - others.get(turn)!);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What `count` measures say; `estimate` gives the mean log-ratio of the first so many. */
function judged(
  count: number,
  looks: readonly number[],
  shares: number,
  estimate: (count: number) => MeanEstimate,
): Pick<Comparison, "interval" | "probability"> {
  if (count < FEWEST_MEASURES) return { interval: null, probability: null };
  const estimates = looks.map(estimate);
  const last = estimates[estimates.length - 1];
  const half = halfWidth(last, 1 - (1 - COVERAGE) / shares);
  return {
    interval: { low: Math.exp(last.mean - half), high: Math.exp(last.mean + half) },
    probability: Math.min(1, shares * Math.min(...estimates.map(probabilityOfZero))),
  };
}

function comparedPairs(pairs: readonly number[], sequential: boolean): Comparison {
  const count = pairs.length;
  return {
    ratio: Math.exp(meanOf(pairs)),
    samples: count,
    paired: true,
    ...judged(
      count,
      sequential ? looksUpTo(count) : [count],
      // Each of the looks that there can be takes its share of the error.
      sequential ? LOOKS.length : 1,
      (first) => estimateMean(pairs.slice(0, first)),
    ),
  };
}

function comparedApart(own: readonly number[], others: readonly number[]): Comparison {
  const samples = Math.min(own.length, others.length);
  return {
    ratio: Math.exp(meanOf(own) - meanOf(others)),
    samples,
    paired: false,
    ...judged(samples, [samples], 1, () => estimateDifference(own, others)),
  };
}

/**
 * Compares `values` with `base`. All measures must be above zero and neither side empty; throws a
 * RangeError otherwise.
 */
export function compare(
  values: readonly Measure[],
  base: readonly Measure[],
  { sequential = false, sameSession = true }: ComparisonOptions = {},
): Comparison {
  if (values.length === 0 || base.length === 0) {
    throw new RangeError("A comparison needs measures on both sides");
  }
  const wrong = [...values, ...base].find(({ value }) => !(value > 0));
  if (wrong) throw new RangeError(`${wrong.value} is not above zero and has no ratio`);
  const pairs = sameSession ? differences(values, base) : [];
  // Only one kind of test may look more than once.
  if (pairs.length >= FEWEST_MEASURES || (sequential && pairs.length > 0)) {
    return comparedPairs(pairs, sequential);
  }
  const logs = (measures: readonly Measure[]) => measures.map(({ value }) => Math.log(value));
  const apart = comparedApart(logs(values), logs(base));
  return sequential ? { ...apart, interval: null, probability: null } : apart;
}
