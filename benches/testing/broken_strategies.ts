/**
 * The strategies with one that cannot be translated with, for tests of what a machine says then.
 * @module
 */
import type { AtomicsStrategy, BarrierStrategy, SchedulingStrategy } from "../../strategies/mod.ts";
import {
  ATOMICS as REAL,
  BARRIERS as REAL_BARRIERS,
  findAtomics,
  SCHEDULING as REAL_SCHEDULING,
} from "../../strategies/mod.ts";

const base = findAtomics("cmpxchg");

/** `broken` throws where it is to expand a load-exclusive. */
export const ATOMICS: readonly AtomicsStrategy[] = [...REAL, {
  ...base,
  name: "broken",
  expansion: {
    ...base.expansion,
    loadExclusive: () => {
      throw new Error("This strategy has no load-exclusive");
    },
  },
}];
/** As they are. */
export const BARRIERS: readonly BarrierStrategy[] = REAL_BARRIERS;
/** As they are. */
export const SCHEDULING: readonly SchedulingStrategy[] = REAL_SCHEDULING;
