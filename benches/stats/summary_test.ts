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
  bootstrapMedian,
  compare,
  median,
  medianAbsoluteDeviation,
  outliers,
  summarise,
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

Deno.test("bootstrapMedian of three samples is their range", () => {
  assertEquals(bootstrapMedian([2, 1, 3]), { low: 1, high: 3 });
});

Deno.test("bootstrapMedian is the same for a seed and differs between seeds", () => {
  const values = draws(25, 5, 2, 3);
  assertEquals(bootstrapMedian(values, 7), bootstrapMedian(values, 7));
  const distinct = new Set(
    [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => bootstrapMedian(values, seed).low),
  );
  assert(distinct.size > 1, "bounds lie on sample values, so that two seeds may agree, not eight");
});

Deno.test("bootstrapMedian covers the true median about 95 % of the time", () => {
  let covered = 0;
  const trials = 300;
  for (let trial = 0; trial < trials; trial++) {
    const { low, high } = bootstrapMedian(draws(21, 100, 10, 1000 + trial), trial);
    if (low <= 100 && 100 <= high) covered++;
  }
  assert(covered / trials > 0.9 && covered / trials < 0.99, `covered ${covered} of ${trials}`);
});

Deno.test("bootstrapMedian lies near the distribution-free interval from order statistics", () => {
  const values = draws(30, 50, 10, 11);
  const inOrder = [...values].sort((a, b) => a - b);
  const { low, high } = bootstrapMedian(values);
  // Ranks 10 and 21 of 30 bound the median with 95.7 % (binomial).
  assert(low >= inOrder[7] && low <= inOrder[12], `low ${low}`);
  assert(high >= inOrder[17] && high <= inOrder[22], `high ${high}`);
});

Deno.test("compare finds a real difference and its direction", () => {
  const fast = draws(8, 20, 1, 1), slow = draws(8, 10, 1, 2);
  const up = compare(fast, slow), down = compare(slow, fast);
  assertEquals(up.verdict, "higher");
  assertEquals(down.verdict, "lower");
  assertAlmostEquals(up.ratio, oracle.median(fast) / oracle.median(slow), 1e-12);
  assert(up.interval.low <= up.ratio && up.ratio <= up.interval.high);
});

Deno.test("compare says no significant difference where there is none", () => {
  const same = compare(draws(10, 10, 1, 5), draws(10, 10, 1, 6));
  assertEquals(same.verdict, "no significant difference");
});

Deno.test("compare calls no difference on three samples a side", () => {
  assertEquals(compare([10, 11, 12], [1, 2, 3]).verdict, "too few samples");
});

Deno.test("compare is wrong on equal samples in about one case of twenty", () => {
  let wrong = 0;
  const trials = 300;
  for (let trial = 0; trial < trials; trial++) {
    const { verdict } = compare(draws(12, 10, 2, trial), draws(12, 10, 2, 5000 + trial));
    if (verdict !== "no significant difference") wrong++;
  }
  assert(wrong / trials < 0.1, `${wrong} of ${trials}`);
});

Deno.test("summarise gathers count, median, interval, range and outliers", () => {
  const summary = summarise([4, 1, 2, 3, 100]);
  assertEquals(summary.samples, 5);
  assertEquals(summary.median, 3);
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
