/**
 * `deno task report`: makes the report of a results directory again.
 * @module
 */
import "./runtime_check.ts";
import { printable } from "../results/printable.ts";
import { readResults } from "../results/reader.ts";
import { repairResults } from "../results/repair.ts";
import { chosenStratum } from "../results/strata.ts";
import { RESULTS_FILE } from "../results/types.ts";
import { type Command, type Parsed, runCommand, UsageError } from "./command.ts";
import { commandLine } from "./launcher.ts";
import { makeReport } from "./make_report.ts";
import { summaryText } from "./summary_table.ts";

/** The task's options. */
export const REPORT: Command = {
  name: "deno task report",
  summary: "Makes charts, tables and pages from the raw samples of a results directory.",
  options: [
    {
      name: "out",
      type: "text",
      placeholder: "DIR",
      help: "Where the report goes.",
      standard: "the folder report in the results directory",
    },
    { name: "summary", type: "flag", help: "Print the summary table as well." },
    {
      name: "stratum",
      type: "number",
      least: 1,
      help: "Of results that were measured under different conditions, the part to report.",
    },
    {
      name: "repair",
      type: "flag",
      help:
        "Save what is whole of a damaged results file; the original is kept beside it. Makes no " +
        "report.",
    },
  ],
  positionals: {
    name: "DIR",
    help: "a directory that `deno task bench` wrote (its --out).",
    least: 1,
    most: 1,
  },
};

/** Repairs and says what was lost; the exit code. */
async function repair(directory: string, parsed: Parsed): Promise<number> {
  const other = parsed.given.find((name) => name !== "repair");
  if (other !== undefined) throw new UsageError(`--repair makes no report: leave out --${other}`);
  const { kept, dropped, original } = await repairResults(directory);
  if (original === null) {
    console.log(`${directory}/${RESULTS_FILE} is whole (${kept} records): nothing was changed.`);
    return 0;
  }
  for (const { line, why } of dropped) console.log(printable(`Dropped line ${line}: ${why}`));
  console.log(`Kept ${kept} records, dropped ${dropped.length} lines. The original: ${original}`);
  console.log(`Make the report with: ${commandLine("deno task report", [directory])}`);
  return 0;
}

if (import.meta.main) {
  Deno.exit(
    await runCommand(REPORT, Deno.args, async (parsed) => {
      const directory = parsed.positionals[0].replace(/\/+$/, "");
      if (parsed.flag("repair")) return await repair(directory, parsed);
      const [out, stratum] = [parsed.text("out"), parsed.number("stratum")];
      const results = chosenStratum(await readResults(directory), stratum);
      if (parsed.flag("summary")) console.log(printable(summaryText(results)));
      await makeReport(directory, {
        ...(out !== undefined && { out }),
        ...(stratum !== undefined && { stratum }),
      });
      return 0;
    }),
  );
}
