/**
 * Works through a plan: fresh processes, seeded random order, every record on the disk at once.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import type { Results } from "../results/reader.ts";
import {
  type CellRecord,
  type EndReason,
  type EndRecord,
  SCHEMA,
  type Subject,
} from "../results/types.ts";
import type { ResultsWriter } from "../results/writer.ts";
import { runJob, type WorkloadFiles } from "./cell_job.ts";
import { earlierOf, fitJobs, type Job, orderJobs } from "./jobs.ts";
import type { Executor } from "./raw_run.ts";
import { type OpenVerdict, UntilClear } from "./until_clear.ts";
import { WorkLeft } from "./work_left.ts";

/** A look at how far a run is. */
export interface Progress {
  /** Cell that runs now; empty at the end. */
  readonly running: string;
  /** Jobs behind. */
  readonly jobsDone: number;
  /** Jobs in all. */
  readonly jobs: number;
  /** An estimate for all jobs, whatever the budget is. */
  readonly secondsLeft: number;
  /** Time until no further job is begun; without it there is no limit. */
  readonly budgetLeft?: number;
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
  /**
   * The verdicts that are open by the results so far: with it the run goes on, turn by turn, until
   * none is left that can be settled.
   */
  readonly openVerdicts?: () => readonly OpenVerdict[];
  /** Told before each job and at the end. */
  readonly onProgress: (progress: Progress) => void;
  /** Ends the run early; its children are ended too. */
  readonly signal: AbortSignal;
}

/** Time in which a Ctrl-C that killed a child also reaches this process. */
const SIGNAL_MILLISECONDS = 50;

/** A cell whose process was ended from outside so often is left for `--resume`. */
const MOST_INTERRUPTIONS = 3;

