/**
 * Commands as the user can type them: with `deno` where it is in PATH, by npx where it came with it.
 * @module
 */

/** A word as a POSIX shell takes it whole. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * `task` and its arguments as a command; `task` is such as `deno task bench`. npx keeps the programs
 * that it fetches in a directory of this name: with those, `deno` is in PATH for this run only.
 */
export function commandLine(
  task: string,
  args: readonly string[],
  executable: string = Deno.execPath(),
): string {
  const npx = /[/\\]_npx[/\\]/.test(executable);
  const launcher = npx ? task.replace(/^deno /, `npx --yes deno@${Deno.version.deno} `) : task;
  return [launcher, ...args.map(quoted)].join(" ");
}
