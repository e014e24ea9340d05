/**
 * What `bench` and `reproduce` share: the session with its signals, progress, summary and report.
 * @module
 */
import { CATALOGUE, workloadFiles } from "../experiments/registries.ts";
import { sameCodeOf } from "../experiments/same_code.ts";
import type { Profile } from "../../core/profile/profile_data.ts";
import { printable } from "../results/printable.ts";
import type { Results } from "../results/reader.ts";
import type { EndRecord } from "../results/types.ts";
import { runSession, type SessionOptions } from "../runner/session.ts";
import { coreTable } from "./core_table.ts";
import { type Command, parseCommand, type Parsed, UsageError, UserError } from "./command.ts";
import { commandLine } from "./launcher.ts";
import { makeReport } from "./make_report.ts";
import { ProgressLine, standardError } from "./progress_line.ts";
import { profileText } from "./profile_table.ts";
import { allAsClaimed, summaryText } from "./summary_table.ts";

/** Exit code after Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

/** Exit code when everything was measured but some cell is not what its subject claims. */
const NOT_AS_CLAIMED = 3;

/** Exit code when some cells have no repeat at all. */
const UNMEASURED = 4;

const ROOT = new URL("../..", import.meta.url).pathname;

/** What is to be measured and how the command was called. */
export interface MeasureOptions extends
  Pick<
    SessionOptions,
    | "experiments"
    | "selection"
    | "seed"
    | "directory"
    | "resume"
    | "retry"
    | "commandLine"
    | "budgetSeconds"
    | "first"
  > {
  /** Such as `deno task bench`, for the words on how to go on. */
  readonly task: string;
  /** Whether to go on until the report's verdicts are settled. */
  readonly untilClear?: boolean;
  /** Whether to write the report. */
  readonly report: boolean;
}

/** `out/NAME-20260131-235959`, in UTC. */
function standardDirectory(name: string, now: Date = new Date()): string {
  const digits = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `out/${name}-${digits}`;
}

/** Makes a directory that no other run has; two runs of the same second get two names. */
export async function newDirectory(name: string): Promise<string> {
  const base = standardDirectory(name);
  for (let number = 1;; number++) {
    const directory = number === 1 ? base : `${base}-${number}`;
    try {
      await Deno.mkdir("out", { recursive: true });
      await Deno.mkdir(directory);
      return directory;
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw new UserError(
        `Cannot make ${directory}: ${(error as Error).message}. Name a directory with --out DIR`,
      );
    }
  }
}

/** Options that say where and whether, not what. */
const NOT_OF_THE_PLAN = ["out", "resume", "retry", "no-report"];

/** Arguments that give the same plan again. */
export function planArguments(command: Command, parsed: Parsed): string[] {
  const line: string[] = [];
  for (const { name, type } of command.options) {
    if (!parsed.given.includes(name) || NOT_OF_THE_PLAN.includes(name)) continue;
    line.push(`--${name}`);
    if (type !== "flag") line.push(parsed.words(name).join(","));
  }
  return [...line, ...parsed.positionals];
}

/** Reads results; the parser and its schema are no part of a start. */
async function resultsOf(directory: string): Promise<Results> {
  const { readResults } = await import("../results/reader.ts");
  return await readResults(directory);
}

/**
 * The command line of the run that `directory` holds.
 * @throws {UsageError} when `given` asks for another plan.
 * @throws {ResultsError} when there is no such run.
 */
export async function resumedLine(
  command: Command,
  given: Parsed,
  directory: string,
): Promise<Parsed> {
  const extra = given.given.filter((name) => !NOT_OF_THE_PLAN.includes(name))
    .map((name) => `--${name}`);
  if (extra.length + given.positionals.length > 0) {
    throw new UsageError(
      "--resume goes on with the first run's own options: leave out " +
        [...extra, ...given.positionals].join(" "),
    );
  }
  const { commandLine } = (await resultsOf(directory)).runs[0];
  return parseCommand(command, commandLine) ?? given;
}

function note(text: string): void {
  console.error(printable(text));
}

/** Shows text that came from results: a terminal obeys nothing in it. */
function show(text: string): void {
  console.log(printable(text));
}

/** Aborts at the first Ctrl-C, hang-up or termination; `release` lets go of the signals. */
function signals(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) Deno.addSignalListener(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) Deno.removeSignalListener(name, stop);
    },
  };
}

/** The open verdicts of the report's charts. */
async function openVerdicts(): Promise<NonNullable<SessionOptions["untilClear"]>> {
  const { tablesOf } = await import("../../reports/data/cells.ts");
  const { unsettled } = await import("../../reports/data/unsettled.ts");
  return (results) => unsettled(tablesOf(results));
}

async function session({ untilClear, ...options }: MeasureOptions): Promise<EndRecord> {
  const progress = new ProgressLine(standardError());
  const { signal, release } = signals();
  try {
    return await runSession({
      ...options,
      ...(untilClear ? { untilClear: await openVerdicts() } : {}),
      catalogue: { ...CATALOGUE, sameCode: sameCodeOf },
      filesOf: workloadFiles,
      root: ROOT,
      onNote: note,
      onProgress: (state) => progress.show(state),
      signal,
    });
  } finally {
    progress.end();
    release();
  }
}

/** The first profile of each cell that has one. */
function profilesOf(results: Results): { readonly cell: string; readonly profile: Profile }[] {
  const cells = new Map<string, Profile>();
  for (const { cell, profile } of results.samples) {
    if (profile !== undefined && !cells.has(cell)) cells.set(cell, profile);
  }
  return [...cells].map(([cell, profile]) => ({ cell, profile }));
}

/** How long it took until guest code ran. */
function startText({ ends, samples }: Results): string {
  const session = ends.at(-1)?.startSeconds;
  if (session === undefined) return "";
  const cells = samples.flatMap(({ startSeconds }) => startSeconds ?? []).sort((a, b) => a - b);
  const one = cells.length === 0
    ? ""
    : `; each cell's process, ${
      cells[cells.length >>> 1].toFixed(2)
    } s (median of ${cells.length})`;
  return `Start-up: guest code ran ${session.toFixed(2)} s after the start${one}.`;
}

/** Measures, prints the summary, writes the report; the exit code. */
export async function measure(options: MeasureOptions): Promise<number> {
  const { directory, task } = options;
  const end = await session(options);
  const again = commandLine(task, ["--out", directory, "--resume"]);
  if (end.reason === "interrupted") {
    note(`Interrupted with ${end.cellsLeft} cells left. Go on with: ${again}`);
    return INTERRUPTED;
  }
  const results = await resultsOf(directory);
  show(summaryText(results));
  const core = coreTable(results);
  if (core !== "") show(core);
  for (const { cell, profile } of profilesOf(results)) {
    show(`${cell}\n${profileText(profile)}`);
  }
  if (end.message !== "") note(`${end.message} Go on with: ${again}\n`);
  console.log(startText(results));
  console.log(`Results: ${directory}/results.jsonl`);
  if (options.report) await makeReport(directory);
  if (!allAsClaimed(results)) return NOT_AS_CLAIMED;
  return end.cellsUnmeasured > 0 ? UNMEASURED : 0;
}
