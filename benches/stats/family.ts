/**
 * Verdicts on a family of comparisons, corrected by Holm's method: of all that one chart or table
 * compares, with probability 95 % not one equal pair is called different.
 * @module
 */
import { compare, type Comparison, type ComparisonOptions } from "./comparison.ts";
import type { Measure } from "./measure.ts";

/** How a comparison came out. */
export type Verdict = "higher" | "lower" | "no significant difference" | "too few samples";

/** A comparison as a member of its family. */
export interface Judged extends Comparison {
  /** `probability`, corrected for the family's size; null where there are too few measures. */
  readonly corrected: number | null;
  /** What may be said. */
  readonly verdict: Verdict;
}

/** Two cells to compare. */
export interface Contrast {
  /** Measures of the one. */
  readonly values: readonly Measure[];
  /** Measures of what it is compared with. */
  readonly base: readonly Measure[];
}

/** The chance of any false verdict in a family. */
export const FAMILY_ERROR = 0.05;

/** Probabilities corrected by Holm's step-down method, in the order given. */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, at) => at)
    .sort((a, b) => probabilities[a] - probabilities[b]);
  const corrected = new Array<number>(probabilities.length);
  let least = 0;
  order.forEach((at, rank) => {
    least = Math.max(least, Math.min(1, (probabilities.length - rank) * probabilities[at]));
    corrected[at] = least;
  });
  return corrected;
}

function verdictOf({ ratio }: Comparison, corrected: number | null): Verdict {
  if (corrected === null) return "too few samples";
  if (corrected > FAMILY_ERROR) return "no significant difference";
  return ratio > 1 ? "higher" : "lower";
}

/** Judges comparisons as one family; those with too few measures are no members of it. */
export function judgeComparisons(comparisons: readonly Comparison[]): Judged[] {
  const members = comparisons.flatMap(({ probability }, at) => probability === null ? [] : [at]);
  const values = holm(members.map((at) => comparisons[at].probability!));
  const corrected = new Map(members.map((at, place) => [at, values[place]]));
  return comparisons.map((comparison, at) => {
    const own = corrected.get(at) ?? null;
    return { ...comparison, corrected: own, verdict: verdictOf(comparison, own) };
  });
}

/** Compares every contrast and judges them as one family. No side may be empty. */
export function judgeFamily(
  contrasts: readonly Contrast[],
  options: ComparisonOptions = {},
): Judged[] {
  return judgeComparisons(contrasts.map(({ values, base }) => compare(values, base, options)));
}
