/**
 * a * b + c with one rounding, by error-free transformations: WebAssembly has no fused operation.
 * @module
 */
import { SHAPE } from "../../fp/unit.ts";
import {
  callUnit,
  DOUBLE,
  operand,
  pushExact,
  pushSpecial,
  SINGLE,
  storeOperand,
  takeResult,
} from "./fp_codes.ts";
import type { UnitLowering } from "./lowering.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Splits a double into halves whose products are exact. */
const SPLIT = 2 ** 27 + 1;
/** Exponent fields between which every product and its error is a normal number (core/fp/double.ts). */
const LEAST_FIELD = 1023 - 450, FIELDS = 900;

/** Locals of doubles, and operations on them. */
class Doubles {
  readonly #u: UnitLowering;
  readonly #locals: number[] = [];

  constructor(u: UnitLowering) {
    this.#u = u;
  }

  /** A new local with what `push` leaves on the stack. */
  of(push: () => void): number {
    const local = this.#u.body.allocateTyped(WASM_TYPE.F64);
    this.#locals.push(local);
    push();
    this.#u.body.set(local);
    return local;
  }

  /** Pushes an operation of two locals. */
  push(opcode: number, x: number, y: number): void {
    const { body } = this.#u;
    body.get(x);
    body.get(y);
    body.op(opcode);
  }

  /** A new local with the result of an operation. */
  make(opcode: number, x: number, y: number): number {
    return this.of(() => this.push(opcode, x, y));
  }

  /** What rounding took from x + y. */
  sumError(x: number, y: number, sum: number): number {
    const { body } = this.#u;
    const back = this.make(W.F64_SUB, sum, x);
    return this.of(() => {
      body.get(x);
      this.push(W.F64_SUB, sum, back);
      body.op(W.F64_SUB);
      this.push(W.F64_SUB, y, back);
      body.op(W.F64_ADD);
    });
  }

  /** The upper and the lower half of x. */
  split(x: number): readonly [number, number] {
    const { body } = this.#u;
    const scaled = this.of(() => {
      body.get(x);
      body.f64Const(SPLIT);
      body.op(W.F64_MUL);
    });
    const high = this.of(() => {
      body.get(scaled);
      this.push(W.F64_SUB, scaled, x);
      body.op(W.F64_SUB);
    });
    return [high, this.make(W.F64_SUB, x, high)];
  }

  /** What rounding took from x * y. */
  productError(x: number, y: number, product: number): number {
    const { body } = this.#u;
    const [xh, xl] = this.split(x);
    const [yh, yl] = this.split(y);
    return this.of(() => {
      this.push(W.F64_MUL, xl, yl);
      body.get(product);
      for (const [p, q] of [[xh, yh], [xl, yh], [xh, yl]]) {
        this.push(W.F64_MUL, p, q);
        body.op(W.F64_SUB);
      }
      body.op(W.F64_SUB);
    });
  }

  /** The neighbour of `rounded + error` with an odd last bit, `rounded` when there is no error. */
  toOdd(rounded: number, error: number): number {
    const { body } = this.#u;
    const bits = body.allocate(true);
    body.get(rounded);
    body.op(W.I64_REINTERPRET_F64);
    body.set(bits);
    body.get(error);
    body.f64Const(0);
    body.op(W.F64_NE);
    body.get(bits);
    body.op(W.I32_WRAP_I64);
    body.i32Const(1);
    body.op(W.I32_AND);
    body.op(W.I32_EQZ);
    body.op(W.I32_AND);
    body.open(W.IF, WASM_TYPE.EMPTY);
    // One up or down in magnitude, by the sign of the error.
    body.get(bits);
    body.get(error);
    body.op(W.I64_REINTERPRET_F64);
    body.get(bits);
    body.op(W.I64_XOR);
    body.i64Const(63, 0);
    body.op(W.I64_SHR_S);
    body.i64Const(1, 0);
    body.op(W.I64_OR);
    body.op(W.I64_ADD);
    body.set(bits);
    body.close();
    const odd = this.of(() => {
      body.get(bits);
      body.op(W.F64_REINTERPRET_I64);
    });
    body.release(bits, true);
    return odd;
  }

