/**
 * The error of everything that reads results.
 * @module
 */
import { printable } from "./printable.ts";

/** A line or file that is not ours, or not whole; the message names file, line and field. */
export class ResultsError extends Error {
  /** Tells it from other errors. */
  override name = "ResultsError";

  /** `message` may quote the file: what a terminal would obey is written out. */
  constructor(message: string) {
    super(printable(message));
  }
}
