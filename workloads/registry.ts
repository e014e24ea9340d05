/**
 * The workloads: what each does, its parameters, and the arguments of quick and full runs.
 *
 * Adding one is a source in `programs/`, a row here, and `deno task workloads`; see `README.md`.
 *
 * @module
 */

import { WORKLOADS } from "./table.ts";

/** `key=value` arguments of a run. */
export type WorkloadArguments = Readonly<Record<string, string>>;

/** One `key=value` parameter of a workload. */
export interface WorkloadParameter {
  /** The word before the equals sign. */
  readonly name: string;
  /** The value in force when the parameter is absent, in words where the guest computes it. */
  readonly standard: string;
  /** The accepted words; absent for a decimal number. */
  readonly choices?: readonly string[];
  /** For help texts, with its unit. */
  readonly meaning: string;
}

/** One way to run a workload that benches treat as a subject of its own. */
export interface WorkloadVariant {
  /** Unique within the workload. */
  readonly name: string;
  /** Arguments that make it this variant. */
  readonly fixed: WorkloadArguments;
  /** Sizes that take QEMU about a tenth of a second at 2 vCPUs. */
  readonly quick: WorkloadArguments;
  /** Sizes that take QEMU about half a second at 2 vCPUs. */
  readonly full: WorkloadArguments;
}

/** One row of the table. */
export interface Workload {
  /** As on the command line and in the begin line. */
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /** Name of the workload whose source it shares, where it has none of its own. */
  readonly source?: string;
  /** What the compiler makes of the source; A32 (`arm`) without. */
  readonly instructionSet?: "arm" | "thumb";
  /** What one of the reported `ops` is, in the plural. */
  readonly opsUnit: string;
  /** With fewer vCPUs the workload has nothing to show (it reports `skipped=1` then). */
  readonly minVcpus: number;
  /**
   * `throughput`: ops a second is the result. `conformance`: the check is the result, its time means little.
   * `broken`: made to fail; for tests of the harness only.
   */
  readonly purpose: "throughput" | "conformance" | "broken";
  /** Without `vcpus`, which every workload has. */
  readonly parameters: readonly WorkloadParameter[];
  /** At least one; the first is the usual one. */
  readonly variants: readonly WorkloadVariant[];
}

/** Every workload, in the order in which lists show them. */
export const workloads: readonly Workload[] = WORKLOADS;

/** The workload called `name`, or undefined. */
export function findWorkload(name: string): Workload | undefined {
  return workloads.find((workload) => workload.name === name);
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
