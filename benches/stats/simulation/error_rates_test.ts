import { assert, assertEquals } from "@std/assert";
import { compare } from "../comparison.ts";
import { FAMILY_ERROR } from "../family.ts";
import { seededRandom } from "../random.ts";
import { LOOKS } from "../sequential.ts";
import { coverage, different, type Effort, familyRates, untilClearError } from "./error_rates.ts";
import { IN_USE, type Method, METHODS } from "./intervals.ts";
import { truthOf, WORLDS } from "./worlds.ts";

const EFFORT: Effort = { simulations: 400, seed: 5 };

/** Three standard errors of a share that is to be 5 %. */
const SLACK = 3 * Math.sqrt(0.05 * 0.95 / EFFORT.simulations);

function world(name: string) {
  return WORLDS.find((one) => one.name === name)!;
}

const TRUTHS = new Map(WORLDS.map((one) => [one.name, truthOf(one, seededRandom(1))]));

function covered(method: Method, name: string, turns: number): number {
  return coverage(method, world(name), TRUTHS.get(name)!, turns, EFFORT);
}

for (const one of WORLDS) {
  Deno.test(`equal pairs differ in 5 % at most: ${one.name}`, () => {
    for (const turns of [5, 7, 10, 20]) {
      for (const pairing of ["by turns", "apart"] as const) {
        const rate = different(one, turns, pairing, 1, EFFORT);
        assert(rate <= 0.05 + SLACK, `${rate} ${pairing} at ${turns}`);
      }
    }
  });

  Deno.test(`families of equal comparisons have a false verdict in 5 % at most: ${one.name}`, () => {
    for (const turns of [5, 10]) {
      const rate = familyRates(one, { turns, factor: 1, sequential: false }, EFFORT).anyFalse;
      assert(rate <= FAMILY_ERROR + SLACK, `${rate} at ${turns}`);
    }
  });

  Deno.test(`looking on the way adds no false verdicts: ${one.name}`, () => {
    const rate = untilClearError(one, EFFORT);
    assert(rate <= FAMILY_ERROR + SLACK, `${rate}`);
  });
}

Deno.test("intervals cover in 95 % where runs of a cell are independent", () => {
  for (const name of ["normal", "lognormal", "turns"]) {
    for (const turns of [5, 7, 10, 20]) {
      const rate = covered(IN_USE, name, turns);
      assert(rate >= 0.95 - SLACK, `${rate} of ${name} at ${turns}`);
    }
  }
  // Five runs meet only one of a host's two speeds in one session of six.
  assert(covered(IN_USE, "bimodal", 5) >= 0.75);
  assert(covered(IN_USE, "bimodal", 10) >= 0.9);
});

Deno.test("the check notices a method that covers too little", () => {
  const percentile = METHODS.find(({ name }) => name === "percentile bootstrap")!;
  assert(covered(percentile, "normal", 3) < 0.95 - SLACK);
});

Deno.test("no interval is shown below five measures", () => {
  for (const turns of [2, 3, 4]) {
    assertEquals(covered(IN_USE, "normal", turns), NaN);
    assertEquals(different(world("normal"), turns, "by turns", 1, EFFORT), NaN);
  }
});

Deno.test("pairs by turns find what drift between turns hides", () => {
  assert(different(world("turns"), 5, "by turns", 1.3, EFFORT) > 0.98);
  assert(different(world("turns"), 5, "apart", 1.3, EFFORT) < 0.3);
});

Deno.test("a factor of two is found among twelve comparisons after five turns", () => {
  for (const name of ["normal", "phases", "drift", "turns"]) {
    const { first } = familyRates(
      world(name),
      { turns: 5, factor: 2, sequential: false },
      EFFORT,
    );
    assert(first > 0.95, `${first} of ${name}`);
  }
});

Deno.test("looking on the way without paying for it is wrong far more often", () => {
  const random = seededRandom(3);
  let wrong = 0;
  for (let at = 0; at < EFFORT.simulations; at++) {
    const [own, base] = world("normal").session(2, LOOKS.at(-1)!, random)
      .map((logs) => logs.map((log, turn) => ({ turn, value: Math.exp(log) })));
    const peeks = LOOKS.map((look) => compare(own.slice(0, look), base.slice(0, look)));
    if (peeks.some(({ probability }) => probability! <= FAMILY_ERROR)) wrong++;
  }
  assert(wrong / EFFORT.simulations > 0.1);
});
