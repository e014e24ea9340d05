/**
 * Throughput over vCPUs relative to a base at one vCPU.
 * @module
 */
import { cellNotes } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { isScalingBase } from "../data/code.ts";
import { type Member, memberAt, type Slice } from "../data/slices.ts";
import { type Compared, comparisonsOf, ends, judged } from "../data/verdict.ts";

/** One point of a scaling curve. */
export type ScalingRow = Row & {
  readonly slice: string;
  readonly series: string;
  readonly vcpus: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
};

/** A slice as a scaling chart shows it. */
export type ScalingPart = Pick<Slice, "label"> & {
  /** The cells of its curves. */
  readonly members: readonly Member[];
};

interface Item {
  readonly label: string;
  readonly member: Member;
  readonly base: Member["cell"];
}

/** Series without a base or with fewer than two points are left out. */
function itemsOf({ label, members }: ScalingPart, base: string | null): Item[] {
  const items = members.flatMap((member): Item[] => {
    const against = memberAt(members, base ?? member.series, 1)?.cell;
    if (against === undefined || base === null && !isScalingBase(against.record)) return [];
    const timed = member.cell.measures.length > 0 && against.measures.length > 0;
    return timed ? [{ label, member, base: against }] : [];
  });
  const points = Map.groupBy(items, ({ member }) => member.series);
  return items.filter(({ member }) => points.get(member.series)!.length > 1);
}

/**
 * Total throughput of each member over that of `base` at one vCPU, or of the member's own series when
 * null: there one vCPU must have run the code of several. All comparisons are one family.
 */
export function scalingRows(
  tables: Tables,
  parts: readonly ScalingPart[],
  base: string | null,
): { readonly rows: ScalingRow[]; readonly comparisons: readonly Compared[] } {
  const items = parts.flatMap((part) => itemsOf(part, base));
  const results = judged(
    tables,
    items,
    ({ member, base }) => member.cell === base ? null : { cell: member.cell, base },
    { up: "higher", down: "lower" },
  );
  const rows = results.map(({ item: { label, member: { series, cell } }, compared }) => ({
    slice: label,
    series,
    vcpus: cell.record.vcpus,
    value: compared?.ratio ?? 1,
    ...(compared === null ? { low: 1, high: 1 } : ends(compared.interval)),
    samples: compared?.samples ?? cell.measures.length,
    verdict: compared?.words ?? "base",
    ...cellNotes(cell),
  }));
  return { rows, comparisons: comparisonsOf(results) };
}

/** The largest value that a curve or its bars reach. */
export function highest(rows: readonly ScalingRow[]): number {
  return Math.max(...rows.map(({ value, high }) => Math.max(value, high ?? 0)));
}
