/**
 * Advanced SIMD data processing: what is UNDEFINED, and vector operations (neon/) for the rest.
 * @module
 */
import { type Encoding, encodingOf } from "../decode/decoder.ts";
import { NEON_ROWS } from "../decode/neon.ts";
import type { Fields } from "../decode/row.ts";
import type { HandlerName } from "../decode/tables.ts";
import { fpMode, gated } from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import { NEON_INLINE, type NeonGroup } from "./neon/inline.ts";

/** Name of an Advanced SIMD data-processing handler. */
export type NeonName = HandlerName<NeonGroup>;

/** The A32 word of an instruction from its row and fields. */
function wordOf(encoding: Encoding, f: Fields): number {
  let word = encoding.value;
  for (const { letter, shift, mask, position } of encoding.parts) {
    word |= ((f[letter] >>> position) & mask) << shift;
  }
  return word | 0;
}

/** Encodings of the rows that were asked for. */
const ENCODINGS = new Map<string, Encoding>();

function encodingNamed(name: string): Encoding {
  let encoding = ENCODINGS.get(name);
  if (encoding === undefined) {
    encoding = encodingOf(NEON_ROWS.find((row) => row[1] === name)!);
    ENCODINGS.set(name, encoding);
  }
  return encoding;
}

/** The A32 word of an instruction of a row, for the helpers that decode it themselves. */
export function neonWord(name: NeonName | HandlerName<"neon_load_store">, f: Fields): number {
  return wordOf(encodingNamed(name), f);
}

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
