/**
 * Comparisons of cells in words: all that one chart or sentence compares is one family, whose verdicts
 * are corrected together.
 * @module
 */
import { compare } from "../../benches/stats/comparison.ts";
import { FAMILY_ERROR, judgeComparisons, type Judged } from "../../benches/stats/family.ts";
import type { Interval } from "../../benches/stats/summary.ts";
import type { Cell, Tables } from "./cells.ts";
import { runSameCode } from "./code.ts";

/** A cell and what it is compared with. */
export interface Pair {
  /** Its throughput is above the line. */
  readonly cell: Cell;
  /** Its throughput is below the line. */
  readonly base: Cell;
}

/** A comparison with the words that the report uses for it. */
export interface Compared extends Judged {
  /** Ids of the two cells. */
  readonly cells: readonly [string, string];
  /** Which side is faster, or why that cannot be said. */
  readonly words: string;
}

/** Words for a ratio above and below 1. */
export interface Words {
  /** Above. */
  readonly up: string;
  /** Below. */
  readonly down: string;
}

const FASTER: Words = { up: "faster", down: "slower" };

function wordsOf({ verdict }: Judged, { up, down }: Words): string {
  if (verdict === "higher") return up;
  return verdict === "lower" ? down : verdict;
}

/**
 * Each item with its comparison, or with null when it has no pair or one side was not timed. The
 * comparisons of one call are one family.
 */
export function judged<T>(
  tables: Tables,
  items: readonly T[],
  pairOf: (item: T) => Pair | null,
  words: Words = FASTER,
): { readonly item: T; readonly compared: Compared | null }[] {
  const pairs = items.map((item) => {
    const pair = pairOf(item);
    const timed = pair !== null && pair.cell.measures.length > 0 && pair.base.measures.length > 0;
    return timed ? pair : null;
  });
  const family = pairs.filter((pair) => pair !== null);
  const results = judgeComparisons(
    family.map(({ cell, base }) =>
      compare(cell.measures, base.measures, { sequential: tables.run.untilClear })
    ),
  );
  const found = new Map(family.map((pair, at) => [pair, results[at]]));
  return items.map((item, at) => {
    const pair = pairs[at];
    if (pair === null) return { item, compared: null };
    const one = found.get(pair)!;
    const cells = [pair.cell.record.cell, pair.base.record.cell] as const;
    const same = runSameCode(pair.cell.record, pair.base.record) ? " (same code)" : "";
    return { item, compared: { ...one, cells, words: wordsOf(one, words) + same } };
  });
}

/** The comparison of one pair alone; null when one side was not timed or is not there. */
export function judgedAlone(
  tables: Tables,
  cell: Cell | undefined,
  base: Cell | undefined,
): Compared | null {
  const pair = cell === undefined || base === undefined ? null : { cell, base };
  return judged(tables, [pair], (one) => one)[0].compared;
}

/** The comparisons that there are. */
export function comparisonsOf(
  items: readonly { readonly compared: Compared | null }[],
): Compared[] {
  return items.flatMap(({ compared }) => compared ?? []);
}

/** Whether the interval leaves out 1 while the verdict, corrected for the family, does not. */
function lostByCorrection({ corrected, probability }: Compared): boolean {
  return corrected !== null && probability! <= FAMILY_ERROR && corrected > FAMILY_ERROR;
}

/** What a reader should know of a family's verdicts, a sentence each. */
export function familyNotes(compared: readonly Compared[]): string[] {
  const count = (verdict: string) => compared.filter((one) => one.verdict === verdict).length;
  const same = count("no significant difference"), few = count("too few samples");
  const lost = compared.filter(lostByCorrection).length;
  const paired = compared.filter((one) => one.paired).length;
  const all = compared.length;
  return [
    ...(same > 0 ? [`${same} of ${all} comparisons show no significant difference.`] : []),
    ...(lost > 0
      ? [
        `${lost} of them would differ alone, but not among ${all} comparisons (Holm's correction).`,
      ]
      : []),
    ...(few > 0
      ? [
        `${few} of ${all} comparisons have too few samples for a verdict: use \`--repeat 7\` or ` +
        "more.",
      ]
      : []),
    ...(paired < all - few
      ? [`${all - few - paired} comparisons are not between runs of the same turns.`]
      : []),
  ];
}

/** The ends of an interval as fields of a row. */
export function ends(interval: Interval | null): { low: number | null; high: number | null } {
  return { low: interval?.low ?? null, high: interval?.high ?? null };
}
