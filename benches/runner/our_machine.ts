/**
 * Runs a request on this project's own machine, in this process.
 * @module
 */
import { type MachineResult, runMachine } from "../../core/machine/machine.ts";
import type { WorkerPool } from "../../core/machine/worker_pool.ts";
import type { Counters } from "../results/types.ts";
import { MARKS, MeasuredPartWatch } from "./measured_part.ts";
import { failedRun, type RawRun, type RunEnd, type RunRequest } from "./raw_run.ts";

const STRATEGIES = import.meta.resolve("../../strategies/mod.ts");

const ENDS: Record<MachineResult["end"], RunEnd> = {
  "power-off": "power-off",
  "reset": "guest-error",
  "guest-error": "guest-error",
  "timeout": "timeout",
  "vcpu-error": "crash",
  "stopped": "crash",
};

/** The counters that were counted: without instrumentation those of exclusives stay 0. */
function counted(counters: Counters, request: RunRequest): Counters {
  if (request.countExclusives) return counters;
  const { strexAttempts: _attempts, strexFailures: _failures, ...others } = counters;
  return others;
}

/** One run with threads of `workers`; what the guest or the machine does wrong is told by `end`. */
export async function runOurs(request: RunRequest, workers: WorkerPool): Promise<RawRun> {
  const { subject } = request;
  if (subject.engine !== "ours") throw new TypeError("Not a subject of ours");
  const decoder = new TextDecoder();
  const marks = new MeasuredPartWatch();
  let text = "";
  let result: MachineResult;
  try {
    result = await runMachine({
      kernel: await Deno.readFile(request.image),
      name: request.image,
      append: request.append,
      ...(request.initrd === undefined ? {} : { initrd: await Deno.readFile(request.initrd) }),
      vcpus: request.vcpus,
      memoryMiB: request.memoryMiB,
      atomics: subject.atomics,
      barriers: subject.barriers,
      scheduling: subject.scheduling,
      backend: subject.backend,
      ...(subject.parallelCode === undefined ? {} : { parallelCode: subject.parallelCode }),
      strategies: STRATEGIES,
      timeoutSeconds: request.timeoutSeconds,
      countExclusives: request.countExclusives,
      workers,
      marks: MARKS,
      ...(request.profile ? { profile: {} } : {}),
      onConsole: (bytes) => {
        const piece = decoder.decode(bytes, { stream: true });
        marks.see(piece);
        text += piece;
      },
    });
  } catch (error) {
    // Options out of bounds and images that cannot be loaded; both messages say what and why.
    const known = error instanceof RangeError || (error as Error).name === "ImageError";
    if (known) return failedRun("unsupported", (error as Error).message, text);
    throw error;
  }
  const words = result.end === "reset" ? "The guest asked for a reset." : result.message;
  return {
    ...failedRun(ENDS[result.end], words, text),
    began: result.began,
    vcpuCounters: result.counters.map((counters) => counted(counters, request)),
    measuredPart: marks.part,
    ...(result.measured === undefined ? {} : { tierCounts: result.measured }),
    ...(result.profile === undefined ? {} : { profile: result.profile }),
  };
}
