/**
 * Shifts of vector lanes by the lanes of another vector, which WebAssembly has not: as products with
 * powers of two, which come out of a table by a swizzle. A right shift by r is the upper part of the
 * product with 2^(bits - 1 - r); a signed one is that of the number without its sign's weight. Lanes
 * of 64 bits are shifted one by one.
 * @module
 */
import type { FunctionBody } from "./function_body.ts";
import { type LaneShift, vecInstruction, WSIMD } from "./simd_codes.ts";
import { VEC, vecCode } from "../../ir/vector.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** 2^i in byte i, and nothing from bit 8 on. */
const POWERS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0];
/** Room for the longest sequence. */
const BYTES = 512;

function bytes(of: (i: number) => number): readonly number[] {
  return Array.from({ length: 16 }, (_, i) => of(i));
}

function pushBytes(body: FunctionBody, values: readonly number[]): void {
  body.simd(WSIMD.CONST);
  for (const value of values) body.op(value);
}

/** Pushes `value` in every lane of `bits`. */
function pushLanes(body: FunctionBody, bits: number, value: number): void {
  pushBytes(body, bytes((i) => value >>> 8 * (i % (bits / 8)) & 0xff));
}

function vec(body: FunctionBody, name: string, bits: number): void {
  const { opcode, shuffle } = vecInstruction(vecCode(name, bits));
  body.simd(opcode);
  for (const place of shuffle ?? []) body.op(place);
}

function shiftBy(body: FunctionBody, name: string, bits: number, count: number): void {
  body.i32Const(count);
  vec(body, name, bits);
}

/** Takes exponents up to `bits` (or -1) from the stack and pushes powers of two, 0 outside. */
function power(body: FunctionBody, bits: number): void {
  const local = body.allocateTyped(WASM_TYPE.V128);
  body.set(local);
  pushBytes(body, POWERS);
  body.get(local);
  if (bits > 8) {
    const size = bits / 8;
    body.get(local);
    body.simd(WSIMD.SHUFFLE);
    for (const place of bytes((i) => i - i % size)) body.op(place);
    // Byte k of a lane is the power of the exponent less 8 k.
    pushBytes(body, bytes((i) => 8 * (i % size)));
    vec(body, "sub", 8);
  }
  body.simd(WSIMD.SWIZZLE);
  body.releaseTyped(local, WASM_TYPE.V128);
}

/** Pushes the even bytes of `x` times those of `p`, or the odd ones, as lanes of 16 bits. */
function byteProducts(body: FunctionBody, x: number, p: number, odd: boolean): void {
  for (const local of [x, p]) {
    body.get(local);
    if (odd) {
      shiftBy(body, "shr_u", 16, 8);
    } else {
      pushLanes(body, 16, 0xff);
      body.simd(vecInstruction(VEC.and).opcode);
    }
  }
  vec(body, "mul", 16);
}

function leftOfBytes(body: FunctionBody, x: number, p: number): void {
  byteProducts(body, x, p, false);
  pushLanes(body, 16, 0xff);
  body.simd(vecInstruction(VEC.and).opcode);
  byteProducts(body, x, p, true);
  shiftBy(body, "shl", 16, 8);
  body.simd(WSIMD.OR);
}

function rightOfBytes(body: FunctionBody, x: number, p: number): void {
  byteProducts(body, x, p, false);
  shiftBy(body, "shr_u", 16, 7);
  byteProducts(body, x, p, true);
  shiftBy(body, "shr_u", 16, 7);
  shiftBy(body, "shl", 16, 8);
  body.simd(WSIMD.OR);
}

function right(body: FunctionBody, bits: number, x: number, p: number): void {
  if (bits === 8) return rightOfBytes(body, x, p);
  for (const name of ["mul_wide_u", "mul_wide_high_u"]) {
    body.get(x);
    body.get(p);
    vec(body, name, bits);
    shiftBy(body, "shr_u", 2 * bits, bits - 1);
  }
  vec(body, "unzip_even", bits);
}

/** The lanes of 64 bits: their own shift counts only to 63. */
function oneByOne(body: FunctionBody, kind: string, x: number, n: number): void {
  for (const lane of [0, 1]) {
    body.get(x);
    body.simd(WSIMD.I64_EXTRACT);
    body.op(lane);
    if (kind === "shr_s") {
      pushCount(body, n, lane);
      body.i64Const(63, 0);
      pushInRange(body, n, lane);
      body.op(W.SELECT);
      body.op(W.I64_SHR_S);
    } else {
      pushCount(body, n, lane);
      body.op(kind === "shl" ? W.I64_SHL : W.I64_SHR_U);
      body.i64Const(0, 0);
      pushInRange(body, n, lane);
      body.op(W.SELECT);
    }
    if (lane === 0) {
      body.simd(WSIMD.I64_SPLAT);
    } else {
      body.simd(WSIMD.I64_REPLACE);
      body.op(1);
    }
  }
}

function pushCount(body: FunctionBody, n: number, lane: number): void {
  body.get(n);
  body.simd(WSIMD.I64_EXTRACT);
  body.op(lane);
}

function pushInRange(body: FunctionBody, n: number, lane: number): void {
  pushCount(body, n, lane);
  body.i64Const(64, 0);
  body.op(W.I64_LT_U);
}

/** Takes the numbers and the counts from the stack and pushes the shifted numbers. */
export function emitLaneShift(body: FunctionBody, { kind, bits }: LaneShift): void {
  body.reserve(BYTES);
  const n = body.allocateTyped(WASM_TYPE.V128);
  const x = body.allocateTyped(WASM_TYPE.V128);
  body.set(n);
  body.set(x);
  if (bits === 64) {
    oneByOne(body, kind, x, n);
  } else {
    const p = body.allocateTyped(WASM_TYPE.V128);
    if (kind !== "shl") pushLanes(body, bits, bits - 1);
    body.get(n);
    pushLanes(body, bits, kind === "shr_s" ? bits - 1 : bits);
    vec(body, "min_u", bits);
    if (kind !== "shl") vec(body, "sub", bits);
    power(body, bits);
    body.set(p);
    if (kind === "shr_s") {
      body.get(x);
      pushLanes(body, bits, 2 ** (bits - 1));
      body.simd(vecInstruction(VEC.xor).opcode);
      body.set(x);
    }
    if (kind !== "shl") {
      right(body, bits, x, p);
    } else if (bits === 8) {
      leftOfBytes(body, x, p);
    } else {
      body.get(x);
      body.get(p);
      vec(body, "mul", bits);
    }
    if (kind === "shr_s") {
      body.get(p);
      vec(body, "sub", bits);
    }
    body.releaseTyped(p, WASM_TYPE.V128);
  }
  body.releaseTyped(x, WASM_TYPE.V128);
  body.releaseTyped(n, WASM_TYPE.V128);
}
