/**
 * Estimates of reciprocals and of reciprocal square roots (core/fp/estimate.ts) of four lanes. The
 * tables are quotients that are so far from the middles between two integers that single precision
 * rounds them right; a test compares every entry.
 * @module
 */
import type { FunctionBody } from "./function_body.ts";
import { WSIMD } from "./simd_codes.ts";
import { WASM_TYPE } from "./wasm_codes.ts";

function pushWord(body: FunctionBody, value: number): void {
  body.i32Const(value | 0);
  body.simd(WSIMD.I32_SPLAT);
}

function pushSingle(body: FunctionBody, value: number): void {
  body.f32Const(value);
  body.simd(WSIMD.F32_SPLAT);
}

function shift(body: FunctionBody, opcode: number, count: number): void {
  body.i32Const(count);
  body.simd(opcode);
}

/** Takes the steps' numbers q from the stack and pushes 2 q + 1, twice the middles, as singles. */
function middles(body: FunctionBody): void {
  shift(body, WSIMD.I32_SHL, 1);
  pushWord(body, 1);
  body.simd(WSIMD.OR);
  body.simd(WSIMD.F32_CONVERT_S);
}

/** Turns quotients on the stack into the nearest integers, 256 to 511. */
function entries(body: FunctionBody): void {
  body.simd(WSIMD.F32_DIV);
  pushSingle(body, 0.5);
  body.simd(WSIMD.F32_ADD);
  body.simd(WSIMD.I32_TRUNC_S);
}

/** Entries of the reciprocal's table, for the q (256 to 511) that `push` leaves on the stack. */
function reciprocals(body: FunctionBody, push: () => void): void {
  pushSingle(body, 2 ** 18);
  push();
  middles(body);
  entries(body);
}

/** Entries of the root's tables, for q from 128 to 255; `upper` pushes ones for numbers from 0.5 on. */
function roots(body: FunctionBody, push: () => void, upper: () => void): void {
  pushSingle(body, 256);
  push();
  middles(body);
  pushSingle(body, 2 ** -9);
  pushSingle(body, 2 ** -10);
  upper();
  body.simd(WSIMD.SELECT);
  body.simd(WSIMD.F32_MUL);
  body.simd(WSIMD.F32_SQRT);
  entries(body);
}

function withLocal(body: FunctionBody, emit: (local: number) => void): void {
  const local = body.allocateTyped(WASM_TYPE.V128);
  emit(local);
  body.releaseTyped(local, WASM_TYPE.V128);
}

/** Pushes the estimates of fractions of 2^32 in `x`. */
export function pushReciprocalOfFraction(body: FunctionBody, x: number): void {
  reciprocals(body, () => {
    body.get(x);
    shift(body, WSIMD.I32_SHR_U, 23);
  });
  shift(body, WSIMD.I32_SHL, 23);
  // Below one half: all ones.
  body.get(x);
  pushWord(body, -1);
  body.simd(WSIMD.I32_GT_S);
  body.simd(WSIMD.OR);
}

/** The same of square roots. */
export function pushRootOfFraction(body: FunctionBody, x: number): void {
  withLocal(body, (upper) => {
    pushWord(body, 0);
    body.get(x);
    body.simd(WSIMD.I32_GT_S);
    body.set(upper);
    const push = () => {
      body.get(x);
      shift(body, WSIMD.I32_SHR_U, 24);
      body.get(x);
      shift(body, WSIMD.I32_SHR_U, 23);
      body.get(upper);
      body.simd(WSIMD.SELECT);
    };
    roots(body, push, () => body.get(upper));
  });
  shift(body, WSIMD.I32_SHL, 23);
  // Below one quarter: all ones.
  body.get(x);
  shift(body, WSIMD.I32_SHR_U, 30);
  pushWord(body, 0);
  body.simd(WSIMD.I32_EQ);
  body.simd(WSIMD.OR);
}

/** Takes table entries from the stack and pushes them as fractions of singles. */
function fractions(body: FunctionBody): void {
  pushWord(body, 0xff);
  body.simd(WSIMD.AND);
  shift(body, WSIMD.I32_SHL, 15);
}

/** Pushes `field` of the bits in `x`, moved down by `by`, with the bit above it set. */
function pushStep(body: FunctionBody, x: number, by: number, bits: number): void {
  body.get(x);
  shift(body, WSIMD.I32_SHR_U, by);
  pushWord(body, 2 ** bits - 1);
  body.simd(WSIMD.AND);
  pushWord(body, 2 ** bits);
  body.simd(WSIMD.OR);
}

/** Pushes the estimates of singles, normal numbers whose reciprocal is one. */
export function pushReciprocalOfSingle(body: FunctionBody, x: number): void {
  reciprocals(body, () => pushStep(body, x, 15, 8));
  fractions(body);
  pushWord(body, 253 << 23);
  body.get(x);
  pushWord(body, 0x7f800000);
  body.simd(WSIMD.AND);
  body.simd(WSIMD.I32_SUB);
  body.simd(WSIMD.OR);
  body.get(x);
  pushWord(body, 0x80000000);
  body.simd(WSIMD.AND);
  body.simd(WSIMD.OR);
}

/** The same of square roots, of positive normal numbers. */
export function pushRootOfSingle(body: FunctionBody, x: number): void {
  roots(body, () => pushStep(body, x, 16, 7), () => {
    // An even exponent field is an odd exponent: the number is then taken from 0.5 to 1.
    body.get(x);
    pushWord(body, 1 << 23);
    body.simd(WSIMD.AND);
    pushWord(body, 0);
    body.simd(WSIMD.I32_EQ);
  });
  fractions(body);
  pushWord(body, 380);
  body.get(x);
  shift(body, WSIMD.I32_SHR_U, 23);
  body.simd(WSIMD.I32_SUB);
  shift(body, WSIMD.I32_SHR_U, 1);
  shift(body, WSIMD.I32_SHL, 23);
  body.simd(WSIMD.OR);
}
