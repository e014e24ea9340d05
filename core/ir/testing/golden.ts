/**
 * Golden files: expected text that lies beside a test and is renewed by running the test with
 * `UPDATE_GOLDEN=1`.
 * @module
 */
import { assertEquals } from "@std/assert";

/** Compares `actual` with the file at `file`, or writes the file when UPDATE_GOLDEN is 1. */
export async function assertGolden(file: URL, actual: string): Promise<void> {
  if (Deno.env.get("UPDATE_GOLDEN") === "1") {
    await Deno.writeTextFile(file, actual);
    return;
  }
  const expected = await Deno.readTextFile(file).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`${file.pathname} is missing; run the test with UPDATE_GOLDEN=1 to make it`);
  });
  const name = file.pathname.split("/").at(-1);
  assertEquals(actual, expected, `${name} differs; if that is right, run with UPDATE_GOLDEN=1`);
}
