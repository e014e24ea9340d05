/**
 * Builds every workload image byte for byte the same: `deno task workloads`, with `--check` to compare with the committed
 * images and change nothing.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { findWorkload, sourceUrl, type Workload, workloads } from "./registry.ts";

const COMPILER = "arm-none-eabi-gcc";
const PACKAGES = "gcc-arm-none-eabi and binutils-arm-none-eabi";
const HERE = new URL(".", import.meta.url);
const IMAGES = new URL("images/", HERE);
const COMPILER_NOTE = new URL("compiler.txt", IMAGES);

/** Nothing in here may depend on the machine: no debug information, build id, paths or time stamps. */
const FLAGS: readonly string[] = [
  ...["-march=armv7-a", "-mfloat-abi=soft", "-mno-unaligned-access"],
  ...["-O2", "-fno-strict-aliasing", "-fno-common", "-ffunction-sections", "-fdata-sections"],
  ...["-ffreestanding", "-fno-tree-loop-distribute-patterns", "-frandom-seed=mttcg", "-g0"],
  ...["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-Wmissing-prototypes"],
  ...["-nostdlib", "-nostartfiles", "-static", "-Wl,--build-id=none", "-Wl,--gc-sections"],
  ...["-Wl,--strip-all", "-Wl,-z,max-page-size=4096", "-Wl,-T,runtime/link.ld"],
];
const INSTRUCTION_SETS: Readonly<Record<"arm" | "thumb", readonly string[]>> = {
  arm: ["-marm"],
  thumb: ["-mthumb", "-Wa,-mimplicit-it=always"],
};
const RUNTIME: readonly string[] = [
  ...["start.S", "main.c", "measure.c", "timed.c", "params.c", "console.c", "fdt.c", "library.c"],
  ...["exceptions.c", "gic.c", "mmu.c"],
].map((file) => `runtime/${file}`);

/** An error to be shown as its message alone. */
class BuildError extends Error {}

async function run(args: readonly string[]): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    const command = new Deno.Command(COMPILER, {
      args: [...args],
      cwd: HERE,
      env: { LC_ALL: "C" },
    });
    output = await command.output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new BuildError(
      `The cross compiler ${COMPILER} was not found; install the Debian packages ${PACKAGES}.`,
    );
  }
  if (!output.success) {
    throw new BuildError(
      `${COMPILER} ${args.join(" ")} failed:\n${new TextDecoder().decode(output.stderr).trim()}`,
    );
  }
  return new TextDecoder().decode(output.stdout);
}

async function compilerVersion(): Promise<string> {
  return (await run(["--version"])).split("\n")[0]!.trim();
}

async function build(workload: Workload, target: URL): Promise<void> {
  const code = INSTRUCTION_SETS[workload.instructionSet ?? "arm"];
  const program = sourceUrl(workload).pathname.slice(HERE.pathname.length);
  await run([...FLAGS, ...code, "-o", target.pathname, ...RUNTIME, program]);
}

async function readIfThere(file: URL): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Builds into `directory` what `chosen` names; one image after the other, so that a failure is easy to read. */
async function buildInto(directory: URL, chosen: readonly Workload[]): Promise<void> {
  for (const workload of chosen) {
    await build(workload, new URL(`${workload.name}.elf`, directory));
  }
}

/** Says which images differ from a fresh build. */
async function check(chosen: readonly Workload[]): Promise<string[]> {
  const scratch = await Deno.makeTempDir({ dir: IMAGES.pathname, prefix: ".check-" });
  const fresh = new URL(`${scratch}/`, HERE);
  try {
    await buildInto(fresh, chosen);
    const differing: string[] = [];
    for (const workload of chosen) {
      const name = `${workload.name}.elf`;
      const [built, committed] = [
        await Deno.readFile(new URL(name, fresh)),
        await readIfThere(new URL(name, IMAGES)),
      ];
      if (committed === undefined) differing.push(`${name} is missing`);
      else if (!sameBytes(built, committed)) differing.push(`${name} differs`);
    }
    return differing;
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

function choose(names: readonly string[]): readonly Workload[] {
  if (names.length === 0) return workloads;
  return names.map((name) => {
    const workload = findWorkload(name);
    if (workload !== undefined) return workload;
    const known = workloads.map((one) => one.name).join(", ");
    throw new BuildError(`There is no workload "${name}"; there are ${known}.`);
  });
}

const HELP = `Builds the workload images from their sources.

  deno task workloads [--check] [NAME...]

  --check   compare the committed images with a fresh build and change nothing
  NAME      only these workloads

It needs the Debian packages ${PACKAGES}.`;

async function main(args: string[]): Promise<number> {
  const options = parseArgs(args, {
    boolean: ["check", "help"],
    unknown: (name: string) => {
      if (name.startsWith("-")) throw new BuildError(`There is no option ${name}.\n\n${HELP}`);
      return true;
    },
  });
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const chosen = choose(options._.map(String));
  const version = await compilerVersion();
  if (options.check) {
    const differing = await check(chosen);
    if (differing.length === 0) {
      console.log(`All ${chosen.length} images equal a fresh build.`);
      return 0;
    }
    const note = await readIfThere(COMPILER_NOTE);
    const built = note === undefined
      ? "an unknown compiler"
      : new TextDecoder().decode(note).trim();
    console.error(
      `Images in workloads/images are not what the sources give: ${differing.join(", ")}.\n` +
        `They were built by ${built}; this compiler is ${version}.\n` +
        "Run `deno task workloads` and commit the images, or install that compiler.",
    );
    return 1;
  }
  await Deno.mkdir(IMAGES, { recursive: true });
  await buildInto(IMAGES, chosen);
  await Deno.writeTextFile(COMPILER_NOTE, version + "\n");
  console.log(`Built ${chosen.length} images in workloads/images with ${version}.`);
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    Deno.exitCode = 1;
  }
}
