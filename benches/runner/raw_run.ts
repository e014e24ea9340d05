/**
 * The seam between the harness and whatever runs a guest: one request, one raw run.
 * @module
 */
import type { TierCounts } from "../../core/memory/counter_marks.ts";
import type { Profile } from "../../core/profile/profile_data.ts";
import type { Counters, HostConditions, Subject, ThreadSample } from "../results/types.ts";
import type { MeasuredPart } from "./measured_part.ts";

/** One run of an image. */
export interface RunRequest {
  /** What is to run it. */
  readonly subject: Subject;
  /** Name of the guest program. */
  readonly workload: string;
  /** Path of the image. */
  readonly image: string;
  /** Path of the first file system of a Linux guest. */
  readonly initrd?: string;
  /** The guest's boot arguments. */
  readonly append: string;
  /** Of the guest. */
  readonly vcpus: number;
  /** Guest memory in MiB. */
  readonly memoryMiB: number;
  /** Limit, boot included. */
  readonly timeoutSeconds: number;
  /** Counts store-exclusives and their failures, which slows them down. */
  readonly countExclusives: boolean;
  /** Whether to sample where the time goes; subjects that cannot leave it out. */
  readonly profile?: boolean;
}

/** How a run ended, as far as the host can tell. */
export type RunEnd =
  | "power-off"
  | "guest-error"
  | "timeout"
  /** The process that ran the guest died or broke. */
  | "crash"
  /** The subject cannot run this request. */
  | "unsupported"
  /** Somebody else ended the process that ran the guest. */
  | "interrupted";

/** Signals that come from outside; a process that breaks gets others, such as SIGSEGV. */
const FROM_OUTSIDE: readonly (string | null)[] = [
  "SIGKILL",
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
];

/** How a run ended whose process ended with `status` before it answered; `what` is its name. */
export function endedEarly(
  what: string,
  { code, signal }: Deno.CommandStatus,
  errors: string,
): Pick<RawRun, "end" | "message"> {
  if (FROM_OUTSIDE.includes(signal)) {
    const message = `${what} was ended from outside by ${signal}: by a person, a script, ` +
      "or the kernel for want of memory.";
    return { end: "interrupted", message };
  }
  const how = signal ? `signal ${signal}` : `exit code ${code}`;
  const words = errors.trim();
  return { end: "crash", message: `${what} ended with ${how}${words === "" ? "." : `: ${words}`}` };
}

/** What one run gave, before the guest's words are read. */
export interface RawRun {
  /** How it ended. */
  readonly end: RunEnd;
  /** What went wrong, in a sentence with the remedy; empty after a power-off. */
  readonly message: string;
  /** The guest's console, shortened in the middle if very long. */
  readonly console: string;
  /** Of the whole run. */
  readonly wallSeconds: number;
  /** CPU time of the process that ran the guest, during the run; null where unknown. */
  readonly cpuSeconds: number | null;
  /** Largest resident size; null where unknown. */
  readonly peakRssBytes: number | null;
  /** One entry a vCPU; empty for subjects without counters. */
  readonly vcpuCounters: readonly Counters[];
  /** Of each vCPU in the guest's measured part; of ours only, where the guest told both its ends. */
  readonly tierCounts?: readonly TierCounts[];
  /** When the guest measured; null when it did not say. */
  readonly measuredPart: MeasuredPart | null;
  /** Host threads that were seen, in that part where there is one. */
  readonly threads: readonly ThreadSample[];
  /** Where the time went, when that was asked. */
  readonly profile?: Profile;
  /** What else went on; of a run that nobody watched only when it was noted. */
  readonly host: HostConditions;
  /** When the first guest instruction was about to run, in ms of `performance.now()`; ours only. */
  readonly began?: number;
  /** From the start of a fresh process to then; of the first run of a process of its own. */
  readonly startSeconds?: number;
}

/** Runs requests in one fresh process, or one process each; made anew for each use of a cell. */
export interface Executor {
  /** Never rejects for what a guest or a child does: that is told by `end`. */
  run(request: RunRequest): Promise<RawRun>;
  /** Ends every child; safe to call at any time and more than once. */
  close(): Promise<void>;
}

/** A raw run as a cell's process sends it. */
export interface SentRun extends RawRun {
  /** `performance.now()` of that process at sending: what relates its times to the receiver's. */
  readonly clock: number;
}

/**
 * The run with the times of this process, in which it came at `now`: no wall clock, which may be set
 * meanwhile, is between the two.
 */
export function received({ clock, ...raw }: SentRun, now: number): RawRun {
  const offset = now - clock;
  const { began, measuredPart } = raw;
  return {
    ...raw,
    ...(began ? { began: began + offset } : {}),
    measuredPart: measuredPart && {
      from: measuredPart.from + offset,
      to: measuredPart.to + offset,
    },
  };
}

/** A run that did not happen or came to nothing. */
export function failedRun(end: RunEnd, message: string, console = "", wallSeconds = 0): RawRun {
  return {
    end,
    message,
    console,
    wallSeconds,
    cpuSeconds: null,
    peakRssBytes: null,
    vcpuCounters: [],
    measuredPart: null,
    threads: [],
    host: {
      started: new Date().toISOString(),
      loadAverage: null,
      stolenSeconds: null,
      busySeconds: null,
    },
  };
}

/** Most characters of a console that are kept. */
const CONSOLE_LIMIT = 256 * 1024;

/** Shortens a long text in the middle. */
export function shortened(text: string, limit: number = CONSOLE_LIMIT): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)}\n... ${text.length - 2 * half} characters left out ...\n${
    text.slice(text.length - half)
  }`;
}
