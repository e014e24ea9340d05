/**
 * What every module of the backend agrees on: function types, import names, the parameters of a
 * block's function. A block is a function `(env, budget) -> exit code`: the budget travels in a
 * parameter through tail calls and is written to the VCPU.BUDGET word when translated code is left.
 * @module
 */
import type { HelperDef } from "../../ir/helper.ts";
import { ByteWriter } from "./byte_writer.ts";
import { WASM_TYPE } from "./wasm_codes.ts";

/** Local of the vCPU's base address, the first parameter of a block's function. */
export const ENV = 0;
/** Local of the guest instructions left. */
export const BUDGET_LOCAL = 1;
/** Number of parameters; further locals follow them. */
export const BLOCK_PARAMS = 2;

/** Indices of the function types, the same in every module. */
export const TYPE = {
  BLOCK: 0,
  /** (env, pc, address, memop) -> i32: slow load and slow probe. */
  SLOW_LOAD: 1,
  SLOW_LOAD64: 2,
  SLOW_STORE: 3,
  SLOW_STORE64: 4,
  /** (env, pc, a, b, c) without and with a result. */
  HELPER_VOID: 5,
  HELPER: 6,
  /** (env, code): a floating-point operation on the scratch words. */
  FLOAT: 7,
} as const;

/** Functions of the host that a module may import, besides helpers. */
export const SLOW = {
  LOAD: 0,
  LOAD64: 1,
  STORE: 2,
  STORE64: 3,
  PROBE: 4,
  /** A floating-point operation on the scratch words, of one number and of each lane. */
  FLOAT: 5,
  FLOAT_LANES: 6,
} as const;
/** Number of slow-path imports; helper `n` has the import number SLOW_COUNT + n. */
export const SLOW_COUNT = 7;

/**
 * Set in the address of the instruction that a slow path gets: the words of the carry and overflow
 * flags hold the operands of a subtraction (flag_plan.ts). No instruction's address has this bit.
 */
export const OPERANDS_IN_MEMORY = 1;

/** Module name of all imports. */
export const IMPORT_MODULE = "e";
/** Import name of the memory. */
export const IMPORT_MEMORY = "m";
/** Import name of the function table. */
export const IMPORT_TABLE = "t";
/** Most pages of an imported memory (4 GiB). */
export const MAX_MEMORY_PAGES = 65536;

/** Import name of function `number` (a {@linkcode SLOW} or SLOW_COUNT + helper). */
export function importName(number: number): string {
  return number < SLOW_COUNT ? `s${number}` : `h${number - SLOW_COUNT}`;
}

/** Type index of function import `number`. */
export function importType(number: number, helpers: readonly HelperDef[]): number {
  if (number === SLOW.PROBE) return TYPE.SLOW_LOAD;
  if (number === SLOW.FLOAT || number === SLOW.FLOAT_LANES) return TYPE.FLOAT;
  if (number < SLOW_COUNT) return TYPE.SLOW_LOAD + number;
  return helpers[number - SLOW_COUNT].returns ? TYPE.HELPER : TYPE.HELPER_VOID;
}

/** The contents of the type section. */
export function typeSection(): Uint8Array {
  const { I32, I64, FUNC } = WASM_TYPE;
  const types: [number[], number[]][] = [
    [[I32, I32], [I32]],
    [[I32, I32, I32, I32], [I32]],
    [[I32, I32, I32, I32], [I64]],
    [[I32, I32, I32, I32, I32], []],
    [[I32, I32, I32, I64, I32], []],
    [[I32, I32, I32, I32, I32], []],
    [[I32, I32, I32, I32, I32], [I32]],
    [[I32, I32], []],
  ];
  const out = new ByteWriter();
  out.u32(types.length);
  for (const [params, results] of types) {
    out.u8(FUNC);
    out.u32(params.length);
    for (const type of params) out.u8(type);
    out.u32(results.length);
    for (const type of results) out.u8(type);
  }
  return out.copy();
}
