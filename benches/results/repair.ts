/**
 * Saves what is whole of a damaged results file; the original is kept beside it.
 * @module
 */
import { Collector } from "./collector.ts";
import { lockResults } from "./lock.ts";
import { readResultsText } from "./reader.ts";
import { parseRecord, RESULTS_FILE, ResultsError } from "./schema.ts";

/** A line that was left out. */
export interface Dropped {
  /** Its number in the original, from 1. */
  readonly line: number;
  /** In a sentence. */
  readonly why: string;
}

/** What a repair did. */
export interface Repair {
  /** Lines that were kept. */
  readonly kept: number;
  /** In the order of the file. */
  readonly dropped: readonly Dropped[];
  /** Where the original is now; null when the file was whole and nothing was changed. */
  readonly original: string | null;
}

/** A run record, or what is left of one: lines after it are not the earlier run's. */
function beginsRun(line: string): boolean {
  return line.slice(0, 200).includes('"kind":"run"');
}

/** The lines that can be kept, and the others with the reader's own words. */
export function sortLines(
  text: string,
  file: string,
): { readonly kept: readonly string[]; readonly dropped: readonly Dropped[] } {
  const lines = text.split("\n");
  const torn = lines.pop()!;
  const collector = new Collector(file);
  const kept: string[] = [];
  const dropped: Dropped[] = [];
  let stranger = 0;
  lines.forEach((line, at) => {
    if (stranger > 0) {
      const why = `it follows the run that begins on line ${stranger}, whose head was dropped: ` +
        "nothing says what measured it";
      dropped.push({ line: at + 1, why });
      return;
    }
    let record;
    try {
      record = parseRecord(line, file, at + 1);
    } catch (error) {
      collector.skip();
      dropped.push({ line: at + 1, why: reasonOf(error) });
      if (beginsRun(line)) stranger = at + 1;
      return;
    }
    try {
      collector.add(record);
      kept.push(line);
    } catch (error) {
      dropped.push({ line: at + 1, why: reasonOf(error) });
      if (record.kind === "run") stranger = at + 1;
    }
  });
  if (torn !== "") dropped.push({ line: lines.length + 1, why: "the line has no end" });
  return { kept, dropped };
}

/** The reader's words without the file's name and the remedy. */
function reasonOf(error: unknown): string {
  if (!(error instanceof ResultsError)) throw error;
  return error.message
    .replace(/^.*?, line \d+,? (is )?/, "")
    .replace(/\. Save what is whole with: .*$/s, "");
}

async function copyAside(path: string): Promise<string> {
  for (let number = 1;; number++) {
    const aside = `${path}.damaged-${number}`;
    try {
      const file = await Deno.open(aside, { write: true, createNew: true });
      file.close();
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw error;
    }
    await Deno.copyFile(path, aside);
    return aside;
  }
}

async function replace(path: string, lines: readonly string[]): Promise<void> {
  const beside = `${path}.repairing`;
  await Deno.remove(beside).catch(() => {});
  try {
    const file = await Deno.open(beside, { write: true, createNew: true });
    try {
      let bytes = new TextEncoder().encode(lines.map((line) => line + "\n").join(""));
      while (bytes.length > 0) bytes = bytes.subarray(file.writeSync(bytes));
      file.syncSync();
    } finally {
      file.close();
    }
    await Deno.rename(beside, path);
  } catch (error) {
    await Deno.remove(beside).catch(() => {});
    throw error;
  }
}

/**
 * Repairs the results file of an out directory.
 * @throws {ResultsError} when there is none, another process writes it, nothing of it can be saved, or
 * the disk has no room; the file is as it was then.
 */
export async function repairResults(directory: string): Promise<Repair> {
  const path = `${directory}/${RESULTS_FILE}`;
  await readResultsText(directory);
  const file = await Deno.open(path, { read: true });
  try {
    await lockResults(file, path);
    const { kept, dropped } = sortLines(await readResultsText(directory), path);
    if (dropped.length === 0) return { kept: kept.length, dropped, original: null };
    if (kept.length === 0) {
      throw new ResultsError(
        `Nothing of ${path} can be saved: line 1 ${dropped[0].why}. ` +
          "Measure again into another directory",
      );
    }
    const original = await copyAside(path);
    await replace(path, kept);
    return { kept: kept.length, dropped, original };
  } catch (error) {
    if (error instanceof ResultsError) throw error;
    throw new ResultsError(
      `Cannot repair ${path}: ${(error as Error).message}. The file is as it was`,
    );
  } finally {
    file.close();
  }
}
