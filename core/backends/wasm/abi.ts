/**
 * What every module of the backend agrees on: function types, import names, the parameters of a
 * block's function. A block is a function `(env, budget) -> exit code`: the budget travels in a
 * parameter through tail calls and is written to the VCPU.BUDGET word when translated code is left.
 * @module
 */
import { type HelperDef, helperParams, helperResult } from "../../ir/helper.ts";
import { ByteWriter } from "./byte_writer.ts";
import { WASM_TYPE } from "./wasm_codes.ts";

/** Local of the vCPU's base address, the first parameter of a block's function. */
export const ENV = 0;
/** Local of the guest instructions left. */
export const BUDGET_LOCAL = 1;
/** Number of parameters; further locals follow them. */
export const BLOCK_PARAMS = 2;

/** Local of the address of the calling instruction, the second parameter of a helper in IR. */
export const HELPER_PC = 1;
/** Local of a helper's first parameter of its own. */
export const HELPER_PARAMS = 2;

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

/** Parameters and results of a function. */
type FunctionType = readonly [params: readonly number[], results: readonly number[]];

const { I32, I64 } = WASM_TYPE;
/** By TYPE. */
const TYPES: readonly FunctionType[] = [
  [[I32, I32], [I32]],
  [[I32, I32, I32, I32], [I32]],
  [[I32, I32, I32, I32], [I64]],
  [[I32, I32, I32, I32, I32], []],
  [[I32, I32, I32, I64, I32], []],
  [[I32, I32, I32, I32, I32], []],
  [[I32, I32, I32, I32, I32], [I32]],
  [[I32, I32], []],
];

/** A helper in IR is a function (env, pc, its parameters) with its result. */
function helperType(def: HelperDef): FunctionType {
  const code = (type: "i32" | "i64") => type === "i64" ? I64 : I32;
  const result = helperResult(def);
  return [[I32, I32, ...helperParams(def).map(code)], result === null ? [] : [code(result)]];
}

/** The types of a machine's functions, the same in every module: TYPE, then those of helpers in IR. */
export class FunctionTypes {
  readonly #types: FunctionType[] = [...TYPES];
  /** Type index by helper. */
  readonly #helpers: readonly number[];

  /** `helpers` are the machine's. */
  constructor(helpers: readonly HelperDef[]) {
    this.#helpers = helpers.map((def) => {
      if (def.ir === undefined) return def.returns ? TYPE.HELPER : TYPE.HELPER_VOID;
      const type = helperType(def);
      const known = this.#types.findIndex((t) =>
        String(t.map(String)) === String(type.map(String))
      );
      return known >= 0 ? known : this.#types.push(type) - 1;
    });
  }

  /** Type index of helper `number`. */
  ofHelper(number: number): number {
    return this.#helpers[number];
  }

  /** Type index of function import `number`. */
  ofImport(number: number): number {
    if (number === SLOW.PROBE) return TYPE.SLOW_LOAD;
    if (number === SLOW.FLOAT || number === SLOW.FLOAT_LANES) return TYPE.FLOAT;
    return number < SLOW_COUNT ? TYPE.SLOW_LOAD + number : this.ofHelper(number - SLOW_COUNT);
  }

  /** The contents of the type section. */
  section(): Uint8Array {
    const out = new ByteWriter();
    out.u32(this.#types.length);
    for (const [params, results] of this.#types) {
      out.u8(WASM_TYPE.FUNC);
      out.u32(params.length);
      for (const type of params) out.u8(type);
      out.u32(results.length);
      for (const type of results) out.u8(type);
    }
    return out.copy();
  }
}
