/**
 * An experiment: the part of the matrix that answers one question, as data.
 * @module
 */
import type { Fields, QemuSubject, Subject } from "../results/types.ts";

/** How much work a run does. */
export type Size =
  /** The workload's parameters, as they are. */
  | { readonly kind: "fixed"; readonly full: Fields; readonly quick: Fields }
  /**
   * As much as takes about this long, which the guest finds once it is warm. It warms up for no longer
   * than `warmUpSeconds`, where that is less than its own bound.
   */
  | {
    readonly kind: "timed";
    readonly seconds: number;
    readonly quickSeconds: number;
    readonly warmUpSeconds?: number;
  };

/** A product of axes over one workload. */
export interface Group {
  /** Name of the guest program. */
  readonly workload: string;
  /** Parameters that are part of the cell. */
  readonly params?: Fields;
  /** Why the self-check may fail by design; a negative control. */
  readonly negativeControl?: string;
  /** Schemes of ours. */
  readonly atomics: readonly string[] | "all";
  /** Schemes of ours. */
  readonly barriers: readonly string[] | "all";
  /** Schemes of ours. */
  readonly scheduling: readonly string[] | "all";
  /** Backends of ours; `wasm` alone when left out. */
  readonly backends?: readonly ("wasm" | "interp")[];
  /** QEMU's modes that run beside ours. */
  readonly qemu: readonly QemuSubject["thread"][];
  /** Made-up subjects, for the harness's own test. */
  readonly fake?: readonly string[];
  /** Numbers of vCPUs. */
  readonly vcpus: readonly number[];
  /**
   * One vCPU alone runs the code that several do, where the scheduling lets those run in parallel:
   * scaling is then that of one code.
   */
  readonly parallelCodeAlone?: true;
  /** How much work. */
  readonly size: Size;
  /** Runs of each cell where the experiment's number is not wanted; quick runs do not do more. */
  readonly repeats?: number;
  /** The same for quick runs. */
  readonly quickRepeats?: number;
  /** Limit of one run where the experiment's is not wanted. */
  readonly timeoutSeconds?: number;
  /** Left out, with a note, where the files of its workload are missing. */
  readonly optional?: boolean;
  /** Not part of quick runs. */
  readonly fullOnly?: boolean;
  /** Has an A/A cell of its own; without any such group the first timed one has it. */
  readonly again?: boolean;
}

/** One experiment. */
export interface Experiment {
  /** What the command line takes. */
  readonly name: string;
  /** Heading in reports. */
  readonly title: string;
  /** The question that it answers, in a sentence. */
  readonly question: string;
  /** Timed repeats of a cell. */
  readonly repeats: number;
  /** Timed repeats with `--quick`. */
  readonly quickRepeats: number;
  /** Repeats in one fresh process; each is a boot that warms up. */
  readonly runsPerProcess: number;
  /**
   * Whether the subjects of one workload take turns, instead of all cells in random order. Quick runs
   * do all repeats of a subject in one process then.
   */
  readonly inPairs?: boolean;
  /** It is about the guests' checks: times are no results. */
  readonly checksOnly?: true;
  /** Whether store-exclusives are counted; it costs time, so not where time is the point. */
  readonly countExclusives: boolean;
  /** Limit of one run, boot included. */
  readonly timeoutSeconds: number;
  /** After this long no new repeat is started; null for no limit. */
  readonly budgetSeconds: number | null;
  /** The same for quick runs, where it is another. */
  readonly quickBudgetSeconds?: number;
  /** The cells, as products. */
  readonly groups: readonly Group[];
}

/** The schemes measured where an experiment is about something else. */
export const STANDARD = {
  atomics: ["cmpxchg"],
  barriers: ["typed"],
  scheduling: ["thread-per-vcpu"],
} as const;

/** Whether a subject is of the schemes that others are compared with. */
export function isStandard(subject: Subject): boolean {
  const among = (names: readonly string[], name: string) => names.includes(name);
  return subject.engine === "ours" && among(STANDARD.atomics, subject.atomics) &&
    among(STANDARD.barriers, subject.barriers) && among(STANDARD.scheduling, subject.scheduling);
}

/** Guest memory of every cell: enough for each workload, and the same for every subject. */
export const MEMORY_MIB = 128;
