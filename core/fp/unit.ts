/**
 * The floating-point operations of the IR on one thread: operands and result lie in the vCPU's
 * scratch words (VCPU.FP_OPERANDS, VCPU.FP_RESULT), exceptions are added to VCPU.FP_FLAGS. The
 * interpreter runs every operation here; translated code only those that its inline form cannot do
 * right (NaNs, subnormal and overflowing results, a mode other than the default one, and anything
 * that may be inexact while the cumulative inexact flag is still clear).
 * @module
 */
import { FP, FP_AUX, ROUND } from "../ir/fp_aux.ts";
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
import { computeDouble, flushedDouble } from "./double.ts";
import { F16, F32, F64, type FlagSink, type Format, FP_FLAG, type FpMode } from "./format.ts";
import { scaleOf, toInteger as toIntegerNumber } from "./integer.ts";
import { computeSingle, isSingleOperation, roundToSingle } from "./single.ts";

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
    const { i32 } = this.#views;
    const aux = code & (1 << SHAPE_SHIFT) - 1;
    const shape = code >> SHAPE_SHIFT;
    this.flags = 0;
    if (shape === SHAPE.ONE_SIZE_32 && isSingleOperation(aux)) {
      const at = (env + VCPU.FP_OPERANDS) >>> 2;
      i32[(env + VCPU.FP_RESULT) >>> 2] = computeSingle(
        aux,
        i32[at],
        i32[at + 4],
        i32[at + 8],
        this,
      );
    } else if (!this.#runOnDoubles(env, aux, shape)) {
      this.#runExactly(env, aux, shape);
    }
    this.commit(env);
  }

  /** Runs an operation on each 32-bit lane of the 16-byte operands. */
  runLanes(env: number, aux: number): void {
    const { i32, u32 } = this.#views;
    const at = (env + VCPU.FP_OPERANDS) >>> 2;
    const result = (env + VCPU.FP_RESULT) >>> 2;
    this.flags = 0;
    if (isSingleOperation(aux)) {
      for (let i = 0; i < 4; i++) {
        i32[result + i] = computeSingle(aux, i32[at + i], i32[at + 4 + i], i32[at + 8 + i], this);
      }
    } else {
      for (let i = 0; i < 4; i++) {
        const [a, b, c] = [0, 4, 8].map((operand) => BigInt(u32[at + operand + i]));
        u32[result + i] = Number(
          BigInt.asUintN(32, this.compute(aux, SHAPE.ONE_SIZE_32, a, b, c)),
        );
      }
    }
    this.commit(env);
  }

  /** By integers of any length. */
  #runExactly(env: number, aux: number, shape: number): void {
    const { u64 } = this.#views;
    const at = (env + VCPU.FP_OPERANDS) / 8;
    const wide = shape !== SHAPE.ONE_SIZE_32 && shape !== SHAPE.WIDEN;
    const mask = wide ? 0xffff_ffff_ffff_ffffn : 0xffff_ffffn;
    u64[(env + VCPU.FP_RESULT) / 8] = BigInt.asUintN(
      64,
      this.compute(aux, shape, u64[at] & mask, u64[at + 2] & mask, u64[at + 4] & mask),
    );
  }

  /** By the host's doubles, where they can tell what is exact; whether they could. */
  #runOnDoubles(env: number, aux: number, shape: number): boolean {
    const { i32, f32, f64 } = this.#views;
    const at = env + VCPU.FP_OPERANDS;
    const to = env + VCPU.FP_RESULT;
    const op = aux & FP_AUX.OP_MASK;
    const first = f64[at / 8];
    switch (shape) {
      case SHAPE.ONE_SIZE_64: {
        const result = computeDouble(aux, first, f64[at / 8 + 2], f64[at / 8 + 4], this);
        if (Number.isNaN(result)) return false;
        f64[to / 8] = result;
        return true;
      }
      case SHAPE.NARROW: {
        const x = flushedDouble(first, aux, this);
        if (op >= FP.TO_S32 && op <= FP.TO_U16) {
          i32[to >>> 2] = toIntegerNumber(op, x * scaleOf(aux), aux, this);
          return true;
        }
        const nearest = (aux & FP_AUX.ROUND_MASK) === ROUND.NEAREST << FP_AUX.MODE_SHIFT;
        if (op !== FP.CONVERT || !nearest || !Number.isFinite(x)) return false;
        i32[to >>> 2] = roundToSingle(x, 0, (aux & FP_AUX.FLUSH) !== 0, this);
        return true;
      }
      case SHAPE.WIDEN:
        if (op === FP.FROM_S32) f64[to / 8] = i32[at >>> 2] / scaleOf(aux);
        else if (op === FP.FROM_U32) f64[to / 8] = (i32[at >>> 2] >>> 0) / scaleOf(aux);
        else if (op === FP.CONVERT && (aux & FP_AUX.FLUSH) === 0 && !Number.isNaN(f32[at >>> 2])) {
          f64[to / 8] = f32[at >>> 2];
        } else return false;
        return true;
      case SHAPE.TEST_64: {
        const x = flushedDouble(first, aux, this);
        const y = flushedDouble(f64[at / 8 + 2], aux, this);
        if (Number.isNaN(x) || Number.isNaN(y)) return false;
        i32[to >>> 2] = (x < y ? 8 : x === y ? 6 : 2) << 28;
        return true;
      }
      default:
        return false;
    }
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
        if (INT[op] === undefined) throw new RangeError(`Operation ${op} is of single lanes only`);
        const [least, most] = INT[op];
        return toInteger(source, a, fraction, least, most, mode, this);
      }
    }
  }
}
