/**
 * What the A/A cells say: how often the verdicts called a cell different from itself.
 * @module
 */
import type { Tables } from "./cells.ts";
import { distinct } from "./slices.ts";
import { type Compared, judged } from "./verdict.ts";

/** A cell beside itself. */
export interface Again extends Compared {
  /** Experiment that both cells are of. */
  readonly experiment: string;
}

/** Every A/A cell beside the cell that it repeats, as one family. */
export function againOf(tables: Tables): Again[] {
  const byId = new Map(tables.cells.map((cell) => [cell.record.cell, cell]));
  const repeated = tables.cells.filter(({ record }) => record.again !== undefined);
  return judged(tables, repeated, (cell) => {
    const base = byId.get(cell.record.again!);
    return base === undefined ? null : { cell, base };
  }).flatMap(({ item, compared }) =>
    compared === null ? [] : [{ ...compared, experiment: item.record.experiment }]
  );
}

/** Whether a verdict calls the two different, which is false by construction. */
export function isFalse({ verdict }: Compared): boolean {
  return verdict === "higher" || verdict === "lower";
}

function shareWords(some: readonly Again[]): string {
  const judgeable = some.filter(({ verdict }) => verdict !== "too few samples");
  if (judgeable.length === 0) return `none of ${some.length} has enough samples`;
  return `${judgeable.filter(isFalse).length} of ${judgeable.length}`;
}

/** The share of false verdicts in a sentence, pooled and by experiment; none without A/A cells. */
export function againWords(tables: Tables): string[] {
  const all = againOf(tables);
  if (all.length === 0) return [];
  const experiments = distinct(all.map(({ experiment }) => experiment));
  const each = experiments.map((name) =>
    `${name} ${shareWords(all.filter(({ experiment }) => experiment === name))}`
  );
  return [
    `A/A cells (the same cell under two labels) that were called different: ${shareWords(all)}` +
    (experiments.length > 1 ? ` (${each.join("; ")}).` : "."),
  ];
}
