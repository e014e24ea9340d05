/**
 * A whole measuring session: plan, header, runs, end.
 * @module
 */
import type { Catalogue } from "../experiments/catalogue.ts";
import { planCells, type PlannedCell, type Selection } from "../experiments/plan.ts";
import type { Experiment } from "../experiments/types.ts";
import { QEMU_PROGRAM, QemuProcess, qemuVersion } from "../peers/qemu.ts";
import type { Results } from "../results/reader.ts";
import { ResultsError } from "../results/results_error.ts";
import { runDifferences } from "../results/strata.ts";
import {
  type EndRecord,
  GIVEN_UP,
  NOT_INSTALLED,
  type RunRecord,
  SCHEMA,
} from "../results/types.ts";
import { ResultsWriter } from "../results/writer.ts";
import { LOOKS } from "../stats/sequential.ts";
import type { WorkloadFiles } from "./cell_job.ts";
import { engineFingerprint, fileSha256, machineFingerprint, programSha256 } from "./fingerprint.ts";
import type { FirstProcess } from "./first_process.ts";
import { HostWatch, WatchedExecutor } from "./host_watch.ts";
import { earlierOf, orderJobs } from "./jobs.ts";
import { MachineProcess } from "./machine_process.ts";
import { type Progress, type RunnerOptions, runPlan } from "./runner.ts";
import type { OpenVerdict } from "./until_clear.ts";

/** What a session measures and where it writes. */
export interface SessionOptions {
  /** What to measure. */
  readonly experiments: readonly Experiment[];
  /** What the command line narrows. */
  readonly selection: Selection;
  /** Of the order. */
  readonly seed: number;
  /** Where results go. */
  readonly directory: string;
  /** Whether to go on with what is there. */
  readonly resume: boolean;
  /** Whether cells that were given up are tried again. */
  readonly retry?: boolean;
  /** Arguments that give the same plan again. */
  readonly commandLine: readonly string[];
  /** What there is to measure. */
  readonly catalogue: Catalogue;
  /** Files of a workload. */
  readonly filesOf: (workload: string) => Promise<WorkloadFiles>;
  /** Time in place of the experiments' own. */
  readonly budgetSeconds?: number;
  /** Finds the open verdicts of results: with it the session goes on until they are settled. */
  readonly untilClear?: (results: Results) => readonly OpenVerdict[];
  /** Told before each job and at the end. */
  readonly onProgress: (progress: Progress) => void;
  /** Told what the user should know, a sentence each. */
  readonly onNote: (note: string) => void;
  /** Ends the session early. */
  readonly signal: AbortSignal;
  /** Root of the work tree, for its commit. */
  readonly root: string;
  /** The process of the first cell of ours; without it, that one too is started when its turn comes. */
  readonly first?: FirstProcess;
}

function executors(
  first: FirstProcess | undefined,
  watch: HostWatch,
): RunnerOptions["executorFor"] {
  return (subject, onTree) =>
    new WatchedExecutor(
      subject.engine === "qemu"
        ? new QemuProcess(onTree)
        : first?.take(onTree) ?? new MachineProcess(onTree),
      watch,
    );
}

/** What the user wants; else the sum of the experiments' budgets, null when one has none. */
function budgetOf({ experiments, selection, budgetSeconds }: SessionOptions): number | null {
  if (budgetSeconds !== undefined) return budgetSeconds;
  if (selection.repeats !== undefined) return null;
  const budgets = experiments.map(({ budgetSeconds, quickBudgetSeconds }) =>
    selection.quick ? quickBudgetSeconds ?? budgetSeconds : budgetSeconds
  );
  return budgets.includes(null) ? null : budgets.reduce<number>((sum, one) => sum + one!, 0);
}

function plan(options: SessionOptions, qemu: string | null): PlannedCell[] {
  const cells = options.experiments.flatMap((experiment) =>
    planCells(experiment, options.selection, options.catalogue)
  );
  const measurable = cells.filter(({ cell }) => qemu !== null || cell.subject.engine !== "qemu");
  if (measurable.length < cells.length) {
    options.onNote(
      `qemu-system-arm is not installed: ${cells.length - measurable.length} cells of the peer ` +
        "are left out (Debian's package is qemu-system-arm).",
    );
  }
  if (measurable.length === 0) {
    throw new RangeError("The selection leaves no cell to measure; widen it");
  }
  return options.untilClear === undefined ? measurable : measurable.map(toFirstLook);
}

/** With no more repeats than verdicts are first looked at. */
function toFirstLook(planned: PlannedCell): PlannedCell {
  return { ...planned, repeats: Math.min(planned.repeats, LOOKS[0] * planned.runsPerProcess) };
}

