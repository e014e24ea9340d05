/**
 * What ARMv7 allows and forbids in every litmus test, for whoever reads a guest's outcomes. Made
 * from the memory models by `deno task litmus`, so that nobody need run them.
 *
 * @module
 */

import table from "./expectations.json" with { type: "json" };

/** One test. */
export interface Expectation {
  /** Name of the test, as the guest prints it. */
  readonly test: string;
  /** Name of its shape. */
  readonly shape: string;
  /** Threads, and so vCPUs that it needs. */
  readonly threads: number;
  /** What an outcome says: `1:x` is what thread 1 loaded from x, `x` its last value. */
  readonly of: string;
  /** Outcomes that need reordering and that ARMv7 forbids. */
  readonly forbidden: readonly string[];
  /** Outcomes that need reordering and that ARMv7 allows. */
  readonly relaxed: readonly string[];
  /** Forbidden ones that an x86 host shows where nothing is done about barriers. */
  readonly shownByTso: readonly string[];
}

/** All tests, in the order of the table of shapes. */
export const EXPECTATIONS: readonly Expectation[] = table;
