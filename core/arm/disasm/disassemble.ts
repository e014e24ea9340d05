/**
 * Disassembler: prints an instruction word in UAL syntax from its row of the encoding table.
 * @module
 */
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { OPERAND_PRINTERS } from "./operands.ts";

/**
 * The A32 instruction `word` at address `pc` as text, e.g. `addeq r0, r0, #1`; branch targets are
 * absolute. A word that no row matches is shown as `.word 0x...`.
 */
export function disassembleA32(word: number, pc: number): string {
  const decoded = A32_DECODER.decode(word >>> 0);
  if (decoded === null) return `.word 0x${(word >>> 0).toString(16).padStart(8, "0")}`;
  const { encoding: { row }, fields } = decoded;
  return row[4].replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const printer = OPERAND_PRINTERS[name];
    if (printer === undefined) {
      throw new RangeError(
        `The syntax of ${row[1]} names the operand {${name}}; add it to disasm/operands.ts`,
      );
    }
    return printer(fields, pc);
  });
}
