/**
 * The results as tidy rows: one entry a cell, with its samples summarised.
 * @module
 */
import { EXPERIMENTS } from "../../benches/experiments/mod.ts";
import type { Results } from "../../benches/results/reader.ts";
import type {
  CellRecord,
  FailureRecord,
  RunRecord,
  SampleRecord,
} from "../../benches/results/types.ts";
import { type Measure, measuresOf } from "../../benches/stats/measure.ts";
import { summarise, type Summary } from "../../benches/stats/summary.ts";
import { isTimed } from "../../workloads/registry.ts";
import { compareCells } from "./order.ts";

/** A cell with all its runs. */
export interface Cell {
  /** What was to be measured. */
  readonly record: CellRecord;
  /** Timed repeats whose output was right. */
  readonly samples: readonly SampleRecord[];
  /** Runs without a sample. */
  readonly failures: readonly FailureRecord[];
  /** Operations a second of each process; empty when the cell is not one to time. */
  readonly measures: readonly Measure[];
  /** Summary of `measures`; null when there are none. */
  readonly throughput: Summary | null;
  /** Why there is nothing to time, such as `wrong result` or `not measured`; empty for neither. */
  readonly trouble: string;
}

/** Everything that charts are made from. */
export interface Tables {
  /** All records, as they were read. */
  readonly results: Results;
  /** In the order of the registries. */
  readonly cells: readonly Cell[];
  /** The last run record: a resumed run writes a further one. */
  readonly run: RunRecord;
}

/** Words for a failure. */
export const FAILURE_WORDS: Readonly<Record<FailureRecord["failure"], string>> = {
  "failed-correctness": "wrong result",
  "guest-error": "guest error",
  "timeout": "timeout",
  "crash": "crash",
  "interrupted": "interrupted",
  "unsupported": "unsupported",
};

/**
 * Whether a cell's time is a result. It is not for a test of conformance, nor in an experiment
 * about the checks.
 */
function isToTime(cell: CellRecord): boolean {
  const experiment = EXPERIMENTS.find((one) => one.name === cell.experiment);
  if (experiment?.checksOnly === true) return false;
  return isTimed(cell.workload);
}

/** Words of a cell that was planned and not reached. */
export const NOT_MEASURED = "not measured";

function troubleOf(samples: readonly SampleRecord[], failures: readonly FailureRecord[]): string {
  if (samples.length + failures.length === 0) return NOT_MEASURED;
  const worst = failures.find((one) => one.failure === "failed-correctness") ?? failures[0];
  return worst === undefined ? "" : FAILURE_WORDS[worst.failure];
}

function cellOf(
  record: CellRecord,
  samples: readonly SampleRecord[],
  failures: readonly FailureRecord[],
): Cell {
  const wrong = failures.some((one) => one.failure === "failed-correctness");
  const measures = isToTime(record) && !wrong
    ? measuresOf(samples, (one) => one.throughput > 0 ? one.throughput : null)
    : [];
  return {
    record,
    samples,
    failures,
    measures,
    throughput: measures.length > 0 ? summarise(measures.map(({ value }) => value)) : null,
    trouble: troubleOf(samples, failures),
  };
}

/** Makes the tables; cells that were planned but never ran are kept, without samples. */
export function tablesOf(results: Results): Tables {
  const samples = Map.groupBy(results.samples, (one) => one.cell);
  const failures = Map.groupBy(results.failures, (one) => one.cell);
  const cells = [...results.cells.values()].sort(compareCells).map((record) =>
    cellOf(record, samples.get(record.cell) ?? [], failures.get(record.cell) ?? [])
  );
  const run = results.runs.at(-1);
  if (run === undefined) throw new RangeError("A report needs at least one run record");
  return { results, cells, run };
}
