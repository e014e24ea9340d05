/**
 * How long the jobs that are left will take: an estimate that is there before the first job, from the
 * plan, and learns from every job that is done.
 * @module
 */
import type { Job } from "./jobs.ts";

/** Start of a process, in seconds; what is measured replaces it soon. */
const PROCESS = 0.6;
/** What a run takes beside its measured part: its boot and its warm-up. */
const RUN = 0.35;
/** Measured part of a run whose size is fixed. */
const FIXED = 0.3;
/** How many jobs of a workload the plan's own guess weighs. */
const GUESS_WEIGHT = 0.5;

function planned(job: Job): number {
  const { milliseconds } = job.planned.params;
  const run = RUN + (typeof milliseconds === "number" ? milliseconds / 1000 : FIXED);
  return PROCESS + run * job.repeats.length;
}

interface Seen {
  planned: number;
  took: number;
}

/** Jobs of one kind of subject on one workload take about as long as each other. */
function kindOf({ planned }: Job): string {
  return `${planned.cell.subject.engine} ${planned.cell.workload}`;
}

/** The jobs that are left. */
export class WorkLeft {
  readonly #left = new Map<string, number>();
  readonly #seen = new Map<string, Seen>();
  readonly #all: Seen = { planned: 0, took: 0 };

  /** All jobs are left at first. */
  constructor(jobs: readonly Job[]) {
    for (const job of jobs) this.add(job);
  }

  /** One more job. */
  add(job: Job): void {
    const kind = kindOf(job);
    this.#left.set(kind, (this.#left.get(kind) ?? 0) + planned(job));
  }

  /** A job that will not be done. */
  drop(job: Job): void {
    const kind = kindOf(job);
    this.#left.set(kind, this.#left.get(kind)! - planned(job));
  }

  /** A job that is behind and took `seconds`. */
  did(job: Job, seconds: number): void {
    this.drop(job);
    const kind = kindOf(job);
    const seen = this.#seen.get(kind) ?? { planned: 0, took: 0 };
    this.#seen.set(kind, seen);
    for (const one of [seen, this.#all]) {
      one.planned += planned(job);
      one.took += seconds;
    }
  }

  /** An estimate. */
  get secondsLeft(): number {
    const general = ratio(this.#all, 1, PROCESS);
    let sum = 0;
    for (const [kind, left] of this.#left) {
      sum += Math.max(0, left) * ratio(this.#seen.get(kind), general, PROCESS * GUESS_WEIGHT);
    }
    return sum;
  }
}

/** Of what was taken to what was planned, drawn to `prior` while there is little. */
function ratio(seen: Seen | undefined, prior: number, weight: number): number {
  if (seen === undefined) return prior;
  return (seen.took + prior * weight) / (seen.planned + weight);
}
