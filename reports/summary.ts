/**
 * The report in Markdown.
 * @module
 */
import { SECTIONS } from "./charts/types.ts";
import type { Tables } from "./data/cells.ts";
import { conditionsOf } from "./data/conditions.ts";
import { findingsOf } from "./data/findings.ts";
import type { Row } from "./data/csv.ts";
import type { Warning } from "./data/warnings.ts";
import type { Figure } from "./figure.ts";
import { escaped, markdown } from "./page/markdown.ts";
import { filled, shown } from "./page/table.ts";

/** Rows of a chart's table; the rest is in its CSV file. */
const MOST_ROWS = 60;

function tableMarkdown(
  columns: readonly { readonly field: string; readonly title: string }[],
  rows: readonly Row[],
  csv: string,
): string[] {
  const used = filled(columns, rows);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const text = (cells: readonly string[]) => line(cells.map(escaped));
  const lines = [
    text(used.map(({ title }) => title)),
    line(
      used.map(({ field }) => rows.some((row) => typeof row[field] === "number") ? "--:" : "--"),
    ),
    ...rows.slice(0, MOST_ROWS).map((row) => text(used.map(({ field }) => shown(row[field])))),
  ];
  if (rows.length > MOST_ROWS) {
    lines.push("", `${rows.length - MOST_ROWS} more rows are in [${csv}](${csv}).`);
  }
  return lines;
}

function figureMarkdown({ chart, drawing, files }: Figure): string[] {
  if ("missing" in drawing) return [`### ${chart.title}`, "", markdown(drawing.missing), ""];
  return [
    `### ${chart.title}`,
    "",
    markdown(drawing.read),
    "",
    `![${escaped(drawing.alt)}](${files.svg})`,
    "",
    markdown(drawing.interval),
    "",
    ...tableMarkdown(drawing.columns, drawing.rows, files.csv),
    "",
    ...drawing.notes.map((note) => `- ${markdown(note)}`),
    ...(drawing.notes.length > 0 ? [""] : []),
  ];
}

/** The text of `summary.md`. */
export function summaryMarkdown(
  tables: Tables,
  figures: readonly Figure[],
  warnings: readonly Warning[],
): string {
  const sections = Object.entries(SECTIONS).flatMap(([key, title]) => [
    `## ${title}`,
    "",
    ...figures.filter(({ chart }) => chart.section === key).flatMap(figureMarkdown),
  ]);
  const findings = findingsOf(tables).map((one) => `- ${markdown(one)}`);
  return [
    "# Atomics and barriers of a multi-threaded translator, measured",
    "",
    "## At a glance",
    "",
    ...(findings.length > 0 ? findings : ["There is nothing to compare in these results."]),
    "",
    "## Warnings",
    "",
    ...(warnings.length > 0
      ? warnings.map(({ kind, message, remedy }) =>
        `- **${kind}**: ${markdown(`${message} ${remedy}`)}`
      )
      : ["None."]),
    "",
    ...sections,
    "## Run conditions",
    "",
    ...conditionsOf(tables).map(({ name, value }) => `- ${name}: ${escaped(value)}`),
    "",
  ].join("\n");
}
