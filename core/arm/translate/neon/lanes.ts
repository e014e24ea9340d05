/**
 * What the inline forms of Advanced SIMD instructions share: registers as vectors, constants, and
 * the shapes of the operands.
 * @module
 */
import type { IrBuilder, V128 } from "../../../ir/builder.ts";
import { VEC, vecCode } from "../../../ir/vector.ts";
import type { Fields } from "../../decode/row.ts";
import { dreg, FPS } from "../../state.ts";
import { regD, regM, regN, scalarOf } from "../../simd/fields.ts";

/** Emits an instruction; `mode` is the one that the block was made for (FPSCR bits 22-26). */
export type Emit = (b: IrBuilder, f: Fields, mode: number) => void;

/** An instruction as vector operations, and when it is UNDEFINED. */
export interface Inline {
  /** Register fields that name quadwords, or-ed: their sum must be even. */
  readonly even: (f: Fields) => number;
  /** Other combinations of fields that are UNDEFINED. */
  readonly invalid?: (f: Fields) => boolean;
  /** Emits it. */
  readonly emit: Emit;
}

/** Register fields that name quadwords while the Q bit is set. */
export const QUAD = {
  NONE: (): number => 0,
  D: (f: Fields): number => f.q === 1 ? f.d : 0,
  DM: (f: Fields): number => f.q === 1 ? f.d | f.m : 0,
  DN: (f: Fields): number => f.q === 1 ? f.d | f.n : 0,
  DNM: (f: Fields): number => f.q === 1 ? f.d | f.n | f.m : 0,
} as const;

/** A double register in both halves, so that what is done to the upper one has no other effect. */
export function double(b: IrBuilder, d: number): V128 {
  const value = b.get64(dreg(d));
  return b.vecJoin(value, value);
}

/** A quadword register from double register `d` on. */
export function quadword(b: IrBuilder, d: number): V128 {
  return b.get128(dreg(d));
}

/** A register of the length that the instruction's Q bit says. */
export function load(b: IrBuilder, d: number, quad: number): V128 {
  return quad === 1 ? quadword(b, d) : double(b, d);
}

/** Writes a register of the length that `quad` says. */
export function store(b: IrBuilder, d: number, quad: number, value: V128): void {
  if (quad === 1) b.set128(dreg(d), value);
  else b.set64(dreg(d), b.vecLo(value));
}

/** Width of the lanes, by the size field. */
export function bitsOf(f: Fields): number {
  return 8 << f.s;
}

/** `value` in every lane; of lanes of 64 bits it is sign-extended. */
export function splat(b: IrBuilder, bits: number, value: number): V128 {
  if (bits < 64) return b.vecSplat(vecCode("splat", bits), b.const(value));
  return constant(b, BigInt(value));
}

/** No bit set. */
export function zero(b: IrBuilder): V128 {
  return splat(b, 32, 0);
}

/** The same 64 bits in both halves. */
export function constant(b: IrBuilder, value: bigint): V128 {
  const low = Number(BigInt.asIntN(32, value));
  const high = Number(BigInt.asIntN(32, value >> 32n));
  if (low === high) return splat(b, 32, low);
  const half = b.const64(low, high);
  return b.vecJoin(half, half);
}

/** The lowest and the highest signed number of a width. */
export function lowest(b: IrBuilder, bits: number): V128 {
  return bits === 64 ? constant(b, -1n << 63n) : splat(b, bits, -(2 ** (bits - 1)));
}

/** See {@linkcode lowest}. */
export function highest(b: IrBuilder, bits: number): V128 {
  return bits === 64 ? constant(b, (1n << 63n) - 1n) : splat(b, bits, 2 ** (bits - 1) - 1);
}

/** Ones in the lanes that are negative. */
export function negative(b: IrBuilder, x: V128, bits: number): V128 {
  return b.vec(vecCode("gt_s", bits), zero(b), x);
}

/** An operation on lanes of `bits` by its name without the width. */
export function op(b: IrBuilder, name: string, bits: number, x: V128, y?: V128): V128 {
  return b.vec(vecCode(name, bits), x, y);
}

/** Every lane shifted by a constant. */
export function shift(b: IrBuilder, name: string, bits: number, x: V128, count: number): V128 {
  return b.vecShift(vecCode(name, bits), x, b.const(count));
}

/** `name` with the sign that the instruction's U bit says. */
export function signedName(name: string, f: Fields): string {
  return `${name}_${f.U === 1 ? "u" : "s"}`;
}

/** Adds to FPSCR.QC: some bit of `changed` is set where a lane was saturated. */
export function markSaturated(b: IrBuilder, changed: V128): void {
  b.set128(FPS.QC, b.vec(VEC.or, b.get128(FPS.QC), changed));
}

/** The scalar operand in every lane of 16 or 32 bits. */
export function scalar(b: IrBuilder, f: Fields): V128 {
  const { d, lane } = scalarOf(f);
  return splatLane(b, d, bitsOf(f), lane);
}

/** A lane of double register `d` in every lane. */
export function splatLane(b: IrBuilder, d: number, bits: number, lane: number): V128 {
  const offset = lane * bits / 8;
  const word = b.get(dreg(d) + (offset & 4));
  const down = 8 * (offset & 3);
  const value = down === 0 ? word : b.shrU(word, b.const(down));
  return b.vecSplat(vecCode("splat", bits), value);
}

/** Result of an instruction on registers of the same length; `old` reads the destination. */
export type Three = (
  b: IrBuilder,
  n: V128,
  m: V128,
  f: Fields,
  old: () => V128,
) => V128;

/** Three registers of the same length. */
export function three(compute: Three): Inline {
  return {
    even: QUAD.DNM,
    emit: (b, f) => {
      const old = (): V128 => load(b, regD(f), f.q);
      const n = load(b, regN(f), f.q);
      store(b, regD(f), f.q, compute(b, n, load(b, regM(f), f.q), f, old));
    },
  };
}

/** A register and a scalar. */
export function withScalar(compute: Three): Inline {
  return {
    even: QUAD.DN,
    emit: (b, f) => {
      const old = (): V128 => load(b, regD(f), f.q);
      const n = load(b, regN(f), f.q);
      store(b, regD(f), f.q, compute(b, n, scalar(b, f), f, old));
    },
  };
}

/** Result of an instruction with one operand. */
export type Two = (b: IrBuilder, m: V128, f: Fields, old: () => V128) => V128;

/** Two registers of the same length. */
export function two(compute: Two): Inline {
  return {
    even: QUAD.DM,
    emit: (b, f) => {
      const old = (): V128 => load(b, regD(f), f.q);
      store(b, regD(f), f.q, compute(b, load(b, regM(f), f.q), f, old));
    },
  };
}

/** Two double registers side by side, from which pairs of lanes of `bits` are taken. */
export function pairs(
  bits: (f: Fields) => number,
  compute: (b: IrBuilder, even: V128, odd: V128, f: Fields) => V128,
): Inline {
  return {
    even: QUAD.NONE,
    emit: (b, f) => {
      const both = b.vecJoin(b.get64(dreg(regN(f))), b.get64(dreg(regM(f))));
      const even = op(b, "unzip_even", bits(f), both, both);
      const odd = op(b, "unzip_odd", bits(f), both, both);
      store(b, regD(f), 0, compute(b, even, odd, f));
    },
  };
}
