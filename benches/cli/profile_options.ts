/**
 * The options of `deno task boot` for profiles. docs/profiling.md shows what comes out.
 * @module
 */
import type { MachineOptions, MachineResult } from "../../core/machine/machine.ts";
import { type Option, type Parsed, UsageError, UserError } from "./command.ts";
import { profileText } from "./profile_table.ts";

/** The options. */
export const PROFILE_OPTIONS: readonly Option[] = [
  {
    name: "profile",
    type: "text",
    placeholder: "DIR",
    help: "Sample where the time goes: tables at the end, and a flame chart (profile.svg) with " +
      "its data (profile.json) in this directory.",
  },
  {
    name: "profile-symbols",
    type: "text",
    placeholder: "FILE",
    help: "Names of the guest's code: an ELF file or a System.map.",
    standard: "the symbols of the guest program, if it has any",
  },
];

async function symbolsOf(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw new UserError(
      `${path}: cannot be read (${
        (error as Error).message
      }); --profile-symbols takes an ELF file ` +
        "or a System.map",
    );
  }
}

/**
 * What the options ask of the machine; nothing without `--profile`.
 * @throws {UsageError} when symbols are given and no profile is asked for.
 * @throws {UserError} when the symbols cannot be read.
 */
export async function profileOptions(parsed: Parsed): Promise<Pick<MachineOptions, "profile">> {
  const symbols = parsed.text("profile-symbols");
  if (parsed.text("profile") === undefined) {
    if (symbols === undefined) return {};
    throw new UsageError("--profile-symbols names the code of a profile; ask for one by --profile");
  }
  return { profile: symbols === undefined ? {} : { symbols: await symbolsOf(symbols) } };
}

/** Shows the profile of a run and writes its files; does nothing when there is none. */
export async function showProfile(
  parsed: Parsed,
  title: string,
  result: MachineResult,
): Promise<void> {
  const directory = parsed.text("profile");
  const { profile } = result;
  if (directory === undefined || profile === undefined) return;
  console.error(`\n${profileText(profile)}`);
  // Charts are loaded now only.
  const { writeProfile } = await import("../../reports/profile_files.ts");
  try {
    const files = await writeProfile(directory, title, profile);
    console.error(`Profile: ${files.join(", ")}`);
  } catch (error) {
    throw new UserError(
      `The profile cannot be written to ${directory}: ${(error as Error).message}. ` +
        "Name another directory by --profile",
    );
  }
}
