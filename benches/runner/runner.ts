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
  /** Jobs behind. */
  readonly jobsDone: number;
  /** Jobs in all. */
  readonly jobs: number;
  /** An estimate; 0 at first. */
  readonly secondsLeft: number;
}

/** What a run is made of. */
export interface RunnerOptions {
  /** The plan. */
  readonly cells: readonly PlannedCell[];
  /** Of the order. */
  readonly seed: number;
  /** After this long repeats are left out; null for no limit. */
  readonly budgetSeconds: number | null;
  /** What the file holds already. */
  readonly earlier: Results;
  /** Where records go. */
  readonly writer: Pick<ResultsWriter, "append">;
  /** Files of a workload. */
  readonly files: (workload: string) => WorkloadFiles;
  /** Makes a fresh process for a subject; `onTree` is told the resident size of everything. */
  readonly executorFor: (subject: Subject, onTree: (bytes: number) => void) => Executor;
  /** Told before each job and at the end. */
  readonly onProgress: (progress: Progress) => void;
  /** Ends the run early; its children are ended too. */
  readonly signal: AbortSignal;
}

/** Time in which a Ctrl-C that killed a child also reaches this process. */
const SIGNAL_MILLISECONDS = 50;

/** Runs of a job with its warm-up. */
function runsOf(job: Job): number {
  return job.repeats.length + 1;
}

/** The run that `runPlan` carries out. */
class Run {
  readonly #options: RunnerOptions;
  readonly #states = new Map<string, CellState>();
  readonly #written: Set<string>;
  readonly #start = performance.now();
  #peakRss = 0;
  /** When the session's first guest instruction ran, in ms since the epoch. */
  #began: number | undefined;
  /** Warm-ups included, one a job. */
  #runsDone = 0;

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
    const { cells, seed, earlier, signal, onProgress } = this.#options;
    const jobs = orderJobs(cells, seed, earlierOf(earlier));
    const left = new Map(
      cells.map(({ cell }) => [cell.cell, jobs.filter((job) => job.planned.cell === cell).length]),
    );
    const measured = new Set([...earlier.samples, ...earlier.failures].map((one) => one.cell));
    let runsLeft = jobs.reduce((sum, job) => sum + runsOf(job), 0);
    let jobsDone = 0;
    for (const job of jobs) {
      if (signal.aborted || this.#budgetLeft() <= 0) break;
      const secondsLeft = Math.min(runsLeft * this.#secondsARun(), this.#budgetLeft());
      onProgress({ running: job.planned.cell.cell, jobsDone, jobs: jobs.length, secondsLeft });
      await this.#one(job);
      if (signal.aborted) break;
      jobsDone++;
      runsLeft -= runsOf(job);
      this.#runsDone += runsOf(job);
      const { cell } = job.planned.cell;
      measured.add(cell);
      if (this.#states.get(cell)!.givenUp) left.set(cell, 0);
      else left.set(cell, left.get(cell)! - 1);
    }
    onProgress({ running: "", jobsDone, jobs: jobs.length, secondsLeft: 0 });
    const lacking = [...left].filter(([, count]) => count > 0).map(([cell]) => cell);
    return this.#end(lacking.length, lacking.filter((cell) => !measured.has(cell)).length);
  }

  #end(cellsLeft: number, cellsUnmeasured: number): EndRecord {
    const { cells, signal, budgetSeconds } = this.#options;
    const reason = signal.aborted ? "interrupted" : cellsLeft > 0 ? "budget" : "complete";
    const missing = `${cellsLeft} of ${cells.length} cells lack some, ` +
      `${cellsUnmeasured} of them have none.`;
    return {
      schema: SCHEMA,
      kind: "end",
      finished: new Date().toISOString(),
      reason,
      message: reason === "complete" ? "" : reason === "interrupted" ? missing : (
        `The time budget of ${budgetSeconds} s did not do for all repeats: ${missing}`
      ),
      cellsDone: cells.length - cellsLeft,
      cellsLeft,
      cellsUnmeasured,
      wallSeconds: this.#seconds(),
      peakRssBytes: this.#peakRss === 0 ? null : this.#peakRss,
      ...(this.#began === undefined
        ? {}
        : { startSeconds: (this.#began - performance.timeOrigin) / 1000 }),
    };
  }

  #budgetLeft(): number {
    return (this.#options.budgetSeconds ?? Infinity) - this.#seconds();
  }

  /** Mean so far; 0 before the first. */
  #secondsARun(): number {
    return this.#runsDone === 0 ? 0 : this.#seconds() / this.#runsDone;
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
        onBegan: (at) => this.#began ??= at,
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
