/**
 * One job: the wanted repeats of a cell, in one fresh process.
 * @module
 */
import type { PlannedCell } from "../experiments/plan.ts";
import type { FailureRecord, Fields, SampleRecord } from "../results/types.ts";
import type { ExpectedSection } from "../../workloads/expected.ts";
import { resultOf } from "./guest_result.ts";
import { HOPELESS, type Job } from "./jobs.ts";
import type { Executor, RunRequest } from "./raw_run.ts";

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

/** Surroundings of a job. */
export interface JobContext {
  /** Of the workload. */
  readonly files: WorkloadFiles;
  /** The fresh process. */
  readonly executor: Executor;
  /** Told of each record as soon as it is there. */
  readonly onRecord: (record: SampleRecord | FailureRecord) => void;
  /** Told when the first guest instruction of a run was about to run, in ms of `performance.now()`. */
  readonly onBegan: (at: number) => void;
  /**
   * Whether to leave off. A failed run may be Ctrl-C's doing, which reaches children too: after one
   * the answer takes a moment, and a run that was cut short is not recorded.
   */
  readonly stopped: (failed: boolean) => Promise<boolean>;
}

function requestOf(planned: PlannedCell, files: WorkloadFiles): RunRequest {
  const { cell, params } = planned;
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
    ...(planned.profile ? { profile: true } : {}),
  };
}

/**
 * Runs the job; ends early when the cell is hopeless or the runner is stopped. False when the cell is
 * not to be tried again.
 */
export async function runJob(job: Job, context: JobContext): Promise<boolean> {
  const { planned: { cell, params }, turn, process } = job;
  const request = requestOf(job.planned, context.files);
  for (const repeat of job.repeats) {
    if (await context.stopped(false)) return true;
    const raw = await context.executor.run(request);
    if (raw.began) context.onBegan(raw.began);
    const identity = { cell, repeat, turn, process, params };
    const record = resultOf(raw, identity, context.files.expected);
    if (await context.stopped(record.kind === "failure")) return true;
    context.onRecord(record);
    if (record.kind === "failure" && HOPELESS.includes(record.failure)) return false;
    // Its process has gone, which says nothing about the cell: the runner does the rest again.
    if (raw.end === "interrupted") return true;
  }
  return true;
}
