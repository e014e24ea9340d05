/**
 * Writes files of a report. A symbolic link where one should be is never followed.
 * @module
 */

async function isLink(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isSymlink;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Refuses a path that is a symbolic link.
 * @throws {Error} naming the path.
 */
export async function refuseLink(path: string): Promise<void> {
  if (await isLink(path)) {
    throw new Error(`${path} is a symbolic link, which is not followed: remove it`);
  }
}

/**
 * Writes a file, over an earlier one.
 * @throws {Error} naming the file, when it cannot be written or is a link.
 */
export async function writeFile(path: string, content: string | Uint8Array): Promise<void> {
  await refuseLink(path);
  try {
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
  } catch (error) {
    throw new Error(
      `Cannot write the report's file ${path}: ${(error as Error).message}. ` +
        "Name another directory, or make room there",
      { cause: error },
    );
  }
}
