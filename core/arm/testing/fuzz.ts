/**
 * Fuzzes the front end against the oracle:
 * `deno run --allow-ffi core/arm/testing/fuzz.ts --count 200000 --seed 1 [--set thumb] [--length 4] [--rows REGEXP] [--any] [--ir]`.
 * Ends with exit code 1 when a difference is not explained.
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { runCampaign } from "./campaign.ts";
import { unicornInstalled } from "./unicorn.ts";

function main(): number {
  const args = parseArgs(Deno.args, {
    string: ["count", "seed", "length", "rows", "set"],
    boolean: ["ir", "any"],
  });
  if (!unicornInstalled()) {
    console.error("The oracle is missing; install the package libunicorn2 and allow FFI");
    return 2;
  }
  const pattern = new RegExp(args.rows ?? "");
  const started = performance.now();
  const result = runCampaign({
    count: Number(args.count ?? 20_000),
    seed: Number(args.seed ?? 1),
    length: Number(args.length ?? 1),
    instructionSet: args.set === "thumb" ? "thumb" : "a32",
    anyWord: args.any,
    wanted: (handler, group) => pattern.test(handler) || pattern.test(group),
  });
  const seconds = (performance.now() - started) / 1000;
  for (const { handler, count, example, listing } of result.failures) {
    console.log(`${handler}: ${count} unexplained, for example\n${example}`);
    if (args.ir) console.log(listing);
  }
  for (const [reason, count] of result.explained) {
    console.log(`explained ${count} times: ${reason}`);
  }
  const failed = result.failures.reduce((sum, f) => sum + f.count, 0);
  console.log(
    `${result.cases} cases of ${result.perHandler.size} rows in ${seconds.toFixed(1)} s, ` +
      `${failed} unexplained differences in ${result.failures.length} rows`,
  );
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(main());
