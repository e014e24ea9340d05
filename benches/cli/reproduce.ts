/**
 * `deno task reproduce`: repeats published figures on this machine.
 * @module
 */
import { F1, F2, F3, F7 } from "../experiments/figures.ts";
import { type Command, type Parsed, runCommand, UsageError } from "./command.ts";
import { measure, planArguments, resumedLine, standardDirectory } from "./measure.ts";

const FIGURES = [F1, F2, F3, F7] as const;

/** The task's options. */
export const REPRODUCE: Command = {
  name: "deno task reproduce",
  summary: "Repeats published figures on this machine and sets our numbers beside the published " +
    "ones in the report. All of them when none is named.",
  options: [
    {
      name: "repeat",
      type: "number",
      help: "Timed repeats of each cell.",
      least: 1,
      standard: "7, for F7 5",
    },
    { name: "seed", type: "number", help: "Seed of the cells' order.", standard: "1" },
    {
      name: "out",
      type: "text",
      placeholder: "DIR",
      help: "Where results and report go.",
      standard: "out/reproduce-DATE-TIME",
    },
    { name: "resume", type: "flag", help: "Go on with what --out holds, by its own options." },
    { name: "quick", type: "flag", help: "Smaller sizes and three repeats." },
    { name: "no-report", type: "flag", help: "Write results only." },
  ],
  positionals: {
    name: "FIGURE",
    help: "Figures to repeat.",
    least: 0,
    most: FIGURES.length,
    choices: FIGURES.map((figure) => figure.name),
  },
  details: FIGURES.map(({ name, title, question }) => `${name}  ${title}\n    ${question}`).join(
    "\n",
  ),
};

/** The body of the task; the exit code. */
export async function reproduce(given: Parsed): Promise<number> {
  const out = given.text("out");
  const resume = given.flag("resume");
  if (resume && out === undefined) {
    throw new UsageError("--resume needs --out DIR, the directory of the run to go on with");
  }
  const directory = out ?? standardDirectory("reproduce");
  const parsed = resume ? await resumedLine(REPRODUCE, given, directory) : given;
  const wanted = parsed.positionals;
  const repeats = parsed.number("repeat");
  return await measure({
    task: REPRODUCE.name,
    experiments: FIGURES.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
    selection: {
      quick: parsed.flag("quick"),
      ...(repeats !== undefined && { repeats }),
    },
    seed: parsed.number("seed") ?? 1,
    directory,
    resume,
    commandLine: planArguments(REPRODUCE, parsed),
    report: !given.flag("no-report"),
  });
}

if (import.meta.main) Deno.exit(await runCommand(REPRODUCE, Deno.args, reproduce));
