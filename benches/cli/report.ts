/**
 * `deno task report`: makes the report of a results directory again.
 * @module
 */
import { readResults } from "../results/reader.ts";
import { type Command, runCommand } from "./command.ts";
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
  ],
  positionals: {
    name: "DIR",
    help: "a directory that `deno task bench` wrote (its --out).",
    least: 1,
    most: 1,
  },
};

if (import.meta.main) {
  Deno.exit(
    await runCommand(REPORT, Deno.args, async (parsed) => {
      const directory = parsed.positionals[0].replace(/\/+$/, "");
      const results = await readResults(directory);
      if (parsed.flag("summary")) console.log(summaryText(results));
      await makeReport(directory, parsed.text("out"));
      return 0;
    }),
  );
}
