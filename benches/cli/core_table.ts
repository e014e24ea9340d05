/**
 * The table of experiment `core`: our speed over QEMU's by kind of work, beside what is wanted.
 * @module
 */
import {
  CORE_CASES,
  type CoreCase,
  type CorePoint,
  corePointOf,
} from "../experiments/core_cases.ts";
import type { Results } from "../results/reader.ts";
import { byCell, type CellResults } from "../results/verdict.ts";
import { type Judged, judgeFamily } from "../stats/family.ts";
import { summarise } from "../stats/summary.ts";
import { aligned, shortNumber } from "./summary_table.ts";

/** A kind of work as it was measured. */
export interface CoreRow {
  /** What the cells stand for. */
  readonly one: CoreCase;
  /** At which number of vCPUs. */
  readonly at: CorePoint;
  /** Mean throughput; null when ours gave none. */
  readonly ours: number | null;
  /** Mean throughput; null when QEMU gave none. */
  readonly qemu: number | null;
  /** Ours over QEMU's; null when either is missing. */
  readonly compared: Judged | null;
  /** Timed repeats of the side that has fewer. */
  readonly samples: number;
}

function middle(cell: CellResults | undefined): number | null {
  if (cell === undefined || cell.measures.length === 0) return null;
  return summarise(cell.measures.map(({ value }) => value)).centre;
}

/** The rows, one for each point that was measured, in the order of the cases. */
export function coreRows(results: Results): CoreRow[] {
  const cells = byCell(results).filter(({ cell }) =>
    cell.experiment === "core" && cell.again === undefined
  );
  const places = Map.groupBy(
    cells,
    ({ cell }) => JSON.stringify([cell.workload, cell.params, cell.vcpus]),
  );
  const found = [...places.values()].flatMap((some) => {
    const { workload, params, vcpus } = some[0].cell;
    const point = corePointOf(workload, params, vcpus);
    const ours = some.find(({ cell }) =>
      cell.subject.engine === "ours" && cell.subject.backend === "wasm"
    );
    const qemu = some.find(({ cell }) =>
      cell.subject.engine === "qemu" && cell.subject.thread === "multi"
    );
    if (point === undefined || ours === undefined) return [];
    return [{ point, ours, qemu, values: ours.measures, base: qemu?.measures ?? [] }];
  });
  const both = found.filter(({ values, base }) => values.length > 0 && base.length > 0);
  const family = judgeFamily(both, { sequential: results.runs.at(-1)?.untilClear ?? false });
  const judged = new Map(both.map((one, at) => [one, family[at]]));
  const rows = found.map((one): CoreRow => ({
    ...one.point,
    ours: middle(one.ours),
    qemu: middle(one.qemu),
    compared: judged.get(one) ?? null,
    samples: judged.get(one)?.samples ?? 0,
  }));
  const place = ({ one, at }: CoreRow) => [CORE_CASES.indexOf(one), at.vcpus];
  return rows.sort((a, b) => {
    const [first, second] = [place(a), place(b)];
    return first[0] - second[0] || first[1] - second[1];
  });
}

function rate(value: number | null): string {
  return value === null ? "-" : shortNumber(value);
}

function digits(value: number): string {
  return value.toPrecision(3);
}

/** Whether a ratio is what is wanted; the interval decides, and may leave it open. */
export function metWords(row: Pick<CoreRow, "at" | "compared">): string {
  const { at, compared } = row;
  if (at.target === null || compared === null) return "";
  const { interval, ratio } = compared;
  // A few samples have no interval.
  if (interval === null) return ratio >= at.target ? "above" : "below";
  if (interval.low >= at.target) return "met";
  if (interval.high < at.target) return `short by ${Math.round((1 - ratio / at.target) * 100)} %`;
  return ratio >= at.target ? "met, not surely" : "open";
}

/** The table as text; empty when the results hold nothing of the experiment. */
export function coreTable(results: Results): string {
  const rows = coreRows(results);
  if (rows.length === 0) return "";
  const head = ["", "vCPUs", "ours/s", "QEMU/s", "ratio", "95 %", "n", "target", "", "reference/s"];
  const lines = rows.map((row) => [
    row.one.title,
    `${row.at.vcpus}`,
    rate(row.ours),
    rate(row.qemu),
    row.compared === null ? "-" : digits(row.compared.ratio),
    row.compared === null
      ? ""
      : row.compared.interval === null
      ? ""
      : `[${digits(row.compared.interval.low)}, ${digits(row.compared.interval.high)}]`,
    `${row.samples}`,
    row.at.target === null ? "" : digits(row.at.target),
    metWords(row),
    rate(row.at.reference),
  ]);
  return [
    "core: our throughput over that of QEMU thread=multi, geometric mean of the ratios turn by turn " +
    "with its 95 % interval.",
    "Each run warms up inside the guest for about 0.1 s, which is when V8 has optimised hot code.",
    'The column "reference" is QEMU 7.2 on a quiet machine with two cores, for orientation.',
    "",
    ...aligned([head, ...lines]).map((line) => `  ${line}`),
    "",
  ].join("\n");
}
