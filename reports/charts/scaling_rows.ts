/**
 * Throughput over vCPUs relative to a base at one vCPU.
 * @module
 */
import type { Row } from "../data/csv.ts";
import { type Member, memberAt, vcpuCounts } from "../data/slices.ts";
import { comparedOf } from "../data/verdict.ts";

/** One point of a scaling curve. */
export type ScalingRow = Row & {
  readonly slice: string;
  readonly series: string;
  readonly vcpus: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
};

/**
 * Total throughput of each member over that of `base` (or of the member's own series when null) at
 * the fewest vCPUs. Series without such a base or with fewer than two points give no rows.
 */
export function scalingRows(
  slice: string,
  members: readonly Member[],
  base: string | null,
): ScalingRow[] {
  const [fewest, ...more] = vcpuCounts(members);
  if (more.length === 0) return [];
  const rows = members.flatMap(({ series, cell }) => {
    const against = memberAt(members, base ?? series, fewest)?.cell;
    const compared = comparedOf(cell.throughputs, against?.throughputs ?? [], "higher", "lower");
    if (compared === null) return [];
    const isBase = against === cell;
    return [{
      slice,
      series,
      vcpus: cell.record.vcpus,
      value: compared.ratio,
      low: isBase ? 1 : compared.interval.low,
      high: isBase ? 1 : compared.interval.high,
      samples: compared.samples,
      verdict: isBase ? "base" : compared.words,
    }];
  });
  const points = Map.groupBy(rows, (row) => row.series);
  return rows.filter((row) => points.get(row.series)!.length > 1);
}
