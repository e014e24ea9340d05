/**
 * Reference semantics of all Advanced SIMD data-processing instructions, lane by lane on integers of
 * any length, to which tests hold what is translated.
 * @module
 */
import type { HandlerName } from "../../decode/tables.ts";
import type { NeonGroup } from "../../translate/neon/inline.ts";
import { FLOATING_SEMANTICS } from "./floating.ts";
import { INTEGER_SEMANTICS } from "./integer.ts";
import { LENGTH_SEMANTICS } from "./lengths.ts";
import { PERMUTE_SEMANTICS } from "./permute.ts";
import { SHIFT_SEMANTICS } from "./shifts.ts";
import type { Semantic } from "./simd_unit.ts";

/** Semantics by handler; one that is missing is a compile error. */
export const SIMD_SEMANTICS: Readonly<Record<HandlerName<NeonGroup>, Semantic>> = {
  ...INTEGER_SEMANTICS,
  ...LENGTH_SEMANTICS,
  ...SHIFT_SEMANTICS,
  ...PERMUTE_SEMANTICS,
  ...FLOATING_SEMANTICS,
};
