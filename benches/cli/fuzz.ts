/**
 * `deno task fuzz`: random instructions of every row of every encoding table, on ours and on the
 * Unicorn engine; what differs without a known reason is an error.
 * @module
 */
import "./runtime_check.ts";
import { runCampaign } from "../../core/arm/testing/campaign.ts";
import { fuzzReport, type FuzzRequest } from "../../core/arm/testing/fuzz_report.ts";
import { type Table, TABLES } from "../../core/arm/testing/instruction_set.ts";
import { type Tier, TIERS } from "../../core/arm/testing/subject_engine.ts";
import { unicornInstalled } from "../../core/arm/testing/unicorn.ts";
import { type Command, type Parsed, runCommand, UserError } from "./command.ts";
import { ProgressLine, standardError } from "./progress_line.ts";

/** Names of the sets, and what the names of their tables begin with. */
const SETS: Readonly<Record<string, RegExp>> = {
  a32: /^a32$/,
  t32: /^t(16|32)$/,
  vfp: /^vfp/,
  neon: /^neon/,
  all: /^/,
};
const COUNT = 20_000;
const SEED = 1;

/** The task's options. */
export const FUZZ: Command = {
  name: "deno task fuzz",
  summary: "Runs random instructions of every row of every encoding table on ours and on the " +
    "Unicorn engine (Debian's package libunicorn2) and compares registers, flags, memory and the " +
    "exception raised. Ends with exit code 1 when a difference has no known reason.",
  options: [
    {
      name: "count",
      type: "number",
      least: 1,
      help: "Cases on each tier.",
      standard: String(COUNT),
    },
    { name: "seed", type: "number", help: "Where the cases come from.", standard: String(SEED) },
    {
      name: "set",
      type: "text",
      placeholder: "NAME",
      choices: Object.keys(SETS),
      help: "Tables whose rows are tried; t32 stands for Thumb of both sizes.",
      standard: "all",
    },
    {
      name: "tier",
      type: "list",
      choices: TIERS,
      help:
        "Tiers to run on: everything interpreted, every block compiled at once, everything as " +
        "regions of several blocks.",
      standard: TIERS.join(),
    },
    {
      name: "rows",
      type: "text",
      placeholder: "REGEXP",
      help: "Only rows whose handler or group matches, such as ^ldr.",
    },
    { name: "case", type: "number", help: "Runs the case with this number alone, as printed." },
    { name: "ir", type: "flag", help: "Shows the IR of the cases that differ." },
  ],
  details: "docs/fuzzing.md says what is compared, and lists the differences that are known.",
};

function requestOf(parsed: Parsed): FuzzRequest {
  const single = parsed.number("case");
  return {
    count: single === undefined ? parsed.number("count") ?? COUNT : 1,
    first: single ?? 0,
    seed: parsed.number("seed") ?? SEED,
    set: parsed.text("set") ?? "all",
    tiers: (parsed.list("tier") as readonly Tier[] | undefined) ?? TIERS,
    rows: parsed.text("rows"),
    ir: parsed.flag("ir"),
  };
}

function tablesOf(set: string): readonly Table[] {
  return TABLES.filter(({ name }) => SETS[set].test(name));
}

function fuzz(request: FuzzRequest): number {
  if (!unicornInstalled()) {
    throw new UserError(
      "The Unicorn engine is missing: install Debian's package libunicorn2 (apt install " +
        "libunicorn2) and start this by deno task fuzz, which allows the use of libraries",
    );
  }
  const pattern = new RegExp(request.rows ?? "");
  const line = new ProgressLine(standardError());
  let clean = true;
  for (const tier of request.tiers) {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const result = runCampaign({
      ...request,
      tier,
      tables: tablesOf(request.set),
      wanted: (handler, group) => pattern.test(handler) || pattern.test(group),
      onProgress: (done) =>
        line.show({
          running: tier,
          jobsDone: done,
          jobs: request.count,
          secondsLeft: done === 0 ? 0 : seconds() * (request.count / done - 1),
        }),
    });
    line.end();
    console.log(fuzzReport(request, tier, result, seconds()));
    clean &&= result.failures.length === 0;
  }
  return clean ? 0 : 1;
}

if (import.meta.main) {
  Deno.exit(
    await runCommand(FUZZ, Deno.args, (parsed) => Promise.resolve(fuzz(requestOf(parsed)))),
  );
}
