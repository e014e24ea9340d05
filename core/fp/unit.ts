/**
 * The floating-point operations of the IR on one thread: operands and result lie in the vCPU's
 * scratch words (VCPU.FP_OPERANDS, VCPU.FP_RESULT), exceptions are added to VCPU.FP_FLAGS. The
 * interpreter runs every operation here; translated code only those that its inline form cannot do
 * right (NaNs, subnormal and overflowing results, a mode other than the default one, and anything
 * that may be inexact while the cumulative inexact flag is still clear).
 * @module
 */
import { FP, FP_AUX } from "../ir/fp_aux.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { add, compare, divide, multiply, multiplyAdd, squareRoot } from "./arithmetic.ts";
import {
  convert,
  fromAlternativeHalf,
  fromInteger,
  toAlternativeHalf,
  toInteger,
} from "./conversion.ts";
import { F16, F32, F64, type FlagSink, type Format, FP_FLAG, type FpMode } from "./format.ts";

/** Widths of operands and result, in the order of the rows of the opcode table. */
export const SHAPE = { ONE_SIZE_32: 0, ONE_SIZE_64: 1, NARROW: 2, WIDEN: 3, TEST_64: 4 } as const;
/** Position of the shape in the code that {@linkcode FpUnit.run} takes; the aux word is below. */
export const SHAPE_SHIFT = 20;

const MODES: readonly FpMode[] = Array.from({ length: 16 }, (_, m) => ({
  round: m & 3,
  flush: (m & 4) !== 0,
  defaultNan: (m & 8) !== 0,
}));
const INT: Readonly<Record<number, readonly [bigint, bigint]>> = {
  [FP.TO_S32]: [-0x8000_0000n, 0x7fff_ffffn],
  [FP.TO_U32]: [0n, 0xffff_ffffn],
  [FP.TO_S16]: [-0x8000n, 0x7fffn],
  [FP.TO_U16]: [0n, 0xffffn],
};
/** Magnitudes between which Dekker's product is exact. */
const SAFE_LEAST = 2 ** -480;
const SAFE_MOST = 2 ** 480;
const SPLIT = 2 ** 27 + 1;

/** Runs floating-point operations for the vCPUs of one thread. */
export class FpUnit implements FlagSink {
  readonly #views: Views;
  /** Exceptions of the operation that runs. */
  flags = 0;

  /** `views` are those of the machine's memory. */
  constructor(views: Views) {
    this.#views = views;
  }

