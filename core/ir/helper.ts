/**
 * Helpers: functions that translated code calls, in TypeScript or in IR (helper_body.ts). A helper is
 * declared once, by the front end, the engine or a strategy; a machine numbers all of its helpers
 * the same way on every thread, so that IR and WebAssembly made by one vCPU run on another.
 * @module
 */
import type { MachineLayout } from "../memory/machine_layout.ts";
import type { ExpandContext } from "./expansion.ts";

/** Type of a parameter or result. */
export type HelperType = "i32" | "i64";

/** Most variables of a helper in IR. */
export const MAX_VARIABLES = 32;

/** The type and the body of a helper in IR. */
export interface IrHelper {
  /** Types of the parameters, three at most. */
  readonly params: readonly HelperType[];
  /** Type of the result; null without. */
  readonly result: HelperType | null;
  /** Emits the body; every path through it ends in `ret`. */
  readonly emit: (x: HelperContext) => void;
}

/** What the body of a helper in IR gets. */
export interface HelperContext extends ExpandContext {
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
}

/**
 * Declaration of a helper. Arguments and result are 32-bit integers, unless `ir` says otherwise.
 */
export interface HelperDef {
  /** Unique in a machine, snake_case; shown in IR listings. */
  readonly name: string;
  /** Number of arguments, 0 to 3. */
  readonly arity: 0 | 1 | 2 | 3;
  /** Whether it returns a value. */
  readonly returns: boolean;
  /**
   * What it does with the state slots: `none` touches none; `read` needs them up to date in memory;
   * `write` also changes them, so that cached copies are stale afterwards. Slots above the
   * architecture state are never cached, so a helper may always use those. `vector` reads and
   * writes the vector state (VECTOR_STATE) alone, of which backends keep no copies.
   */
  readonly state: "none" | "read" | "write" | "vector";
  /**
   * May set the LEAVE word (a guest exception was taken): translated code checks it after the call
   * and returns to the run loop when set. Implies that the pc slot has been set by the helper.
   */
  readonly mayLeave: boolean;
  /** The body, when it is in IR; else `arity` and `returns` are all there is to its type. */
  readonly ir?: IrHelper;
}

/** Types of a helper's parameters. */
export function helperParams(def: HelperDef): readonly HelperType[] {
  return def.ir?.params ?? new Array<HelperType>(def.arity).fill("i32");
}

/** Type of a helper's result; null without. */
export function helperResult(def: HelperDef): HelperType | null {
  return def.ir ? def.ir.result : def.returns ? "i32" : null;
}

/**
 * The body of a helper on one vCPU thread. `pc` is the guest address of the instruction that called
 * it; `env` the byte address of the vCPU that runs.
 */
export type HelperBody = (env: number, pc: number, a: number, b: number, c: number) => number;

/** The numbered helpers of a machine. */
export class HelperTable {
  /** Declarations, in the order of their numbers. */
  readonly defs: readonly HelperDef[];
  readonly #index: Map<string, number>;

  /** Numbers `defs` in order; throws a RangeError when two share a name. */
  constructor(defs: readonly HelperDef[]) {
    this.defs = defs;
    this.#index = new Map();
    for (const [i, def] of defs.entries()) {
      if (this.#index.has(def.name)) {
        throw new RangeError(`Two helpers are named ${def.name}; rename one of them`);
      }
      this.#index.set(def.name, i);
    }
  }

  /** Number of the helper called `name`; throws a RangeError when there is none. */
  indexOf(name: string): number {
    const index = this.#index.get(name);
    if (index === undefined) {
      throw new RangeError(
        `No helper is named ${name}; declare it in the module that emits calls to it`,
      );
    }
    return index;
  }
}
