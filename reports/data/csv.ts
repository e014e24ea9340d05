/**
 * Comma-separated values (RFC 4180).
 * @module
 */

/** A value of a table's cell. */
export type Value = string | number | boolean | null;

/** A row of a table, by column. */
export type Row = Readonly<Record<string, Value>>;

function field(value: Value | undefined): string {
  const text = value === null || value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A header line and a line a row; `columns` gives the order. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => line.map(field).join(",") + "\n").join("");
}
