/**
 * Facts about the IR operations in flat arrays, so that the passes over a block look one number up
 * instead of reading rows of the opcode table.
 * @module
 */
import { OP, OPS } from "../../ir/ops.ts";

/** Per opcode: bits 0-2 say which of `a`, `b`, `c` are temporaries. */
export const ARG_TEMPS: Uint8Array = Uint8Array.from(
  OPS,
  (row) => row.args.reduce((mask, arg, i) => arg === "raw" ? mask : mask | 1 << i, 0),
);

/** Per opcode: whether it ends the block or arm it stands in. */
export const IS_TERMINATOR: Uint8Array = Uint8Array.from(OPS, (row) => row.terminator ? 1 : 0);

/** Opcodes that the passes test for, as plain numbers. */
export const CONST: number = OP.const;
export const CONST64: number = OP.const64;
export const GET: number = OP.get;
export const SET: number = OP.set;
export const GET64: number = OP.get64;
export const SET64: number = OP.set64;
export const CALL: number = OP.call;
export const INSN: number = OP.insn;
export const IF: number = OP.if;
export const ELSE: number = OP.else;
export const END: number = OP.end;
export const ADD: number = OP.add;
export const GUEST_LOAD: number = OP.guest_load;
export const GUEST_STORE: number = OP.guest_store;
export const GOTO_TB: number = OP.goto_tb;
export const GOTO_PTR: number = OP.goto_ptr;

/** Per opcode: whether the scan of a block has nothing to do but count its operands. */
export const IS_PLAIN: Uint8Array = Uint8Array.from(
  OPS,
  (_, op) => [GET, SET, GET64, SET64, CALL, IF, ELSE, END, GOTO_PTR].includes(op) ? 0 : 1,
);
