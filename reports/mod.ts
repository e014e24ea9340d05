/**
 * Makes a report from a results file: Vega-Lite specs, SVG, PNG and CSV of each chart, a page, a
 * summary, and all samples as CSV.
 * @module
 */
import { readResults } from "../benches/results/reader.ts";
import { chosenStratum } from "../benches/results/strata.ts";
import { RESULTS_FILE } from "../benches/results/types.ts";
import { CHARTS } from "./charts/registry.ts";
import { type Chart, type Drawing, NARROW, WIDE } from "./charts/types.ts";
import { type Tables, tablesOf } from "./data/cells.ts";
import { toCsv } from "./data/csv.ts";
import { samplesCsv } from "./data/samples_csv.ts";
import { type Warning, warningsOf } from "./data/warnings.ts";
import { type Figure, figureFiles } from "./figure.ts";
import { pageHtml } from "./page/page.ts";
import { renderPng } from "./render/png.ts";
import { fileSpec, pageSpec } from "./render/spec.ts";
import { renderSvg } from "./render/svg.ts";
import { THEMES } from "./render/theme.ts";
import { summaryMarkdown } from "./summary.ts";
import { refuseLink, writeFile } from "./write_file.ts";

export type { Warning, WarningKind } from "./data/warnings.ts";

/** What was written. */
export interface Report {
  /** The page. */
  readonly htmlPath: string;
  /** Every file, the page included, as a path that starts with the out directory. */
  readonly files: readonly string[];
  /** What readers of the results should mind, each with its remedy. */
  readonly warnings: readonly Warning[];
}

class Writer {
  readonly files: string[] = [];
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = `${this.#directory}/${name}`;
    await writeFile(path, content);
    this.files.push(path);
    return path;
  }
}

async function pageSize(chart: Chart, drawing: Drawing, frame: typeof WIDE) {
  const { width, height } = await renderSvg({
    ...pageSpec(chart, drawing, frame),
    data: { values: drawing.rows },
    config: THEMES.light,
  });
  return { width, height };
}

async function writeFigure(chart: Chart, tables: Tables, writer: Writer): Promise<Figure> {
  const drawing = chart.draw(tables);
  const files = figureFiles(chart.id);
  if ("missing" in drawing) return { chart, drawing, files, sizes: null };
  const spec = fileSpec(chart, drawing, WIDE);
  const { svg } = await renderSvg(spec);
  await writer.write(files.spec, JSON.stringify(spec, null, 2) + "\n");
  await writer.write(files.svg, svg);
  await writer.write(files.png, await renderPng(svg));
  await writer.write(files.csv, toCsv(drawing.columns.map(({ field }) => field), drawing.rows));
  const wide = await pageSize(chart, drawing, WIDE);
  const narrow = await pageSize(chart, drawing, NARROW);
  return { chart, drawing, files, sizes: { wide, narrow } };
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    throw new Error(
      `Cannot make the report's directory ${path}: ${(error as Error).message}. Name another one`,
      { cause: error },
    );
  }
}

/** An earlier copy of the same results may be written over, results of another run never. */
async function refuseOtherResults(path: string, text: string): Promise<void> {
  const there = await Deno.readTextFile(path).catch(() => "");
  if (text.startsWith(there)) return;
  throw new Error(`${path} holds results of another run: name another directory for the report`);
}

/** Path of the raw results from the page: beside the report, or a copy of it in the report. */
async function rawData(resultsDir: string, outDir: string, writer: Writer): Promise<string> {
  const [from, to] = await Promise.all([Deno.realPath(resultsDir), Deno.realPath(outDir)]);
  if (from === to) return RESULTS_FILE;
  if (to.slice(0, to.lastIndexOf("/")) === from) return `../${RESULTS_FILE}`;
  const text = await Deno.readTextFile(`${resultsDir}/${RESULTS_FILE}`);
  await refuseOtherResults(`${outDir}/${RESULTS_FILE}`, text);
  await writer.write(RESULTS_FILE, text);
  return RESULTS_FILE;
}

/**
 * Reads `resultsDir`'s results file and writes the report into `outDir`, which is made when it is not
 * there; files of an earlier report there are overwritten.
 * Of results with several strata it takes number `stratum`, from 1.
 * @throws {ResultsError} when there are no results, the file is not ours, or a stratum must be chosen.
 * @throws {Error} naming the file that cannot be written.
 */
export async function writeReport(
  resultsDir: string,
  outDir: string,
  stratum?: number,
): Promise<Report> {
  const tables = tablesOf(chosenStratum(await readResults(resultsDir), stratum));
  await makeDirectory(outDir);
  await refuseLink(`${outDir}/charts`);
  await makeDirectory(`${outDir}/charts`);
  const writer = new Writer(outDir);
  const warnings = warningsOf(tables);
  const figures: Figure[] = [];
  for (const chart of CHARTS) figures.push(await writeFigure(chart, tables, writer));
  const raw = await rawData(resultsDir, outDir, writer);
  await writer.write("results.csv", samplesCsv(tables));
  await writer.write("summary.md", summaryMarkdown(tables, figures, warnings));
  const page = await pageHtml({ tables, figures, warnings, rawData: raw });
  const htmlPath = await writer.write("index.html", page);
  return { htmlPath, files: writer.files, warnings };
}
