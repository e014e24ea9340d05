/**
 * The error of everything that reads results.
 * @module
 */

/** A line or file that is not ours, or not whole; the message names file, line and field. */
export class ResultsError extends Error {
  /** Tells it from other errors. */
  override name = "ResultsError";
}
