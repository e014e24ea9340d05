/**
 * Advanced SIMD instructions as vector operations.
 * @module
 */
import type { Group, HandlerName } from "../../decode/tables.ts";
import { FLOAT_INLINE } from "./float.ts";
import { INTEGER_INLINE } from "./integer.ts";
import type { Inline } from "./lanes.ts";
import { LENGTH_INLINE } from "./lengths.ts";
import { PERMUTE_INLINE } from "./permute.ts";
import { SHIFT_INLINE } from "./shifts.ts";

/** Groups of the data-processing rows. */
export type NeonGroup = Exclude<Group & `neon_${string}`, "neon_load_store">;

/** By handler; one that is missing is a compile error. */
export const NEON_INLINE: Readonly<Record<HandlerName<NeonGroup>, Inline>> = {
  ...INTEGER_INLINE,
  ...LENGTH_INLINE,
  ...SHIFT_INLINE,
  ...PERMUTE_INLINE,
  ...FLOAT_INLINE,
};
