/**
 * What a results file holds: JSON Lines, one record a line, written as the run goes on. Times are
 * seconds and sizes bytes unless the field's name says otherwise.
 * @module
 */
import type { StrategyRole } from "../../core/exec/strategy.ts";
import type { CounterName } from "../../core/memory/counters.ts";
import type { Profile } from "../../core/profile/profile_data.ts";

/** Value of `schema` in every record; a change of meaning raises the number. */
export const SCHEMA = "mttcg-bench/2";

/** Name of the results file in an out directory. */
export const RESULTS_FILE = "results.jsonl";

/** `peers.qemu` of a run on a machine without `qemu-system-arm`. */
export const NOT_INSTALLED = "not installed";

/** A value of the guest's own report or of a workload parameter. */
export type FieldValue = string | number;

/** Named values, such as `{ iterations: 100000, counters: 128 }`. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** The machine that measured. */
export interface MachineFingerprint {
  /** As the kernel names it. */
  readonly cpuModel: string;
  /** Logical processors that this process may use. */
  readonly cores: number;
  /** Of the whole machine. */
  readonly memoryBytes: number;
  /** Release. */
  readonly kernel: string;
  /** As Deno names it. */
  readonly architecture: string;
  /** Load averages over 1, 5 and 15 minutes when the run began. */
  readonly loadAverage: readonly [number, number, number];
  /** Frequency governor of the first processor, such as `performance`, or why it is not known. */
  readonly governor: string;
  /** Of the first processor when the run began, in MHz; null where the kernel does not tell. */
  readonly frequencyMhz: number | null;
  /** Whether processors share cores, as the kernel says it: `on`, `off`, or why it is not known. */
  readonly smt: string;
  /** The tightest limits of the control groups that this process is in. */
  readonly cgroup: {
    /** As in `cpu.max`: quota and period in microseconds, or `max` for no limit, or why not known. */
    readonly cpuMax: string;
    /** As in `memory.max`: bytes, or `max` for no limit, or why not known. */
    readonly memoryMax: string;
  };
}

/**
 * What else went on while a run was measured. The kernel tells it for the whole machine; null stands
 * where it does not.
 */
export interface HostConditions {
  /** When the run began, ISO 8601 in UTC: a label, no duration is taken from it. */
  readonly started: string;
  /** Load average over one minute at the run's end. */
  readonly loadAverage: number | null;
  /** Time that the hypervisor took from all processors together. */
  readonly stolenSeconds: number | null;
  /** CPU time that all processes of the machine used together, the measured ones included. */
  readonly busySeconds: number | null;
}

/** The engine that measured. */
export interface EngineFingerprint {
  /** Git commit, with `+changes` when the work tree differed, or `unknown`. */
  readonly commit: string;
  /** Version. */
  readonly deno: string;
  /** Version. */
  readonly v8: string;
  /** Flags of the process that ran each cell. */
  readonly flags: readonly string[];
}

/** First record of a run. A resumed run writes a further one. */
export interface RunRecord {
  /** Format and version. */
  readonly schema: typeof SCHEMA;
  /** What record it is. */
  readonly kind: "run";
  /** When the run began, ISO 8601 in UTC. */
  readonly started: string;
  /** Number of the harness's process. */
  readonly pid: number;
  /** Whether it went on with an earlier run. */
  readonly resumed: boolean;
  /** Ids of the cells that earlier runs gave up and this one tries again. */
  readonly retried: readonly string[];
  /** Their names. */
  readonly experiments: readonly string[];
  /** Seed of the cells' order. */
  readonly seed: number;
  /** Arguments that give the same plan again. */
  readonly commandLine: readonly string[];
  /** Cells of the whole matrix, finished ones included. */
  readonly cells: number;
  /** Timed repeats of a cell. */
  readonly repeats: number;
  /** Whether sizes and repeats were cut. */
  readonly quick: boolean;
  /** Whether results were looked at on the way to decide on going on (`--until-clear`). */
  readonly untilClear: boolean;
  /** What measured. */
  readonly machine: MachineFingerprint;
  /** Whose machine it is, or which build. */
  readonly engine: EngineFingerprint;
  /** Other emulators. */
  readonly peers: {
    /** First line of `qemu-system-arm --version`, or `not installed`. */
    readonly qemu: string;
    /** SHA-256 (hexadecimal) of QEMU's program; null where it is not installed or not readable. */
    readonly qemuSha256: string | null;
  };
  /** SHA-256 (hexadecimal) of each workload's image, by workload. */
  readonly images: Readonly<Record<string, string>>;
}

/** One of our own machine configurations. */
export interface OurSubject {
  /** Whose machine it is, or which build. */
  readonly engine: "ours";
  /** Name of the scheme. */
  readonly atomics: string;
  /** Name of the scheme. */
  readonly barriers: string;
  /** Name of the scheme. */
  readonly scheduling: string;
  /** What executes the IR. */
  readonly backend: "wasm" | "interp";
  /** Code is made as for vCPUs in parallel although none are; see MachineOptions. */
  readonly parallelCode?: "forced";
}

