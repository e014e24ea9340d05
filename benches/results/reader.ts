/**
 * Reads a results file back: a torn last line is tolerated, a foreign or contradictory file refused.
 * @module
 */
import { Collector, type Results } from "./collector.ts";
import { parseRecord, RESULTS_FILE, ResultsError } from "./schema.ts";

export type { Results } from "./collector.ts";

/** The contents of a results file. */
export interface ResultsFile extends Results {
  /** The torn last line, or empty. */
  readonly torn: string;
  /** Length in bytes of the part before the torn line. */
  readonly intactBytes: number;
}

/** A file that was read, and what goes on collecting where it ends. */
export interface Collected {
  /** Holds every whole record of the file. */
  readonly collector: Collector;
  /** As they were read; later records do not show here. */
  readonly results: ResultsFile;
}

/**
 * Parses a results file's text; `file` is its name in messages.
 * @throws {ResultsError} for a foreign file or a broken line before the last.
 */
export function collectResults(text: string, file: string): Collected {
  const collector = new Collector(file);
  const intact = text.slice(0, text.lastIndexOf("\n") + 1);
  const torn = text.slice(intact.length);
  const lines = intact.split("\n");
  lines.pop();
  lines.forEach((line, at) => collector.add(parseRecord(line, file, at + 1)));
  const results = collector.results();
  if (results.runs.length === 0 && torn !== "" && !torn.startsWith('{"schema":"mttcg-bench/')) {
    throw new ResultsError(
      `${file} is not a mttcg-bench results file: name another out directory, or move it away`,
    );
  }
  const intactBytes = new TextEncoder().encode(intact).length;
  const warnings = torn === "" ? results.warnings : [
    ...results.warnings,
    `${file}: the last line has no end and is left out.`,
  ];
  return { collector, results: { ...results, warnings, torn, intactBytes } };
}

/**
 * Parses a results file's text; `file` is its name in messages.
 * @throws {ResultsError} for a foreign file or a broken line before the last.
 */
export function parseResults(text: string, file: string): ResultsFile {
  return collectResults(text, file).results;
}

/**
 * The text of the results file of an out directory.
 * @throws {ResultsError} when there is none, or it cannot be read.
 */
export async function readResultsText(directory: string): Promise<string> {
  const file = `${directory}/${RESULTS_FILE}`;
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new ResultsError(
      error instanceof Deno.errors.NotFound
        ? `There is no ${file}: measure first with \`deno task bench --out ${directory}\``
        : `Cannot read ${file}: ${(error as Error).message}`,
    );
  }
}

/**
 * Reads the results file of an out directory.
 * @throws {ResultsError} when there is none, or it is not ours.
 */
export async function readResults(directory: string): Promise<ResultsFile> {
  const file = `${directory}/${RESULTS_FILE}`;
  const results = parseResults(await readResultsText(directory), file);
  if (results.runs.length === 0) {
    throw new ResultsError(`${file} holds no whole record: measure again`);
  }
  return results;
}
