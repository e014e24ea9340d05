/**
 * The opcode table as arrays indexed by opcode, for passes that run on every translated block.
 * @module
 */
import { TYPE_CODES } from "./block.ts";
import { OPS } from "./ops.ts";

function mask(type: (t: string) => boolean): Uint8Array {
  return Uint8Array.from(
    OPS,
    (row) => row.args.reduce((bits, t, k) => type(t) ? bits | 1 << k : bits, 0),
  );
}

function flag(holds: (row: (typeof OPS)[number]) => boolean | undefined): Uint8Array {
  return Uint8Array.from(OPS, (row) => holds(row) ? 1 : 0);
}

/** Bit k is set when operand k (0 a, 1 b, 2 c) is a temporary. */
export const TEMP_OPERANDS: Uint8Array = mask((t) => t !== "raw");
/** 1 when the operation may be removed when its result is unused: pure, or a read of state. */
export const REMOVABLE: Uint8Array = flag((r) =>
  r.pure || r.name === "get" || r.name === "get64" || r.name === "get128"
);
/** 1 when the operation may raise a guest exception. */
export const MAY_FAULT: Uint8Array = flag((r) => r.mayFault);
/** 1 when the operation ends its arm. */
export const TERMINATOR: Uint8Array = flag((r) => r.terminator);
/** 1 when the result is 0 or 1. */
export const BOOLEAN: Uint8Array = flag((r) =>
  ["eqz", "eq", "ne", "lt_u", "lt_s", "le_u", "le_s", "eq64", "lt_s64"].includes(r.name)
);
/** Type code of the result (index into TYPE_CODES), 0 without one. */
export const RESULT_TYPE: Uint8Array = Uint8Array.from(
  OPS,
  (row) => row.dst === null ? 0 : TYPE_CODES.indexOf(row.dst),
);
