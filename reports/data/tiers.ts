/**
 * Which tier ran a cell's measured part: a comparison of cells that ran in different tiers tells of
 * the tiers as well as of the schemes.
 * @module
 */
import type { Tiers } from "../../benches/results/types.ts";
import { median } from "simple-statistics";
import type { Cell } from "./cells.ts";
import { distinct, workloadLabel } from "./slices.ts";
import type { Warning } from "./warnings.ts";

/** Shares of guest instructions, 0 to 1, and seconds. */
export type Shares = Omit<Tiers, "insns">;

/** The tier that should have run most comes first. */
const TIERS = ["region", "first", "interpreter"] as const;

const NAMES: Readonly<Record<typeof TIERS[number], string>> = {
  interpreter: "interpreter",
  first: "first tier",
  region: "regions",
};

/** Gaps that the warning names, the widest ones. */
const NAMED = 4;

/** Shares that differ by more than this make a comparison one of tiers. */
const APART = 0.1;

/** Medians over the cell's samples; null where none tells. */
export function sharesOf({ samples }: Pick<Cell, "samples">): Shares | null {
  const told = samples.flatMap(({ tiers }) => tiers ?? []);
  if (told.length === 0) return null;
  const middle = (of: (tiers: Tiers) => number) => median(told.map(of));
  return {
    interpreter: middle((one) => one.interpreter),
    first: middle((one) => one.first),
    region: middle((one) => one.region),
    compileSeconds: middle((one) => one.compileSeconds),
  };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Such as `regions 97 %, first tier 3 %; 12 ms of making code`; empty where nothing is known. */
export function tierWords(cell: Pick<Cell, "samples">): string {
  const shares = sharesOf(cell);
  if (shares === null) return "";
  const parts = TIERS.filter((tier) => shares[tier] >= 0.005)
    .map((tier) => `${NAMES[tier]} ${percent(shares[tier])}`);
  return `${parts.join(", ")}; ${Math.round(1000 * shares.compileSeconds)} ms of making code`;
}

/** Two cells that are compared and the tier whose shares are furthest apart. */
export interface TierGap {
  /** What is compared. */
  readonly label: string;
  /** With the smaller share of `tier`. */
  readonly least: Cell;
  /** With the larger. */
  readonly most: Cell;
  /** In words, such as `regions 43 % and 97 %`. */
  readonly words: string;
}

/** What cells have in common that are compared: all but the schemes, or all but the vCPUs. */
const KEYS: readonly ((cell: Cell) => unknown[])[] = [
  ({ record: { vcpus, subject } }) => [vcpus, subject.engine === "ours" && subject.backend],
  ({ record: { subject } }) => ["scaling", { ...subject, parallelCode: undefined }],
];

/** The furthest gap of each group of timed cells that are compared, where it is one to name. */
export function tierGaps(cells: readonly Cell[]): TierGap[] {
  const timed = cells.flatMap((cell) => {
    const shares = cell.throughput === null ? null : sharesOf(cell);
    return shares === null ? [] : [{ cell, shares }];
  });
  const gaps = KEYS.flatMap((keyOf) => {
    const groups = Map.groupBy(timed, ({ cell }) => {
      const { experiment } = cell.record;
      return JSON.stringify([experiment, workloadLabel(cell), ...keyOf(cell)]);
    });
    return [...groups.values()].flatMap((group) =>
      TIERS.map((tier) => {
        const sorted = group.toSorted((a, b) => a.shares[tier] - b.shares[tier]);
        const [least, most] = [sorted[0], sorted.at(-1)!];
        const gap = most.shares[tier] - least.shares[tier];
        // What one tier lacks another has: rounded, so that the first of those is named.
        return { tier, least, most, gap: Math.round(gap * 1e6) / 1e6 };
      }).sort((a, b) => b.gap - a.gap).slice(0, 1)
    );
  });
  return gaps.filter(({ gap }) => gap > APART).sort((a, b) => b.gap - a.gap)
    .map(({ tier, least, most }) => ({
      label: workloadLabel(least.cell),
      least: least.cell,
      most: most.cell,
      words: `${NAMES[tier]} ${percent(least.shares[tier])} and ${percent(most.shares[tier])}`,
    }));
}

/** The warning on comparisons whose sides ran in different tiers. */
export function tierWarnings(cells: readonly Cell[]): Warning[] {
  const gaps = tierGaps(cells);
  if (gaps.length === 0) return [];
  const named = gaps.slice(0, NAMED).map(({ label, least, most, words }) =>
    `${label}: ${words} (${least.record.cell} and ${most.record.cell})`
  );
  const more = gaps.length > NAMED ? "; and more" : "";
  return [{
    kind: "different-tiers",
    message: `In ${gaps.length} comparison${gaps.length === 1 ? "" : "s"} the sides ran in ` +
      `different tiers by more than ${100 * APART} points: ${named.join("; ")}${more}.`,
    remedy: "Read them as comparisons of tiers too: warm up longer, or look for what keeps one " +
      "side out of regions (docs/performance.md).",
    cells: distinct(gaps.flatMap(({ least, most }) => [least, most]))
      .map(({ record }) => record.cell),
  }];
}
