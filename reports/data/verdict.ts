/**
 * Comparisons in words.
 * @module
 */
import { compare, type Comparison, FEWEST_TO_COMPARE } from "../../benches/stats/summary.ts";

/** A comparison with the words that the report uses for it. */
export interface Compared extends Comparison {
  /** Samples of the smaller side. */
  readonly samples: number;
  /** Which side is faster, or why that cannot be said. */
  readonly words: string;
}

/**
 * Compares two sets of samples; null when either is empty. `up` and `down` are the words for a ratio
 * above and below 1.
 */
export function comparedOf(
  values: readonly number[],
  base: readonly number[],
  up = "faster",
  down = "slower",
): Compared | null {
  if (values.length === 0 || base.length === 0) return null;
  const comparison = compare(values, base);
  const { interval } = comparison;
  const samples = Math.min(values.length, base.length);
  const same = interval.low <= 1 && interval.high >= 1;
  const direction = interval.low > 1 ? up : down;
  const words = same
    ? "no significant difference"
    : samples < FEWEST_TO_COMPARE
    ? "too few samples"
    : direction;
  return { ...comparison, samples, words };
}
