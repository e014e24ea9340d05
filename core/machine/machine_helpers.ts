/**
 * The helpers that a machine's translated code calls.
 * @module
 */
import { ARM_HELPERS } from "../arm/helpers.ts";
import type { AtomicsStrategy } from "../exec/strategy.ts";
import { HelperTable } from "../ir/helper.ts";

/** Helpers of a machine in their numbering: the front end's, then the atomics strategy's. */
export function machineHelpers(atomics: AtomicsStrategy): HelperTable {
  return new HelperTable([...ARM_HELPERS, ...atomics.helpers]);
}
