/**
 * Reads a results file back: a torn last line is tolerated, a foreign file refused.
 * @module
 */
import {
  type CellRecord,
  type EndRecord,
  type FailureRecord,
  parseRecord,
  RESULTS_FILE,
  ResultsError,
  type RunRecord,
  type SampleRecord,
} from "./schema.ts";

/** The contents of a results file. */
export interface Results {
  /** At least one; more after `--resume`. */
  readonly runs: readonly RunRecord[];
  /** By cell id, in the order of the file. */
  readonly cells: ReadonlyMap<string, CellRecord>;
  /** In the order of the file. */
  readonly samples: readonly SampleRecord[];
  /** In the order of the file. */
  readonly failures: readonly FailureRecord[];
  /** Empty when the run was killed. */
  readonly ends: readonly EndRecord[];
  /** The torn last line, or empty. */
  readonly torn: string;
  /** Length in bytes of the part before the torn line. */
  readonly intactBytes: number;
}

/**
 * Parses a results file's text; `file` is its name in messages.
 * @throws {ResultsError} for a foreign file or a broken line before the last.
 */
export function parseResults(text: string, file: string): Results {
  const runs: RunRecord[] = [];
  const cells = new Map<string, CellRecord>();
  const samples: SampleRecord[] = [];
  const failures: FailureRecord[] = [];
  const ends: EndRecord[] = [];
  const intact = text.slice(0, text.lastIndexOf("\n") + 1);
  const torn = text.slice(intact.length);
  const lines = intact.split("\n");
  lines.pop();
  lines.forEach((line, at) => {
    const record = parseRecord(line, file, at + 1);
    if (at === 0 && record.kind !== "run") {
      throw new ResultsError(
        `${file}, line 1 is a ${record.kind} record; a results file begins with a run record: ` +
          "the file's head is missing, measure again into another out directory",
      );
    }
    if ((record.kind === "sample" || record.kind === "failure") && !cells.has(record.cell)) {
      throw new ResultsError(
        `${file}, line ${at + 1}, field cell: no cell record before it is called ${record.cell}`,
      );
    }
    if (record.kind === "run") runs.push(record);
    else if (record.kind === "cell") cells.set(record.cell, record);
    else if (record.kind === "sample") samples.push(record);
    else if (record.kind === "failure") failures.push(record);
    else ends.push(record);
  });
  if (runs.length === 0 && torn !== "" && !torn.startsWith('{"schema":"mttcg-bench/')) {
    throw new ResultsError(
      `${file} is not a mttcg-bench results file: name another out directory, or move it away`,
    );
  }
  const intactBytes = new TextEncoder().encode(intact).length;
  return { runs, cells, samples, failures, ends, torn, intactBytes };
}

/**
 * Reads the results file of an out directory.
 * @throws {ResultsError} when there is none, or it is not ours.
 */
export async function readResults(directory: string): Promise<Results> {
  const file = `${directory}/${RESULTS_FILE}`;
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    throw new ResultsError(
      error instanceof Deno.errors.NotFound
        ? `There is no ${file}: measure first with \`deno task bench --out ${directory}\``
        : `Cannot read ${file}: ${(error as Error).message}`,
    );
  }
  const results = parseResults(text, file);
  if (results.runs.length === 0) {
    throw new ResultsError(`${file} holds no whole record: measure again`);
  }
  return results;
}
