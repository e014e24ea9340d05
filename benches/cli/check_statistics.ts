/**
 * `deno task check-statistics`: the error rates of the report's statistics, simulated.
 * @module
 */
import {
  coverage,
  different,
  type Effort,
  FAMILY_SIZE,
  familyRates,
  untilClearError,
  withoutLimit,
} from "../stats/simulation/error_rates.ts";
import { FAMILY_ERROR } from "../stats/family.ts";
import { METHODS } from "../stats/simulation/intervals.ts";
import { truthOf, WORLDS } from "../stats/simulation/worlds.ts";
import { seededRandom } from "../stats/random.ts";
import { FEWEST_MEASURES } from "../stats/summary.ts";
import { MOST_TURNS } from "../stats/sequential.ts";
import { type Command, runCommand } from "./command.ts";
import { aligned } from "./summary_table.ts";

/** The task's options. */
export const CHECK_STATISTICS: Command = {
  name: "deno task check-statistics",
  summary:
    "Simulates sessions of known truth and prints how often intervals cover it, equal cells are " +
    "called different, and differences are found.",
  options: [
    {
      name: "simulations",
      type: "number",
      help: "Sessions for each number of the tables.",
      standard: "500, which take about a minute",
      least: 10,
      most: 100_000,
    },
    { name: "seed", type: "number", help: "Of all random numbers.", standard: "1" },
  ],
  details: "docs/statistics.md says what the columns mean and what was chosen by them.",
};

const STANDARD_SIMULATIONS = 500;
const TURNS = [2, 3, 4, 5, 6, 7, 8, 10, 14, 20];
const FACTORS = [1.1, 1.3, 2];

function percent(share: number): string {
  return Number.isNaN(share) ? "-" : (100 * share).toFixed(1);
}

function table(title: string, row: (turns: number, at: number) => number): string[] {
  const lines = WORLDS.map(({ name }, at) => [
    name,
    ...TURNS.map((turns) => percent(row(turns, at))),
  ]);
  return ["", title, ...aligned([["", ...TURNS.map((turns) => `n = ${turns}`)], ...lines])];
}

/** The tables, line by line as they are found. */
export function* statisticsTables(effort: Effort): Generator<string> {
  yield `${effort.simulations} simulated sessions a number, seed ${effort.seed}; all in per cent.`;
  yield "";
  for (const { name, words } of WORLDS) yield `${name}: ${words}`;
  const truths = WORLDS.map((world) => truthOf(world, seededRandom(effort.seed)));
  for (const method of METHODS) {
    yield* table(
      `Coverage of a cell's 95 % interval, ${method.name} (of the ${method.of})`,
      (turns, at) => coverage(method, WORLDS[at], truths[at], turns, effort),
    );
  }
  for (const pairing of ["by turns", "apart"] as const) {
    yield* table(
      `Equal pairs called different without correction, compared ${pairing}`,
      (turns, at) => different(WORLDS[at], turns, pairing, 1, effort),
    );
  }
  yield* table(
    `Equal pairs called different at the level of a family of ${FAMILY_SIZE} (${
      percent(FAMILY_ERROR / FAMILY_SIZE)
    }), by turns, were two measures enough`,
    (turns, at) => withoutLimit(WORLDS[at], turns, effort),
  );
  yield* table(
    `Families of ${FAMILY_SIZE} equal comparisons with any false verdict (Holm)`,
    (turns, at) =>
      turns < FEWEST_MEASURES
        ? NaN
        : familyRates(WORLDS[at], { turns, factor: 1, sequential: false }, effort).anyFalse,
  );
  for (const factor of FACTORS) {
    for (const pairing of ["by turns", "apart"] as const) {
      yield* table(
        `A difference of ${factor} found, one comparison alone, compared ${pairing}`,
        (turns, at) => different(WORLDS[at], turns, pairing, factor, effort),
      );
    }
    yield* table(
      `A difference of ${factor} found among ${FAMILY_SIZE} comparisons by turns (Holm)`,
      (turns, at) =>
        turns < FEWEST_MEASURES
          ? NaN
          : familyRates(WORLDS[at], { turns, factor, sequential: false }, effort).first,
    );
  }
  yield "";
  yield `--until-clear, up to ${MOST_TURNS} turns: families of ${FAMILY_SIZE} equal comparisons ` +
    "with any false verdict at any look";
  yield* aligned([
    WORLDS.map(({ name }) => name),
    WORLDS.map((world) => percent(untilClearError(world, effort))),
  ]);
}

if (import.meta.main) {
  Deno.exit(
    await runCommand(CHECK_STATISTICS, Deno.args, (parsed) => {
      const effort = {
        simulations: parsed.number("simulations") ?? STANDARD_SIMULATIONS,
        seed: parsed.number("seed") ?? 1,
      };
      for (const line of statisticsTables(effort)) console.log(line);
      return Promise.resolve(0);
    }),
  );
}
