/**
 * What the workload table says of a workload.
 *
 * @module
 */

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
