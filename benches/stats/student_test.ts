import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as oracle from "simple-statistics";
import { estimateDifference, estimateMean, halfWidth, probabilityOfZero } from "./student.ts";
import { seededRandom } from "./random.ts";

function draws(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 3 + random() + random());
}

Deno.test("estimateMean agrees with simple-statistics", () => {
  for (let count = 2; count < 20; count++) {
    const values = draws(count, count);
    const { mean, error, freedom } = estimateMean(values);
    assertAlmostEquals(mean, oracle.mean(values), 1e-12);
    assertAlmostEquals(error, oracle.sampleStandardDeviation(values) / Math.sqrt(count), 1e-12);
    assertEquals(freedom, count - 1);
  }
});

Deno.test("estimateDifference has Welch's degrees of freedom", () => {
  // Standard errors 2 and 1 over 4 and 8 degrees of freedom: (4 + 1)^2 / (16 / 4 + 1 / 8).
  const spread = (count: number, error: number) => {
    const step = error * Math.sqrt(count * (count - 1));
    return [step / Math.SQRT2, -step / Math.SQRT2, ...new Array(count - 2).fill(0)];
  };
  const { mean, error, freedom } = estimateDifference(
    spread(5, 2).map((value) => value + 1),
    spread(9, 1),
  );
  assertAlmostEquals(mean, 1, 1e-12);
  assertAlmostEquals(error, Math.sqrt(5), 1e-12);
  assertAlmostEquals(freedom, 25 / (16 / 4 + 1 / 8), 1e-9);
});

Deno.test("halfWidth has the quantiles of Student's t", () => {
  // Closed forms: one degree of freedom is Cauchy's tangent; two degrees and four are algebraic.
  const quantile = (freedom: number, coverage: number) =>
    halfWidth({ mean: 0, error: 1, freedom }, coverage);
  assertAlmostEquals(quantile(1, 0.95) / Math.tan(Math.PI * 0.475), 1, 1e-6);
  assertAlmostEquals(quantile(2, 0.95) / (0.95 * Math.sqrt(2 / (1 - 0.95 ** 2))), 1, 1e-6);
  assertAlmostEquals(quantile(4, 0.95), 2.7764451051978, 1e-6);
  assertAlmostEquals(quantile(4, 1 - 0.05 / 100), 10.306254690774, 1e-4);
  assertAlmostEquals(quantile(1e6, 0.95), 1.95996, 1e-4);
});

Deno.test("probabilityOfZero has the tails of Student's t, far out too", () => {
  const tail = (t: number, freedom: number) => probabilityOfZero({ mean: t, error: 1, freedom });
  // Four degrees of freedom: P(|T| > t) = 1 - x (3 - x^2) / 2 with x = t / sqrt(t^2 + 4).
  for (const t of [0.5, 2, 5, 20, 50]) {
    const x = t / Math.sqrt(t * t + 4);
    const exact = 1 - x * (3 - x * x) / 2;
    assertAlmostEquals(tail(t, 4) / exact, 1, 1e-5);
    assertAlmostEquals(tail(-t, 4), tail(t, 4), 1e-15);
  }
});

Deno.test("values that do not vary have no width; a mean of zero is never improbable", () => {
  const still = estimateMean([2, 2, 2, 2]);
  assertEquals([halfWidth(still, 0.95), probabilityOfZero(still)], [0, 0]);
  assertEquals(probabilityOfZero(estimateMean([0, 0, 0])), 1);
  assert(probabilityOfZero(estimateMean([1, -1])) === 1);
  assertThrows(() => estimateMean([1]), RangeError, "at least two");
});
