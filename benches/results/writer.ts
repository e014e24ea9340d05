/**
 * Appends records to a results file, each line on the disk before the next run starts.
 * @module
 */
import type { Results } from "./reader.ts";
import { ResultsError } from "./results_error.ts";
import { type ResultRecord, RESULTS_FILE } from "./types.ts";

/** Of a new directory. The parser is loaded only where there is something to parse. */
const NO_RESULTS: Results = {
  runs: [],
  cells: new Map(),
  samples: [],
  failures: [],
  ends: [],
  torn: "",
  intactBytes: 0,
};

/** The out directory cannot be written; what was written before is whole. */
export class OutDirectoryError extends Error {
  /** Tells it from other errors. */
  override name = "OutDirectoryError";
}

function explain(error: unknown, what: string): OutDirectoryError {
  const words = (error as Error).message;
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    return new OutDirectoryError(
      `Cannot write ${what}: ${words}. Name a directory of yours with --out DIR`,
    );
  }
  if (/No space left|ENOSPC|quota/i.test(words)) {
    return new OutDirectoryError(
      `Cannot write ${what}: the disk is full. Everything measured before is safe; ` +
        "make room and go on with --resume",
    );
  }
  return new OutDirectoryError(`Cannot write ${what}: ${words}`);
}

/** An open results file. */
export class ResultsWriter {
  readonly #file: Deno.FsFile;
  readonly #path: string;

  private constructor(file: Deno.FsFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /**
   * Opens a directory's results file, making both where they are missing. With `resume` the earlier
   * results come back and a torn last line is cut off; without it a file with results is refused.
   * @throws {OutDirectoryError} when it cannot be written.
   * @throws {ResultsError} when it holds something else, or results without `resume`.
   */
  static async open(
    directory: string,
    resume: boolean,
  ): Promise<{ readonly writer: ResultsWriter; readonly earlier: Results }> {
    const path = `${directory}/${RESULTS_FILE}`;
    let file: Deno.FsFile;
    let text: string;
    try {
      await Deno.mkdir(directory, { recursive: true });
      file = await Deno.open(path, { write: true, create: true });
      // A device holds no results, and some can be read for ever.
      text = (await file.stat()).isFile ? await Deno.readTextFile(path) : "";
    } catch (error) {
      throw explain(error, path);
    }
    try {
      const earlier = text === ""
        ? NO_RESULTS
        : (await import("./reader.ts")).parseResults(text, path);
      if (!resume && text !== "") {
        throw new ResultsError(
          `${path} already holds results: add --resume to go on with them, ` +
            "or name another directory with --out",
        );
      }
      if (earlier.torn !== "") await file.truncate(earlier.intactBytes);
      await file.seek(0, Deno.SeekMode.End);
      return { writer: new ResultsWriter(file, path), earlier };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Appends records and waits until the disk has them.
   * @throws {OutDirectoryError} when the disk is full or gone.
   */
  append(...records: readonly ResultRecord[]): void {
    const text = records.map((record) => JSON.stringify(record) + "\n").join("");
    let bytes = new TextEncoder().encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(this.#file.writeSync(bytes));
      this.#file.syncDataSync();
    } catch (error) {
      throw explain(error, this.#path);
    }
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }
}
