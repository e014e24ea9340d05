/**
 * Escaping for Markdown: what comes from results is text, never markup.
 * @module
 */
import { printable } from "../../benches/results/printable.ts";

/** Text for a paragraph, a list entry or a table's cell, on one line. */
export function escaped(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]>|#!~$]/g, "\\$&")
    // What makes a list or a heading at the start of a line, and links of their own accord.
    .replace(/^(\s*)([-+=])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2")
    .replaceAll("://", "\\://")
    .replace(/\s*\n\s*/g, " ");
}

/** Text with `code` in backquotes: the code stays code, all else is escaped. */
export function markdown(text: string): string {
  const parts = text.split(/(`[^`\n]+`)/);
  return parts.map((part, at) => at % 2 === 1 ? printable(part) : escaped(part)).join("");
}
