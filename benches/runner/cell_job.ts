/**
 * One job: warm-up, then the wanted repeats of a cell, in one fresh process.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import type { FailureRecord, Fields, SampleRecord } from "../results/types.ts";
import type { ExpectedSection } from "../../workloads/expected.ts";
import { resultOf, type RunResult } from "./guest_result.ts";
import { HOPELESS, type Job } from "./jobs.ts";
import type { Executor, RunRequest } from "./raw_run.ts";
import { nextSize } from "./sizing.ts";

/** What the runner knows of a workload. */
export interface WorkloadFiles {
  /** Path of the image. */
  readonly image: string;
  /** Path of the first file system of a Linux guest. */
  readonly initrd?: string;
  /** What to do about files that are not there. */
  readonly missing?: string;
  /** What every right run prints. */
  readonly expected: readonly ExpectedSection[];
  /** Boot arguments for parameters and vCPU count. */
  append(params: Fields, vcpus: number): string;
}

/** What the runner remembers of a cell between its jobs. */
export interface CellState {
  /** The size found for a timed cell. */
  size: number | null;
  /** Warm-up runs so far. */
  warmUps: number;
  /** Not to be tried again. */
  givenUp: boolean;
}

/** Surroundings of a job. */
export interface JobContext {
  /** Of the workload. */
  readonly files: WorkloadFiles;
  /** Kept between the cell's jobs. */
  readonly state: CellState;
  /** The fresh process. */
  readonly executor: Executor;
  /** Told of each record as soon as it is there. */
  readonly onRecord: (record: SampleRecord | FailureRecord) => void;
  /** Told when the first guest instruction of a run was about to run, in ms since the epoch. */
  readonly onBegan: (at: number) => void;
  /**
   * Whether to leave off. A failed run may be Ctrl-C's doing, which reaches children too: after one
   * the answer takes a moment, and a run that was cut short is not recorded.
   */
  readonly stopped: (failed: boolean) => Promise<boolean>;
}

function requestOf(
  planned: PlannedCell,
  params: Fields,
  files: WorkloadFiles,
  warmUp: boolean,
): RunRequest {
  const { cell } = planned;
  return {
    subject: cell.subject,
    workload: cell.workload,
    image: files.image,
    ...(files.initrd === undefined ? {} : { initrd: files.initrd }),
    append: files.append(params, cell.vcpus),
    vcpus: cell.vcpus,
    memoryMiB: cell.memoryMiB,
    timeoutSeconds: planned.timeoutSeconds,
    countExclusives: planned.countExclusives,
    ...(planned.profile && !warmUp ? { profile: true } : {}),
  };
}

/** Runs the job; ends early when the cell is hopeless or the runner is stopped. */
export async function runJob(job: Job, context: JobContext): Promise<void> {
  const { planned, repeats } = job;
  const { state } = context;

  /** One run and its record; null when stopped or hopeless. */
  const once = async (
    params: Fields,
    repeat: number,
    warmUp: boolean,
  ): Promise<RunResult | null> => {
    const raw = await context.executor.run(requestOf(planned, params, context.files, warmUp));
    if (raw.began) context.onBegan(raw.began);
    const result = resultOf(
      raw,
      { cell: planned.cell, repeat, turn: job.turn, process: job.process, warmUp, params },
      context.files.expected,
    );
    if (await context.stopped(result.record.kind === "failure")) return null;
    context.onRecord(result.record);
    if (result.record.kind === "failure" && HOPELESS.includes(result.record.failure)) {
      state.givenUp = true;
      return null;
    }
    // Its process has gone, which says nothing about the cell: the runner does the rest again.
    if (raw.end === "interrupted") return null;
    return result;
  };

  const warmedUp = await warmUp(planned, state, (params) => once(params, state.warmUps++, true));
  if (!warmedUp) return;
  for (const repeat of repeats) {
    if (await context.stopped(false)) return;
    const params = planned.size === null || state.size === null
      ? planned.params
      : { ...planned.params, [planned.size.parameter]: state.size };
    if (await once(params, repeat, false) === null) return;
  }
}

/** Does the warm-up runs and finds the size; false when the job is over. */
async function warmUp(
  planned: PlannedCell,
  state: CellState,
  run: (params: Fields) => Promise<RunResult | null>,
): Promise<boolean> {
  if (planned.size === null || state.size !== null) {
    return planned.warmUp === null || await run(planned.warmUp) !== null;
  }
  let size = planned.size.pilot;
  for (let pilots = 1; state.size === null; pilots++) {
    const result = await run({ ...planned.params, [planned.size.parameter]: size });
    if (result === null) return false;
    const next = nextSize(planned.size, size, result.seconds ?? 0, pilots);
    if (next.final) state.size = next.size;
    size = next.size;
  }
  return true;
}
