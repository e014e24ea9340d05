/**
 * Appends records to a results file, each line on the disk before the next run starts. One process
 * writes at a time, and nothing that the reader would refuse.
 * @module
 */
import type { Collector } from "./collector.ts";
import { sampleContradictions } from "./derived.ts";
import { lockResults } from "./lock.ts";
import { collectResults, type Results, type ResultsFile } from "./reader.ts";
import { ResultsError } from "./results_error.ts";
import { failedSample, soundRecord } from "./sound.ts";
import { type ResultRecord, RESULTS_FILE } from "./types.ts";

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

/** An open results file, locked against other writers. */
export class ResultsWriter {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  /** What the file holds, as the reader sees it. */
  readonly #collector: Collector;

  private constructor(file: Deno.FsFile, path: string, collector: Collector) {
    this.#file = file;
    this.#path = path;
    this.#collector = collector;
  }

  /**
   * Opens a directory's results file, making both where they are missing. With `resume` the earlier
   * results come back and a torn last line is cut off; without it a file with results is refused.
   * @throws {OutDirectoryError} when it cannot be written.
   * @throws {ResultsError} when it holds something else, results without `resume`, or another process
   * writes it.
   */
  static async open(
    directory: string,
    resume: boolean,
  ): Promise<{ readonly writer: ResultsWriter; readonly earlier: ResultsFile }> {
    const path = `${directory}/${RESULTS_FILE}`;
    let file: Deno.FsFile;
    try {
      await Deno.mkdir(directory, { recursive: true });
      file = await Deno.open(path, { append: true, create: true });
    } catch (error) {
      throw explain(error, path);
    }
    try {
      // A device holds no results, and some can be read for ever.
      const { isFile } = await file.stat();
      if (isFile) await lockResults(file, path);
      const text = isFile ? await Deno.readTextFile(path) : "";
      const { collector, results: earlier } = collectResults(text, path);
      if (!resume && text !== "") {
        throw new ResultsError(
          `${path} already holds results: add --resume to go on with them, ` +
            "or name another directory with --out",
        );
      }
      if (earlier.torn !== "") await file.truncate(earlier.intactBytes);
      return { writer: new ResultsWriter(file, path, collector), earlier };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Appends records and waits until the disk has them. Fields that the reader would refuse are left
   * out, and a sample that contradicts itself becomes a failure.
   * @throws {OutDirectoryError} when the disk is full or gone.
   */
  append(...records: readonly ResultRecord[]): void {
    const text = records.map((record) => JSON.stringify(this.#checked(record)) + "\n").join("");
    let bytes = new TextEncoder().encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(this.#file.writeSync(bytes));
      this.#file.syncDataSync();
    } catch (error) {
      throw explain(error, this.#path);
    }
  }

  /** The record as the reader will take it, and has taken it here. */
  #checked(record: ResultRecord): ResultRecord {
    const sound = soundRecord(record);
    const cell = sound.kind === "sample" && this.#collector.cellOf(sound);
    const [wrong] = cell ? sampleContradictions(sound, cell) : [];
    const taken = wrong === undefined || sound.kind !== "sample"
      ? sound
      : failedSample(sound, `field ${wrong.field} ${wrong.words}`);
    this.#collector.add(taken);
    return taken;
  }

  /** What the file holds now. */
  results(): Results {
    return this.#collector.results();
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }
}
