/**
 * Made-up sessions of a known truth: every cell has the same speed, and what varies is the host.
 * @module
 */
import { median } from "../summary.ts";
import type { Random } from "../random.ts";

/** Logarithms of throughputs by cell and turn. */
export type Session = readonly (readonly number[])[];

/** One kind of host. */
export interface World {
  /** For tables. */
  readonly name: string;
  /** What varies, in a few words. */
  readonly words: string;
  /** A session of equal cells. */
  session(cells: number, turns: number, random: Random): Session;
}

/** A standard normal variable (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Every run draws for itself. */
function independent(draw: (random: Random) => number): World["session"] {
  return (cells, turns, random) =>
    Array.from({ length: cells }, () => Array.from({ length: turns }, () => draw(random)));
}

/** Every turn has a level of its own, to which each run adds its noise. */
function byTurn(level: (turn: number, turns: number, random: Random) => number): World["session"] {
  return (cells, turns, random) => {
    const levels = Array.from({ length: turns }, (_, turn) => level(turn, turns, random));
    return Array.from(
      { length: cells },
      () => levels.map((one) => one + NOISE * normal(random)),
    );
  };
}

/** Standard deviation between runs of one phase or turn. */
const NOISE = 0.05;

const SLOW = { share: 0.3, log: -Math.log(1.5), lasts: 0.95 };

function phases(cells: number, turns: number, random: Random): number[][] {
  const session = Array.from({ length: cells }, () => new Array<number>(turns));
  let slow = random() < SLOW.share;
  for (let turn = 0; turn < turns; turn++) {
    for (let cell = 0; cell < cells; cell++) {
      if (random() >= SLOW.lasts) slow = random() < SLOW.share;
      session[cell][turn] = (slow ? SLOW.log : 0) + NOISE * normal(random);
    }
  }
  return session;
}

/** All of them. */
export const WORLDS: readonly World[] = [
  {
    name: "normal",
    words: "runs vary by 10 %",
    session: independent((random) => Math.log(Math.max(0.01, 1 + 0.1 * normal(random)))),
  },
  {
    name: "lognormal",
    words: "runs vary by 30 %, more upwards than downwards",
    session: independent((random) => 0.3 * normal(random)),
  },
  {
    name: "bimodal",
    words: "three runs of ten are 1.5 times slower",
    session: independent((random) =>
      (random() < SLOW.share ? SLOW.log : 0) + NOISE * normal(random)
    ),
  },
  {
    name: "phases",
    words: "the same share, in phases of about twenty runs",
    session: phases,
  },
  {
    name: "drift",
    words: "the host slows down by 30 % over the session",
    session: byTurn((turn, turns) => -0.3 * (turn + 0.5) / turns),
  },
  {
    name: "turns",
    words: "every turn is at a level of its own, by 30 %",
    session: byTurn((_turn, _turns, random) => 0.3 * normal(random)),
  },
];

/** The true centre of a world's logarithms. */
export interface Truth {
  /** Expectation. */
  readonly mean: number;
  /** Half of all runs are below. */
  readonly median: number;
}

/** Sessions that the truth is found from, and turns of each. */
const SESSIONS = 4000, TURNS = 20;

/** Found from many sessions; it is the same for any number of turns. */
export function truthOf(world: World, random: Random): Truth {
  const values = Array.from({ length: SESSIONS }, () => world.session(1, TURNS, random)[0]).flat();
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    median: median(values),
  };
}
