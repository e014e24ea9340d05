/**
 * Pure operations as expressions. Most are their operands followed by one opcode.
 * @module
 */
import type { Handler, UnitLowering } from "./lowering.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Operations that are one opcode over their operands. */
const DIRECT: Readonly<Record<string, number>> = {
  add: W.I32_ADD,
  sub: W.I32_SUB,
  mul: W.I32_MUL,
  and: W.I32_AND,
  or: W.I32_OR,
  xor: W.I32_XOR,
  shl: W.I32_SHL,
  shr_u: W.I32_SHR_U,
  shr_s: W.I32_SHR_S,
  rotr: W.I32_ROTR,
  clz: W.I32_CLZ,
  sext8: W.I32_EXTEND8_S,
  sext16: W.I32_EXTEND16_S,
  eqz: W.I32_EQZ,
  eq: W.I32_EQ,
  ne: W.I32_NE,
  lt_u: W.I32_LT_U,
  lt_s: W.I32_LT_S,
  le_u: W.I32_LE_U,
  le_s: W.I32_LE_S,
  lo: W.I32_WRAP_I64,
  extend_u: W.I64_EXTEND_I32_U,
  extend_s: W.I64_EXTEND_I32_S,
  add64: W.I64_ADD,
  sub64: W.I64_SUB,
  mul64: W.I64_MUL,
  and64: W.I64_AND,
  or64: W.I64_OR,
  xor64: W.I64_XOR,
  shl64: W.I64_SHL,
  shr_u64: W.I64_SHR_U,
  shr_s64: W.I64_SHR_S,
  eq64: W.I64_EQ,
  lt_s64: W.I64_LT_S,
};

function direct(opcode: number): Handler {
  return (u, at) => {
    const { code, values } = u;
    values.push(code[at + 3]);
    if (code[at + 4] >= 0) values.push(code[at + 4]);
    u.body.op(opcode);
  };
}

/** Pushes the i32 on the stack with its bytes reversed; `local` is free for use. */
export function byteSwap32(u: UnitLowering, local: number): void {
  const { body } = u;
  body.tee(local);
  body.i32Const(8);
  body.op(W.I32_ROTL);
  body.i32Const(0x00ff00ff);
  body.op(W.I32_AND);
  body.get(local);
  body.i32Const(8);
  body.op(W.I32_ROTR);
  body.i32Const(0xff00ff00);
  body.op(W.I32_AND);
  body.op(W.I32_OR);
}

/** Emitters of the pure operations, by name. */
export const PURE_TREES: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(Object.entries(DIRECT).map(([name, code]) => [name, direct(code)])),

  const: (u, at) => u.body.i32Const(u.code[at + 1]),
  code_addr: (u, at) => u.pushAddress(u.code[at + 1]),
  const64: (u, at) => u.body.i64Const(u.code[at + 1], u.code[at + 3]),

  select(u, at) {
    const { code, values } = u;
    values.push(code[at + 4]);
    values.push(code[at + 5]);
    values.push(code[at + 3]);
    u.body.op(W.SELECT);
  },

  // a / (b | (b == 0)), then 0 when b is 0: no branch, and WebAssembly's trap cannot happen.
  div_u(u, at) {
    const { body, code, values } = u;
    const b = code[at + 4];
    values.anchor(b);
    values.push(code[at + 3]);
    values.pushAgain(b);
    values.pushAgain(b);
    body.op(W.I32_EQZ);
    body.op(W.I32_OR);
    body.op(W.I32_DIV_U);
    body.i32Const(0);
    values.pushAgain(b);
    body.op(W.SELECT);
    values.release(b);
  },

  // For b = 0 and b = -1, (0 - a) & b is the result; everything else divides without a trap.
  div_s(u, at) {
    const { body, code, values } = u;
    const a = code[at + 3];
    const b = code[at + 4];
    values.anchor(a);
    values.anchor(b);
    values.pushAgain(b);
    body.i32Const(1);
    body.op(W.I32_ADD);
    body.i32Const(2);
    body.op(W.I32_LT_U);
    body.open(W.IF, WASM_TYPE.I32);
    body.i32Const(0);
    values.pushAgain(a);
    body.op(W.I32_SUB);
    values.pushAgain(b);
    body.op(W.I32_AND);
    body.else();
    values.pushAgain(a);
    values.pushAgain(b);
    body.op(W.I32_DIV_S);
    body.close();
    values.release(a);
    values.release(b);
  },

  bswap(u, at) {
    u.values.push(u.code[at + 3]);
    const local = u.body.allocate(false);
    byteSwap32(u, local);
    u.body.release(local, false);
  },

  concat(u, at) {
    const { body, code, values } = u;
    values.push(code[at + 3]);
    body.op(W.I64_EXTEND_I32_U);
    values.push(code[at + 4]);
    body.op(W.I64_EXTEND_I32_U);
    body.i64Const(32, 0);
    body.op(W.I64_SHL);
    body.op(W.I64_OR);
  },

  hi(u, at) {
    u.values.push(u.code[at + 3]);
    u.body.i64Const(32, 0);
    u.body.op(W.I64_SHR_U);
    u.body.op(W.I32_WRAP_I64);
  },
};
