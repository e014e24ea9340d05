/**
 * The order of work: each job is some repeats of a cell in one fresh process. Jobs come in rounds, so
 * that a run that ends early has every cell about equally often; within a round the order is random,
 * but for cells that are compared with each other in pairs: those follow each other.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import type { Results } from "../results/reader.ts";
import { seededRandom, shuffled } from "../stats/random.ts";

/** Repeats of one cell for one process. */
export interface Job {
  /** The cell. */
  readonly planned: PlannedCell;
  /** Numbers of the repeats. */
  readonly repeats: readonly number[];
}

/** Failures after which a cell is not tried again. */
export const HOPELESS: readonly string[] = ["timeout", "crash", "unsupported"];

/** What an earlier run has of each cell. */
export interface Earlier {
  /** Finished repeats by cell. */
  readonly repeats: ReadonlyMap<string, ReadonlySet<number>>;
  /** Cells that were given up. */
  readonly hopeless: ReadonlySet<string>;
}

/** Reads what is finished from earlier results. */
export function earlierOf(results: Results): Earlier {
  const repeats = new Map<string, Set<number>>();
  const hopeless = new Set<string>();
  for (const record of [...results.samples, ...results.failures]) {
    if (record.kind === "failure" && HOPELESS.includes(record.failure)) hopeless.add(record.cell);
    if (record.warmUp) continue;
    const known = repeats.get(record.cell) ?? new Set<number>();
    repeats.set(record.cell, known.add(record.repeat));
  }
  return { repeats, hopeless };
}

/** The jobs still to do; the same for the same seed and earlier results. */
export function orderJobs(cells: readonly PlannedCell[], seed: number, earlier: Earlier): Job[] {
  const rounds: Job[][] = [];
  for (const planned of cells) {
    if (earlier.hopeless.has(planned.cell.cell)) continue;
    const done = earlier.repeats.get(planned.cell.cell) ?? new Set();
    const left = Array.from({ length: planned.repeats }, (_, at) => at).filter((at) =>
      !done.has(at)
    );
    for (let at = 0, round = 0; at < left.length; at += planned.runsPerProcess, round++) {
      (rounds[round] ??= []).push({
        planned,
        repeats: left.slice(at, at + planned.runsPerProcess),
      });
    }
  }
  const random = seededRandom(seed);
  return rounds.flatMap((jobs) => inPairs(shuffled(jobs, random)));
}

/** Moves each job behind the first one of its pair. */
function inPairs(jobs: readonly Job[]): Job[] {
  const pairs = Map.groupBy(jobs, ({ planned }) => planned.pair || planned.cell.cell);
  return [...pairs.values()].flat();
}
