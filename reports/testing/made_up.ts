/**
 * Tables whose throughputs a test chooses.
 * @module
 */
import { CELL, END, RUN, SAMPLE } from "../../benches/testing/records.ts";
import { parseResults } from "../../benches/results/reader.ts";
import type { CellRecord, RunRecord, Subject } from "../../benches/results/types.ts";
import { type Tables, tablesOf } from "../data/cells.ts";

/** A cell and the throughput of each of its processes, one a turn. */
export interface MadeUpCell {
  /** Differences from the usual cell. */
  readonly record: Partial<CellRecord> & { readonly cell: string };
  /** By turn. */
  readonly throughputs: readonly number[];
}

/** A subject of ours with that atomics scheme. */
export function ours(atomics: string): Subject {
  return { ...CELL.subject, engine: "ours", atomics } as Subject;
}

/** Cells of `workload` under several atomics schemes. */
export function schemes(
  throughputs: Readonly<Record<string, readonly number[]>>,
  more: Partial<CellRecord> = {},
): MadeUpCell[] {
  return Object.entries(throughputs).map(([atomics, values]) => ({
    record: { ...more, cell: atomics, subject: ours(atomics) },
    throughputs: values,
  }));
}

/** The tables of a finished run. */
export function madeUpTables(cells: readonly MadeUpCell[], run: Partial<RunRecord> = {}): Tables {
  let process = 0;
  const records = cells.flatMap(({ record, throughputs }) => [
    { ...CELL, ...record },
    ...throughputs.map((throughput, turn) => ({
      ...SAMPLE,
      cell: record.cell,
      repeat: turn,
      turn,
      process: process++,
      ops: throughput,
      seconds: 1,
      vcpus: [],
      throughput,
    })),
  ]);
  const lines = [{ ...RUN, ...run }, ...records, END].map((one) => JSON.stringify(one) + "\n");
  return tablesOf(parseResults(lines.join(""), "made up"));
}
