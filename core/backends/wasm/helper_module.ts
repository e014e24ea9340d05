/**
 * The module of a machine's helpers in IR. Every thread instantiates it once, and block modules
 * import its functions, so that a call stays within WebAssembly. Its bytes are the same on every
 * thread: V8 compiles them once.
 * @module
 */
import type { IrBlock } from "../../ir/block.ts";
import type { HelperTable } from "../../ir/helper.ts";
import { FunctionTypes, importName, SLOW_COUNT } from "./abi.ts";
import { ByteWriter } from "./byte_writer.ts";
import { HANDLERS } from "./handlers.ts";
import { ImportSet } from "./imports.ts";
import { UnitLowerer } from "./lower_unit.ts";
import {
  importFunction,
  importMemory,
  PREAMBLE,
  section,
  writeHints,
  writeTypes,
} from "./module.ts";
import { EXTERNAL, SECTION } from "./wasm_codes.ts";

/**
 * Makes the module of `bodies` (by helper; undefined where a helper is not in IR). It exports each
 * under its import name. Null when there is none.
 */
export function helperModule(
  helpers: HelperTable,
  bodies: readonly (IrBlock | undefined)[],
): Uint8Array<ArrayBuffer> | null {
  const numbers = [...bodies.keys()].filter((number) => bodies[number] !== undefined);
  if (numbers.length === 0) return null;
  const types = new FunctionTypes(helpers.defs);
  const imports = new ImportSet();
  const lowerer = new UnitLowerer(helpers.defs, imports, HANDLERS);
  const code = new ByteWriter(4096);
  const hints = new ByteWriter(256);
  const hintAt: number[] = [];
  code.u32(numbers.length);
  for (const number of numbers) {
    hintAt.push(hints.length);
    lowerer.lowerHelper(helpers.defs[number], bodies[number]!, code, hints);
  }
  const first = imports.numbers.length;
  const out = new ByteWriter(8192);
  for (const byte of PREAMBLE) out.u8(byte);
  writeTypes(out, types);
  const list = (id: number, count: number, write: (s: ByteWriter) => void): void => {
    const s = new ByteWriter(256);
    s.u32(count);
    write(s);
    section(out, id, s);
  };
  list(SECTION.IMPORT, 1 + first, (s) => {
    importMemory(s);
    for (const number of imports.numbers) importFunction(s, number, types);
  });
  list(SECTION.FUNCTION, numbers.length, (s) => {
    for (const number of numbers) s.u32(types.ofHelper(number));
  });
  list(SECTION.EXPORT, numbers.length, (s) => {
    for (const [i, number] of numbers.entries()) {
      s.name(importName(SLOW_COUNT + number));
      s.u8(EXTERNAL.FUNCTION);
      s.u32(first + i);
    }
  });
  writeHints(out, hints, hintAt, first);
  section(out, SECTION.CODE, code);
  return out.copy();
}
