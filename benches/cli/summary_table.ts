/**
 * The table at the end of a run: subjects down, vCPU counts across, one table a workload.
 * @module
 */
import { subjectName, workloadName } from "../experiments/plan.ts";
import type { Results } from "../results/reader.ts";
import { isTimed } from "../../workloads/registry.ts";
import { byCell, type CellResults, type Verdict } from "../results/verdict.ts";
import { summarise } from "../stats/summary.ts";

const UNITS = [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const;

/** Three digits with a unit prefix. */
export function shortNumber(value: number): string {
  for (const [factor, prefix] of UNITS) {
    if (value >= factor) return `${(value / factor).toPrecision(3)} ${prefix}`;
  }
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function entry({ cell, judgement, measures }: CellResults): string {
  const { verdict, runs, failed } = judgement;
  if (verdict === "fails as predicted") return `wrong as predicted (${failed}/${runs})`;
  if (verdict === "wrong") return `WRONG (${failed}/${runs})`;
  if (verdict === "not run") return "not measured";
  if (verdict !== "pass") return verdict.toUpperCase();
  if (!isTimed(cell.workload)) return `right (${runs}/${runs})`;
  if (measures.length === 0) return "right";
  const { centre, interval, samples } = summarise(measures.map(({ value }) => value));
  const spread = interval === null
    ? `(n = ${samples})`
    : `[${shortNumber(interval.low)}, ${shortNumber(interval.high)}]`;
  return `${shortNumber(centre)}/s ${spread}`;
}

/** Pads the columns of a table; the first row is its head. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows.map((row) => row.map((text, at) => text.padEnd(widths[at])).join("  ").trimEnd());
}

function table(title: string, cells: readonly CellResults[]): string[] {
  const counts = [...new Set(cells.map(({ cell }) => cell.vcpus))].sort((a, b) => a - b);
  const rows = [["", ...counts.map((count) => `${count} vCPU${count === 1 ? "" : "s"}`)]];
  const bySubject = Map.groupBy(
    cells,
    ({ cell }) => subjectName(cell.subject) + (cell.again === undefined ? "" : " (again)"),
  );
  for (const name of [...bySubject.keys()].sort()) {
    const own = bySubject.get(name)!;
    rows.push([
      name,
      ...counts.map((count) => {
        const found = own.find(({ cell }) => cell.vcpus === count);
        return found ? entry(found) : "";
      }),
    ]);
  }
  return [title, ...aligned(rows).map((line) => `  ${line}`), ""];
}

/** Outcomes that need no look at the cell; what was not reached is counted elsewhere. */
const PLAIN: readonly Verdict[] = ["pass", "fails as predicted", "not run"];

/** Cells whose outcome needs a look. */
function troubled(cells: readonly CellResults[]): CellResults[] {
  return cells.filter(({ judgement }) => !PLAIN.includes(judgement.verdict));
}

/** Whether every cell that was run gave right results, or wrong ones where its scheme predicts them. */
export function allAsClaimed(results: Results): boolean {
  return troubled(byCell(results)).every(({ judgement }) =>
    judgement.verdict === "passes against prediction"
  );
}

function troubles(cells: readonly CellResults[]): string[] {
  return troubled(cells).map(({ cell, judgement }) =>
    `${judgement.verdict}: ${cell.cell}: ${judgement.message.split("\n")[0]}`
  );
}

/** The whole text: mean throughput with 95 % intervals, or how often a check was right. */
export function summaryText(results: Results): string {
  const cells = byCell(results);
  const groups = Map.groupBy(
    cells,
    ({ cell }) => `${cell.experiment}: ${workloadName(cell.workload, cell.params)}, ${cell.unit}`,
  );
  const tables = [...groups.keys()].sort().flatMap((title) => table(title, groups.get(title)!));
  const bad = troubles(cells);
  return [
    "Geometric mean over the processes, operations of all vCPUs together a second, with its 95 %",
    "interval from five processes on; n is the number of fewer. Intervals of two cells may overlap",
    "and the cells differ all the same: comparisons are in the report.",
    "",
    ...tables,
    ...(bad.length > 0 ? ["To look at:", ...bad.map((line) => `  ${line}`), ""] : []),
  ].join("\n");
}
