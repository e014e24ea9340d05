/**
 * Writes a report and says where it is.
 * @module
 */
import { UserError } from "./command.ts";

/**
 * Makes the report of a results directory, into its folder `report` unless `out` names another.
 * @throws {UserError} when it cannot be made; the results stay as they are.
 */
export async function makeReport(directory: string, out?: string): Promise<void> {
  // Loaded only now: charts need much memory, which would count as the measurement's.
  const { writeReport } = await import("../../reports/mod.ts");
  try {
    const { htmlPath, warnings } = await writeReport(directory, out ?? `${directory}/report`);
    for (const { message, remedy } of warnings) console.log(`Warning: ${message} ${remedy}`);
    console.log(`Report: ${htmlPath}`);
  } catch (error) {
    throw new UserError(
      `${(error as Error).message}. The results are untouched; ` +
        `make the report again with: deno task report ${directory}`,
    );
  }
}