/** QEMU's system emulator on the same image. */
export interface QemuSubject {
  /** Whose machine it is, or which build. */
  readonly engine: "qemu";
  /** Its TCG threading mode. */
  readonly thread: "single" | "multi";
}

/** A made-up subject without a machine, for the harness's own tests. */
export interface FakeSubject {
  /** Whose machine it is, or which build. */
  readonly engine: "fake";
  /** How it ends. */
  readonly behaviour: string;
}

/** What is measured. */
export type Subject = OurSubject | QemuSubject | FakeSubject;

/**
 * What the subject's declared constraints say about the workload's self-check: it passes, it fails
 * on every run, or it may do either (a race that need not show).
 */
export interface Prediction {
  /** What to expect of the self-check. */
  readonly check: "pass" | "fail" | "may-fail";
  /** One sentence; empty for `pass`. */
  readonly because: string;
}

/**
 * The schemes of the registry that make the same code as those of a cell, where there are any before
 * them: a difference between such cells says nothing about the schemes.
 */
export interface SameCode {
  /** An atomics scheme. */
  readonly atomics?: string;
  /** A barrier scheme. */
  readonly barriers?: string;
}

/** One point of the matrix; written before its first sample. */
export interface CellRecord {
  /** Format and version. */
  readonly schema: typeof SCHEMA;
  /** What record it is. */
  readonly kind: "cell";
  /** Identifies the cell within the file: all coordinates, readable. */
  readonly cell: string;
  /** Name of the experiment. */
  readonly experiment: string;
  /** What runs the guest. */
  readonly subject: Subject;
  /** Name of the guest program. */
  readonly workload: string;
  /** Parameters that define the cell; `vcpus` and sizes chosen for time are not among them. */
  readonly params: Fields;
  /** Of the guest. */
  readonly vcpus: number;
  /** Guest memory in MiB. */
  readonly memoryMiB: number;
  /** What one operation of the workload is, such as `runs` or `increments`. */
  readonly unit: string;
  /** Made before the run. */
  readonly prediction: Prediction;
  /** Of our own subjects: what its strategies make it. Results from before roles lack it. */
  readonly role?: StrategyRole;
  /** Id of the cell that this one is once more under another label; of A/A cells only. */
  readonly again?: string;
  /** Of ours only, and only where there is such a scheme. */
  readonly sameCodeAs?: SameCode;
}

/** One vCPU's part of a sample. */
export interface VcpuSample {
  /** Number of the vCPU. */
  readonly id: number;
  /** Operations done. */
  readonly ops: number;
  /** Guest-timed. */
  readonly seconds: number;
  /**
   * CPU time of the host thread that ran this vCPU alone; null where vCPUs share a thread or the
   * subject does not tell.
   */
  readonly cpuSeconds: number | null;
  /** Further values of the guest's vCPU line, such as `strex_failures`. */
  readonly guest: Fields;
  /** The engine's counters of the vCPU; empty for subjects that have none. */
  readonly counters: Counters;
}

/** Values of core/memory/counters.ts by name; a counter that was not read is left out. */
export type Counters = Readonly<Partial<Record<CounterName, number>>>;

/** Which tiers ran the guest's measured part on a machine of ours, all vCPUs together. */
export interface Tiers {
  /** Guest instructions of the measured part. */
  readonly insns: number;
  /** Share of them that the interpreter ran, 0 to 1. */
  readonly interpreter: number;
  /** Share that ran in the first tier: functions of single blocks and of small loops. */
  readonly first: number;
  /** Share that ran in regions of the second tier. */
  readonly region: number;
  /** Time that vCPU threads spent on making code in the measured part, summed over them. */
  readonly compileSeconds: number;
}

/** A line of the guest's outcome table: litmus outcomes, kinds of `store-between`. */
export interface Outcome {
  /** As it names itself. */
  readonly name: string;
  /** How often it showed. */
  readonly count: number;
  /** Further values of the line. */
  readonly fields: Fields;
}

/** One segment of a guest's warm-up or measured part: how fast it was at that time. */
export interface SegmentSample {
  /** Of the measured part only segments in which every vCPU ran are listed. */
  readonly phase: "warm-up" | "measured";
  /** Operations of each vCPU, in the workload's own steps. */
  readonly count: number;
  /** Of the vCPU that was the fastest, by the guest's counter. */
  readonly seconds: number;
}

/** A host thread of the measured process, watched from outside. */
export interface ThreadSample {
  /** As it names itself. */
  readonly name: string;
  /** CPU time used between the first and the last look at it in the guest's measured part. */
  readonly cpuSeconds: number;
  /** Time between those looks: the thread's CPU use is `cpuSeconds / windowSeconds`. */
  readonly windowSeconds: number;
}

