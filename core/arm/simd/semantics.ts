/**
 * The reference semantics of all Advanced SIMD data-processing instructions, and the helper that
 * runs one of them.
 * @module
 */
import type { HelperBody } from "../../ir/helper.ts";
import type { Views } from "../../memory/views.ts";
import type { Group, HandlerName } from "../decode/tables.ts";
import type { Fields } from "../decode/row.ts";
import { decodeVfpNeonA32 } from "../decode/vfp_neon_decoder.ts";
import { FLOATING_SEMANTICS } from "./floating.ts";
import { INTEGER_SEMANTICS } from "./integer.ts";
import { LENGTH_SEMANTICS } from "./lengths.ts";
import { PERMUTE_SEMANTICS } from "./permute.ts";
import { SHIFT_SEMANTICS } from "./shifts.ts";
import { type Semantic, SimdUnit } from "./simd_unit.ts";

/** Groups of the data-processing rows. */
export type NeonGroup = Exclude<Group & `neon_${string}`, "neon_load_store">;

/** Semantics by handler; one that is missing is a compile error. */
export const SIMD_SEMANTICS: Readonly<Record<HandlerName<NeonGroup>, Semantic>> = {
  ...INTEGER_SEMANTICS,
  ...LENGTH_SEMANTICS,
  ...SHIFT_SEMANTICS,
  ...PERMUTE_SEMANTICS,
  ...FLOATING_SEMANTICS,
};

/** An instruction that has been looked up. */
interface Prepared {
  readonly semantic: Semantic;
  readonly f: Fields;
}

/** Bodies of the helpers, for one thread. */
export function simdHelpers(views: Views): Record<string, HelperBody> {
  const unit = new SimdUnit(views);
  const prepared = new Map<number, Prepared>();
  const prepare = (word: number): Prepared => {
    const decoded = decodeVfpNeonA32(word >>> 0)!;
    const name = decoded.encoding.row[1] as HandlerName<NeonGroup>;
    const result = { semantic: SIMD_SEMANTICS[name], f: decoded.fields };
    prepared.set(word, result);
    return result;
  };
  return {
    arm_simd: (env, _pc, word) => {
      const { semantic, f } = prepared.get(word) ?? prepare(word);
      unit.env = env;
      semantic.run(unit, f);
      return 0;
    },
  };
}
