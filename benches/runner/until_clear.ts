/**
 * What a session with `--until-clear` measures after its planned repeats: turn by turn the cells of
 * verdicts that are still open and can be settled in the time that is left.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import { type Random, seededRandom, shuffled } from "../stats/random.ts";
import type { Job } from "./jobs.ts";

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

/** What the further turns of a session go by. */
export interface UntilClearOptions {
  /** The plan. */
  readonly cells: readonly PlannedCell[];
  /** Of the order within turns. */
  readonly seed: number;
  /** The verdicts that are open by the results so far. */
  readonly open: () => readonly OpenVerdict[];
}

/** What is known when a turn is over. */
export interface TurnState {
  /** First turn that is not used yet. */
  readonly turn: number;
  /** First process that is not used yet. */
  readonly process: number;
  /** Whether a cell may still be run. */
  readonly runnable: (cell: string) => boolean;
  /** First repeat of a cell that is not used yet. */
  readonly repeat: (cell: string) => number;
  /** Time that is left. */
  readonly budgetSeconds: number;
}

/** Time that a cell takes of which nothing is known yet. */
const UNKNOWN_SECONDS = 1;

/** Makes the jobs of turn after turn. */
export class UntilClear {
  readonly #options: UntilClearOptions;
  readonly #cells: ReadonlyMap<string, PlannedCell>;
  readonly #random: Random;
  /** Seconds of the latest job by cell. */
  readonly #seconds = new Map<string, number>();
  #secondsLeft = 0;

  /** Nothing is looked at yet. */
  constructor(options: UntilClearOptions) {
    this.#options = options;
    this.#cells = new Map(options.cells.map((planned) => [planned.cell.cell, planned]));
    this.#random = seededRandom(options.seed);
  }

  /** Notes what a job of a cell took. */
  did(cell: string, seconds: number): void {
    this.#seconds.set(cell, seconds);
  }

  /** An estimate for the turns after the one made last. */
  get secondsLeft(): number {
    return this.#secondsLeft;
  }

  /** How many verdicts are open that cells of the plan can still settle. */
  openCount(runnable: (cell: string) => boolean): number {
    return this.#open(runnable).length;
  }

  #open(runnable: (cell: string) => boolean): OpenVerdict[] {
    return this.#options.open().filter(({ cells }) =>
      cells.every((cell) => this.#cells.has(cell) && runnable(cell))
    );
  }

  #secondsOf(cell: string): number {
    return this.#seconds.get(cell) ?? UNKNOWN_SECONDS;
  }

  /** The jobs of the next turn, in random order; none when nothing is to be gained. */
  jobs({ turn, process, runnable, repeat, budgetSeconds }: TurnState): Job[] {
    const secondsOf = (cell: string) => this.#secondsOf(cell);
    const next = nextTurn(this.#open(runnable), secondsOf, budgetSeconds);
    if (next === null) return [];
    const ownSeconds = next.cells.reduce((sum, cell) => sum + secondsOf(cell), 0);
    this.#secondsLeft = Math.max(0, next.secondsLeft - ownSeconds);
    return shuffled(next.cells, this.#random).map((cell, at) => ({
      planned: this.#cells.get(cell)!,
      repeats: [repeat(cell)],
      turn,
      process: process + at,
    }));
  }
}
