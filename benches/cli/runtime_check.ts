/**
 * Says what is wrong when this Deno or this system cannot do what a task needs. Tasks import it first,
 * so that it speaks before anything that an older Deno would fail at.
 * @module
 */

/** The oldest Deno whose V8 runs the code of a cell. */
const LEAST: readonly [number, number] = [2, 9];

/** What is wrong with a Deno of `version`, with the remedy; empty for nothing. */
export function versionFault(version: string): string {
  const [major, minor] = version.split(".").map(Number);
  const enough = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
  return enough ? "" : `This is Deno ${version}; the emulator needs ${LEAST.join(".")} or newer: ` +
    "run `deno upgrade`, or prefix the command with npx, as in `npx --yes deno@2.9.6 task bench`";
}

/** What is wrong with measuring on `system`; empty for nothing. */
export function systemFault(system: string): string {
  return system === "linux"
    ? ""
    : `Measuring works on Linux only (this is ${system}): CPU times, ` +
      "memory and load come from /proc, and children are watched by a shell. Use a Linux machine, a " +
      "virtual one or a container";
}

/** Ends the process with a message; does nothing for an empty one. */
export function refuse(fault: string): void {
  if (fault === "") return;
  console.error(fault);
  Deno.exit(1);
}

refuse(versionFault(Deno.version.deno));
