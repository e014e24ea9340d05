/**
 * Comma-separated values (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe.
 * @module
 */

/** A value of a table's cell. */
export type Value = string | number | boolean | null;

/** A row of a table, by column. */
export type Row = Readonly<Record<string, Value>>;

/** A spreadsheet takes text that begins so for a formula; numbers are none. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function field(value: Value | undefined): string {
  const plain = value === null || value === undefined ? "" : String(value);
  const text = typeof value === "string" && FORMULA.test(plain) && !NUMBER.test(plain)
    ? `'${plain}`
    : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A header line and a line a row; `columns` gives the order. */
export function toCsv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return lines.map((line) => line.map(field).join(",") + "\n").join("");
}
