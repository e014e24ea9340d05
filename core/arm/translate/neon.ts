/**
 * Advanced SIMD data processing: what is UNDEFINED, and vector operations (neon/) for the rest.
 * @module
 */
import { NEON_ROWS } from "../decode/neon.ts";
import type { HandlerName } from "../decode/tables.ts";
import { fpMode, gated } from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import { NEON_INLINE, type NeonGroup } from "./neon/inline.ts";

/** Name of an Advanced SIMD data-processing handler. */
export type NeonName = HandlerName<NeonGroup>;

function handlerOf(name: NeonName): Handler {
  const { even, invalid, emit } = NEON_INLINE[name];
  return gated((t, f) => {
    if ((even(f) & 1) !== 0 || invalid?.(f)) return t.undefined();
    emit(t.b, f, fpMode(t));
  });
}

/** Handlers of the group. */
export const neon: Handlers<NeonGroup> = Object.fromEntries(
  NEON_ROWS.filter((row) => row[3] !== "neon_load_store").map((row) => [
    row[1],
    handlerOf(row[1] as NeonName),
  ]),
) as Record<NeonName, Handler>;
