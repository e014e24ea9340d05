/**
 * Works through a plan: fresh processes, seeded random order, every record on the disk at once.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import type { Results } from "../results/reader.ts";
import { type EndRecord, SCHEMA, type Subject } from "../results/types.ts";
import type { ResultsWriter } from "../results/writer.ts";
import { type CellState, runJob, type WorkloadFiles } from "./cell_job.ts";
import { earlierOf, type Job, orderJobs } from "./jobs.ts";
import type { Executor } from "./raw_run.ts";

/** A look at how far a run is. */
export interface Progress {
  /** Cell that runs now; empty at the end. */
  readonly running: string;
  readonly jobsDone: number;
  readonly jobs: number;
  readonly secondsLeft: number;
}

/** What a run is made of. */
export interface RunnerOptions {
  readonly cells: readonly PlannedCell[];
  readonly seed: number;
  readonly budgetSeconds: number | null;
  readonly earlier: Results;
  readonly writer: Pick<ResultsWriter, "append">;
  readonly files: (workload: string) => WorkloadFiles;
  /** Makes a fresh process for a subject; `onTree` is told the resident size of everything. */
  readonly executorFor: (subject: Subject, onTree: (bytes: number) => void) => Executor;
  readonly onProgress: (progress: Progress) => void;
  /** Ends the run early; its children are ended too. */
  readonly signal: AbortSignal;
}

/** Time in which a Ctrl-C that killed a child also reaches this process. */
const SIGNAL_MILLISECONDS = 50;

/** The run that `runPlan` carries out. */
class Run {
  readonly #options: RunnerOptions;
  readonly #states = new Map<string, CellState>();
  readonly #written: Set<string>;
  readonly #start = performance.now();
  #peakRss = 0;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#written = new Set(options.earlier.cells.keys());
    for (const { cell, size } of options.cells) {
      const before = options.earlier.samples.findLast((one) =>
        one.cell === cell.cell && !one.warmUp
      );
      const found = size === null ? undefined : before?.params[size.parameter];
      this.#states.set(cell.cell, {
        size: typeof found === "number" ? found : null,
        warmUps: [...options.earlier.samples, ...options.earlier.failures]
          .filter((one) => one.cell === cell.cell && one.warmUp).length,
        givenUp: false,
      });
    }
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  async all(): Promise<EndRecord> {
    const { cells, seed, earlier, budgetSeconds, signal, onProgress } = this.#options;
    const jobs = orderJobs(cells, seed, earlierOf(earlier));
    let jobsDone = 0;
    let overBudget = false;
    for (const job of jobs) {
      overBudget = budgetSeconds !== null && this.#seconds() > budgetSeconds;
      if (signal.aborted || overBudget) break;
      onProgress({
        running: job.planned.cell.cell,
        jobsDone,
        jobs: jobs.length,
        secondsLeft: this.#secondsLeft(jobsDone, jobs.length),
      });
      await this.#one(job);
      if (!signal.aborted) jobsDone++;
    }
    onProgress({ running: "", jobsDone, jobs: jobs.length, secondsLeft: 0 });
    const left = new Set(jobs.slice(jobsDone).map(({ planned }) => planned.cell.cell));
    for (const [cell, { givenUp }] of this.#states) if (givenUp) left.delete(cell);
    return {
      schema: SCHEMA,
      kind: "end",
      finished: new Date().toISOString(),
      reason: signal.aborted ? "interrupted" : "finished",
      message: overBudget
        ? `The time budget of ${budgetSeconds} s is used up; ${left.size} cells lack repeats.`
        : "",
      cellsDone: cells.length - left.size,
      cellsLeft: left.size,
      wallSeconds: this.#seconds(),
      peakRssBytes: this.#peakRss === 0 ? null : this.#peakRss,
    };
  }

  #secondsLeft(done: number, jobs: number): number {
    if (done === 0) return 0;
    const left = this.#seconds() / done * (jobs - done);
    const { budgetSeconds } = this.#options;
    return budgetSeconds === null ? left : Math.min(left, budgetSeconds - this.#seconds());
  }

  async #one(job: Job): Promise<void> {
    const { cell } = job.planned;
    const { signal, writer, files } = this.#options;
    const state = this.#states.get(cell.cell)!;
    if (state.givenUp) return;
    if (!this.#written.has(cell.cell)) {
      writer.append({ schema: SCHEMA, kind: "cell", ...cell });
      this.#written.add(cell.cell);
    }
    const executor = this.#options.executorFor(cell.subject, (bytes) => {
      this.#peakRss = Math.max(this.#peakRss, bytes);
    });
    const stop = () => void executor.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      await runJob(job, {
        files: files(cell.workload),
        state,
        executor,
        onRecord: (record) => writer.append(record),
        stopped: async (failed) => {
          if (failed) await new Promise((resolve) => setTimeout(resolve, SIGNAL_MILLISECONDS));
          return signal.aborted;
        },
      });
    } finally {
      signal.removeEventListener("abort", stop);
      await executor.close();
    }
  }
}

/**
 * Runs what the plan lacks and returns the end record, not yet written.
 * @throws {OutDirectoryError} when a record cannot be written; no child is left then either.
 */
export async function runPlan(options: RunnerOptions): Promise<EndRecord> {
  return await new Run(options).all();
}
