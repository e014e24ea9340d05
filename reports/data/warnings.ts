/**
 * Warnings on a set of results, each a typed value with its remedy.
 * @module
 */
import { NOT_INSTALLED } from "../../benches/results/types.ts";
import { FEWEST_MEASURES } from "../../benches/stats/summary.ts";
import { againOf, isFalse } from "./again.ts";
import { type Cell, FAILURE_WORDS, NOT_MEASURED, type Tables } from "./cells.ts";
import { litmusControl, silentControl } from "./litmus.ts";
import { implausible } from "./plausibility.ts";
import { isParallel } from "./roles.ts";
import { unsettledOf } from "./settling.ts";
import { distinct } from "./slices.ts";
import { tierWarnings } from "./tiers.ts";
import type { Compared } from "./verdict.ts";

/** What a warning is about. */
export type WarningKind =
  | "silent-control"
  | "wrong-result"
  | "no-result"
  | "passes-unexpectedly"
  | "interrupted"
  | "budget"
  | "same-differs"
  | "implausible"
  | "noisy"
  | "outliers"
  | "few-repeats"
  | "overcommit"
  | "different-tiers"
  | "busy-machine"
  | "qemu-missing"
  | "dirty-tree"
  | "set-aside"
  | "odd-file"
  | "unsettled"
  | "measurement";

/** One warning. */
export interface Warning {
  /** Which of the known concerns it is. */
  readonly kind: WarningKind;
  /** What is so, in a sentence. */
  readonly message: string;
  /** What to do about it, or how to read the results with it. */
  readonly remedy: string;
  /** The cells it is about; empty for the whole run. */
  readonly cells: readonly string[];
}

/** A 95 % interval wider than this share of the median is called noisy. */
const NOISY = 0.2;

/** Cells that a warning names in words. */
const MOST_NAMES = 5;

/** A load average above this share of the cores when a run began is called busy. */
const BUSY = 0.5;

function ids(cells: readonly Cell[]): string[] {
  return cells.map((cell) => cell.record.cell);
}

function warning(
  kind: WarningKind,
  cells: readonly Cell[],
  message: string,
  remedy: string,
): Warning[] {
  return cells.length === 0 ? [] : [{ kind, message, remedy, cells: ids(cells) }];
}

function cellsWord(count: number): string {
  return `${count} cell${count === 1 ? "" : "s"}`;
}

function aboutResults(cells: readonly Cell[]): Warning[] {
  const failed = (cell: Cell) => cell.failures.some((one) => one.failure === "failed-correctness");
  const wrong = cells.filter((cell) => failed(cell) && cell.record.prediction.check === "pass");
  const ended = cells.filter((cell) =>
    cell.failures.some((one) => one.failure !== "failed-correctness")
  );
  const kinds = distinct(
    ended.flatMap((cell) => cell.failures).map((one) => FAILURE_WORDS[one.failure]),
  ).filter((word) => word !== FAILURE_WORDS["failed-correctness"]);
  const unexpected = cells.filter((cell) =>
    cell.record.prediction.check === "fail" && cell.samples.length > 0 && !failed(cell)
  );
  return [
    ...warning(
      "wrong-result",
      wrong,
      `${cellsWord(wrong.length)} gave wrong results against the prediction.`,
      "Read the failure's message and console in the results file; this is a defect of the scheme, " +
        "of its declared constraints, or of the engine.",
    ),
    ...warning(
      "no-result",
      ended,
      `${cellsWord(ended.length)} ended without a result in some run: ${kinds.join(", ")}.`,
      "Read the failures' messages in results.csv; measure the cells again with `--resume`.",
    ),
    ...warning(
      "passes-unexpectedly",
      unexpected,
      `${
        cellsWord(unexpected.length)
      } passed although the scheme's constraints say they must fail.`,
      "Run more repeats; if it stays, the declared constraints are too pessimistic.",
    ),
  ];
}

function aboutSamples(cells: readonly Cell[], cores: number): Warning[] {
  const timed = cells.filter((cell) => cell.throughput !== null);
  const noisy = timed.filter(({ throughput }) => {
    const { centre, interval } = throughput!;
    return interval !== null && (interval.high - interval.low) / centre > NOISY;
  });
  const outlying = timed.filter(({ throughput }) => throughput!.outliers.length > 0);
  const flagged = outlying.reduce((sum, cell) => sum + cell.throughput!.outliers.length, 0);
  const few = timed.filter(({ throughput }) => throughput!.samples < FEWEST_MEASURES);
  const crowded = timed.filter(({ record }) => isParallel(record.subject) && record.vcpus > cores);
  const unsettled = unsettledOf(cells);
  const told = cells.filter((cell) =>
    cell.samples.some((one) => one.warnings.length > 0 && one.settled !== false)
  );
  const words = distinct(
    told.flatMap((cell) => cell.samples).flatMap((one) =>
      one.settled === false ? [] : one.warnings
    ),
  );
  return [
    ...warning(
      "noisy",
      noisy,
      `${cellsWord(noisy.length)} have an interval wider than ${100 * NOISY} % of its centre.`,
      "Close other programs, measure longer, or use more repeats with `--repeat`.",
    ),
    ...warning(
      "outliers",
      outlying,
      `${flagged} samples in ${cellsWord(outlying.length)} lie far from the others; they are kept.`,
      "Look for what else ran at that time; a comparison with one says less, not more.",
    ),
    ...warning(
      "few-repeats",
      few,
      `${
        cellsWord(few.length)
      } have fewer than ${FEWEST_MEASURES} samples: too few for an interval or a verdict.`,
      "Use `--repeat 7` or more for results that are to be quoted.",
    ),
    ...warning(
      "overcommit",
      crowded,
      `${cellsWord(crowded.length)} have more vCPU threads than the host's ${cores} cores.`,
      "Read them as behaviour under overcommitment, not as scaling; use a machine with more cores " +
        "for scaling.",
    ),
    ...warning(
      "unsettled",
      unsettled.map(({ cell }) => cell),
      `${
        cellsWord(unsettled.length)
      } had runs whose speed was not settled when they were measured: ${
        unsettled.slice(0, MOST_NAMES)
          .map(({ cell, runs }) => `${cell.record.cell} (${runs} of ${cell.samples.length})`)
          .join(", ")
      }${unsettled.length > MOST_NAMES ? " and others" : ""}.`,
      "Look at the chart of their speed; measure them again on an idle machine, or longer.",
    ),
    ...warning(
      "measurement",
      told,
      `The harness warned about ${cellsWord(told.length)}, for example: ${words[0]}`,
      "All its words stand in the column message of results.csv.",
    ),
  ];
}

