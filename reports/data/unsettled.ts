/**
 * Which verdicts of a report's charts are not settled yet, and how many more turns each would take:
 * what a session with `--until-clear` goes on for.
 * @module
 */
import { FAMILY_ERROR } from "../../benches/stats/family.ts";
import { MOST_TURNS, nextLook } from "../../benches/stats/sequential.ts";
import { CHARTS } from "../charts/registry.ts";
import type { Tables } from "./cells.ts";
import type { Compared } from "./verdict.ts";

/** A pair whose ratio lies within this factor of 1 is settled as equal. */
export const EQUAL_WITHIN = 1.05;

/** A verdict that is open. */
export interface Unsettled {
  /** Ids of its two cells. */
  readonly cells: readonly [string, string];
  /** Turns of both cells until it is likely settled; null when no number of turns will do. */
  readonly turns: number | null;
}

/** All comparisons that the charts make of these results. */
export function chartComparisons(tables: Tables): Compared[] {
  return CHARTS.flatMap(({ draw }) => {
    const drawing = draw(tables);
    return "missing" in drawing ? [] : drawing.comparisons ?? [];
  });
}

/** Whether more turns would change nothing that is said. */
export function isSettled({ corrected, interval }: Compared): boolean {
  if (corrected !== null && corrected <= FAMILY_ERROR) return true;
  return interval !== null && interval.low > 1 / EQUAL_WITHIN && interval.high < EQUAL_WITHIN;
}

/**
 * Turns after which the interval, which narrows with their square root, will leave out 1 or lie within
 * {@linkcode EQUAL_WITHIN}; never beyond the last look.
 */
function turnsNeeded({ ratio, interval, samples }: Compared): number | null {
  const look = nextLook(samples);
  if (look === null) return null;
  if (interval === null) return look - samples;
  const half = Math.log(interval.high / interval.low) / 2;
  const distance = Math.abs(Math.log(ratio));
  const toDiffer = samples * (half / distance) ** 2;
  const room = Math.log(EQUAL_WITHIN) - distance;
  const toEqual = room > 0 ? samples * (half / room) ** 2 : Infinity;
  const needed = Math.min(toDiffer, toEqual);
  return needed > MOST_TURNS ? null : Math.max(look, Math.ceil(needed)) - samples;
}

/** The open verdicts of all charts, those that are settled soonest first. */
export function unsettled(tables: Tables): Unsettled[] {
  const rank = ({ turns }: Unsettled) => turns ?? Infinity;
  return chartComparisons(tables).filter((one) => !isSettled(one))
    .map((one) => ({ cells: one.cells, turns: turnsNeeded(one) }))
    .sort((a, b) => rank(a) - rank(b));
}
