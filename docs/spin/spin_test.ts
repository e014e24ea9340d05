/**
 * Runs the SPIN models, and their broken variants, which SPIN must catch.
 */
import { assertEquals } from "@std/assert";

const decoder = new TextDecoder();

async function run(directory: string, command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: directory,
  }).output();
  const text = decoder.decode(stdout) + decoder.decode(stderr);
  if (!success) throw new Error(`${command} ${args.join(" ")} failed:\n${text}`);
  return text;
}

async function installed(command: string, versionOption: string): Promise<boolean> {
  try {
    await new Deno.Command(command, { args: [versionOption] }).output();
    return true;
  } catch {
    return false;
  }
}

/** Number of errors in the model with `macros` defined. */
async function errorsIn(model: string, macros: readonly string[]): Promise<number> {
  const directory = await Deno.makeTempDir({ prefix: "spin" });
  try {
    const source = new URL(model, import.meta.url).pathname;
    await run(directory, "spin", ["-a", ...macros.map((macro) => `-D${macro}`), source]);
    await run(directory, "cc", ["-O1", "-DSAFETY", "-DCOLLAPSE", "-w", "-o", "pan", "pan.c"]);
    const report = await run(directory, "./pan", ["-m1000000"]);
    const errors = /errors: (\d+)/.exec(report);
    if (!errors || report.includes("max search depth too small")) {
      throw new Error(`The search of ${model} did not finish:\n${report}`);
    }
    return Number(errors[1]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const ready = await installed("spin", "-V") && await installed("cc", "--version");
if (!ready) {
  console.log("The SPIN models are not run: install spin and a C compiler (cc) to run them");
}

/** A model, how it is searched, and the broken variants. */
const MODELS = [
  {
    file: "exclusive.pml",
    searches: [[], ["VCPUS=3", "ROUNDS=1", "NO_WORK"]],
    broken: ["BROKEN_WAIT", "BROKEN_ORDER", "BROKEN_RECHECK", "BROKEN_INSIDE", "BROKEN_SETTLE"],
  },
  {
    file: "futex_mutex.pml",
    searches: [[]],
    broken: ["BROKEN_STATE", "BROKEN_NOTIFY"],
  },
  {
    file: "sleeper.pml",
    searches: [[]],
    broken: ["BROKEN_WAKER", "BROKEN_MARK"],
  },
];

for (const { file, searches, broken } of MODELS) {
  for (const macros of searches) {
    const name = [file, ...macros].join(" ");
    Deno.test(`SPIN finds no error in ${name}`, { ignore: !ready }, async () => {
      assertEquals(await errorsIn(file, macros), 0);
    });
  }
  for (const macro of broken) {
    Deno.test(`SPIN finds the error in ${file} with ${macro}`, { ignore: !ready }, async () => {
      assertEquals(await errorsIn(file, [macro]), 1);
    });
  }
}
