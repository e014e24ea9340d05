/**
 * Looks strategies up in a registry module that is named at run time: the core imports no
 * strategy.
 * @module
 */
import type { AtomicsStrategy, BarrierStrategy, SchedulingStrategy } from "../exec/strategy.ts";
import type { StrategyNames } from "./config.ts";

/** What a registry module (strategies/mod.ts) exports. */
export interface StrategyRegistry {
  /** Atomics schemes, in the order of lists. */
  readonly ATOMICS: readonly AtomicsStrategy[];
  /** Barrier schemes. */
  readonly BARRIERS: readonly BarrierStrategy[];
  /** Mappings of vCPUs to threads. */
  readonly SCHEDULING: readonly SchedulingStrategy[];
}

/** One strategy of each kind. */
export interface ChosenStrategies {
  /** The atomics scheme. */
  readonly atomics: AtomicsStrategy;
  /** The barrier scheme. */
  readonly barriers: BarrierStrategy;
  /** The mapping of vCPUs to threads. */
  readonly scheduling: SchedulingStrategy;
}

function find<T extends { readonly name: string }>(
  kind: string,
  list: readonly T[],
  name: string,
): T {
  const found = list.find((strategy) => strategy.name === name);
  if (found === undefined) {
    const known = list.map((strategy) => strategy.name).join(", ");
    throw new RangeError(`No ${kind} strategy is named ${name}; choose one of ${known}`);
  }
  return found;
}

/**
 * Imports the registry at `url` and picks by name.
 * @throws RangeError when it has no strategy of a name.
 */
export async function importStrategies(
  url: string,
  names: StrategyNames,
): Promise<ChosenStrategies> {
  const registry: StrategyRegistry = await import(url);
  return {
    atomics: find("atomics", registry.ATOMICS, names.atomics),
    barriers: find("barriers", registry.BARRIERS, names.barriers),
    scheduling: find("scheduling", registry.SCHEDULING, names.scheduling),
  };
}
