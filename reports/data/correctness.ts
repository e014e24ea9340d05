/**
 * The correctness matrix: what each scheme's runs of each test came to, against its prediction.
 * @module
 */
import { type Cell, FAILURE_WORDS, type Tables } from "./cells.ts";
import { distinct, slicesOf, workloadLabel } from "./slices.ts";

/** What a field of the matrix says. */
export type Status =
  | "pass"
  | "fails as predicted"
  | "passes unexpectedly"
  | "no result"
  | "wrong"
  | "not run";

/** All statuses, the one that wins when several apply last. */
const STATUSES: readonly Status[] = [
  "not run",
  "pass",
  "fails as predicted",
  "passes unexpectedly",
  "no result",
  "wrong",
];

/** One field of the matrix, over all numbers of vCPUs and all repeats. */
export interface MatrixField {
  /** Atomics scheme, or a mode of QEMU. */
  readonly subject: string;
  /** Workload and parameters. */
  readonly test: string;
  /** The worst status of any of its cells. */
  readonly status: Status;
  /** Runs, failed ones included. */
  readonly runs: number;
  /** Runs whose check failed. */
  readonly failed: number;
  /** What happened, at which number of vCPUs, and why it was to be expected. */
  readonly detail: string;
}

function statusOf(cell: Cell): Status {
  const failed = cell.failures.filter((one) => one.failure === "failed-correctness").length;
  const { check } = cell.record.prediction;
  if (failed > 0) return check === "pass" ? "wrong" : "fails as predicted";
  if (cell.failures.length > 0) return "no result";
  if (cell.samples.length === 0) return "not run";
  return check === "fail" ? "passes unexpectedly" : "pass";
}

function detailOf(cell: Cell): string {
  const kinds = distinct(cell.failures.map((one) => one.failure));
  const counts = kinds.map((kind) => {
    const count = cell.failures.filter((one) => one.failure === kind).length;
    return `${count} × ${FAILURE_WORDS[kind]}`;
  });
  const passed = cell.samples.length > 0 ? [`${cell.samples.length} × right`] : [];
  const happened = [...passed, ...counts].join(", ") || "not run";
  const { because } = cell.record.prediction;
  return `${cell.record.vcpus} vCPUs: ${happened}.${because ? ` ${because}` : ""}`;
}

function fieldOf(subject: string, test: string, cells: readonly Cell[]): MatrixField {
  const status = cells.map(statusOf).reduce<Status>(
    (worst, one) => STATUSES.indexOf(one) > STATUSES.indexOf(worst) ? one : worst,
    "not run",
  );
  const failures = cells.flatMap((cell) => cell.failures);
  return {
    subject,
    test,
    status,
    runs: cells.reduce((sum, cell) => sum + cell.samples.length, 0) + failures.length,
    failed: failures.filter((one) => one.failure === "failed-correctness").length,
    detail: cells.map(detailOf).join(" "),
  };
}

/**
 * Rows for every atomics scheme and QEMU, columns for every test that was run with more than one of
 * them or that is predicted to fail somewhere; tests of memory ordering have a chart of their own.
 */
export function correctnessMatrix(tables: Tables): MatrixField[] {
  const cells = tables.cells.filter(({ record }) => record.again === undefined);
  const slices = slicesOf(cells, "atomics");
  const members = slices.flatMap((slice) => [...slice.ours, ...slice.peers]);
  const known = new Set(members.map(({ cell }) => cell));
  for (const cell of cells) {
    const { subject, prediction, workload } = cell.record;
    if (prediction.check === "pass" || workload === "litmus" || known.has(cell)) continue;
    if (subject.engine === "ours") members.push({ series: subject.atomics, cell });
    if (subject.engine === "qemu") members.push({ series: `QEMU ${subject.thread}`, cell });
  }
  const byWorkload = Map.groupBy(members, ({ cell }) => cell.record.workload);
  const tests = [...byWorkload.values()].flatMap((some) =>
    distinct(some.map(({ cell }) => workloadLabel(cell)))
  );
  const ours = members.filter(({ cell }) => cell.record.subject.engine === "ours");
  const subjects = distinct([...ours, ...members].map(({ series }) => series));
  return subjects.flatMap((subject) =>
    tests.map((test) => {
      const cells = members.filter((one) =>
        one.series === subject && workloadLabel(one.cell) === test
      ).map(({ cell }) => cell);
      return fieldOf(subject, test, distinct(cells));
    })
  );
}
