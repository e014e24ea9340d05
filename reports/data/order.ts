/**
 * The order in which charts show things: that of the registries. Cells run in random order, and a
 * results file holds them so.
 * @module
 */
import { EXPERIMENTS } from "../../benches/experiments/mod.ts";
import type { CellRecord, Fields, Subject } from "../../benches/results/types.ts";
import { ATOMICS, BARRIERS, SCHEDULING } from "../../strategies/mod.ts";
import { workloads } from "../../workloads/registry.ts";

type Named = readonly { readonly name: string }[];

/** Position in a registry; names that it does not hold come last. */
function rank(registry: Named, name: string): number {
  const at = registry.findIndex((one) => one.name === name);
  return at < 0 ? registry.length : at;
}

function subjectKey(subject: Subject): number[] {
  if (subject.engine === "qemu") return [1, Number(subject.thread === "multi"), 0, 0, 0, 0];
  if (subject.engine === "fake") return [2, 0, 0, 0, 0, 0];
  return [
    0,
    rank(ATOMICS, subject.atomics),
    rank(BARRIERS, subject.barriers),
    rank(SCHEDULING, subject.scheduling),
    Number(subject.backend === "interp"),
    Number(subject.parallelCode !== undefined),
  ];
}

function numbers(params: Fields): number[] {
  return Object.values(params).filter((value) => typeof value === "number");
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] !== b[at]) return a[at] - b[at];
  }
  return a.length - b.length;
}

/** Orders by experiment, workload, parameters, vCPUs and subject; what is equal stays as it was. */
export function compareCells(a: CellRecord, b: CellRecord): number {
  const head = (cell: CellRecord) => [
    rank(EXPERIMENTS, cell.experiment),
    rank(workloads, cell.workload),
  ];
  return compareLists(head(a), head(b)) ||
    compareLists(numbers(a.params), numbers(b.params)) ||
    JSON.stringify(a.params).localeCompare(JSON.stringify(b.params)) ||
    a.vcpus - b.vcpus ||
    compareLists(subjectKey(a.subject), subjectKey(b.subject)) ||
    Number(a.again !== undefined) - Number(b.again !== undefined);
}
