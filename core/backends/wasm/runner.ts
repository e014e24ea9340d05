/**
 * Runs compiled blocks on one thread: it owns the function table, whose index is the block's id, and
 * instantiates modules into it.
 * @module
 */
import type { BackendHost, BlockRunner } from "../backend.ts";
import { FROM_REGION } from "../../ir/ops.ts";
import { FLAG_PAIR, VCPU } from "../../memory/vcpu_layout.ts";
import {
  IMPORT_MEMORY,
  IMPORT_MODULE,
  IMPORT_TABLE,
  importName,
  OPERANDS_IN_MEMORY,
  SLOW,
  SLOW_COUNT,
} from "./abi.ts";
import { helperModule } from "./helper_module.ts";
import { FpUnit } from "../../fp/unit.ts";
import { type TrampolineExports, trampolineModule } from "./trampoline.ts";

/** The slow paths, which see no operands in the place of flags. */
function slowPaths(host: BackendHost): Record<string, WebAssembly.ImportValue> {
  const { i32 } = host.views;
  /** The address of the instruction, with the flags in memory. */
  const settled = (env: number, pc: number): number => {
    if ((pc & OPERANDS_IN_MEMORY) === 0) return pc;
    const carry = (env + FLAG_PAIR.carry) >>> 2;
    const overflow = (env + FLAG_PAIR.overflow) >>> 2;
    const x = i32[carry];
    const y = i32[overflow];
    i32[carry] = y >>> 0 <= x >>> 0 ? 1 : 0;
    i32[overflow] = (x ^ y) & (x ^ (x - y));
    return pc & ~OPERANDS_IN_MEMORY;
  };
  return {
    [importName(SLOW.LOAD)]: (env: number, pc: number, address: number, memop: number) =>
      host.slowLoad(env, settled(env, pc), address, memop),
    [importName(SLOW.LOAD64)]: (env: number, pc: number, address: number, memop: number) =>
      host.slowLoad64(env, settled(env, pc), address, memop),
    [importName(SLOW.STORE)]: (
      env: number,
      pc: number,
      address: number,
      value: number,
      memop: number,
    ) => host.slowStore(env, settled(env, pc), address, value, memop),
    [importName(SLOW.STORE64)]: (
      env: number,
      pc: number,
      address: number,
      value: bigint,
      memop: number,
    ) => host.slowStore64(env, settled(env, pc), address, value, memop),
    [importName(SLOW.PROBE)]: (env: number, pc: number, address: number, memop: number) =>
      host.slowProbe(env, settled(env, pc), address, memop),
  };
}

/** A block runner over WebAssembly modules made by `module.ts`. */
export class WasmRunner implements BlockRunner {
  readonly #imports: WebAssembly.Imports;
  readonly #trampoline: TrampolineExports;
  readonly #filled: Uint8Array;
  readonly #i32: Int32Array;

  /**
   * `tableSize` is the number of block ids of a code cache (ids are 1 to tableSize - 1); the table
   * never grows, because growing costs time for every module that uses it.
   */
  constructor(host: BackendHost, tableSize: number) {
    const fp = new FpUnit(host.views);
    const functions: Record<string, WebAssembly.ImportValue> = {
      [IMPORT_MEMORY]: host.views.memory,
      ...slowPaths(host),
      [importName(SLOW.FLOAT)]: (env: number, code: number) => fp.run(env, code),
      [importName(SLOW.FLOAT_LANES)]: (env: number, aux: number) => fp.runLanes(env, aux),
    };
    this.#imports = { [IMPORT_MODULE]: functions };
    for (const [i, body] of host.helperBodies.entries()) {
      if (typeof body === "function") functions[importName(SLOW_COUNT + i)] = body;
    }
    Object.assign(functions, this.#helpersInIr(host));
    const module = new WebAssembly.Module(trampolineModule(tableSize));
    this.#trampoline = new WebAssembly.Instance(module, this.#imports)
      .exports as unknown as TrampolineExports;
    functions[IMPORT_TABLE] = this.#trampoline.table;
    this.#filled = new Uint8Array(tableSize);
    this.#i32 = host.views.i32;
  }

  /** The functions of the helpers in IR, by import name. */
  #helpersInIr({ helpers, helperBodies }: BackendHost): WebAssembly.Exports {
    const bodies = helperBodies.map((body) => typeof body === "function" ? undefined : body);
    const bytes = helperModule(helpers, bodies);
    if (bytes === null) return {};
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports).exports;
  }

  /**
   * Compiles and instantiates a module, which puts its functions into the table; `ids` are the ids
   * that it was built for.
   * @throws WebAssembly.CompileError when the bytes are no valid module.
   */
  addModule(bytes: Uint8Array<ArrayBuffer>, ids: readonly number[]): void {
    new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#imports);
    for (const id of ids) this.#filled[id] = 1;
  }

  /** Forgets every block: its entry returns EXIT.LOOKUP from now on. */
  removeAll(): void {
    this.#trampoline.reset(this.#filled.length);
    this.#filled.fill(0);
  }

  /** Whether block `id` has been put into this thread's table. */
  has(id: number): boolean {
    return this.#filled[id] === 1;
  }

  /** Runs block `id` and what it chains to; see {@linkcode BlockRunner}. */
  run(env: number, id: number): number {
    const code = this.#trampoline.run(env, id);
    if ((code & FROM_REGION) === 0) return code;
    // The region counted all of the budget that it was entered with.
    this.#i32[(env + VCPU.REGION_INSNS) >>> 2] -= this.#i32[(env + VCPU.BUDGET) >>> 2];
    return code & ~FROM_REGION;
  }
}
