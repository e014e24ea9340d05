import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import * as oracle from "simple-statistics";
import { seededRandom, shuffled } from "./random.ts";
import {
  FEWEST_MEASURES,
  median,
  medianAbsoluteDeviation,
  outliers,
  summarise,
  summariseShares,
} from "./summary.ts";

/** `count` values around `centre` that a seed gives. */
function draws(count: number, centre: number, spread: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => centre + spread * (random() + random() - 1));
}

Deno.test("median and MAD agree with simple-statistics on random samples", () => {
  for (let size = 1; size <= 40; size++) {
    const values = draws(size, 10, 4, size);
    assertAlmostEquals(median(values), oracle.median(values), 1e-12);
    assertAlmostEquals(
      medianAbsoluteDeviation(values),
      oracle.medianAbsoluteDeviation(values),
      1e-12,
    );
  }
});

Deno.test("median leaves its argument in order and refuses an empty list", () => {
  const values = [3, 1, 2];
  assertEquals(median(values), 2);
  assertEquals(values, [3, 1, 2]);
  assertThrows(() => median([]), RangeError, "at least one sample");
});

Deno.test("outliers flags the far value and only it", () => {
  assertEquals(outliers([10, 10.1, 9.9, 10.05, 9.95, 14]), [5]);
  assertEquals(outliers([1, 2, 3, 4, 5]), []);
  assertEquals(outliers([7, 7, 7, 9]), [], "no spread gives no scale to judge by");
});

Deno.test("summarise has the geometric mean and Student's interval of the logarithms", () => {
  const values = draws(9, 5, 2, 3);
  const { centre, interval } = summarise(values);
  const logs = values.map(Math.log);
  assertAlmostEquals(centre, oracle.geometricMean(values), 1e-9);
  // 2.3060 is the quantile at eight degrees of freedom.
  const half = 2.306004135 * oracle.sampleStandardDeviation(logs) / 3;
  assertAlmostEquals(interval!.low, Math.exp(oracle.mean(logs) - half), 1e-6);
  assertAlmostEquals(interval!.high, Math.exp(oracle.mean(logs) + half), 1e-6);
});

Deno.test("summarise shows no interval that so few measures cannot carry", () => {
  for (let count = 1; count < FEWEST_MEASURES; count++) {
    assertEquals(summarise(draws(count, 5, 2, count)).interval, null);
    assertEquals(summariseShares(draws(count, 5, 2, count)).interval, null);
  }
  assert(summarise(draws(FEWEST_MEASURES, 5, 2, 1)).interval !== null);
});

Deno.test("summarise follows a change of the unit and refuses what has no logarithm", () => {
  const values = draws(6, 5, 2, 8);
  const one = summarise(values), thousand = summarise(values.map((value) => 1000 * value));
  assertAlmostEquals(thousand.centre / one.centre, 1000, 1e-6);
  assertAlmostEquals(thousand.interval!.high / one.interval!.high, 1000, 1e-6);
  assertThrows(() => summarise([1, 0, 2]), RangeError, "not above zero");
  assertThrows(() => summarise([]), RangeError, "at least one");
});

Deno.test("summariseShares takes zeros and never goes below them", () => {
  assertEquals(summariseShares([0, 0, 0, 0, 0]).interval, { low: 0, high: 0 });
  const { centre, interval } = summariseShares([0, 0, 0, 0.1, 0]);
  assertAlmostEquals(centre, 0.02, 1e-12);
  assertEquals(interval!.low, 0);
});

Deno.test("summarise gathers count, range and outliers", () => {
  const summary = summarise([4, 1, 2, 3, 100]);
  assertEquals(summary.samples, 5);
  assertEquals([summary.minimum, summary.maximum], [1, 100]);
  assertEquals(summary.outliers, [4]);
});

Deno.test("seededRandom is uniform enough to resample with", () => {
  const random = seededRandom(99);
  const buckets = new Array(10).fill(0);
  for (let i = 0; i < 100_000; i++) buckets[Math.floor(random() * 10)]++;
  // Chi-square with 9 degrees of freedom: 27.9 is the 0.1 % point.
  const chi = buckets.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert(chi < 27.9, `chi-square ${chi}`);
});

Deno.test("shuffled keeps every item, repeats by seed and leaves its argument alone", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const once = shuffled(items, seededRandom(4));
  assertEquals(once, shuffled(items, seededRandom(4)));
  assertNotEquals(once, shuffled(items, seededRandom(5)));
  assertNotEquals(once, items);
  assertEquals([...once].sort((a, b) => a - b), items);
});
