/**
 * The report as one HTML page that needs nothing else: no network, no other file.
 * @module
 */

import { type Chart, NARROW, SECTIONS, WIDE } from "../charts/types.ts";
import type { Tables } from "../data/cells.ts";
import { conditionsOf, matrixWords } from "../data/conditions.ts";
import { findingsOf } from "../data/findings.ts";
import type { Warning } from "../data/warnings.ts";
import type { Figure } from "../figure.ts";
import { pageSpec } from "../render/spec.ts";
import { THEMES } from "../render/theme.ts";
import { html, json, prose, script } from "./escape.ts";
import { librarySources } from "./libraries.ts";
import { tableHtml } from "./table.ts";

const TITLE = "Atomics and barriers of a multi-threaded translator, measured";

/** Cells listed below a warning. */
const MOST_CELLS = 40;

/** What the page is made of. */
export interface PageInput {
  /** The results, for conditions and findings. */
  readonly tables: Tables;
  /** Charts in the order of the registry. */
  readonly figures: readonly Figure[];
  /** Doubts about the run, each with its remedy. */
  readonly warnings: readonly Warning[];
  /** Path of the raw results from the page. */
  readonly rawData: string;
}

function figureHtml({ chart, drawing, files }: Figure, rawData: string): string {
  if ("missing" in drawing) {
    return `<section class="card" id="${chart.id}"><h3>${html(chart.title)}</h3>
<p class="missing">${prose(drawing.missing)}</p></section>`;
  }
  const links = [
    [files.csv, "Data (CSV)"],
    [files.spec, "Vega-Lite spec"],
    [files.svg, "SVG"],
    [files.png, "PNG"],
    [rawData, "Raw samples (JSON Lines)"],
  ].map(([file, words]) => `<a href="${html(file)}">${words}</a>`);
  const notes = drawing.notes.map((note) => `<li>${prose(note)}</li>`).join("");
  return `<section class="card" id="${chart.id}">
<h3>${html(chart.title)}</h3>
<p class="read">${prose(drawing.read)}</p>
<figure>
<div class="chart" id="chart-${chart.id}" role="img" aria-label="${html(drawing.alt)}"></div>
<figcaption class="interval">${prose(drawing.interval)}</figcaption>
</figure>
${notes && `<ul class="notes">${notes}</ul>`}
<div class="links">${links.join("")}</div>
<details><summary>Table (${drawing.rows.length} rows)</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Table: ${html(chart.title)}">${
    tableHtml(drawing.columns, drawing.rows)
  }</div></details>
</section>`;
}

function bySection(figures: readonly Figure[]): [string, string, Figure[]][] {
  return Object.entries(SECTIONS).map(([key, title]) => [
    key,
    title,
    figures.filter(({ chart }) => chart.section === key),
  ]);
}

function contents(figures: readonly Figure[]): string {
  const entry = (chart: Chart) => `<li><a href="#${chart.id}">${html(chart.title)}</a></li>`;
  const sections = bySection(figures).map(([key, title, some]) =>
    `<li><a href="#section-${key}">${html(title)}</a><ol>${
      some.map(({ chart }) => entry(chart)).join("")
    }</ol></li>`
  );
  return `<nav aria-label="Contents"><ol><li><a href="#glance">At a glance</a></li>
<li><a href="#warnings">Warnings</a></li>${sections.join("\n")}
<li><a href="#conditions">Run conditions</a></li></ol></nav>`;
}

function warningHtml({ kind, message, remedy, cells }: Warning): string {
  const shown = cells.slice(0, MOST_CELLS).map((cell) => `<li><code>${html(cell)}</code></li>`);
  if (cells.length > MOST_CELLS) shown.push(`<li>and ${cells.length - MOST_CELLS} more</li>`);
  const list = cells.length === 0
    ? ""
    : `<details><summary>Which cells</summary><ul>${shown.join("")}</ul></details>`;
  return `<li class="${kind}"><strong>${prose(message)}</strong><p>${
    prose(remedy)
  }</p>${list}</li>`;
}

function sizeRules(figures: readonly Figure[]): string {
  return figures.flatMap(({ chart, sizes }) => {
    if (sizes === null) return [];
    const rule = ({ width, height }: { readonly width: number; readonly height: number }) =>
      `#chart-${chart.id}{aspect-ratio:${width}/${height};max-width:${width}px}`;
    const small = `#chart-${chart.id}{aspect-ratio:${sizes.narrow.width}/${sizes.narrow.height}}`;
    return [rule(sizes.wide), `@media(max-width:700px){${small}}`];
  }).join("\n");
}

function chartData(figures: readonly Figure[]): unknown[] {
  return figures.flatMap(({ chart, drawing }) =>
    "missing" in drawing ? [] : [{
      id: chart.id,
      rows: drawing.rows,
      wide: pageSpec(chart, drawing, WIDE),
      narrow: pageSpec(chart, drawing, NARROW),
    }]
  );
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}

/** The page's HTML. */
export async function pageHtml(input: PageInput): Promise<string> {
  const { tables, figures, warnings, rawData } = input;
  const own = (name: string) => Deno.readTextFile(new URL(name, import.meta.url));
  const style = `${await own("style.css")}\n${sizeRules(figures)}`;
  const scripts = [...await librarySources(), await own("client.js")].map(script);
  const hashes = await Promise.all(scripts.map(sha256));
  const policy = [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    `style-src ${await sha256(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const { run } = tables;
  const conditions = conditionsOf(tables)
    .map(({ name, value }) => `<dt>${html(name)}</dt><dd>${html(value)}</dd>`).join("");
  const sections = bySection(figures).map(([key, title, some]) =>
    `<section aria-labelledby="section-${key}"><h2 id="section-${key}">${html(title)}</h2>
${some.map((figure) => figureHtml(figure, rawData)).join("\n")}</section>`
  );
  const findings = findingsOf(tables).map((one) => `<li>${prose(one)}</li>`).join("");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${TITLE}</title>
<style>${style}</style>
</head>
<body>
<div class="frame">
<header><h1>${TITLE}</h1>
<p class="lead">${html(run.experiments.join(", "))} on ${
    html(run.machine.cpuModel)
  } with ${run.machine.cores} cores,
${html(matrixWords(tables))} measured, begun ${
    html(run.started.slice(0, 16).replace("T", " "))
  } UTC, engine ${html(run.engine.commit)}.
<a href="summary.md">Summary</a> · <a href="results.csv">All samples (CSV)</a> ·
<a href="${html(rawData)}">Raw samples (JSON Lines)</a></p>
<noscript><p class="missing">The charts need JavaScript. The tables below and the SVG files beside this page do not.</p></noscript>
</header>
${contents(figures)}
<main>
<section aria-labelledby="glance"><h2 id="glance">At a glance</h2>
<div class="card"><ul class="findings">${
    findings || "<li>There is nothing to compare in these results.</li>"
  }</ul></div></section>
<section aria-labelledby="warnings"><h2 id="warnings">Warnings</h2>
${
    warnings.length === 0
      ? '<div class="card">No warnings.</div>'
      : `<ul class="warnings">${warnings.map(warningHtml).join("\n")}</ul>`
  }</section>
${sections.join("\n")}
<section aria-labelledby="conditions"><h2 id="conditions">Run conditions</h2>
<div class="card"><dl>${conditions}</dl></div></section>
</main>
</div>
<script type="application/json" id="charts">${
    json({ themes: THEMES, charts: chartData(figures) })
  }</script>
${scripts.map((source) => `<script>${source}</script>`).join("\n")}
</body>
</html>
`;
}
