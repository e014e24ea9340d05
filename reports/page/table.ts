/**
 * A chart's rows as an HTML table.
 * @module
 */
import type { Column } from "../charts/types.ts";
import type { Row, Value } from "../data/csv.ts";
import { html } from "./escape.ts";

/** Four significant digits; large numbers whole. */
export function shown(value: Value | undefined): string {
  if (typeof value !== "number") return String(value ?? "");
  if (Number.isInteger(value) || Math.abs(value) >= 10_000) {
    return Math.round(value).toLocaleString("en-US");
  }
  return String(Number(value.toPrecision(4)));
}

/** Columns that some row fills. */
export function filled(columns: readonly Column[], rows: readonly Row[]): Column[] {
  return columns.filter(({ field }) =>
    rows.some((row) => ![null, undefined, ""].includes(row[field] as null))
  );
}

/** The table. */
export function tableHtml(columns: readonly Column[], rows: readonly Row[]): string {
  const used = filled(columns, rows);
  const isNumber = ({ field }: Column) => rows.some((row) => typeof row[field] === "number");
  const cls = (column: Column) => isNumber(column) ? ' class="number"' : "";
  const head = used.map((column) => `<th scope="col"${cls(column)}>${html(column.title)}</th>`);
  const body = rows.map((row) => {
    const cells = used.map((column) => `<td${cls(column)}>${html(shown(row[column.field]))}</td>`);
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}
