/**
 * The instructions whose cost is measured: all Advanced SIMD and VFP computations at every element
 * size, and others that have been dear.
 * @module
 */
import { disassembleA32 } from "../../core/arm/disasm/disassemble.ts";
import { variants } from "../../core/arm/testing/variants.ts";
import type { Operands } from "./guest.ts";

/** One instruction to measure. */
export interface TimedInstruction {
  /** Those of a group are compared with each other. */
  readonly group: string;
  /** Assembly text. */
  readonly text: string;
  /** A32 words of the loop: the instruction on several sets of registers where it has them. */
  readonly words: readonly number[];
  /** What its registers hold. */
  readonly operands: Operands;
}

/** Elements and structures; r4 is an address in a page of data. */
const MEMORY: readonly number[] = [
  ...[0xf424020f, 0xf4a40c8f, 0xf484006f, 0xf424030f, 0xf424040f, 0xf424000f, 0xf4a4074f],
  ...[0xf404020f, 0xf404030f, 0xf404040f, 0xf404000f],
];
/** CLREX, LDREX, MRRC of the counter, VMRS, MRS, UMULL, RBIT, DMB, MRC of a thread register. */
const SYSTEM: readonly number[] = [
  ...[0xf57ff01f, 0xe1940f9f, 0xec510f1e, 0xeef10a10, 0xe10f0000, 0xe0810392, 0xe6ff0f31],
  ...[0xf57ff05b, 0xee1d0f70],
];

function operandsOf(text: string): Operands {
  if (/\.f64/.test(text)) return "doubles";
  if (/f16/.test(text)) return "halves";
  return /f32/.test(text) ? "singles" : "integers";
}

function listed(group: string, words: readonly number[]): TimedInstruction[] {
  return words.map((word) => {
    const text = disassembleA32(word, 0);
    return { group, text, words: [word], operands: operandsOf(text) };
  });
}

/** All of them, or those whose text or group matches. */
export function timedInstructions(pattern: RegExp = /^/): TimedInstruction[] {
  const computing = variants().map(({ group, text, others }) => ({
    group,
    text,
    words: others,
    operands: operandsOf(text),
  }));
  return [...computing, ...listed("memory", MEMORY), ...listed("system", SYSTEM)]
    .filter(({ text, group }) => pattern.test(text) || pattern.test(group));
}
