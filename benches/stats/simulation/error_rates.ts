/**
 * How often intervals cover the truth, equal cells are called different, and differences are found: by
 * simulation, with the very code that makes the report's verdicts.
 * @module
 */
import { compare } from "../comparison.ts";
import { FAMILY_ERROR, judgeFamily } from "../family.ts";
import type { Measure } from "../measure.ts";
import { type Random, seededRandom } from "../random.ts";
import { MOST_TURNS } from "../sequential.ts";
import { estimateMean, probabilityOfZero } from "../student.ts";
import type { Method } from "./intervals.ts";
import type { Truth, World } from "./worlds.ts";

/** How much to simulate. */
export interface Effort {
  /** Sessions for each number. */
  readonly simulations: number;
  /** Of all random numbers. */
  readonly seed: number;
}

/** Comparisons in a family: about what a chart of all schemes makes. */
export const FAMILY_SIZE = 12;

/** Cells of a session: those of a family and their base. */
const CELLS = FAMILY_SIZE + 1;

function measures(logs: readonly number[], factor = 1): Measure[] {
  return logs.map((log, turn) => ({ turn, value: factor * Math.exp(log) }));
}

/** Share of simulations for which `happens`, of those where it does not answer null; NaN without any. */
function share(
  { simulations, seed }: Effort,
  happens: (random: Random) => boolean | null,
): number {
  const random = seededRandom(seed);
  let counted = 0, happened = 0;
  for (let at = 0; at < simulations; at++) {
    const answer = happens(random);
    if (answer === null) continue;
    counted++;
    if (answer) happened++;
  }
  return happened / counted;
}

/** How often a method's interval covers the true centre of one cell. */
export function coverage(
  method: Method,
  world: World,
  truth: Truth,
  turns: number,
  effort: Effort,
): number {
  const centre = truth[method.of];
  return share(effort, (random) => {
    const interval = method.interval(world.session(CELLS, turns, random)[0], random);
    return interval && interval.low <= centre && centre <= interval.high;
  });
}

/** Whether cells are compared by turns, as a report does, or as two sessions are. */
export type Pairing = "by turns" | "apart";

/** How often one pair is called different, alone in its family, when its true ratio is `factor`. */
export function different(
  world: World,
  turns: number,
  pairing: Pairing,
  factor: number,
  effort: Effort,
): number {
  return share(effort, (random) => {
    const [own, base] = world.session(CELLS, turns, random);
    const { probability } = compare(measures(own, factor), measures(base), {
      sameSession: pairing === "by turns",
    });
    return probability === null ? null : probability <= FAMILY_ERROR;
  });
}

/** A rare event needs so many times the simulations. */
const RARE = 10;

/**
 * How often an equal pair would be called different at the level that Holm's method asks of the first
 * of a family, if two measures were enough: what the limit of five measures is for.
 */
export function withoutLimit(world: World, turns: number, effort: Effort): number {
  const wanted = { ...effort, simulations: RARE * effort.simulations };
  return share(wanted, (random) => {
    const [own, base] = world.session(CELLS, turns, random);
    const ratios = own.map((log, turn) => log - base[turn]);
    return probabilityOfZero(estimateMean(ratios)) <= FAMILY_ERROR / FAMILY_SIZE;
  });
}

/** What is asked of a family of comparisons with one base. */
export interface FamilyCase {
  /** Turns of the session. */
  readonly turns: number;
  /** True ratio of the first comparison; the others are equal. */
  readonly factor: number;
  /** Whether it was looked at the results on the way. */
  readonly sequential: boolean;
}

/** How often any equal pair of a family is called different, and how often the first one is. */
export interface FamilyRates {
  /** Any of the equal ones. */
  readonly anyFalse: number;
  /** The first. */
  readonly first: number;
}

/** Rates of a family of {@linkcode FAMILY_SIZE} comparisons. */
export function familyRates(world: World, one: FamilyCase, effort: Effort): FamilyRates {
  const { turns, factor, sequential } = one;
  const judgedOnce = (random: Random) => {
    const [base, ...cells] = world.session(CELLS, turns, random);
    return judgeFamily(
      cells.map((logs, at) => ({
        values: measures(logs, at === 0 ? factor : 1),
        base: measures(base),
      })),
      { sequential },
    ).map(({ verdict }) => verdict === "higher" || verdict === "lower");
  };
  let first = 0;
  const anyFalse = share(effort, (random) => {
    const verdicts = judgedOnce(random);
    if (verdicts[0]) first++;
    return (factor === 1 ? verdicts : verdicts.slice(1)).some((verdict) => verdict);
  });
  return { anyFalse, first: first / effort.simulations };
}

/** How often a family of equal cells gets any false verdict in a run until it is clear. */
export function untilClearError(world: World, effort: Effort): number {
  // A probability never rises from look to look: the last one tells whether any look was false.
  return familyRates(world, { turns: MOST_TURNS, factor: 1, sequential: true }, effort).anyFalse;
}
