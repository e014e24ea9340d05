/**
 * Writes what is made from the table of litmus shapes: `deno task litmus`.
 *
 * @module
 */

import type { Expectation } from "./expectation.ts";
import { guestCode } from "./guest_code.ts";
import { type LitmusTest, observableName } from "./shape.ts";
import { LITMUS_TESTS } from "./shapes.ts";
import { relaxedOf, verdictsOf } from "./verdicts.ts";

/** Where the guest's code goes. */
export const GUEST_CODE: URL = new URL("../programs/litmus_tests.h", import.meta.url);
/** Where the expectations go. */
export const EXPECTATIONS_FILE: URL = new URL("expectations.json", import.meta.url);

/** What the memory models say of one test. */
export function expectationOf(test: LitmusTest): Expectation {
  const verdicts = verdictsOf(test);
  const { forbidden, allowed } = relaxedOf(verdicts);
  return {
    test: test.name,
    shape: test.shape.name,
    threads: test.shape.threads.length,
    of: test.observables.map((one) => observableName(test, one)).join(","),
    forbidden,
    relaxed: allowed,
    shownByTso: forbidden.filter((outcome) => verdicts.tsoWithoutFences.has(outcome)),
  };
}

if (import.meta.main) {
  await Deno.writeTextFile(GUEST_CODE, guestCode(LITMUS_TESTS));
  const rows = LITMUS_TESTS.map(expectationOf).map((one) => JSON.stringify(one));
  await Deno.writeTextFile(EXPECTATIONS_FILE, `[\n${rows.join(",\n")}\n]\n`);
  console.log(`Wrote ${LITMUS_TESTS.length} litmus tests; now run deno task workloads litmus.`);
}
