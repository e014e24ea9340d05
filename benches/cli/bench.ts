/**
 * `deno task bench`: measures experiments and writes their report.
 * @module
 */
import { refuse, systemFault } from "./runtime_check.ts";
import { names } from "../experiments/catalogue.ts";
import { EXPERIMENTS } from "../experiments/mod.ts";
import type { Selection } from "../experiments/plan.ts";
import { CATALOGUE } from "../experiments/registries.ts";
import { FirstProcess } from "../runner/first_process.ts";
import { type Command, type Parsed, runCommand, UsageError } from "./command.ts";

/** Most vCPUs the workloads' runtime has room for. */
const MOST_VCPUS = 8;

/** Time for settling verdicts where the user names none. */
const UNTIL_CLEAR_SECONDS = 600;

/** The task's options. */
export const BENCH: Command = {
  name: "deno task bench",
  summary:
    "Measures strategies against workloads, each cell in a fresh process, and writes a report.",
  options: [
    {
      name: "experiment",
      type: "list",
      placeholder: "NAME,...",
      help: "What to measure.",
      choices: names(EXPERIMENTS),
      standard: "default, which ends within two minutes on two cores",
    },
    {
      name: "workloads",
      type: "list",
      help: "Only these workloads.",
      choices: names(CATALOGUE.workloads),
    },
    {
      name: "atomics",
      type: "list",
      help: "These atomics strategies instead of the experiment's own.",
      choices: names(CATALOGUE.atomics),
    },
    {
      name: "barriers",
      type: "list",
      help: "These barrier strategies instead of the experiment's own.",
      choices: names(CATALOGUE.barriers),
    },
    {
      name: "scheduling",
      type: "list",
      help: "These scheduling strategies instead of the experiment's own.",
      choices: names(CATALOGUE.scheduling),
    },
    {
      name: "backend",
      type: "list",
      help: "These backends instead of the experiment's own.",
      choices: ["wasm", "interp"],
    },
    {
      name: "parallel-code",
      type: "flag",
      help: "Make code as for vCPUs in parallel even with one vCPU or on one thread.",
    },
    {
      name: "peers",
      type: "list",
      help: "QEMU's modes to run beside ours instead of the experiment's own.",
      choices: ["none", "single", "multi"],
    },
    {
      name: "vcpus",
      type: "numbers",
      help: "These numbers of vCPUs instead of the experiment's own.",
      least: 1,
      most: MOST_VCPUS,
    },
    {
      name: "repeat",
      type: "number",
      help: "Timed repeats of each cell; lifts the experiment's time budget.",
      least: 1,
    },
    {
      name: "until-clear",
      type: "flag",
      help:
        "Go on until the report's verdicts are settled, with the cells that gain most, or the budget " +
        "is spent.",
    },
    {
      name: "budget",
      type: "number",
      placeholder: "SECONDS",
      help: "No repeat is begun after this time.",
      standard: `the experiment's own; with --until-clear ${UNTIL_CLEAR_SECONDS}`,
      least: 1,
    },
    { name: "seed", type: "number", help: "Seed of the cells' order.", standard: "1" },
    {
      name: "out",
      type: "text",
      placeholder: "DIR",
      help: "Where results and report go.",
      standard: "out/bench-DATE-TIME",
    },
    { name: "resume", type: "flag", help: "Go on with what --out holds, by its own options." },
    {
      name: "retry",
      type: "flag",
      help: "With --resume: try cells again that were given up after a crash or a timeout.",
    },
    { name: "quick", type: "flag", help: "Less of everything: a first look, or a test." },
    {
      name: "profile",
      type: "flag",
      help:
        "Sample where the time of our runs goes: tables at the end, flame charts in the report.",
    },
    { name: "no-report", type: "flag", help: "Write results only." },
  ],
  details:
    "Names may be separated by commas. Results are written line by line: a run may be killed\n" +
    "at any time and go on with --resume.\n\n" +
    "Exit codes: 0 measured, 1 could not measure, 2 wrong command line, 3 measured but some cell is\n" +
    "wrong, timed out or crashed where its subject claims otherwise, 4 some cell was not reached at all,\n" +
    "130 interrupted.",
};

function selectionOf(parsed: Parsed): Selection {
  const workloads = parsed.list("workloads"), atomics = parsed.list("atomics");
  const barriers = parsed.list("barriers"), scheduling = parsed.list("scheduling");
  const vcpus = parsed.numbers("vcpus"), repeats = parsed.number("repeat");
  const backends = parsed.list("backend") as Selection["backends"];
  const peers = parsed.list("peers")?.filter((peer) => peer !== "none") as Selection["peers"];
  return {
    quick: parsed.flag("quick"),
    ...(parsed.flag("profile") && { profile: true }),
    ...(parsed.flag("parallel-code") && { parallelCode: true }),
    ...(workloads && { workloads }),
    ...(atomics && { atomics }),
    ...(barriers && { barriers }),
    ...(scheduling && { scheduling }),
    ...(backends && { backends }),
    ...(peers && { peers }),
    ...(vcpus && { vcpus }),
    ...(repeats !== undefined && { repeats }),
  };
}

/** The body of the task; the exit code. */
export async function bench(given: Parsed): Promise<number> {
  const out = given.text("out");
  const resume = given.flag("resume");
  if (resume && out === undefined) {
    throw new UsageError("--resume needs --out DIR, the directory of the run to go on with");
  }
  const retry = given.flag("retry");
  if (retry && !resume) throw new UsageError("--retry goes with --resume");
  refuse(systemFault(Deno.build.os));
  const first = new FirstProcess();
  try {
    // Loaded while the first process loads.
    const { measure, newDirectory, planArguments, resumedLine } = await import("./measure.ts");
    const parsed = resume ? await resumedLine(BENCH, given, out!) : given;
    const selection = selectionOf(parsed);
    const directory = out ?? await newDirectory("bench");
    const wanted = parsed.list("experiment") ?? ["default"];
    const untilClear = parsed.flag("until-clear");
    const budgetSeconds = parsed.number("budget") ?? (untilClear ? UNTIL_CLEAR_SECONDS : undefined);
    return await measure({
      task: BENCH.name,
      experiments: EXPERIMENTS.filter((experiment) => wanted.includes(experiment.name)),
      selection,
      seed: parsed.number("seed") ?? 1,
      directory,
      resume,
      retry,
      commandLine: planArguments(BENCH, parsed),
      ...(budgetSeconds !== undefined && { budgetSeconds }),
      untilClear,
      report: !given.flag("no-report"),
      first,
    });
  } finally {
    await first.close();
  }
}

if (import.meta.main) Deno.exit(await runCommand(BENCH, Deno.args, bench));
