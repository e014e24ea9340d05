/**
 * Rows that compare each series with a base.
 * @module
 */
import type { Row } from "../data/csv.ts";
import { type Member, memberAt } from "../data/slices.ts";
import { comparedOf } from "../data/verdict.ts";
import type { DotRow } from "./dots.ts";
import type { Column } from "./types.ts";

/** A row of ratios with its verdict. */
export type RatioRow = DotRow & Row & { readonly verdict: string };

/** The verdict's column. */
export const VERDICT: Column = { field: "verdict", title: "Verdict" };

/**
 * Throughput of `members` over that of the series `base` at the same number of vCPUs. Members
 * without a base to compare with are left out; those with trouble have no value.
 */
export function ratioRows(
  slice: string,
  members: readonly Member[],
  bases: readonly Member[],
  base: string,
): RatioRow[] {
  return members.flatMap(({ series, cell }) => {
    const { vcpus } = cell.record;
    const against = memberAt(bases, base, vcpus)?.cell;
    if (series === base || against === undefined || against.throughputs.length === 0) return [];
    const compared = comparedOf(cell.throughputs, against.throughputs);
    if (compared === null && cell.trouble === "") return [];
    return [{
      slice,
      vcpus,
      series,
      value: compared?.ratio ?? null,
      low: compared?.interval.low ?? null,
      high: compared?.interval.high ?? null,
      samples: compared?.samples ?? 0,
      trouble: compared === null ? cell.trouble : "",
      verdict: compared?.words ?? "",
    }];
  });
}

/** How many of the rows are not a significant difference, in words; empty for none. */
export function undecided(rows: readonly RatioRow[]): string[] {
  const same = rows.filter((row) => row.verdict === "no significant difference").length;
  const few = rows.filter((row) => row.verdict === "too few samples").length;
  const timed = rows.filter((row) => row.value !== null).length;
  const notes: string[] = [];
  if (same > 0) notes.push(`${same} of ${timed} comparisons show no significant difference.`);
  if (few > 0) {
    notes.push(
      `${few} of ${timed} comparisons have too few samples for a verdict: use \`--repeat 5\` or more.`,
    );
  }
  return notes;
}
