/**
 * Runs the timing guest on ours and on QEMU, and tells which instructions stick out.
 * @module
 */
import { runMachine } from "../../core/machine/machine.ts";
import { timesOf, timingImage } from "./guest.ts";
import type { TimedInstruction } from "./rows.ts";

/** How long each instruction runs, in seconds of the guest. */
export interface Durations {
  /** Before the measurement, for the tiers. */
  readonly warm: number;
  /** The measurement. */
  readonly measured: number;
}

/** An instruction costs too much beyond this many times the median of its group. */
export const MOST_OVER_MEDIAN = 20;

/** Nanoseconds of each instruction on ours. */
export async function timesOnOurs(
  list: readonly TimedInstruction[],
  { warm, measured }: Durations,
): Promise<number[]> {
  const decoder = new TextDecoder();
  let output = "";
  const result = await runMachine({
    kernel: timingImage(list, warm, measured),
    name: "instructions",
    vcpus: 1,
    memoryMiB: 64,
    atomics: "cmpxchg",
    barriers: "typed",
    scheduling: "thread-per-vcpu",
    strategies: import.meta.resolve("../../strategies/mod.ts"),
    onConsole: (bytes) => output += decoder.decode(bytes, { stream: true }),
  });
  if (result.end !== "power-off") throw new Error(`The timing guest failed: ${result.message}`);
  return timesOf(output, list.length);
}

/** The same on QEMU; null when it is not installed. */
export async function timesOnQemu(
  list: readonly TimedInstruction[],
  { warm, measured }: Durations,
): Promise<number[] | null> {
  const image = await Deno.makeTempFile({ prefix: "instructions-" });
  try {
    await Deno.writeFile(image, timingImage(list, warm, measured));
    const { stdout } = await new Deno.Command("qemu-system-arm", {
      args: [
        ...["-M", "virt", "-cpu", "cortex-a15", "-m", "64", "-nic", "none", "-display", "none"],
        ...["-monitor", "none", "-serial", "stdio", "-kernel", image],
      ],
      stdin: "null",
      stderr: "null",
    }).output();
    return timesOf(new TextDecoder().decode(stdout), list.length);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  } finally {
    await Deno.remove(image);
  }
}

/** One line of the table. */
export interface TimedRow extends TimedInstruction {
  /** Nanoseconds on ours. */
  readonly ours: number;
  /** Nanoseconds on QEMU, if it was measured. */
  readonly qemu: number | null;
  /** Ours over the median of the group. */
  readonly overMedian: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The table, most over its group's median first. */
export function timedRows(
  list: readonly TimedInstruction[],
  ours: readonly number[],
  qemu: readonly number[] | null,
): TimedRow[] {
  const medians = new Map(
    [...new Set(list.map(({ group }) => group))].map((group) => [
      group,
      median(ours.filter((_, i) => list[i].group === group)),
    ]),
  );
  return list.map((one, i) => ({
    ...one,
    ours: ours[i],
    qemu: qemu?.[i] ?? null,
    overMedian: ours[i] / medians.get(one.group)!,
  })).sort((a, b) => b.overMedian - a.overMedian);
}
