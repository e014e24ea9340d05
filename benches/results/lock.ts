/**
 * One writer a results file: the kernel holds the lock for as long as the writer lives, so that none
 * is ever left behind.
 * @module
 */
import { ResultsError } from "./results_error.ts";

/** Who wrote the last run record of a text; undefined before there is one. */
function holderOf(text: string): string | undefined {
  for (const line of text.split("\n").reverse()) {
    if (!line.includes('"kind":"run"')) continue;
    try {
      const { pid, started } = JSON.parse(line);
      if (typeof pid === "number" && typeof started === "string") {
        return `process ${pid}, since ${started}`;
      }
    } catch {
      // Half a line: the one before it may tell.
    }
  }
  return undefined;
}

/**
 * Locks an open results file until it is closed or its process ends.
 * @throws {ResultsError} naming the process that has it, or what keeps it from being locked.
 */
export async function lockResults(file: Deno.FsFile, path: string): Promise<void> {
  let locked: boolean;
  try {
    locked = await file.tryLock(true);
  } catch (error) {
    throw new ResultsError(
      `Cannot lock ${path}: ${(error as Error).message}. Name a directory on a disk of this ` +
        "machine with --out DIR",
    );
  }
  if (locked) return;
  const holder = holderOf(await Deno.readTextFile(path)) ?? "which has only just begun";
  throw new ResultsError(
    `${path} is being written by another run (${holder}): wait for its end, ` +
      "or name another directory",
  );
}
