/**
 * Speed-ups that the host's cores do not allow: a sign that a baseline is unsound.
 * @module
 */
import type { Cell, Tables } from "./cells.ts";
import { isParallel } from "./roles.ts";
import { workloadLabel } from "./slices.ts";
import { type Compared, judgedAlone } from "./verdict.ts";

/** This much above the limit is still taken for noise. */
const TOLERANCE = 1.05;

/** A speed-up that cannot be. */
export interface Implausible {
  /** The comparison of the faster cell with its baseline. */
  readonly compared: Compared;
  /** The most that the cores allow. */
  readonly limit: number;
  /** Which ratio, in words. */
  readonly words: string;
}

/** Everything but how many vCPUs there are and how they share threads. */
function workKey({ record: { experiment, subject, again } }: Cell, work: string): string {
  const rest = subject.engine === "ours"
    ? { ...subject, scheduling: "", parallelCode: "forced" }
    : subject.engine === "qemu"
    ? { ...subject, thread: "" }
    : subject;
  return JSON.stringify([experiment, work, rest, again === undefined]);
}

function name({ record: { subject, vcpus } }: Cell): string {
  const words = subject.engine === "ours"
    ? `${subject.atomics}, ${subject.barriers}, ${subject.scheduling}`
    : subject.engine === "qemu"
    ? `QEMU ${subject.thread}`
    : subject.behaviour;
  return `${words} with ${vcpus} vCPU${vcpus === 1 ? "" : "s"}`;
}

/** Cells that use one core: the whole work of `cell` can be at most its own cores times as fast. */
function isBaseline(base: Cell, cell: Cell): boolean {
  const { vcpus, subject } = base.record;
  return base !== cell && (vcpus === 1 || (!isParallel(subject) && vcpus === cell.record.vcpus));
}

/**
 * Ratios of a cell over the same work on one thread that exceed the cores it can use, beyond the
 * ratio's own interval and 5 %.
 */
export function implausible(tables: Tables): Implausible[] {
  const { cores } = tables.run.machine;
  const timed = tables.cells.filter(({ measures }) => measures.length > 0);
  const groups = Map.groupBy(timed, (cell) => workKey(cell, workloadLabel(cell)));
  return [...groups.values()].flatMap((some) =>
    some.filter(({ record }) => record.vcpus > 1).flatMap((cell) =>
      some.filter((base) => isBaseline(base, cell)).flatMap((base): Implausible[] => {
        const { vcpus, subject } = cell.record;
        const limit = isParallel(subject) ? Math.min(vcpus, cores) : 1;
        const compared = judgedAlone(tables, cell, base)!;
        if (compared.ratio <= limit * TOLERANCE) return [];
        if (compared.interval !== null && compared.interval.low <= limit) return [];
        const words =
          `${compared.ratio.toPrecision(3)} × for ${name(cell)} over ${name(base)} on ` +
          `${workloadLabel(cell)}, where ${cores} cores allow ${limit}`;
        return [{ compared, limit, words }];
      })
    )
  );
}
