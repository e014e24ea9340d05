/**
 * Differences between the oracle and the subject that are right: each with its reason. Everything
 * else is a failure.
 * @module
 */
import { fieldsOf } from "../decode/decoder.ts";
import type { Fields } from "../decode/row.ts";
import type { A32Encoding, TestCase } from "./case.ts";
import type { Difference } from "./differ.ts";

/** One instruction of a case with what is known about the difference. */
interface Suspect {
  readonly encoding: A32Encoding;
  readonly handler: string;
  readonly group: string;
  readonly f: Fields;
  readonly word: number;
  readonly test: TestCase;
  readonly difference: Difference;
}

interface Explanation {
  readonly reason: string;
  readonly applies: (s: Suspect) => boolean;
}

const EXPLANATIONS: readonly Explanation[] = [];

/** The reason why the difference is right, or null when it is not explained. */
export function explain(test: TestCase, difference: Difference): string | null {
  for (const [i, encoding] of test.encodings.entries()) {
    const word = test.words[i];
    const suspect: Suspect = {
      encoding,
      handler: encoding.row[1],
      group: encoding.row[3],
      f: fieldsOf(encoding, word),
      word,
      test,
      difference,
    };
    const found = EXPLANATIONS.find((e) => e.applies(suspect));
    if (found) return found.reason;
  }
  return null;
}
