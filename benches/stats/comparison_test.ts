import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import * as oracle from "simple-statistics";
import { compare } from "./comparison.ts";
import type { Measure } from "./measure.ts";
import { seededRandom } from "./random.ts";
import { LOOKS } from "./sequential.ts";

function measures(values: readonly number[], firstTurn = 0): Measure[] {
  return values.map((value, at) => ({ turn: firstTurn + at, value }));
}

const AMOUNTS = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), {
  minLength: 1,
  maxLength: 12,
});

Deno.test("compare takes measures of the same turn as pairs: drift between turns cancels", () => {
  const drift = [1, 0.7, 1.2, 0.5, 0.9, 1.4];
  const slow = measures(drift.map((one) => 100 * one));
  const fast = measures(drift.map((one, at) => 130 * one * (1 + 0.01 * (at % 2))));
  const paired = compare(fast, slow);
  assertEquals([paired.paired, paired.samples], [true, 6]);
  assert(paired.interval!.low > 1.28 && paired.interval!.high < 1.34);
  assert(paired.probability! < 1e-6);
  const apart = compare(fast, slow, { sameSession: false });
  assertEquals(apart.paired, false);
  assertAlmostEquals(apart.ratio, paired.ratio, 1e-12);
  assert(apart.probability! > 0.05, "without the pairs the drift hides the difference");
});

Deno.test("compare pairs by turn, not by place", () => {
  const values = [10, 20, 30, 40, 50, 60];
  const shuffled = [3, 1, 5, 0, 4, 2].map((at) => ({ turn: at, value: values[at] }));
  const { ratio, probability } = compare(shuffled, measures(values));
  assertEquals([ratio, probability], [1, 1]);
});

Deno.test("compare's paired statistic is Student's t of the log-ratios", () => {
  const own = [11, 12.5, 10.7, 13, 12.2], base = [10, 11, 10.1, 11.5, 10.3];
  const logs = own.map((value, at) => Math.log(value / base[at]));
  const { interval, ratio } = compare(measures(own), measures(base));
  assertAlmostEquals(ratio, Math.exp(oracle.mean(logs)), 1e-12);
  const half = 2.7764451 * oracle.sampleStandardDeviation(logs) / Math.sqrt(5);
  assertAlmostEquals(interval!.low, Math.exp(oracle.mean(logs) - half), 1e-6);
});

Deno.test("compare without enough common turns takes the sides as they are", () => {
  const own = measures([10, 11, 12, 13, 14]), base = measures([10, 11, 12, 13, 14], 3);
  const { paired, samples, ratio, probability } = compare(own, base);
  assertEquals([paired, samples], [false, 5]);
  assertAlmostEquals(ratio, 1, 1e-12);
  assertAlmostEquals(probability!, 1, 1e-9);
});

Deno.test("compare says nothing of probability from four measures on a side", () => {
  const { interval, probability, samples } = compare(
    measures([1, 2, 3, 4]),
    measures([10, 20, 30, 40, 50, 60]),
  );
  assertEquals([interval, probability, samples], [null, null, 4]);
});

Deno.test("compare refuses empty sides and amounts that are not above zero", () => {
  assertThrows(() => compare([], measures([1])), RangeError, "both sides");
  assertThrows(() => compare(measures([0]), measures([1])), RangeError, "not above zero");
});

Deno.test("property: a cell never differs from itself", () => {
  fc.assert(fc.property(AMOUNTS, fc.boolean(), fc.boolean(), (values, sequential, sameSession) => {
    const { ratio, probability, interval } = compare(measures(values), measures(values), {
      sequential,
      sameSession,
    });
    assertAlmostEquals(ratio, 1, 1e-9);
    assert(probability === null || probability > 0.99);
    assert(interval === null || (interval.low <= 1 + 1e-9 && interval.high >= 1 - 1e-9));
  }));
});

Deno.test("property: swapping the sides inverts ratio and interval and keeps the probability", () => {
  fc.assert(fc.property(AMOUNTS, AMOUNTS, fc.boolean(), (own, others, sequential) => {
    const one = compare(measures(own), measures(others), { sequential });
    const other = compare(measures(others), measures(own), { sequential });
    assertAlmostEquals(one.ratio * other.ratio, 1, 1e-9);
    assertEquals([one.samples, one.paired], [other.samples, other.paired]);
    assertAlmostEquals(one.probability ?? -1, other.probability ?? -1, 1e-9);
    if (one.interval === null || !Number.isFinite(one.interval.high)) return;
    const inverse = 1 / other.interval!.low;
    assert(!Number.isFinite(inverse) || Math.abs(one.interval.high / inverse - 1) < 1e-6);
  }));
});

Deno.test("compare of a run that was looked at counts only looks and pays for each of them", () => {
  const random = seededRandom(2);
  const base = measures(Array.from({ length: 9 }, () => 10 + random()));
  const own = measures(base.map(({ value }) => value * (1.1 + 0.02 * random())));
  const fixed = compare(own.slice(0, 7), base.slice(0, 7));
  const looked = compare(own, base, { sequential: true });
  // Nine measures: the last look was at seven.
  assert(looked.probability! <= LOOKS.length * fixed.probability! * (1 + 1e-9));
  assert(looked.probability! >= fixed.probability!);
  assert(
    looked.interval!.low < fixed.interval!.low && looked.interval!.high > fixed.interval!.high,
  );
  assertEquals(looked.samples, 9);
});