  /** Gives all locals back. */
  release(): void {
    for (const local of this.#locals) this.#u.body.releaseTyped(local, WASM_TYPE.F64);
  }
}

/**
 * Of singles: as doubles the product is exact, and their sum rounded to odd can be rounded once
 * more. Results that are 0 take the long way too.
 */
export function fusedSingle(u: UnitLowering, at: number): void {
  const { body, code, values } = u;
  const operands = [3, 4, 5].map((i) => operand(u, SINGLE, code[at + i]));
  const d = new Doubles(u);
  const [a, b, addend] = operands.map((local) =>
    d.of(() => {
      body.get(local);
      body.op(W.F64_PROMOTE_F32);
    })
  );
  const product = d.make(W.F64_MUL, a, b);
  const sum = d.make(W.F64_ADD, product, addend);
  const odd = d.toOdd(sum, d.sumError(product, addend, sum));
  const result = body.allocateTyped(WASM_TYPE.F32);
  body.get(odd);
  body.op(W.F32_DEMOTE_F64);
  body.set(result);
  pushSpecial(u, SINGLE, result);
  body.open(W.IF, WASM_TYPE.EMPTY);
  for (const [i, local] of operands.entries()) storeOperand(u, SINGLE, local, i);
  callUnit(u, code[at + 1], SHAPE.ONE_SIZE_32);
  takeResult(u, SINGLE, result);
  body.close();
  for (const local of operands) body.releaseTyped(local, WASM_TYPE.F32);
  d.release();
  values.defineFloat(code[at + 2], result, WASM_TYPE.F32);
}

/** Pushes whether a double's exponent is not well inside the range. */
function pushUnsafe(u: UnitLowering, local: number): void {
  const { body } = u;
  body.get(local);
  body.op(W.I64_REINTERPRET_F64);
  body.i64Const(52, 0);
  body.op(W.I64_SHR_U);
  body.op(W.I32_WRAP_I64);
  body.i32Const(0x7ff);
  body.op(W.I32_AND);
  body.i32Const(LEAST_FIELD);
  body.op(W.I32_SUB);
  body.i32Const(FIELDS);
  body.op(W.I32_GE_U);
}

/** Of doubles: the product is the sum of two, and the lower two of three are added to odd. */
export function fusedDouble(u: UnitLowering, at: number): void {
  const { body, code, values } = u;
  const operands = [3, 4, 5].map((i) => operand(u, DOUBLE, code[at + i]));
  const [a, b, addend] = operands;
  const d = new Doubles(u);
  const product = d.make(W.F64_MUL, a, b);
  const low = d.productError(a, b, product);
  const upper = d.make(W.F64_ADD, low, addend);
  const upperError = d.sumError(low, addend, upper);
  const top = d.make(W.F64_ADD, product, upper);
  const topError = d.sumError(product, upper, top);
  const rest = d.make(W.F64_ADD, topError, upperError);
  const odd = d.toOdd(rest, d.sumError(topError, upperError, rest));
  const result = body.allocateTyped(WASM_TYPE.F64);
  d.push(W.F64_ADD, top, odd);
  body.set(result);
  pushUnsafe(u, a);
  pushUnsafe(u, b);
  body.op(W.I32_OR);
  pushUnsafe(u, addend);
  body.get(addend);
  body.f64Const(0);
  body.op(W.F64_NE);
  body.op(W.I32_AND);
  body.op(W.I32_OR);
  pushExact(u);
  body.op(W.I32_OR);
  body.open(W.IF, WASM_TYPE.EMPTY);
  for (const [i, local] of operands.entries()) storeOperand(u, DOUBLE, local, i);
  callUnit(u, code[at + 1], SHAPE.ONE_SIZE_64);
  takeResult(u, DOUBLE, result);
  body.close();
  for (const local of operands) body.releaseTyped(local, WASM_TYPE.F64);
  d.release();
  values.defineFloat(code[at + 2], result, WASM_TYPE.F64);
}
