/**
 * What measured: the machine, the engine, the images.
 * @module
 */
import type { EngineFingerprint, MachineFingerprint } from "../results/types.ts";
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
  // Deno gives /proc to no process with less than every permission, hence the shell.
  const cpuModel = await outputOf("sh", ["-c", "grep -m1 'model name' /proc/cpuinfo"]);
  const load = Deno.loadavg();
  return {
    cpuModel: cpuModel.replace(/^.*:\s*/, "") || "unknown",
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

/** SHA-256 of a file, in hexadecimal. */
export async function fileSha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
