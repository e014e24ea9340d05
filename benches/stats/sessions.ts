/**
 * Identical sessions compared with each other: every difference that the verdicts find is false.
 * @module
 */
import { FAMILY_ERROR, type Judged, judgeFamily } from "./family.ts";
import type { Measure } from "./measure.ts";

/** One session's timed cells. */
export interface SessionCells {
  /** For lists. */
  readonly name: string;
  /** Measures by id of the cell. */
  readonly cells: ReadonlyMap<string, readonly Measure[]>;
}

/** A cell in two sessions. */
export interface CrossComparison extends Judged {
  /** Id of the cell. */
  readonly cell: string;
  /** Names of the two sessions. */
  readonly sessions: readonly [string, string];
}

/** Every cell of every two sessions, judged as one family. */
export function compareSessions(sessions: readonly SessionCells[]): CrossComparison[] {
  const pairs = sessions.flatMap((first, at) =>
    sessions.slice(at + 1).flatMap((second) =>
      [...first.cells].flatMap(([cell, values]) => {
        const base = second.cells.get(cell) ?? [];
        if (values.length === 0 || base.length === 0) return [];
        return [{ cell, sessions: [first.name, second.name] as const, values, base }];
      })
    )
  );
  const judged = judgeFamily(pairs, { sameSession: false });
  return pairs.map(({ cell, sessions }, at) => ({ ...judged[at], cell, sessions }));
}

/** How many comparisons there are and how many came out different. */
export interface CrossCount {
  /** With enough measures on both sides. */
  readonly judged: number;
  /** With too few. */
  readonly few: number;
  /** Called different after correction. */
  readonly different: number;
  /** Those that would be called different alone. */
  readonly alone: number;
}

/** Counts `comparisons`. */
export function countDifferent(comparisons: readonly CrossComparison[]): CrossCount {
  const judged = comparisons.filter(({ corrected }) => corrected !== null);
  return {
    judged: judged.length,
    few: comparisons.length - judged.length,
    different: judged.filter(({ verdict }) => verdict === "higher" || verdict === "lower").length,
    alone: judged.filter(({ probability }) => probability! <= FAMILY_ERROR).length,
  };
}
