/**
 * `deno task check-sessions`: how often the verdicts call identical cells of identical sessions
 * different.
 * @module
 */
import { tablesOf } from "../../reports/data/cells.ts";
import { readResults, type Results } from "../results/reader.ts";
import type { RunRecord } from "../results/types.ts";
import { compareSessions, countDifferent, type SessionCells } from "../stats/sessions.ts";
import { FEWEST_MEASURES } from "../stats/summary.ts";
import { type Command, runCommand, UserError } from "./command.ts";
import { aligned } from "./summary_table.ts";

/** Largest share of identical cells that may be called different. */
const LIMIT = 0.05;

/** Exit code when the share is above it. */
const ABOVE_LIMIT = 3;

/** Differences that are listed. */
const MOST_LISTED = 20;

/** The task's options. */
export const CHECK_SESSIONS: Command = {
  name: "deno task check-sessions",
  summary:
    "Compares identical sessions with each other, cell by cell, and prints the share that is called " +
    "different although nothing differs.",
  options: [],
  positionals: {
    name: "DIR...",
    help: "directories of sessions that one command line gave, one after another.",
    least: 2,
    most: 100,
  },
  details:
    "Exit codes: 0 at most 5 % after correction, 1 the sessions are not identical, 2 wrong\n" +
    "command line, 3 more than 5 %. docs/statistics.md says how to run such sessions.",
};

/** What must agree between sessions whose cells are to be the same; the seed may differ. */
function identity({ machine, engine, peers, images, experiments, quick }: RunRecord) {
  const { cpuModel, cores, kernel } = machine;
  return { machine: { cpuModel, cores, kernel }, engine, peers, images, experiments, quick };
}

/**
 * Refuses sessions that differ in machine, engine, peers, images or plan.
 * @throws {UserError} naming two sessions and the field.
 */
export function checkIdentical(sessions: readonly { name: string; results: Results }[]): void {
  const [first, ...others] = sessions.flatMap(({ name, results }) =>
    results.runs.map((run) => ({ name, run: identity(run) }))
  );
  for (const other of others) {
    const field = Object.keys(first.run).find((key) => {
      const at = key as keyof typeof first.run;
      return JSON.stringify(first.run[at]) !== JSON.stringify(other.run[at]);
    });
    if (field !== undefined) {
      throw new UserError(
        `${first.name} and ${other.name} differ in ${field} (run record): their cells are not ` +
          "identical. Measure all sessions with one command line and one engine",
      );
    }
  }
}

function cellsOf(name: string, results: Results): SessionCells {
  const timed = tablesOf(results).cells.filter(({ measures }) => measures.length > 0);
  return { name, cells: new Map(timed.map(({ record, measures }) => [record.cell, measures])) };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${(100 * part / whole).toFixed(1)} %`;
}

/** The text, and whether the share is within the limit. */
export function sessionsText(
  sessions: readonly SessionCells[],
): { readonly text: string; readonly within: boolean } {
  const comparisons = compareSessions(sessions);
  const { judged, few, different, alone } = countDifferent(comparisons);
  const pairs = Map.groupBy(comparisons, ({ sessions }) => sessions.join(" and "));
  const rows = [...pairs].map(([names, some]) => {
    const count = countDifferent(some);
    return [names, `${count.different} of ${count.judged}`, `${count.alone} of ${count.judged}`];
  });
  const found = comparisons.filter(({ verdict }) => verdict === "higher" || verdict === "lower")
    .sort((a, b) => a.corrected! - b.corrected!);
  const listed = found.slice(0, MOST_LISTED).map(({ cell, sessions, ratio }) =>
    `  ${ratio.toPrecision(3)} x between ${sessions.join(" and ")}: ${cell}`
  );
  if (found.length > MOST_LISTED) listed.push(`  and ${found.length - MOST_LISTED} more`);
  const text = [
    `${sessions.length} sessions, ${judged} comparisons of a cell with itself.`,
    ...(few > 0
      ? [`${few} more are left out: fewer than ${FEWEST_MEASURES} processes on a side.`]
      : []),
    `Called different, corrected by Holm's method over all: ${different} of ${judged} ` +
    `(${percent(different, judged)}).`,
    `Without correction: ${alone} of ${judged} (${percent(alone, judged)}).`,
    "",
    ...aligned([["", "corrected", "alone"], ...rows]),
    ...(listed.length > 0 ? ["", "Different after correction:", ...listed] : []),
  ];
  return { text: text.join("\n"), within: judged > 0 && different <= judged * LIMIT };
}

if (import.meta.main) {
  Deno.exit(
    await runCommand(CHECK_SESSIONS, Deno.args, async ({ positionals }) => {
      const names = positionals.map((name) => name.replace(/\/+$/, ""));
      if (new Set(names).size < names.length) {
        throw new UserError("A directory is named twice: a session always agrees with itself");
      }
      const sessions = await Promise.all(
        names.map(async (name) => ({ name, results: await readResults(name) })),
      );
      checkIdentical(sessions);
      const { text, within } = sessionsText(
        sessions.map(({ name, results }) => cellsOf(name, results)),
      );
      console.log(text);
      return within ? 0 : ABOVE_LIMIT;
    }),
  );
}
