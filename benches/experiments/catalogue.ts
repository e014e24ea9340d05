/**
 * What can be measured: the registries of strategies and workloads as the planner sees them. Tests
 * plan against a small catalogue of their own.
 * @module
 */
import type {
  AtomicsStrategy,
  BarrierStrategy,
  SchedulingStrategy,
  StrategyInfo,
} from "../../core/exec/strategy.ts";

import type { Fields, OurSubject, SameCode } from "../results/types.ts";

/** The facts of an atomics scheme. */
export type AtomicsEntry = StrategyInfo & Pick<AtomicsStrategy, "constraints">;
/** The facts of a barrier scheme. */
export type BarrierEntry = StrategyInfo & Pick<BarrierStrategy, "constraints">;
/** The facts of a scheduling scheme. */
export type SchedulingEntry = StrategyInfo & Pick<SchedulingStrategy, "constraints">;

/** A guest program that can be measured. */
export interface WorkloadEntry {
  /** What the command line takes. */
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  /** What one operation is. */
  readonly unit: string;
  /** With fewer vCPUs it has nothing to show. */
  readonly minVcpus: number;
  /** Parameters where no experiment says others. */
  readonly standard: { readonly full: Fields; readonly quick: Fields };
}

/** Everything that a cell can be made of. */
export interface Catalogue {
  /** Registered atomics schemes. */
  readonly atomics: readonly AtomicsEntry[];
  /** Registered barrier schemes. */
  readonly barriers: readonly BarrierEntry[];
  /** Registered scheduling schemes. */
  readonly scheduling: readonly SchedulingEntry[];
  /** Guest programs. */
  readonly workloads: readonly WorkloadEntry[];
  /** Which schemes make the same code as those of a subject; not told where left out. */
  readonly sameCode?: (subject: OurSubject, vcpus: number) => SameCode;
}

/** Names of one kind of entry, in the registry's order. */
export function names(entries: readonly { readonly name: string }[]): string[] {
  return entries.map((entry) => entry.name);
}

/** The entry called `name`; throws a RangeError that lists the others. */
export function entryOf<T extends { readonly name: string }>(
  entries: readonly T[],
  name: string,
  kind: string,
): T {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  throw new RangeError(`There is no ${kind} called ${name}; known: ${names(entries).join(", ")}`);
}