/** One run of a cell whose guest output was right. */
export interface SampleRecord {
  /** Format and version. */
  readonly schema: typeof SCHEMA;
  /** What record it is. */
  readonly kind: "sample";
  /** Id of the cell. */
  readonly cell: string;
  /** Counts from 0. */
  readonly repeat: number;
  /** Turn of the session: every cell that lacks repeats runs once a turn; two cells of a turn are a pair. */
  readonly turn: number;
  /** Process within the file, from 0: runs of the same one are sub-samples and count as one. */
  readonly process: number;
  /** Parameters given to the guest: the cell's and those that set its length. */
  readonly params: Fields;
  /** What an operation is. */
  readonly unit: string;
  /** Operations done. */
  readonly ops: number;
  /** Measured part of the guest's run, by the guest's own counter. */
  readonly seconds: number;
  /** The whole process, start-up included, by the harness. */
  readonly wallSeconds: number;
  /** `ops / seconds`; 0 for a workload without a time (ops or seconds 0). */
  readonly throughput: number;
  /** CPU time of the whole process tree; null where the host does not tell. */
  readonly cpuSeconds: number | null;
  /** Largest resident size of the process tree seen; null where the host does not tell. */
  readonly peakRssBytes: number | null;
  /** Of the guest. */
  readonly vcpus: readonly VcpuSample[];
  /** Sums over the vCPUs. */
  readonly counters: Counters;
  /** What ran the measured part; of ours only, where the guest told both its ends. */
  readonly tiers?: Tiers;
  /** Further values of the guest's end line, such as `lost` or `strex_failures`. */
  readonly guest: Fields;
  /** The guest's outcome table. */
  readonly outcomes: readonly Outcome[];
  /** Host threads, where they lived long enough to be seen. */
  readonly threads: readonly ThreadSample[];
  /** The curve of the guest's speed, warm-up first; of workloads that warm up only. */
  readonly segments?: readonly SegmentSample[];
  /** Whether the speed had settled before the measured part and stayed so; where there are segments. */
  readonly settled?: boolean;
  /** Warnings on the measurement, one sentence each. */
  readonly warnings: readonly string[];
  /** Last characters of the guest's console. */
  readonly consoleTail: string;
  /** Where the time went; of runs with `--profile` only. */
  readonly profile?: Profile;
  /** From the start of the cell's process to the first guest instruction; of its first run only. */
  readonly startSeconds?: number;
  /** What else went on. */
  readonly host: HostConditions;
}

/** Why a run of a cell gave no sample. */
export type FailureKind =
  /** The guest ended but its self-check failed or its report was wrong. */
  | "failed-correctness"
  /** The guest reported an error, or hit a fault that ends it. */
  | "guest-error"
  | "timeout"
  /** The measuring process itself ended badly. */
  | "crash"
  /** The subject cannot run the cell. */
  | "unsupported"
  /** A signal from outside ended the measuring process: it says nothing about the cell. */
  | "interrupted";

/** Failures after which a cell is not tried again, but with `--retry`. */
export const GIVEN_UP: readonly FailureKind[] = ["timeout", "crash", "unsupported"];

/** One run of a cell that gave no sample. It has no times: a wrong result is never timed. */
export interface FailureRecord {
  /** Format and version. */
  readonly schema: typeof SCHEMA;
  /** What record it is. */
  readonly kind: "failure";
  /** Id of the cell. */
  readonly cell: string;
  /** Counts from 0. */
  readonly repeat: number;
  /** Turn of the session: every cell that lacks repeats runs once a turn; two cells of a turn are a pair. */
  readonly turn: number;
  /** Process within the file, from 0: runs of the same one are sub-samples and count as one. */
  readonly process: number;
  /** Parameters given to the guest. */
  readonly params: Fields;
  /** Why. */
  readonly failure: FailureKind;
  /** One sentence or more, with the place and the remedy. */
  readonly message: string;
  /** The guest's end line (without its times), where there was one; for example `lost`. */
  readonly guest: Fields;
  /** The guest's outcome table. */
  readonly outcomes: readonly Outcome[];
  /** Sums over the vCPUs. */
  readonly counters: Counters;
  /** Last characters of the guest's console. */
  readonly consoleTail: string;
  /** What else went on. */
  readonly host: HostConditions;
}

/** How a session ended. */
export type EndReason =
  /** Every cell has all its repeats, or was given up. */
  | "complete"
  /** The time budget was spent first. */
  | "budget"
  /** By a signal. */
  | "interrupted"
  /** It could not go on; the message says why. */
  | "error";

/** Last record of a run that was not killed. */
export interface EndRecord {
  /** Format and version. */
  readonly schema: typeof SCHEMA;
  /** What record it is. */
  readonly kind: "end";
  /** ISO 8601 in UTC. */
  readonly finished: string;
  /** How it ended. */
  readonly reason: EndReason;
  /** What is missing or went wrong, in a sentence; empty for `complete`. */
  readonly message: string;
  /** Cells with all their repeats in the file, earlier runs' included. */
  readonly cellsDone: number;
  /** Cells that lack repeats. */
  readonly cellsLeft: number;
  /** Those of them that have no repeat at all. */
  readonly cellsUnmeasured: number;
  /** Of the whole session. */
  readonly wallSeconds: number;
  /** Largest resident size of the harness and its children together; null where unknown. */
  readonly peakRssBytes: number | null;
  /** From the start of the harness to the first guest instruction on a machine of ours. */
  readonly startSeconds?: number;
}

/** Any line of a results file. */
export type ResultRecord = RunRecord | CellRecord | SampleRecord | FailureRecord | EndRecord;
