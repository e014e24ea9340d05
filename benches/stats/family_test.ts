import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FAMILY_ERROR, holm, judgeComparisons, judgeFamily } from "./family.ts";
import type { Measure } from "./measure.ts";

function measures(values: readonly number[]): Measure[] {
  return values.map((value, turn) => ({ turn, value }));
}

const PROBABILITIES = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

Deno.test("holm corrects as the published example does", () => {
  // Holm (1979) as R's p.adjust prints it.
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((value, at) => assertAlmostEquals(corrected[at], value, 1e-12));
  assertEquals(holm([]), []);
  assertEquals(holm([0.3]), [0.3]);
});

Deno.test("property: holm keeps order, never lowers and stays between the uncorrected and Bonferroni", () => {
  fc.assert(fc.property(PROBABILITIES, (values) => {
    const corrected = holm(values);
    values.forEach((value, at) => {
      assert(corrected[at] >= value && corrected[at] <= 1);
      // Rounding of a sum over the family aside.
      assert(corrected[at] <= Math.min(1, values.length * value) + 1e-12);
      values.forEach((other, to) => {
        if (value < other) assert(corrected[at] <= corrected[to]);
      });
    });
  }));
});

Deno.test("property: a family has as many verdicts as its own step-down test rejects", () => {
  fc.assert(fc.property(PROBABILITIES, (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    let rejected = 0;
    while (
      rejected < sorted.length && sorted[rejected] * (sorted.length - rejected) <= FAMILY_ERROR
    ) rejected++;
    const comparison = { ratio: 2, interval: null, samples: 5, paired: true };
    const judged = judgeComparisons(values.map((probability) => ({ ...comparison, probability })));
    assertEquals(judged.filter(({ verdict }) => verdict === "higher").length, rejected);
  }));
});

Deno.test("judgeFamily says higher, lower, no difference and too few", () => {
  const base = measures([10, 11, 10.5, 10.2, 10.8, 11.1]);
  const times = (factor: number) =>
    base.map(({ turn, value }, at) => ({ turn, value: value * factor * (1 + 0.002 * (at % 3)) }));
  const verdicts = judgeFamily([
    { values: times(1.5), base },
    { values: times(0.5), base },
    { values: base, base },
    { values: measures([1000, 1000, 1000, 1000]), base },
  ]).map(({ verdict }) => verdict);
  assertEquals(verdicts, ["higher", "lower", "no significant difference", "too few samples"]);
});

Deno.test("a verdict needs more in a larger family; comparisons with too few are no members", () => {
  const clear = { ratio: 1.2, interval: null, samples: 5, paired: true, probability: 0.02 };
  const vague = { ...clear, probability: 0.5 };
  const few = { ...clear, samples: 2, probability: null };
  const first = (...others: (typeof vague | typeof few)[]) =>
    judgeComparisons([clear, ...others])[0].verdict;
  assertEquals(first(), "higher");
  assertEquals(first(few, few, few), "higher");
  assertEquals(first(vague, vague, vague), "no significant difference");
});
