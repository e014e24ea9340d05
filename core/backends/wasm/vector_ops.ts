/**
 * Vector operations: one WebAssembly SIMD instruction each, over 16-byte locals and state slots.
 * @module
 */
import { ENV } from "./abi.ts";
import { emitLaneShift } from "./lane_shift.ts";
import type { Handler } from "./lowering.ts";
import { UNCACHED_BIT } from "./scan.ts";
import { vecInstruction, WSIMD } from "./simd_codes.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Operands, then the instruction; a shuffle of one vector takes it twice. */
const vector: Handler = (u, at) => {
  const { body, code, values } = u;
  const op = code[at + 1];
  const { opcode, shuffle, each } = vecInstruction(op);
  for (let i = 3; i < 6; i++) if (code[at + i] >= 0) values.push(code[at + i]);
  if (each !== null) {
    emitLaneShift(body, each);
    return;
  }
  if (shuffle === null) {
    body.simd(opcode);
    return;
  }
  if (code[at + 4] < 0) {
    const again = body.allocateTyped(WASM_TYPE.V128);
    body.tee(again);
    body.get(again);
    body.releaseTyped(again, WASM_TYPE.V128);
  }
  body.simd(opcode);
  for (const place of shuffle) body.op(place);
};

/** Emitters of the vector operations that are pure, and of the read of a slot. */
export const VECTOR_TREES: Readonly<Record<string, Handler>> = {
  vec1: vector,
  vec2: vector,
  vec3: vector,
  vec_shift: vector,
  vec_splat: vector,

  vec_join(u, at) {
    const { body, code, values } = u;
    values.push(code[at + 3]);
    body.simd(WSIMD.I64_SPLAT);
    values.push(code[at + 4]);
    body.simd(WSIMD.I64_REPLACE);
    body.op(1);
  },
  vec_lo(u, at) {
    u.values.push(u.code[at + 3]);
    u.body.simd(WSIMD.I64_EXTRACT);
    u.body.op(0);
  },
  vec_hi(u, at) {
    u.values.push(u.code[at + 3]);
    u.body.simd(WSIMD.I64_EXTRACT);
    u.body.op(1);
  },
  vec_any(u, at) {
    u.values.push(u.code[at + 3]);
    u.body.simd(WSIMD.ANY_TRUE);
  },

  get128(u, at) {
    u.body.get(ENV);
    u.body.op(W.PREFIX_SIMD);
    u.body.memory(WSIMD.LOAD, 4, u.code[at + 1]);
  },
};

/** Vector state where it stands. The vector state is never kept in locals. */
export const VECTOR_STATEMENTS: Readonly<Record<string, Handler>> = {
  get128: (u, at) => u.values.defer(u.code[at + 2], at, UNCACHED_BIT, false),

  set128(u, at) {
    const { body, code, values } = u;
    body.get(ENV);
    values.push(code[at + 3]);
    values.flush(UNCACHED_BIT);
    body.op(W.PREFIX_SIMD);
    body.memory(WSIMD.STORE, 4, code[at + 1]);
  },
};
