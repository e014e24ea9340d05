/**
 * Runs compiled blocks on one thread: it owns the function table, whose index is the block's id, and
 * instantiates modules into it.
 * @module
 */
import type { BackendHost, BlockRunner } from "../backend.ts";
import { IMPORT_MEMORY, IMPORT_MODULE, IMPORT_TABLE, importName, SLOW, SLOW_COUNT } from "./abi.ts";
import { FpUnit } from "../../fp/unit.ts";
import { type TrampolineExports, trampolineModule } from "./trampoline.ts";

/** A block runner over WebAssembly modules made by `module.ts`. */
export class WasmRunner implements BlockRunner {
  readonly #imports: WebAssembly.Imports;
  readonly #trampoline: TrampolineExports;
  readonly #filled: Uint8Array;

  /**
   * `tableSize` is the number of block ids of a code cache (ids are 1 to tableSize - 1); the table
   * never grows, because growing costs time for every module that uses it.
   */
  constructor(host: BackendHost, tableSize: number) {
    const fp = new FpUnit(host.views);
    const functions: Record<string, WebAssembly.ImportValue> = {
      [IMPORT_MEMORY]: host.views.memory,
      [importName(SLOW.LOAD)]: host.slowLoad,
      [importName(SLOW.LOAD64)]: host.slowLoad64,
      [importName(SLOW.STORE)]: host.slowStore,
      [importName(SLOW.STORE64)]: host.slowStore64,
      [importName(SLOW.PROBE)]: host.slowProbe,
      [importName(SLOW.FLOAT)]: (env: number, code: number) => fp.run(env, code),
      [importName(SLOW.FLOAT_LANES)]: (env: number, aux: number) => fp.runLanes(env, aux),
    };
    for (const [i, body] of host.helperBodies.entries()) {
      functions[importName(SLOW_COUNT + i)] = body;
    }
    this.#imports = { [IMPORT_MODULE]: functions };
    const module = new WebAssembly.Module(trampolineModule(tableSize));
    this.#trampoline = new WebAssembly.Instance(module, this.#imports)
      .exports as unknown as TrampolineExports;
    functions[IMPORT_TABLE] = this.#trampoline.table;
    this.#filled = new Uint8Array(tableSize);
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
    return this.#trampoline.run(env, id);
  }
}