/** Comparisons that show that something else than a scheme was measured. */
function aboutComparisons(tables: Tables): Warning[] {
  const falsely = againOf(tables).filter(isFalse);
  const impossible = implausible(tables);
  const about = (kind: WarningKind, message: string, remedy: string, some: readonly Compared[]) =>
    some.length === 0
      ? []
      : [{ kind, message, remedy, cells: distinct(some.flatMap(({ cells }) => cells)) }];
  return [
    ...about(
      "same-differs",
      `${falsely.length} A/A cells were called different from the very same cell: by a factor of ${
        falsely.map(({ ratio }) => ratio.toPrecision(3)).join(", ")
      }.`,
      "Do not trust other differences of this size; measure again on an idle machine.",
      falsely,
    ),
    ...about(
      "implausible",
      `Implausible: ${impossible.map(({ words }) => words).join("; ")}.`,
      "Look for what slows the baseline down (a tier that is not reached, a cold start): the " +
        "speed-up is not the scheme's.",
      impossible.map(({ compared }) => compared),
    ),
  ];
}

function aboutRuns({ results, run, cells }: Tables): Warning[] {
  const whole = (kind: WarningKind, message: string, remedy: string): Warning => ({
    kind,
    message,
    remedy,
    cells: [],
  });
  const warnings: Warning[] = [];
  const end = results.endOf.get(run);
  if (end === undefined) {
    warnings.push(whole(
      "interrupted",
      "The last run has no end record: it was killed, or is still going on.",
      "Finish it with `deno task bench --resume` and the same out directory.",
    ));
  } else if (end.reason === "interrupted" || end.reason === "error") {
    warnings.push(whole(
      "interrupted",
      `The run ended early (${end.reason}${end.message && `: ${end.message}`}), ` +
        `${end.cellsLeft} cells are left.`,
      "Finish it with `deno task bench --resume` and the same out directory.",
    ));
  }
  if (end?.reason === "budget") {
    const unmeasured = cells.filter(({ trouble }) => trouble === NOT_MEASURED);
    warnings.push({
      kind: "budget",
      message: end.message,
      remedy: "Go on with `--resume` and the same out directory" +
        (unmeasured.length > 0 ? "; the cells listed have nothing yet." : "."),
      cells: ids(unmeasured),
    });
  }
  if (run.peers.qemu === NOT_INSTALLED) {
    warnings.push(whole(
      "qemu-missing",
      "QEMU was not there: nothing is compared with it.",
      "Install Debian's package qemu-system-arm and measure again.",
    ));
  }
  const dirty = results.runs.filter((one) => /\+changes$|^unknown$/.test(one.engine.commit));
  if (dirty.length > 0) {
    warnings.push(whole(
      "dirty-tree",
      `Measured from a work tree that no commit names (${dirty[0].engine.commit}).`,
      "Commit first, then measure, so that others can have the same engine.",
    ));
  }
  const busy = results.runs.find((one) => one.machine.loadAverage[0] > one.machine.cores * BUSY);
  if (busy !== undefined) {
    warnings.push(whole(
      "busy-machine",
      `The load average was ${busy.machine.loadAverage[0].toFixed(2)} on ${busy.machine.cores} ` +
        "cores when the run began.",
      "Measure on an idle machine.",
    ));
  }
  if (results.setAside.length > 0) {
    warnings.push(whole(
      "set-aside",
      `${results.setAside.length} runs are not counted: a signal from outside ended them, or ` +
        "`--retry` did them again.",
      "Their messages stand in the results file.",
    ));
  }
  for (const words of results.warnings) {
    warnings.push(whole("odd-file", words, "Each run counts once; nothing is to be done."));
  }
  return warnings;
}

/** A check that could not fail proves nothing, so this stands before everything else. */
function aboutControls(tables: Tables): Warning[] {
  const silent = silentControl(litmusControl(tables));
  if (silent === "") return [];
  return [{
    kind: "silent-control",
    message: `The litmus tests are no evidence for any scheme. ${silent}`,
    remedy: "Give the vCPUs a core each, run more instances, and let `none` run beside the others.",
    cells: tables.cells.filter((one) => one.record.workload === "litmus")
      .map((one) => one.record.cell),
  }];
}

/** All warnings, those on controls and wrong results first. */
export function warningsOf(tables: Tables): Warning[] {
  return [
    ...aboutControls(tables),
    ...aboutResults(tables.cells),
    ...aboutRuns(tables),
    ...aboutComparisons(tables),
    ...tierWarnings(tables.cells),
    ...aboutSamples(tables.cells, tables.run.machine.cores),
  ];
}
