/**
 * `deno task reproduce`: repeats published figures on this machine.
 * @module
 */
import { refuse, systemFault } from "./runtime_check.ts";
import { F1, F1_LINUX, F2, F3, F3_LINUX, F7 } from "../experiments/figures.ts";
import {
  type Command,
  parseCommand,
  type Parsed,
  runCommand,
  UsageError,
  UserError,
} from "./command.ts";
import { measure, newDirectory, planArguments, resumedLine } from "./measure.ts";
import { BOARD } from "../../core/machine/board.ts";
import { MMU_INDEX } from "../../core/memory/memop.ts";
import { INSTALL_QEMU } from "../peers/qemu.ts";
import { qemuListing } from "../peers/qemu_listing.ts";
import { softmmuWalk } from "./softmmu_walk.ts";
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

const F10_NOTE =
  "The instructions are those of the KVM Forum 2015 slides on multi-threaded TCG (GreenSocs and\n" +
  "Linaro), which show them as TCG operations before and after optimisation and as host code. The\n" +
  "slides' listing belongs to its authors; QEMU on this machine, where it is installed, prints its\n" +
  "own of the same instructions below ours. Ours ends with an instruction that was not given.\n";

/** The two instruction sequences of the slides, as code bytes, and a load to follow: address, size, table. */
const F10_CODE = [
  {
    title: "ldr r2, [r3]; add r2, #1; str r2, [r3]; bx lr",
    hex: "002093e5012082e2002083e51eff2fe1",
    load: undefined,
  },
  {
    title: "mov r0, #0; ldr r1, [pc, #4]",
    hex: "0000a0e304109fe5",
    // The second instruction's address and eight, and the offset; code without an MMU runs in SVC mode.
    load: [BOARD.ram.base + 4 + 8 + 4, 4, MMU_INDEX.PRIVILEGED],
  },
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
    {
      name: "retry",
      type: "flag",
      help: "With --resume: try cells again that were given up after a crash or a timeout.",
    },
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

function heading(title: string, line: string): string {
  return `${title}\n${line.repeat(title.length)}\n`;
}

/** QEMU's own listing of the same code, or what to install to have it. */
async function qemuPart(hex: string, directory: string): Promise<string> {
  const listing = await qemuListing(Uint8Array.fromHex(hex), directory)
    .catch((error: Error) => `${error.message}\n`);
  return `${heading("QEMU here, of the same code", "-")}${listing ?? INSTALL_QEMU}\n`;
}

/** Figure F10 as text; `directory` is where files may be put for the while. */
async function walkThrough(directory: string): Promise<string> {
  const parts = [`${heading(F10.title, "=")}${F10_NOTE}\n`];
  for (const { title, hex, load } of F10_CODE) {
    const parsed = parseCommand(TRANSLATE, ["--hex", hex])!;
    parts.push(heading(title, "="), await translationText(parsed), await qemuPart(hex, directory));
    if (load !== undefined) {
      parts.push(heading("The load's way through the softmmu TLB", "-") + softmmuWalk(...load));
    }
  }
  return parts.join("\n") + "\n";
}

/** Figure F10: prints the walk and keeps it beside the results. */
async function listing(directory: string): Promise<void> {
  const path = `${directory}/F10.txt`;
  let text: string;
  try {
    await Deno.mkdir(directory, { recursive: true });
    text = await walkThrough(directory);
    await Deno.writeTextFile(path, text);
  } catch (error) {
    throw new UserError(`Cannot write ${path}: ${(error as Error).message}`);
  }
  console.log(text);
  console.log(`Listing: ${path}`);
}

/** The body of the task; the exit code. */
export async function reproduce(given: Parsed): Promise<number> {
  const out = given.text("out");
  const resume = given.flag("resume");
  if (resume && out === undefined) {
    throw new UsageError("--resume needs --out DIR, the directory of the run to go on with");
  }
  const retry = given.flag("retry");
  if (retry && !resume) throw new UsageError("--retry goes with --resume");
  const directory = out ?? await newDirectory("reproduce");
  const parsed = resume ? await resumedLine(REPRODUCE, given, directory) : given;
  const wanted = parsed.positionals;
  const repeats = parsed.number("repeat");
  const names = wanted.length > 0 ? wanted : [...EMBEDDED, F10].map(({ name }) => name);
  if (names.includes(F10.name)) await listing(directory);
  const experiments = [...EMBEDDED, ...WITH_LINUX].filter(({ name }) => names.includes(name));
  if (experiments.length === 0) return 0;
  refuse(systemFault(Deno.build.os));
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
    retry,
    commandLine: planArguments(REPRODUCE, parsed),
    report: !given.flag("no-report"),
  });
}

if (import.meta.main) Deno.exit(await runCommand(REPRODUCE, Deno.args, reproduce));
