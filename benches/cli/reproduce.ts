/**
 * `deno task reproduce`: repeats published figures on this machine.
 * @module
 */
import { F1, F1_LINUX, F2, F3, F3_LINUX, F7 } from "../experiments/figures.ts";
import {
  type Command,
  parseCommand,
  type Parsed,
  runCommand,
  UsageError,
  UserError,
} from "./command.ts";
import { measure, planArguments, resumedLine, standardDirectory } from "./measure.ts";
import { TRANSLATE, translationText } from "./translate.ts";

/** What is measured when no figure is named: these need no more than the embedded guests. */
const EMBEDDED = [F1, F2, F3, F7] as const;
/** With the Linux guest that `deno task guest` makes. */
const WITH_LINUX = [F1_LINUX, F3_LINUX] as const;

/** The figure that is a listing: nothing is measured. */
const F10 = {
  name: "F10",
  title: "The code-generation walk",
  question: "What becomes of the published instructions, stage by stage?",
} as const;

const ALL = [...EMBEDDED, ...WITH_LINUX, F10];

/** The two instruction sequences of the slides, as code bytes. */
const F10_CODE = [
  {
    title: "ldr r2, [r3]; add r2, #1; str r2, [r3]; bx lr",
    hex: "002093e5012082e2002083e51eff2fe1",
  },
  { title: "mov r0, #0; ldr r1, [pc, #4]", hex: "0000a0e304109fe5" },
] as const;

/** The task's options. */
export const REPRODUCE: Command = {
  name: "deno task reproduce",
  summary: "Repeats published figures on this machine and sets our numbers beside the published " +
    "ones in the report. When none is named, all of them that need no Linux guest.",
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
    most: ALL.length,
    choices: ALL.map((figure) => figure.name),
  },
  details: ALL.map(({ name, title, question }) => `${name}  ${title}\n    ${question}`).join(
    "\n",
  ),
};

/** Figure F10: prints the walk and keeps it beside the results. */
async function listing(directory: string): Promise<void> {
  const parts: string[] = [];
  for (const { title, hex } of F10_CODE) {
    const parsed = parseCommand(TRANSLATE, ["--hex", hex])!;
    parts.push(`${title}\n${"=".repeat(title.length)}\n`, await translationText(parsed));
  }
  const text = parts.join("\n") + "\n";
  console.log(text);
  const path = `${directory}/F10.txt`;
  try {
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw new UserError(`Cannot write ${path}: ${(error as Error).message}`);
  }
  console.log(`Listing: ${path}`);
}

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
  const names = wanted.length > 0 ? wanted : [...EMBEDDED, F10].map(({ name }) => name);
  if (names.includes(F10.name)) await listing(directory);
  const experiments = [...EMBEDDED, ...WITH_LINUX].filter(({ name }) => names.includes(name));
  if (experiments.length === 0) return 0;
  return await measure({
    task: REPRODUCE.name,
    experiments,
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
