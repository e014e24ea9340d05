/**
 * How long to make a timed run: warm-up runs grow until their speed can be told, then the size is
 * set for the wanted time and stays for the cell.
 * @module
 */
import type { TimedSize } from "../experiments/plan.ts";

/** A warm-up this large a part of the wanted time tells the speed well enough. */
const ENOUGH = 1 / 8;

/** Largest step from one warm-up to the next. */
const MOST_GROWTH = 50;

/** Warm-ups at most; the first ones of a fast subject are mostly start-up. */
export const MOST_PILOTS = 4;

/** What to do after a run of `size` that took `seconds`. */
export interface NextSize {
  /** Value of the size parameter. */
  readonly size: number;
  /** Whether the size is final; otherwise it is another warm-up's. */
  readonly final: boolean;
}

/** Two digits are enough and read well. */
function rounded(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.max(1, Math.round(value / unit) * unit);
}

/** The next size; `pilots` counts the warm-ups done. */
export function nextSize(
  timed: TimedSize,
  size: number,
  seconds: number,
  pilots: number,
): NextSize {
  const scale = seconds > 0 ? timed.seconds / seconds : MOST_GROWTH;
  const final = seconds >= timed.seconds * ENOUGH || pilots >= MOST_PILOTS;
  const wanted = size * (final ? scale : Math.min(scale, MOST_GROWTH));
  return { size: rounded(Math.min(wanted, timed.most)), final };
}
