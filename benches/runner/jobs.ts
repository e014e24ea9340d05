/**
 * The order of work. A job is some repeats of a cell in one fresh process; a turn is one job of every
 * cell that lacks repeats, in random order. So every cell is measured once before any is twice, the
 * repeats of a cell are spread over the session, and what disturbs the machine in a turn disturbs all
 * cells of it alike, which are then compared as pairs. Where the experiment asks for it, the subjects
 * of one workload follow each other within the turn.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import { isStandard } from "../experiments/types.ts";
import type { Results } from "../results/reader.ts";
import { GIVEN_UP } from "../results/types.ts";
import { seededRandom, shuffled } from "../stats/random.ts";

/** Repeats of one cell for one process. */
export interface Job {
  /** The cell. */
  readonly planned: PlannedCell;
  /** Numbers of the repeats. */
  readonly repeats: readonly number[];
  /** Turn of the session, from 0; a resumed session goes on with new turns. */
  readonly turn: number;
  /** Process within the results file, from 0. */
  readonly process: number;
}

/** Failures after which a cell is not tried again. */
export const HOPELESS: readonly string[] = GIVEN_UP;

/** What an earlier run has of each cell. */
export interface Earlier {
  /** Finished repeats by cell. */
  readonly repeats: ReadonlyMap<string, ReadonlySet<number>>;
  /** Cells that were given up. */
  readonly hopeless: ReadonlySet<string>;
  /** First turn that is not used yet. */
  readonly turn: number;
  /** First process that is not used yet. */
  readonly process: number;
}

/** Reads what is finished from earlier results. */
export function earlierOf(
  results: Pick<Results, "samples" | "failures"> & Partial<Pick<Results, "setAside">>,
): Earlier {
  const repeats = new Map<string, Set<number>>();
  const hopeless = new Set<string>();
  let turn = 0, process = 0;
  for (const record of [...results.samples, ...results.failures, ...results.setAside ?? []]) {
    turn = Math.max(turn, record.turn + 1);
    process = Math.max(process, record.process + 1);
  }
  for (const record of [...results.samples, ...results.failures]) {
    if (record.kind === "failure" && HOPELESS.includes(record.failure)) hopeless.add(record.cell);
    const known = repeats.get(record.cell) ?? new Set<number>();
    repeats.set(record.cell, known.add(record.repeat));
  }
  return { repeats, hopeless, turn, process };
}

type Task = Pick<Job, "planned" | "repeats">;

/** The jobs still to do; the same for the same seed and earlier results. */
export function orderJobs(cells: readonly PlannedCell[], seed: number, earlier: Earlier): Job[] {
  const turns: Task[][] = [];
  for (const planned of cells) {
    if (earlier.hopeless.has(planned.cell.cell)) continue;
    const done = earlier.repeats.get(planned.cell.cell) ?? new Set();
    const left = Array.from({ length: planned.repeats }, (_, at) => at).filter((at) =>
      !done.has(at)
    );
    // What an interrupted session has of a cell stands for its first turns.
    const first = Math.floor((planned.repeats - left.length) / planned.runsPerProcess);
    for (let at = 0, turn = first; at < left.length; at += planned.runsPerProcess, turn++) {
      (turns[turn] ??= []).push({ planned, repeats: left.slice(at, at + planned.runsPerProcess) });
    }
  }
  const random = seededRandom(seed);
  let process = earlier.process;
  return turns.filter((tasks) => tasks !== undefined).flatMap((tasks, at) =>
    inPairs(shuffled(tasks, random)).map((task) => ({
      ...task,
      turn: earlier.turn + at,
      process: process++,
    }))
  );
}

/** Moves each task behind the first one of its pair. */
function inPairs(tasks: readonly Task[]): Task[] {
  const pairs = Map.groupBy(tasks, ({ planned }) => planned.pair || planned.cell.cell);
  return [...pairs.values()].flat();
}

/** What is given up last when time is short: what others are compared with, then peers, then schemes. */
function rank({ cell: { subject, again, role } }: PlannedCell): number {
  if (again !== undefined) return 0;
  if (subject.engine !== "ours") return 1;
  if (isStandard(subject)) return 0;
  return role === "control" ? 3 : 2;
}

/**
 * The jobs after a whole turn when `budgetSeconds` are left. Where they do not do for all, as many
 * cells as possible get all their repeats, so that something can be said of them; the jobs of the
 * other cells come after those, in turns of their own.
 */
export function fitJobs(
  jobs: readonly Job[],
  secondsOf: (cell: string) => number,
  budgetSeconds: number,
): Job[] {
  const byCell = [...Map.groupBy(jobs, ({ planned }) => planned.cell.cell).values()]
    .sort((a, b) => rank(a[0].planned) - rank(b[0].planned));
  const fitting = new Set<Job>();
  let seconds = 0;
  for (const own of byCell) {
    const more = own.length * secondsOf(own[0].planned.cell.cell);
    if (seconds + more > budgetSeconds) continue;
    seconds += more;
    for (const job of own) fitting.add(job);
  }
  const kept = jobs.filter((job) => fitting.has(job));
  if (kept.length === 0 || kept.length === jobs.length) return [...jobs];
  const turns = jobs.map(({ turn }) => turn);
  const later = Math.max(...turns) - Math.min(...turns) + 1;
  const others = jobs.filter((job) => !fitting.has(job))
    .map((job) => ({ ...job, turn: job.turn + later }));
  return [...kept, ...others];
}
