/**
 * Slices of the matrix: cells that differ in one axis (and in vCPUs) and in nothing else.
 * @module
 */
import type { OurSubject } from "../../benches/results/types.ts";
import { type Cell, NOT_MEASURED } from "./cells.ts";
import { roleOf } from "./roles.ts";

/** What a slice varies. */
export type Axis = "atomics" | "barriers" | "scheduling" | "backend";

const AXES: readonly Axis[] = ["atomics", "barriers", "scheduling", "backend"];

/** One subject at one number of vCPUs, with the name it has within its slice. */
export interface Member {
  /** Name within the slice: the value of the axis that varies, or a peer. */
  readonly series: string;
  /** Its cell. */
  readonly cell: Cell;
}

/** Cells to be shown together. */
export interface Slice {
  /** Unique within the results. */
  readonly key: string;
  /** For a panel's title. */
  readonly label: string;
  /** Workload and parameters. */
  readonly workload: string;
  /** Values of the axes that do not vary. */
  readonly others: string;
  /** Our cells; `series` is the axis' value. */
  readonly ours: readonly Member[];
  /** QEMU's cells of the same workload in the same experiment. */
  readonly peers: readonly Member[];
  /** What an operation of the workload is. */
  readonly unit: string;
}

function ourSubject(cell: Cell): OurSubject | null {
  return cell.record.subject.engine === "ours" ? cell.record.subject : null;
}

/** A name with what an A/A cell is beside the cell that it repeats, and a control beside schemes. */
function labelled(name: string, cell: Cell): string {
  const label = roleOf(cell.record) === "control" ? `${name} (control)` : name;
  return cell.record.again === undefined ? label : `${label} (again)`;
}

/** Workload and parameters in words, such as `atomic-add, counters 128`. */
export function workloadLabel(cell: Cell): string {
  const { workload, params } = cell.record;
  return [workload, ...Object.entries(params).map(([key, value]) => `${key} ${value}`)].join(", ");
}

function groupKey(cell: Cell): string {
  return JSON.stringify([cell.record.experiment, workloadLabel(cell)]);
}

/** Distinct values in the order of their first appearance. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}

function peersOf(cells: readonly Cell[]): Member[] {
  return cells.flatMap((cell) => {
    const { subject } = cell.record;
    if (subject.engine !== "qemu") return [];
    return [{ series: labelled(`QEMU ${subject.thread}`, cell), cell }];
  });
}

interface Candidate {
  readonly cells: readonly Cell[];
  readonly others: string;
  readonly group: string;
  readonly all: readonly Cell[];
}

/** Appends what tells slices of the same workload apart. */
function labels(candidates: readonly Candidate[]): string[] {
  const plain = candidates.map(({ cells }) => workloadLabel(cells[0]));
  return candidates.map(({ cells, others, group }, at) => {
    const same = candidates.filter((_, other) => plain[other] === plain[at]);
    const marks: string[] = [];
    if (same.some((other) => other.group !== group)) {
      marks.push(`experiment ${cells[0].record.experiment}`);
    }
    if (same.some((other) => other.others !== others)) marks.push(others);
    return [plain[at], ...marks].join(" · ");
  });
}

/**
 * Slices along `axis`. Those with a single value of it are left out unless no slice has more: with
 * one strategy measured there is still a chart to show.
 */
export function slicesOf(cells: readonly Cell[], axis: Axis): Slice[] {
  const candidates: Candidate[] = [];
  for (const [group, all] of Map.groupBy(cells, groupKey)) {
    const ours = all.filter((cell) => ourSubject(cell) !== null);
    const others = (cell: Cell) =>
      AXES.filter((one) => one !== axis).map((one) => ourSubject(cell)![one]).join(", ");
    for (const [key, some] of Map.groupBy(ours, others)) {
      candidates.push({ cells: some, others: key, group, all });
    }
  }
  const values = ({ cells }: Candidate) => distinct(cells.map((cell) => ourSubject(cell)![axis]));
  const compared = candidates.filter((one) => values(one).length > 1);
  const chosen = compared.length > 0 || axis !== "atomics" ? compared : candidates;
  const names = labels(chosen);
  return chosen.map((one, at) => ({
    key: `${one.group} ${one.others}`,
    label: names[at],
    workload: workloadLabel(one.cells[0]),
    others: one.others,
    ours: one.cells.map((cell) => ({ series: labelled(ourSubject(cell)![axis], cell), cell })),
    peers: peersOf(one.all),
    unit: one.cells[0].record.unit,
  }));
}

/**
 * One slice for each workload of each experiment, whatever varies in it; `series` names the values
 * of the axes that do, or of `standard` where none does.
 */
export function groupsOf(cells: readonly Cell[], standard: Axis = "atomics"): Slice[] {
  const candidates: Candidate[] = [];
  for (const [group, all] of Map.groupBy(cells, groupKey)) {
    const ours = all.filter((cell) => ourSubject(cell) !== null);
    if (ours.length > 0) candidates.push({ cells: ours, others: "", group, all });
  }
  const names = labels(candidates);
  return candidates.map((one, at) => {
    const varying = AXES.filter((axis) =>
      distinct(one.cells.map((cell) => ourSubject(cell)![axis])).length > 1
    );
    const axes = varying.length > 0 ? varying : [standard];
    return {
      key: one.group,
      label: names[at],
      workload: workloadLabel(one.cells[0]),
      others: "",
      ours: one.cells.map((cell) => ({
        series: labelled(axes.map((axis) => ourSubject(cell)![axis]).join(" · "), cell),
        cell,
      })),
      peers: peersOf(one.all),
      unit: one.cells[0].record.unit,
    };
  });
}

/**
 * Where several experiments measured the same, the one with the most cells: charts would else repeat
 * themselves. Labels are without the experiments' names.
 */
export function fullestOf(slices: readonly Slice[]): Slice[] {
  const same = Map.groupBy(slices, (slice) => JSON.stringify([slice.workload, slice.others]));
  const chosen = [...same.values()].map((some) =>
    some.reduce((most, one) => one.ours.length > most.ours.length ? one : most)
  );
  return chosen.map((slice) => {
    const alone = chosen.filter((one) => one.workload === slice.workload).length === 1;
    return { ...slice, label: alone ? slice.workload : `${slice.workload} · ${slice.others}` };
  });
}

/** Numbers of vCPUs in a slice, ascending. */
export function vcpuCounts(members: readonly Member[]): number[] {
  return distinct(members.map(({ cell }) => cell.record.vcpus)).sort((a, b) => a - b);
}

/** The member of a series at a number of vCPUs. */
export function memberAt(
  members: readonly Member[],
  series: string,
  vcpus: number,
): Member | undefined {
  return members.find((one) => one.series === series && one.cell.record.vcpus === vcpus);
}

/** The members that were planned and not reached, in a sentence; nothing when there are none. */
export function notMeasured(members: readonly Member[]): string[] {
  const missing = members.filter(({ cell }) => cell.trouble === NOT_MEASURED)
    .map(({ series, cell }) => `${series} on ${workloadLabel(cell)} at ${cell.record.vcpus}`);
  return missing.length === 0
    ? []
    : [`Not measured (scheme, workload, vCPUs): ${missing.join("; ")}.`];
}
