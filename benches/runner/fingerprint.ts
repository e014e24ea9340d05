/**
 * What measured: the machine, the engine, the images.
 * @module
 */
import type { EngineFingerprint, MachineFingerprint } from "../results/types.ts";
import { HOST_FACTS_SCRIPT, parseHostFacts } from "./host_facts.ts";
import { CELL_FLAGS } from "./machine_process.ts";

/** Standard output of a command; empty when it is missing or fails. */
async function outputOf(command: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: [...args],
      stderr: "null",
      ...(cwd !== undefined && { cwd }),
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** The machine this process runs on. */
export async function machineFingerprint(): Promise<MachineFingerprint> {
  const facts = parseHostFacts(await outputOf("sh", ["-c", HOST_FACTS_SCRIPT]));
  const load = Deno.loadavg();
  return {
    ...facts,
    cores: navigator.hardwareConcurrency,
    memoryBytes: Deno.systemMemoryInfo().total,
    kernel: Deno.osRelease(),
    architecture: Deno.build.arch,
    loadAverage: [load[0], load[1], load[2]],
  };
}

/** The engine's version: commit of the work tree at `root`, Deno, V8 and the cells' flags. */
export async function engineFingerprint(root: string): Promise<EngineFingerprint> {
  const [commit, changes] = await Promise.all([
    outputOf("git", ["rev-parse", "HEAD"], root),
    outputOf("git", ["status", "--porcelain"], root),
  ]);
  return {
    commit: commit === "" ? "unknown" : changes === "" ? commit : `${commit}+changes`,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    flags: CELL_FLAGS,
  };
}

/** SHA-256 of a program that the shell finds, in hexadecimal; null when there is none. */
export async function programSha256(name: string): Promise<string | null> {
  const sum = await outputOf("sh", ["-c", 'sha256sum <"$(command -v "$0")"', name]);
  return /^[0-9a-f]{64}/.exec(sum)?.[0] ?? null;
}

/** SHA-256 of a file, in hexadecimal. */
export async function fileSha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
