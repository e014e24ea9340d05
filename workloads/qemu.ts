/**
 * Runs a workload on QEMU: the oracle of this folder's tests and the source of its recorded checksums. (Benches have a
 * runner of their own, which measures.)
 *
 * @module
 */

import { bootArguments, imageUrl, type Workload, type WorkloadArguments } from "./registry.ts";

const PROGRAM = "qemu-system-arm";

/** Whether the program is installed and may be run. */
export async function qemuIsInstalled(): Promise<boolean> {
  try {
    return (await new Deno.Command(PROGRAM, { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return false;
    }
    throw error;
  }
}

/**
 * Runs an image with the given arguments and returns what it wrote to its console.
 *
 * @throws {Error} when it does not power off within `timeout` milliseconds, or QEMU itself fails.
 */
export async function runOnQemu(
  workload: Workload,
  values: WorkloadArguments,
  vcpus: number,
  timeout = 60_000,
): Promise<string> {
  const args = [
    ...["-M", "virt", "-cpu", "cortex-a15", "-accel", "tcg,thread=multi", "-smp", `${vcpus}`],
    ...["-m", "128", "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio"],
    ...["-kernel", imageUrl(workload).pathname],
    ...["-append", bootArguments(workload, values, vcpus)],
  ];
  const signal = AbortSignal.timeout(timeout);
  const output = await new Deno.Command(PROGRAM, { args, signal, stdin: "null" }).output();
  const text = new TextDecoder().decode(output.stdout);
  if (signal.aborted) {
    throw new Error(
      `${workload.name} did not end on QEMU within ${timeout} ms; it had written:\n${text}`,
    );
  }
  if (!output.success) {
    throw new Error(`${PROGRAM} failed:\n${new TextDecoder().decode(output.stderr)}`);
  }
  return text;
}
