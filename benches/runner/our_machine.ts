/**
 * Runs a request on this project's own machine.
 * @module
 */
import { failedRun, type RawRun, type RunRequest } from "./raw_run.ts";

/** One run in this process. */
export function runOurs(_request: RunRequest): Promise<RawRun> {
  return Promise.resolve(failedRun("unsupported", "machine not linked yet"));
}
