/**
 * `deno task schema`: the JSON Schema of every record of a results file, for readers in other languages.
 * @module
 */
import "./runtime_check.ts";
import { recordJsonSchema } from "../results/schema.ts";
import { type Command, runCommand } from "./command.ts";

/** The task, which has no options. */
export const SCHEMA_TASK: Command = {
  name: "deno task schema",
  summary:
    "Prints the JSON Schema of a line of results.jsonl: one of the kinds run, cell, sample, " +
    "failure and end.",
  options: [],
};

if (import.meta.main) {
  Deno.exit(
    await runCommand(SCHEMA_TASK, Deno.args, () => {
      console.log(JSON.stringify(recordJsonSchema(), null, 2));
      return Promise.resolve(0);
    }),
  );
}
