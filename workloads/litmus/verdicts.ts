/**
 * What the memory models say about the outcomes of a litmus test.
 *
 * @module
 */

import { candidatesOf } from "./execution.ts";
import {
  armv7,
  armv7MultiCopyAtomic,
  type MemoryModel,
  sequentiallyConsistent,
  tsoWithoutFences,
} from "./models.ts";
import type { LitmusTest } from "./shape.ts";

/** Outcomes, each the values of the test's observables joined by commas, in order. */
export type Outcomes = ReadonlySet<string>;

/** Outcomes of a test by the model that allows them. */
export interface Verdicts {
  /** That some candidate execution has; no execution has any other. */
  readonly possible: Outcomes;
  /** By sequential consistency. */
  readonly sequential: Outcomes;
  /** By ARMv7: what a guest may see. */
  readonly armv7: Outcomes;
  /** By ARMv7 with multi-copy atomic stores. */
  readonly multiCopyAtomic: Outcomes;
  /** By an x86 host that ignores the guest's barriers and dependencies. */
  readonly tsoWithoutFences: Outcomes;
}

const MODELS: Readonly<Record<Exclude<keyof Verdicts, "possible">, MemoryModel>> = {
  sequential: sequentiallyConsistent,
  armv7,
  multiCopyAtomic: armv7MultiCopyAtomic,
  tsoWithoutFences,
};

/** Enumerates the candidate executions of a test and asks every model about each. */
export function verdictsOf(test: LitmusTest): Verdicts {
  const sets = {
    possible: new Set<string>(),
    sequential: new Set<string>(),
    armv7: new Set<string>(),
    multiCopyAtomic: new Set<string>(),
    tsoWithoutFences: new Set<string>(),
  };
  for (const { execution, outcome } of candidatesOf(test)) {
    const key = outcome.join(",");
    sets.possible.add(key);
    for (const [name, allows] of Object.entries(MODELS)) {
      const allowed = sets[name as keyof Verdicts];
      if (!allowed.has(key) && allows(execution)) allowed.add(key);
    }
  }
  return sets;
}

/** Outcomes that need reordering, by whether ARMv7 forbids them, in order. */
export function relaxedOf(verdicts: Verdicts): { forbidden: string[]; allowed: string[] } {
  const relaxed = [...verdicts.possible].filter((one) => !verdicts.sequential.has(one)).sort();
  return {
    forbidden: relaxed.filter((one) => !verdicts.armv7.has(one)),
    allowed: relaxed.filter((one) => verdicts.armv7.has(one)),
  };
}
