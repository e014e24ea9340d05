/**
 * What a session with `--until-clear` measures after its planned repeats: turn by turn the cells of
 * verdicts that are still open and can be settled in the time that is left.
 * @module
 */

/** A verdict that is open, with the turns of both cells that would likely settle it. */
export interface OpenVerdict {
  /** Ids of its cells. */
  readonly cells: readonly string[];
  /** Null when no number of turns will do. */
  readonly turns: number | null;
}

/** The next turn. */
export interface NextTurn {
  /** Ids of the cells to run. */
  readonly cells: readonly string[];
  /** An estimate of this turn and those after it. */
  readonly secondsLeft: number;
}

/**
 * The cells of the next turn, or null when nothing is to be gained. Verdicts are taken in the order of
 * what their cells have to run until they are settled, as long as all of it fits into `budgetSeconds`;
 * when not even the first does, the first is taken alone. Cells that are in several verdicts run once.
 */
export function nextTurn(
  open: readonly OpenVerdict[],
  secondsOf: (cell: string) => number,
  budgetSeconds: number,
): NextTurn | null {
  const wanted = open.flatMap(({ cells, turns }) => turns === null ? [] : [{ cells, turns }]);
  const cost = ({ cells, turns }: { cells: readonly string[]; turns: number }) =>
    turns * cells.reduce((sum, cell) => sum + secondsOf(cell), 0);
  const ranked = wanted.sort((a, b) => cost(a) - cost(b));
  /** Turns of each chosen cell. */
  let chosen = new Map<string, number>();
  const secondsOfAll = (turns: ReadonlyMap<string, number>) =>
    [...turns].reduce((sum, [cell, count]) => sum + count * secondsOf(cell), 0);
  for (const { cells, turns } of ranked) {
    const more = new Map(chosen);
    for (const cell of cells) more.set(cell, Math.max(turns, more.get(cell) ?? 0));
    if (chosen.size > 0 && secondsOfAll(more) > budgetSeconds) continue;
    chosen = more;
  }
  return chosen.size === 0
    ? null
    : { cells: [...chosen.keys()], secondsLeft: secondsOfAll(chosen) };
}
