/**
 * What a cell's runs say about correctness, next to what its constraints predicted.
 * @module
 */
import { type Measure, measuresOf } from "../stats/measure.ts";
import type { Results } from "./reader.ts";
import type { CellRecord, FailureRecord, SampleRecord } from "./types.ts";

/** How a cell came out. */
export type Verdict =
  | "pass"
  /** Wrong results, as the scheme's constraints say. */
  | "fails as predicted"
  /** Wrong results where right ones were promised. */
  | "wrong"
  /** Right results where wrong ones were certain. */
  | "passes against prediction"
  | "guest error"
  | "timeout"
  | "crash"
  | "unsupported"
  | "not run";

/** A cell's runs, counted. */
export interface Judgement {
  /** How it came out. */
  readonly verdict: Verdict;
  /** Runs that count: repeats, or warm-ups where no repeat was reached. */
  readonly runs: number;
  /** Those that gave no right result. */
  readonly failed: number;
  /** First message of the decisive failure; empty without one. */
  readonly message: string;
}

const OTHER_FAILURES = {
  "crash": "crash",
  "timeout": "timeout",
  "guest-error": "guest error",
  "unsupported": "unsupported",
} as const;

/** Judges one cell by its records. */
export function judge(
  cell: CellRecord,
  samples: readonly SampleRecord[],
  failures: readonly FailureRecord[],
): Judgement {
  const counted = [...samples, ...failures];
  const failed = counted.filter((record) => record.kind === "failure");
  const of = (verdict: Verdict, message = "") => ({
    verdict,
    runs: counted.length,
    failed: failed.length,
    message,
  });
  if (counted.length === 0) return of("not run");
  for (const [kind, verdict] of Object.entries(OTHER_FAILURES)) {
    const found = failed.find((failure) => failure.failure === kind);
    if (found) return of(verdict, found.message);
  }
  if (failed.length > 0) {
    const verdict = cell.prediction.check === "pass" ? "wrong" : "fails as predicted";
    return of(verdict, failed[0].message);
  }
  return of(cell.prediction.check === "fail" ? "passes against prediction" : "pass");
}

/** Records of each cell. */
export interface CellResults {
  /** The cell. */
  readonly cell: CellRecord;
  /** Its right runs. */
  readonly samples: readonly SampleRecord[];
  /** Its other runs. */
  readonly failures: readonly FailureRecord[];
  /** What the runs say together. */
  readonly judgement: Judgement;
  /** Throughput of each process; empty for a cell that ever gave a wrong result. */
  readonly measures: readonly Measure[];
}

/** Puts a file's records together by cell, in the file's order of cells. */
export function byCell(results: Results): CellResults[] {
  const samples = Map.groupBy(results.samples, (record) => record.cell);
  const failures = Map.groupBy(results.failures, (record) => record.cell);
  return [...results.cells.values()].map((cell) => {
    const own = samples.get(cell.cell) ?? [];
    const failed = failures.get(cell.cell) ?? [];
    return {
      cell,
      samples: own,
      failures: failed,
      judgement: judge(cell, own, failed),
      measures: failed.some((failure) => failure.failure === "failed-correctness")
        ? []
        : measuresOf(own, ({ throughput }) => throughput > 0 ? throughput : null),
    };
  });
}
