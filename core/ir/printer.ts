/**
 * Shows a block as text, one line an instruction; `parseBlock` reads it back to the same block.
 * 32-bit temporaries are called `v3`, 64-bit ones `w3`, 128-bit
 * ones `q3`.
 *
 * ```text
 * block 0x8000 insns=1 bytes=4 temps=3 {
 *   insn 0x8000, 4, 0
 *   v0 = get r1
 *   v1 = const 4
 *   v2 = add v0, v1
 *   set r0, v2
 *   goto_tb 0x8004, 0
 * }
 * ```
 * @module
 */
import { blockLength, type IrBlock } from "./block.ts";
import type { HelperTable } from "./helper.ts";
import { INSN_WORDS, NO_TEMP, OP, OPS } from "./ops.ts";
import {
  barrierText,
  exitText,
  hex,
  hostopText,
  immText,
  memopText,
  type SlotNames,
  slotText,
} from "./text.ts";
import { fpText } from "./fp_aux.ts";
import { VEC_NAMES } from "./vector.ts";

/** First letter of a temporary, by type code. */
const TEMP_LETTERS = ["v", "w", "q"] as const;

/** What a listing is made with. */
export interface PrintOptions {
  /** Names of the helpers; needed when the block calls any. */
  readonly helpers?: HelperTable;
  /** Names of the state slots; `state[0x40]` without. */
  readonly slots?: SlotNames;
  /** Guest address that is added to places; 0 without. */
  readonly page?: number;
}

/** The block as text, ending in a newline. */
export function printBlock(block: IrBlock, options: PrintOptions = {}): string {
  const head =
    `block ${
      hex(block.pc + (options.page ?? 0))
    } insns=${block.guestInsns} bytes=${block.guestBytes}` +
    ` temps=${block.types.length} {`;
  return [head, ...bodyLines(block, options), "}", ""].join("\n");
}

/** The instructions' lines alone; line `i` shows instruction `i`. */
function bodyLines(block: IrBlock, options: PrintOptions = {}): string[] {
  const lines: string[] = [];
  let depth = 1;
  for (let i = 0; i < blockLength(block); i++) {
    const op = block.code[i * INSN_WORDS];
    if (op === OP.else || op === OP.end || op === OP.repeat) depth = Math.max(1, depth - 1);
    lines.push("  ".repeat(depth) + insnText(block, i, options));
    if (op === OP.if || op === OP.else || op === OP.loop) depth++;
  }
  return lines;
}

/** Text of the instruction with index `i`, without indentation; shows malformed words as they are. */
export function insnText(block: IrBlock, i: number, options: PrintOptions = {}): string {
  const at = i * INSN_WORDS;
  const [op, aux, dst, a, b, c] = block.code.subarray(at, at + INSN_WORDS);
  const row = OPS[op];
  if (row === undefined) return `<opcode ${op}>`;
  const temp = (t: number) => t === NO_TEMP ? "_" : TEMP_LETTERS[block.types[t]] + t;
  if (op === OP.if) return `if ${temp(a)} {`;
  if (op === OP.else) return "} else {";
  if (op === OP.end || op === OP.repeat) return "}";
  if (op === OP.loop) return "loop {";
  if (op === OP.break) return "break";
  const operands: string[] = [];
  let name = row.name;
  switch (row.aux) {
    case "none":
      break;
    case "imm":
      operands.push(op === OP.const64 ? const64Text(aux, a) : immText(aux));
      break;
    case "slot":
      operands.push(slotText(aux, options.slots));
      break;
    case "memop":
      name += memopText(aux);
      break;
    case "hostop":
    case "rmw":
      name += hostopText(aux, row.aux === "rmw");
      break;
    case "barrier":
      operands.push(barrierText(aux));
      break;
    case "pc":
      operands.push(hex(aux + (options.page ?? 0)));
      break;
    case "exit":
      operands.push(exitText(aux));
      break;
    case "fp":
      name += fpText(aux);
      break;
    case "vec":
      name += `.${VEC_NAMES[aux] ?? `bits${hex(aux)}`}`;
      break;
    case "helper":
      name += ` ${options.helpers?.defs[aux]?.name ?? `helper${aux}`}`;
      break;
  }
  const words = [a, b, c];
  for (const [k, kind] of row.args.entries()) {
    if (op === OP.const64) break;
    if (row.aux === "helper" && words[k] === NO_TEMP) break;
    operands.push(kind === "raw" ? String(words[k]) : temp(words[k]));
  }
  const list = operands.join(", ");
  const right = row.aux === "helper" ? `${name}(${list})` : list ? `${name} ${list}` : name;
  return dst === NO_TEMP ? right : `${temp(dst)} = ${right}`;
}

function const64Text(lo: number, hi: number): string {
  return `0x${(BigInt(hi >>> 0) << 32n | BigInt(lo >>> 0)).toString(16)}`;
}
