/**
 * Address ranges of guest code by name, for the filters of a trace.
 * @module
 */
import { readSymbols } from "../profile/symbols.ts";
import type { AddressRange } from "./trace_config.ts";

/**
 * The ranges of the symbols of these names, from an ELF file or a System.map; `*` stands for any
 * characters.
 * @throws RangeError that names what there is none of.
 */
export function symbolRanges(file: Uint8Array, names: readonly string[]): AddressRange[] {
  const table = readSymbols(file);
  if (table.size === 0) {
    throw new RangeError(
      "The guest program has no symbols; name a file that has them with --trace-symbol-file",
    );
  }
  return names.flatMap((name) => {
    const found = table.named(name);
    if (found.length === 0) throw new RangeError(`There is no symbol "${name}"`);
    return found.map((one) => ({ first: one.start, last: table.endOf(one) - 1 }));
  });
}
