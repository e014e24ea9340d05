/**
 * Cells whose guest was not at a settled speed when it was measured.
 * @module
 */
import type { SampleRecord } from "../../benches/results/types.ts";
import type { Cell } from "./cells.ts";

/** A cell with such runs. */
export interface Unsettled {
  /** The cell. */
  readonly cell: Cell;
  /** How many of its runs. */
  readonly runs: number;
  /** The last of them. */
  readonly sample: SampleRecord;
}

/** Those cells, the ones with the largest share of such runs first. */
export function unsettledOf(cells: readonly Cell[]): Unsettled[] {
  const share = ({ cell, runs }: Unsettled) => runs / cell.samples.length;
  return cells.flatMap((cell): Unsettled[] => {
    const samples = cell.samples.filter(({ settled }) => settled === false);
    const sample = samples.at(-1);
    return sample === undefined ? [] : [{ cell, runs: samples.length, sample }];
  }).sort((a, b) => share(b) - share(a));
}
