/**
 * Opcodes as plain numbers, and what the scan of a block asks of each; more facts are in
 * core/ir/op_facts.ts.
 * @module
 */
import { OP, OPS } from "../../ir/ops.ts";

/** Opcode of `const`, as a plain number like the following. */
export const CONST: number = OP.const;
/** Opcode of `const64`. */
export const CONST64: number = OP.const64;
/** Opcode of `get`. */
export const GET: number = OP.get;
/** Opcode of `set`. */
export const SET: number = OP.set;
/** Opcode of `get64`. */
export const GET64: number = OP.get64;
/** Opcode of `set64`. */
export const SET64: number = OP.set64;
/** Opcode of `call`. */
export const CALL: number = OP.call;
/** Opcode of `call64`. */
export const CALL64: number = OP.call64;
/** Opcode of `if`. */
export const IF: number = OP.if;
/** Opcode of `else`. */
export const ELSE: number = OP.else;
/** Opcode of `end`. */
export const END: number = OP.end;
/** Opcode of `add`. */
export const ADD: number = OP.add;
/** Opcode of `guest_load`. */
export const GUEST_LOAD: number = OP.guest_load;
/** Opcode of `guest_store`. */
export const GUEST_STORE: number = OP.guest_store;
/** Opcode of `guest_load64`. */
export const GUEST_LOAD64: number = OP.guest_load64;
/** Opcode of `guest_store64`. */
export const GUEST_STORE64: number = OP.guest_store64;
/** Opcode of `goto_tb`. */
export const GOTO_TB: number = OP.goto_tb;
/** Opcode of `goto_ptr`. */
export const GOTO_PTR: number = OP.goto_ptr;

/** Per opcode: whether it takes the guest address of a place, its own in a fault included. */
export const USES_ADDRESS: Uint8Array = Uint8Array.from(
  OPS,
  (row) => row.mayFault || row.aux === "pc" && row.name !== "insn" ? 1 : 0,
);

/** Per opcode: whether the scan of a block has nothing to do but count its operands. */
export const IS_PLAIN: Uint8Array = Uint8Array.from(
  OPS,
  (_, op) => [GET, SET, GET64, SET64, CALL, CALL64, IF, ELSE, END, GOTO_PTR].includes(op) ? 0 : 1,
);
