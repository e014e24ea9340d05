/**
 * Fields of a chart's row that say how its cell ran; for tooltips and tables.
 * @module
 */
import type { Cell } from "./cells.ts";
import { codeWords } from "./code.ts";
import type { Row } from "./csv.ts";
import { tierWords } from "./tiers.ts";

const NOTES = [
  { field: "code", title: "Code" },
  { field: "tiers", title: "Guest instructions by tier" },
] as const;

/** The fields of a cell's row. */
export function cellNotes(cell: Cell): { readonly code: string; readonly tiers: string } {
  return { code: codeWords(cell.record), tiers: tierWords(cell) };
}

/** Those of the fields that say something in any of the rows, with their titles. */
export function notesIn(
  rows: readonly Row[],
): readonly { readonly field: string; readonly title: string }[] {
  return NOTES.filter(({ field }) => rows.some((row) => row[field]));
}