/** Without the optional cells whose files are missing; their workloads leave `files` too. */
function withFiles(
  cells: readonly PlannedCell[],
  files: Map<string, WorkloadFiles>,
  onNote: (note: string) => void,
): PlannedCell[] {
  const skipped = cells.filter(({ cell, optional }) =>
    optional && files.get(cell.workload)!.missing !== undefined
  );
  for (const name of new Set(skipped.map(({ cell }) => cell.workload))) {
    onNote(`Skipped ${name}: ${files.get(name)!.missing}.`);
    files.delete(name);
  }
  return cells.filter((one) => !skipped.includes(one));
}

async function filesOfAll(
  cells: readonly PlannedCell[],
  filesOf: (workload: string) => Promise<WorkloadFiles>,
): Promise<Map<string, WorkloadFiles>> {
  const names = [...new Set(cells.map(({ cell }) => cell.workload))];
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await filesOf(name)] as const),
    ),
  );
}

/** SHA-256 of each image, by workload. */
async function imagesOf(
  files: ReadonlyMap<string, WorkloadFiles>,
): Promise<Record<string, string>> {
  const images: Record<string, string> = {};
  for (const [name, { image, missing }] of files) {
    if (missing !== undefined) throw new RangeError(`${name}: ${missing}`);
    if (image !== "") images[name] = await fileSha256(image);
  }
  return images;
}

/** Cells that were given up. */
function givenUp({ failures }: Results): string[] {
  const hopeless = failures.filter(({ failure }) => GIVEN_UP.includes(failure));
  return [...new Set(hopeless.map(({ cell }) => cell))];
}

/** Samples of different machines, engines or images must not come into one file. */
function refuseOther({ runs }: Results, run: RunRecord, directory: string): void {
  const differences = runs.length === 0 ? [] : runDifferences(runs[0], run);
  if (differences.length === 0) return;
  throw new ResultsError(
    `${directory} was measured under other conditions, so that its numbers and new ones could not ` +
      `be compared (${differences.join("; ")}). Restore the first ones, or measure into another ` +
      "directory",
  );
}

/**
 * Measures. The end record, which says how the session ended, is the last in the file and returned.
 * @throws {OutDirectoryError} when the out directory cannot be written.
 * @throws {ResultsError} when it holds something else.
 */
export async function runSession(options: SessionOptions): Promise<EndRecord> {
  const { experiments, selection, seed, signal, untilClear } = options;
  // Each of these waits for a program; together they wait for the slowest.
  const asked = Promise.all([
    engineFingerprint(options.root),
    machineFingerprint(),
    programSha256(QEMU_PROGRAM),
  ]);
  asked.catch(() => {});
  const qemu = await qemuVersion();
  const planned = plan(options, qemu);
  const files = await filesOfAll(planned, options.filesOf);
  const cells = withFiles(planned, files, options.onNote);
  const images = await imagesOf(files);
  const { writer, earlier: found } = await ResultsWriter.open(options.directory, options.resume);
  const watch = new HostWatch();
  try {
    if (found.torn !== "") options.onNote("The file's last line was torn; it is measured again.");
    const [engine, machine, qemuSha256] = await asked;
    const run: RunRecord = {
      schema: SCHEMA,
      kind: "run",
      started: new Date().toISOString(),
      pid: Deno.pid,
      resumed: options.resume,
      retried: options.retry ? givenUp(found) : [],
      experiments: experiments.map((experiment) => experiment.name),
      seed,
      commandLine: options.commandLine,
      cells: cells.length,
      repeats: Math.max(...cells.map((cell) => cell.repeats)),
      quick: selection.quick,
      untilClear: untilClear !== undefined,
      machine,
      engine,
      peers: { qemu: qemu ?? NOT_INSTALLED, qemuSha256 },
      images,
    };
    refuseOther(found, run, options.directory);
    writer.append(run);
    const earlier = writer.results();
    // Nothing of ours may load beside a run of QEMU.
    const [next] = orderJobs(cells, seed, earlierOf(earlier));
    if (next?.planned.cell.subject.engine === "qemu") await options.first?.close();
    const end = await runPlan({
      cells,
      seed,
      budgetSeconds: budgetOf(options),
      earlier,
      writer,
      files: (workload) => files.get(workload)!,
      executorFor: executors(options.first, watch),
      ...(untilClear && { openVerdicts: () => untilClear(writer.results()) }),
      onProgress: options.onProgress,
      signal,
    });
    writer.append(end);
    return end;
  } finally {
    await watch.close();
    writer.close();
  }
}