/** The run that `runPlan` carries out. */
class Run {
  readonly #options: RunnerOptions;
  /** Cells not to be tried again. */
  readonly #hopeless: Set<string>;
  /** Numbers of the repeats that have a record, by cell. */
  readonly #done = new Map<string, Set<number>>();
  readonly #start = performance.now();
  #peakRss = 0;
  /** Whether the budget left repeats out. */
  #cut = false;
  /** Seconds of the latest job by cell. */
  readonly #took = new Map<string, number>();
  /** Further turns; null for a run of its planned repeats. */
  readonly #further: UntilClear | null;
  /** When the session's first guest instruction ran, in ms from the harness's start. */
  #began: number | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const { cells, seed, openVerdicts } = options;
    this.#further = openVerdicts ? new UntilClear({ cells, seed, open: openVerdicts }) : null;
    const { repeats, hopeless } = earlierOf(options.earlier);
    this.#hopeless = new Set(hopeless);
    for (const { cell } of options.cells) {
      this.#done.set(cell.cell, new Set(repeats.get(cell.cell)));
    }
  }

  #seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  async all(): Promise<EndRecord> {
    const { cells, seed, earlier, signal, onProgress } = this.#options;
    this.#writeCells();
    const jobs = orderJobs(cells, seed, earlierOf(earlier));
    const interruptions = new Map<string, number>();
    const work = new WorkLeft(jobs);
    let jobsDone = 0;
    // Jobs that somebody interrupts come once more at the end of the list, and so do further turns.
    for (let at = 0;; at++) {
      const budgetLeft = this.#budgetLeft();
      if (signal.aborted) break;
      if (budgetLeft <= 0) {
        this.#cut = true;
        break;
      }
      if (at === jobs.length) {
        const more = this.#nextTurn(jobs);
        if (more.length === 0) break;
        jobs.push(...more);
        for (const job of more) work.add(job);
      }
      this.#fit(jobs, at);
      const job = jobs[at];
      const { cell } = job.planned.cell;
      if (this.#hopeless.has(cell)) {
        jobsDone++;
        work.drop(job);
        continue;
      }
      const secondsLeft = work.secondsLeft + (this.#further?.secondsLeft ?? 0);
      onProgress({ running: cell, jobsDone, jobs: jobs.length, secondsLeft, budgetLeft });
      const began = performance.now();
      const { done, interrupted } = await this.#one(job);
      if (signal.aborted) break;
      jobsDone++;
      const seconds = (performance.now() - began) / 1000;
      work.did(job, seconds);
      this.#further?.did(cell, seconds);
      this.#took.set(cell, seconds);
      const times = interruptions.get(cell) ?? 0;
      if (interrupted && times < MOST_INTERRUPTIONS) {
        interruptions.set(cell, times + 1);
        const { turn, process } = jobs.at(-1)!;
        const repeats = job.repeats.filter((one) => !done.has(one));
        const again = { ...job, repeats, turn: turn + 1, process: process + 1 };
        jobs.push(again);
        work.add(again);
      }
    }
    onProgress({ running: "", jobsDone, jobs: jobs.length, secondsLeft: 0 });
    return this.#end();
  }

  /** Between two turns: sees to it that the time does for whole cells. */
  #fit(jobs: Job[], at: number): void {
    if (this.#options.budgetSeconds === null || at === 0) return;
    if (jobs[at].turn === jobs[at - 1].turn) return;
    const known = [...this.#took.values()];
    const mean = known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length);
    const [left = [], over = []] = [true, false].map((runnable) =>
      jobs.slice(at).filter(({ planned }) => this.#isRunnable(planned.cell.cell) === runnable)
    );
    const fitted = fitJobs(left, (cell) => this.#took.get(cell) ?? mean, this.#budgetLeft());
    jobs.splice(at, Infinity, ...fitted, ...over);
  }

  #isRunnable(cell: string): boolean {
    return !this.#hopeless.has(cell);
  }

  /** The jobs after `jobs`; none when all verdicts are settled, or there was no wish to settle them. */
  #nextTurn(jobs: readonly Job[]): Job[] {
    const { turn, process } = earlierOf(this.#options.earlier);
    const last = jobs.at(-1);
    return this.#further?.jobs({
      turn: last === undefined ? turn : last.turn + 1,
      process: last === undefined ? process : last.process + 1,
      runnable: (cell) => this.#isRunnable(cell),
      repeat: (cell) => Math.max(-1, ...this.#done.get(cell)!) + 1,
      budgetSeconds: this.#budgetLeft(),
    }) ?? [];
  }

  /** Every cell stands in the file from the start, so that it tells what was not reached. */
  #writeCells(): void {
    const { cells, earlier, writer } = this.#options;
    const missing = cells.filter(({ cell }) => !earlier.cells.has(cell.cell));
    writer.append(
      ...missing.map(({ cell }): CellRecord => ({ schema: SCHEMA, kind: "cell", ...cell })),
    );
  }

  #end(): EndRecord {
    const { cells, signal, budgetSeconds } = this.#options;
    const left = cells.filter(({ cell, repeats }) =>
      !this.#hopeless.has(cell.cell) && this.#done.get(cell.cell)!.size < repeats
    );
    const cellsLeft = left.length;
    const cellsUnmeasured = left.filter(({ cell }) => this.#done.get(cell.cell)!.size === 0).length;
    const open = this.#further?.openCount((cell) => this.#isRunnable(cell)) ?? 0;
    const reason = signal.aborted
      ? "interrupted"
      : cellsLeft === 0 && !(this.#cut && open > 0)
      ? "complete"
      : this.#cut
      ? "budget"
      : "error";
    const missing = cellsLeft === 0 && open > 0
      ? `${open} verdicts are still open.`
      : `${cellsLeft} of ${cells.length} cells lack repeats, ${cellsUnmeasured} of them have none.`;
    const why: Record<EndReason, string> = {
      complete: "",
      interrupted: missing,
      budget: `The time budget of ${budgetSeconds} s did not do: ${missing}`,
      error: `Processes of cells were ended from outside again and again: ${missing}`,
    };
    return {
      schema: SCHEMA,
      kind: "end",
      finished: new Date().toISOString(),
      reason,
      message: why[reason],
      cellsDone: cells.length - cellsLeft,
      cellsLeft,
      cellsUnmeasured,
      wallSeconds: this.#seconds(),
      peakRssBytes: this.#peakRss === 0 ? null : this.#peakRss,
      ...(this.#began === undefined ? {} : { startSeconds: this.#began / 1000 }),
    };
  }

  #budgetLeft(): number {
    return (this.#options.budgetSeconds ?? Infinity) - this.#seconds();
  }

  /** Repeats that have a record now, and whether somebody ended the process before the last. */
  async #one(
    job: Job,
  ): Promise<{ readonly done: ReadonlySet<number>; readonly interrupted: boolean }> {
    const { cell } = job.planned;
    const { signal, writer, files } = this.#options;
    const done = this.#done.get(cell.cell)!;
    let interrupted = false;
    const executor = this.#options.executorFor(cell.subject, (bytes) => {
      this.#peakRss = Math.max(this.#peakRss, bytes);
    });
    const stop = () => void executor.close();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const goesOn = await runJob(job, {
        files: files(cell.workload),
        executor,
        onBegan: (at) => this.#began ??= at,
        onRecord: (record) => {
          writer.append(record);
          if (record.kind === "failure" && record.failure === "interrupted") interrupted = true;
          else done.add(record.repeat);
        },
        stopped: async (failed) => {
          if (failed) await new Promise((resolve) => setTimeout(resolve, SIGNAL_MILLISECONDS));
          return signal.aborted;
        },
      });
      if (!goesOn) this.#hopeless.add(cell.cell);
    } finally {
      signal.removeEventListener("abort", stop);
      await executor.close();
    }
    return { done, interrupted };
  }
}

/**
 * Runs what the plan lacks and returns the end record, not yet written.
 * @throws {OutDirectoryError} when a record cannot be written; no child is left then either.
 */
export async function runPlan(options: RunnerOptions): Promise<EndRecord> {
  return await new Run(options).all();
}
