/**
 * What `deno task fuzz` prints of a campaign.
 * @module
 */
import type { CampaignResult } from "./campaign.ts";
import type { Tier } from "./subject_engine.ts";

/** What a run was asked for. */
export interface FuzzRequest {
  readonly count: number;
  readonly first: number;
  readonly seed: number;
  readonly set: string;
  readonly tiers: readonly Tier[];
  readonly rows: string | undefined;
  readonly ir: boolean;
}

/** The command line that runs one case again. */
function repetition({ seed, set, rows }: FuzzRequest, tier: Tier, index: number): string {
  const only = rows === undefined ? "" : ` --rows '${rows}'`;
  return `deno task fuzz --seed ${seed} --set ${set}${only} --tier ${tier} --case ${index}`;
}

/** Rows compared of each table, and which were not. */
function coverageLines({ rows }: CampaignResult): string[] {
  const tables = Map.groupBy(rows, ({ table }) => table);
  return [...tables].flatMap(([table, all]) => {
    const without = all.filter(({ same }) => same === 0);
    const line = `  ${table.padEnd(10)} ${all.length - without.length} of ${all.length} rows equal`;
    return [
      line,
      ...without.map(({ handler, bits, different }) =>
        `    ${bits} ${handler}: ${
          different > 0 ? `${different} known differences only` : "not drawn"
        }`
      ),
    ];
  });
}

/** The report of one tier's cases. */
export function fuzzReport(
  request: FuzzRequest,
  tier: Tier,
  result: CampaignResult,
  seconds: number,
): string {
  const { cases, skipped, failures, explained } = result;
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  const known = [...explained].toSorted(([, a], [, b]) => b - a);
  return [
    ...failures.flatMap(({ handler, count, index, example, listing }) => [
      `${handler}: ${count} unexplained, first case ${index}`,
      example,
      ...(request.ir ? [listing] : []),
      `  Again: ${repetition(request, tier, index)}`,
      "",
    ]),
    `${tier}: ${cases} cases in ${seconds.toFixed(1)} s, ${failed} unexplained differences` +
    (failed > 0 ? ` in ${failures.length} instructions` : "") +
    (skipped > 0 ? `, ${skipped} left out (coprocessor registers of the machine)` : ""),
    ...(request.count > 1 ? coverageLines(result) : []),
    ...known.map(([reason, count]) => `  ${String(count).padStart(7)} known: ${reason}`),
  ].join("\n");
}
