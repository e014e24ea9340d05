/**
 * The workloads: looked up by name, with their files and the arguments of quick and full runs.
 *
 * Adding one is a source in `programs/`, a row in `table.ts`, and `deno task workloads`; see `README.md`.
 *
 * @module
 */

import { WORKLOADS } from "./table.ts";
import type { Workload, WorkloadArguments } from "./types.ts";

export type * from "./types.ts";

/** Every workload, in the order in which lists show them. */
export const workloads: readonly Workload[] = WORKLOADS;

/** The workload called `name`, or undefined. */
export function findWorkload(name: string): Workload | undefined {
  return workloads.find((workload) => workload.name === name);
}

/** Whether the time of the workload called `name` is a result; one without an entry is timed. */
export function isTimed(name: string): boolean {
  return (findWorkload(name)?.purpose ?? "throughput") === "throughput";
}

/** The committed image of a workload. */
export function imageUrl(workload: Workload): URL {
  return new URL(`images/${workload.name}.elf`, import.meta.url);
}

/** The workload's C source. */
export function sourceUrl(workload: Workload): URL {
  return new URL(
    `programs/${(workload.source ?? workload.name).replaceAll("-", "_")}.c`,
    import.meta.url,
  );
}

/** The file with the part of the output that every correct run prints; see `expected.ts`. */
export function expectedUrl(workload: Workload): URL {
  return new URL(`expected/${workload.name}.txt`, import.meta.url);
}

/**
 * The arguments of a quick or full run of a variant (the first one when none is named).
 *
 * @throws {RangeError} when the workload has no variant of that name.
 */
export function standardArguments(
  workload: Workload,
  size: "quick" | "full",
  variant?: string,
): WorkloadArguments {
  const chosen = variant === undefined
    ? workload.variants[0]
    : workload.variants.find((one) => one.name === variant);
  if (chosen === undefined) {
    const known = workload.variants.map((one) => one.name).join(", ");
    throw new RangeError(
      `The workload ${workload.name} has no variant "${variant}"; it has ${known}.`,
    );
  }
  return { ...chosen.fixed, ...chosen[size] };
}

/**
 * The boot arguments that run a workload with these arguments on `vcpus` vCPUs.
 *
 * @throws {RangeError} for an unknown parameter, a word that is not among the choices, or a value that is not a number.
 */
export function bootArguments(
  workload: Workload,
  values: WorkloadArguments,
  vcpus: number,
): string {
  const words = [`vcpus=${vcpus}`];
  for (const [key, value] of Object.entries(values)) {
    const parameter = workload.parameters.find((one) => one.name === key);
    if (parameter === undefined) {
      const known = workload.parameters.map((one) => one.name).join(", ");
      throw new RangeError(
        `The workload ${workload.name} has no parameter "${key}"; it has ${known || "none"}.`,
      );
    }
    const wanted = parameter.choices?.join(", ") ?? "a decimal number";
    const good = parameter.choices?.includes(value) ?? /^\d+$/.test(value);
    if (!good) {
      throw new RangeError(
        `The parameter ${key}=${value} of the workload ${workload.name} must be ${wanted}.`,
      );
    }
    words.push(`${key}=${value}`);
  }
  return words.join(" ");
}
