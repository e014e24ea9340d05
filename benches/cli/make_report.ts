/**
 * Writes a report and says where it is.
 * @module
 */
import { printable } from "../results/printable.ts";
import { StrataError } from "../results/strata.ts";
import { UserError } from "./command.ts";
import { commandLine } from "./launcher.ts";

/**
 * Makes the report of a results directory, into its folder `report` unless `out` names another.
 * @throws {UserError} when it cannot be made; the results stay as they are.
 */
export async function makeReport(
  directory: string,
  options: { readonly out?: string; readonly stratum?: number } = {},
): Promise<void> {
  // Loaded only now: charts need much memory, which would count as the measurement's.
  const { writeReport } = await import("../../reports/mod.ts");
  try {
    const { htmlPath, warnings } = await writeReport(
      directory,
      options.out ?? `${directory}/report`,
      options.stratum,
    );
    for (const { message, remedy } of warnings) {
      console.log(printable(`Warning: ${message} ${remedy}`));
    }
    console.log(`Report: ${htmlPath}`);
  } catch (error) {
    if (error instanceof StrataError) throw error;
    throw new UserError(
      `${(error as Error).message}. The results are untouched; make the report again with: ` +
        commandLine("deno task report", [directory]),
    );
  }
}
