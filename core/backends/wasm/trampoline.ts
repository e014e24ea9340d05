/**
 * The module that every thread instantiates once: the way into translated code, the function that
 * stands in the table where no block has been put, and the reset of the table.
 * @module
 */
import { EXIT } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { BUDGET_LOCAL, ENV, TYPE } from "./abi.ts";
import { ByteWriter } from "./byte_writer.ts";
import { FunctionBody } from "./function_body.ts";
import { blockReference, importMemory, section } from "./module.ts";
import { EXTERNAL, SECTION, W, WASM_TYPE, WBULK } from "./wasm_codes.ts";

/** What the module exports. */
export interface TrampolineExports {
  /** The function table that block modules import. */
  readonly table: WebAssembly.Table;
  /** Runs the function at table index `id` with the BUDGET word of the vCPU at `env`. */
  readonly run: (env: number, id: number) => number;
  /** Puts the miss stub at the first `count` entries of the table. */
  readonly reset: (count: number) => void;
}

const TYPE_RUN = TYPE.BLOCK;
const TYPE_RESET = 1;
const FUNCTION = { RUN: 0, MISS: 1, RESET: 2 } as const;

/** Makes the module's bytes, with a table of `tableSize` entries that all hold the miss stub. */
export function trampolineModule(tableSize: number): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(512);
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) out.u8(byte);
  const { FUNC, I32 } = WASM_TYPE;
  const write = (id: number, bytes: readonly number[]): void => {
    const s = new ByteWriter(64);
    for (const byte of bytes) s.u8(byte);
    section(out, id, s);
  };
  write(SECTION.TYPE, [2, FUNC, 2, I32, I32, 1, I32, FUNC, 1, I32, 0]);
  const imports = new ByteWriter(64);
  imports.u32(1);
  importMemory(imports);
  section(out, SECTION.IMPORT, imports);
  write(SECTION.FUNCTION, [3, TYPE_RUN, TYPE.BLOCK, TYPE_RESET]);
  const table = new ByteWriter(64);
  // One table, with an expression for its first contents, of fixed size.
  for (const byte of [1, 0x40, 0]) table.u8(byte);
  blockReference(table);
  table.u8(1);
  table.u32(tableSize);
  table.u32(tableSize);
  for (const byte of [W.REF_FUNC, FUNCTION.MISS, W.END]) table.u8(byte);
  section(out, SECTION.TABLE, table);
  const exports = new ByteWriter(64);
  exports.u32(3);
  exports.name("table");
  exports.u8(EXTERNAL.TABLE);
  exports.u32(0);
  for (const [name, index] of [["run", FUNCTION.RUN], ["reset", FUNCTION.RESET]] as const) {
    exports.name(name);
    exports.u8(EXTERNAL.FUNCTION);
    exports.u32(index);
  }
  section(out, SECTION.EXPORT, exports);
  const code = new ByteWriter(256);
  code.u32(3);
  runBody().finish(code);
  missBody().finish(code);
  resetBody().finish(code);
  section(out, SECTION.CODE, code);
  return out.copy();
}

function runBody(): FunctionBody {
  const body = new FunctionBody();
  body.begin(2);
  const id = 1;
  body.get(ENV);
  body.get(ENV);
  body.memory(W.I32_LOAD, 2, VCPU.BUDGET);
  body.get(id);
  body.callIndirect(W.CALL_INDIRECT, TYPE.BLOCK);
  return body;
}

function missBody(): FunctionBody {
  const body = new FunctionBody();
  body.begin(2);
  body.get(ENV);
  body.get(BUDGET_LOCAL);
  body.memory(W.I32_STORE, 2, VCPU.BUDGET);
  body.i32Const(EXIT.LOOKUP);
  return body;
}

function resetBody(): FunctionBody {
  const body = new FunctionBody();
  body.begin(1);
  body.i32Const(0);
  body.op(W.REF_FUNC);
  body.op(FUNCTION.MISS);
  body.get(0);
  body.op(W.PREFIX_BULK);
  body.op(WBULK.TABLE_FILL);
  body.op(0);
  return body;
}