  /** Runs an operation on the scratch words of the vCPU at `env`. */
  run(env: number, code: number): void {
    const { u64 } = this.#views;
    const aux = code & (1 << SHAPE_SHIFT) - 1;
    const shape = code >> SHAPE_SHIFT;
    const at = (env + VCPU.FP_OPERANDS) / 8;
    const result = (env + VCPU.FP_RESULT) / 8;
    if (this.#exactSoon(env, aux, shape)) return;
    this.flags = 0;
    const wide = shape !== SHAPE.ONE_SIZE_32 && shape !== SHAPE.WIDEN;
    const mask = wide ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
    u64[result] = BigInt.asUintN(
      64,
      this.compute(aux, shape, u64[at] & mask, u64[at + 2] & mask, u64[at + 4] & mask),
    );
    this.commit(env);
  }

  /** Runs a two-operand operation on each 32-bit lane of the 16-byte operands. */
  runLanes(env: number, aux: number): void {
    const { u32 } = this.#views;
    const at = (env + VCPU.FP_OPERANDS) >>> 2;
    const result = (env + VCPU.FP_RESULT) >>> 2;
    this.flags = 0;
    for (let i = 0; i < 4; i++) {
      const [a, b] = [BigInt(u32[at + i]), BigInt(u32[at + 4 + i])];
      u32[result + i] = Number(this.compute(aux, SHAPE.ONE_SIZE_32, a, b, 0n));
    }
    this.commit(env);
  }

  /** Adds the exceptions in `flags` to the cumulative ones of the vCPU at `env`. */
  commit(env: number): void {
    const { i32 } = this.#views;
    const flags = (env + VCPU.FP_FLAGS) >>> 2;
    i32[flags] |= this.flags;
    i32[(env + VCPU.FP_EXACT) >>> 2] = (i32[flags] & FP_FLAG.INEXACT) !== 0 ? 0 : -1;
  }

  /** The result of an operation; adds its exceptions to `flags`. */
  compute(aux: number, shape: number, a: bigint, b: bigint, c: bigint): bigint {
    const op = aux & FP_AUX.OP_MASK;
    const mode = MODES[(aux & FP_AUX.MODE_MASK) >> FP_AUX.MODE_SHIFT & 15];
    const fraction = (aux & FP_AUX.FRACTION_MASK) >> FP_AUX.FRACTION_SHIFT;
    const source: Format = shape === SHAPE.ONE_SIZE_32 || shape === SHAPE.WIDEN ? F32 : F64;
    const target: Format = shape === SHAPE.ONE_SIZE_64 || shape === SHAPE.WIDEN ? F64 : F32;
    switch (op) {
      case FP.ADD:
        return add(source, a, b, false, mode, this);
      case FP.SUB:
        return add(source, a, b, true, mode, this);
      case FP.MUL:
        return multiply(source, a, b, mode, this);
      case FP.DIV:
        return divide(source, a, b, mode, this);
      case FP.SQRT:
        return squareRoot(source, a, mode, this);
      case FP.FMA:
        return multiplyAdd(source, a, b, c, mode, this);
      case FP.COMPARE:
      case FP.COMPARE_SIGNAL:
        return BigInt(compare(source, a, b, op === FP.COMPARE_SIGNAL, mode, this)) << 28n;
      case FP.CONVERT:
        return convert(source, target, a, mode, this);
      case FP.FROM_S32:
        return fromInteger(target, BigInt.asIntN(32, a), fraction, mode, this);
      case FP.FROM_U32:
        return fromInteger(target, a, fraction, mode, this);
      case FP.FROM_HALF:
        return (aux & FP_AUX.ALTERNATIVE_HALF) !== 0
          ? fromAlternativeHalf(a & 0xffffn)
          : convert(F16, F32, a & 0xffffn, mode, this);
      case FP.TO_HALF:
        return (aux & FP_AUX.ALTERNATIVE_HALF) !== 0
          ? toAlternativeHalf(a, mode, this)
          : convert(F32, F16, a, mode, this);
      default: {
        const [least, most] = INT[op];
        return toInteger(source, a, fraction, least, most, mode, this);
      }
    }
  }

  /**
   * Sums and products that come out exact: programs that compute with whole numbers never set the
   * inexact flag and would otherwise always pay for BigInt. Tells whether it stored the result.
   */
  #exactSoon(env: number, aux: number, shape: number): boolean {
    if (shape > SHAPE.ONE_SIZE_64 || aux > FP.MUL) return false;
    const { f64, f32 } = this.#views;
    const at = env + VCPU.FP_OPERANDS;
    const single = shape === SHAPE.ONE_SIZE_32;
    const a = single ? f32[at >>> 2] : f64[at / 8];
    const second = single ? f32[(at + 16) >>> 2] : f64[at / 8 + 2];
    const b = aux === FP.SUB ? -second : second;
    if (!(inSafeRange(a) && inSafeRange(b))) return false;
    let result: number;
    if (aux === FP.MUL) {
      result = a * b;
      if (productError(a, b, result) !== 0) return false;
    } else {
      result = a + b;
      const back = result - a;
      if (a - (result - back) + (b - back) !== 0) return false;
    }
    if (single) {
      // A subnormal or too large single is left to the general way.
      const magnitude = Math.abs(result);
      if (Math.fround(result) !== result || magnitude !== 0 && magnitude < 2 ** -126) return false;
      f32[(env + VCPU.FP_RESULT) >>> 2] = result;
    } else {
      f64[(env + VCPU.FP_RESULT) / 8] = result;
    }
    return true;
  }
}

function inSafeRange(x: number): boolean {
  const magnitude = Math.abs(x);
  return magnitude > SAFE_LEAST && magnitude < SAFE_MOST;
}

/** What rounding took from a * b (Dekker's product). */
function productError(a: number, b: number, product: number): number {
  const as = a * SPLIT, bs = b * SPLIT;
  const ah = as - (as - a), bh = bs - (bs - b);
  const al = a - ah, bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}
