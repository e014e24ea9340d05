/**
 * Which scheme of a slice is the fastest, if that can be said.
 * @module
 */
import { FEWEST_MEASURES } from "../../benches/stats/summary.ts";
import type { Tables } from "./cells.ts";
import { isScheme } from "./roles.ts";
import type { Member } from "./slices.ts";
import { type Compared, judged } from "./verdict.ts";

/** The first of the schemes that were measured often enough. */
export interface Fastest {
  /** It. */
  readonly first: Member;
  /** Others that cannot be told apart from it, fastest first. */
  readonly tied: readonly Member[];
  /** The first over the next; null when there is no other. */
  readonly lead: Compared | null;
  /** Schemes that were measured, but too seldom to be compared. */
  readonly unranked: readonly Member[];
}

/** Schemes of `members` that were measured, fastest first. */
function measuredSchemes(members: readonly Member[]): Member[] {
  return members
    .filter(({ cell }) => isScheme(cell) && cell.measures.length > 0)
    .sort((a, b) => b.cell.throughput!.centre - a.cell.throughput!.centre);
}

function isOftenEnough({ cell }: Member): boolean {
  return cell.measures.length >= FEWEST_MEASURES;
}

/**
 * The fastest of `members`; null when none has enough measures. Since the results themselves choose
 * who comes first, all pairs of candidates are one family.
 */
export function fastestOf(tables: Tables, members: readonly Member[]): Fastest | null {
  const measured = measuredSchemes(members);
  const ranked = measured.filter(isOftenEnough);
  if (ranked.length === 0) return null;
  const pairs = ranked.flatMap((first, at) =>
    ranked.slice(at + 1).map((second) => ({ first, second }))
  );
  const results = judged(
    tables,
    pairs,
    ({ first, second }) => ({ cell: first.cell, base: second.cell }),
  ).filter(({ item }) => item.first === ranked[0]);
  return {
    first: ranked[0],
    tied: results.filter(({ compared }) => compared?.verdict !== "higher")
      .map(({ item }) => item.second),
    lead: results[0]?.compared ?? null,
    unranked: measured.filter((member) => !isOftenEnough(member)),
  };
}
