/**
 * Files that a task reads and writes: bounded, and never one over the other.
 * @module
 */
import { UserError } from "./command.ts";

const MIB = 1024 * 1024;

/** A guest program may carry far more symbols than code. */
export const MOST_PROGRAM_BYTES: number = 1024 * MIB;

/** A flattened device tree has 32-bit offsets, and a useful one some KiB. */
export const MOST_TREE_BYTES: number = 2 * MIB;

async function read(path: string, what: string, most: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new UserError(
      `${path}: longer than ${(most / MIB).toFixed(0)} MiB, the most that --${what} takes; ` +
        "name another file",
    );
  using file = await Deno.open(path, { read: true });
  const { size, isDirectory } = await file.stat();
  if (isDirectory) throw new UserError(`${path}: a directory; --${what} takes a file`);
  if (size > most) throw tooLarge();
  // Devices and pipes have no size: their end is looked for up to the limit.
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let total = 0;
  const buffer = new Uint8Array(MIB);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) break;
    total += count;
    if (total > most) throw tooLarge();
    pieces.push(buffer.slice(0, count));
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/**
 * Reads the file that the option `--what` names, at most `most` bytes of it.
 * @throws {UserError} when it cannot be read or is longer.
 */
export async function readInput(path: string, what: string, most: number): Promise<Uint8Array> {
  try {
    return await read(path, what, most);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw new UserError(`${path}: ${why}; --${what} takes the name of a file that can be read`);
  }
}

/**
 * Refuses to write over a file that is read, by whatever name or link.
 * @throws {UserError} naming both options.
 */
export async function refuseOverwriting(
  output: { readonly path: string; readonly option: string },
  inputs: readonly { readonly path: string; readonly option: string }[],
): Promise<void> {
  const infoOf = (path: string) => Deno.stat(path).catch(() => null);
  const own = await infoOf(output.path);
  if (own === null) return;
  for (const { path, option } of inputs) {
    const other = await infoOf(path);
    if (other !== null && other.dev === own.dev && other.ino === own.ino) {
      throw new UserError(
        `--${output.option} ${output.path} would overwrite the file of --${option}; name another`,
      );
    }
  }
}
