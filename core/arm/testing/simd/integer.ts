/**
 * Semantics of the integer instructions on vectors of the same length, and of those with a scalar.
 * @module
 */
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import type { Semantic, SimdUnit } from "./simd_unit.ts";
import { regD, regM, regN, scalarOf } from "../../simd/fields.ts";

/** Facts about a lane that an operation may need. */
export interface Lane {
  /** The unit that runs, for saturation. */
  readonly u: SimdUnit;
  /** Size of the lane. */
  readonly bits: number;
  /** Whether its operands are signed. */
  readonly signed: boolean;
}

/** Result of a lane from the two operands and the old destination. */
export type LaneOp = (a: bigint, b: bigint, old: bigint, lane: Lane) => bigint;

const quadDnm = (f: Fields): number => f.q === 1 ? f.d | f.n | f.m : 0;
const quadDm = (f: Fields): number => f.q === 1 ? f.d | f.m : 0;
const quadDn = (f: Fields): number => f.q === 1 ? f.d | f.n : 0;

function bitsOf(f: Fields): number {
  return 8 << f.s;
}

/** Three registers of the same length. */
function same(
  op: LaneOp,
  options: { readonly bits?: number; readonly signed?: boolean } = {},
): Semantic {
  return {
    even: quadDnm,
    run: (u, f) => {
      const bits = options.bits ?? bitsOf(f);
      const signed = options.signed ?? f.U === 0;
      const bytes = 8 << f.q;
      const a = u.get(regN(f), bytes, bits, signed);
      const b = u.get(regM(f), bytes, bits, signed);
      const old = u.get(regD(f), bytes, bits, signed);
      const lane = { u, bits, signed };
      u.put(regD(f), bits, a.map((x, i) => op(x, b[i], old[i], lane)));
    },
  };
}

/** Pairs of neighbouring lanes of the first register, then of the second. */
function pairs(op: LaneOp): Semantic {
  return {
    even: () => 0,
    run: (u, f) => {
      const bits = bitsOf(f);
      const signed = f.U === 0;
      const all = [...u.get(regN(f), 8, bits, signed), ...u.get(regM(f), 8, bits, signed)];
      const lane = { u, bits, signed };
      const result = Array.from(
        { length: all.length / 2 },
        (_, i) => op(all[2 * i], all[2 * i + 1], 0n, lane),
      );
      u.put(regD(f), bits, result);
    },
  };
}

/** Two registers. */
function unary(
  op: LaneOp,
  options: { readonly bits?: number; readonly signed?: boolean } = {},
): Semantic {
  return {
    even: quadDm,
    run: (u, f) => {
      const bits = options.bits ?? bitsOf(f);
      const signed = options.signed ?? true;
      const lane = { u, bits, signed };
      const m = u.get(regM(f), 8 << f.q, bits, signed);
      u.put(regD(f), bits, m.map((x) => op(x, 0n, 0n, lane)));
    },
  };
}

/** A vector and a scalar. */
function withScalar(op: LaneOp): Semantic {
  return {
    even: quadDn,
    run: (u, f) => {
      const bits = bitsOf(f);
      const bytes = 8 << f.q;
      const { d, lane: index } = scalarOf(f);
      const scalar = u.get(d, 8, bits, true)[index];
      const old = u.get(regD(f), bytes, bits, true);
      const lane = { u, bits, signed: true };
      const n = u.get(regN(f), bytes, bits, true);
      u.put(regD(f), bits, n.map((x, i) => op(x, scalar, old[i], lane)));
    },
  };
}

/** x * 2^shift, or divided and rounded down or to nearest. */
export function shifted(x: bigint, shift: number, rounding: boolean): bigint {
  if (shift >= 0) return x << BigInt(shift);
  const by = BigInt(-shift);
  return (rounding ? x + (1n << (by - 1n)) : x) >> by;
}

/** Shift of the lanes of the second register by the low bytes of the first. */
function shiftByRegister(rounding: boolean, saturating: boolean): Semantic {
  return same((count, x, _old, { u, bits, signed }) => {
    const result = shifted(x, Number(BigInt.asIntN(8, count)), rounding);
    return saturating ? u.saturate(result, bits, signed) : result;
  });
}

/** Product of polynomials over {0, 1}. */
export function polynomialProduct(a: bigint, b: bigint): bigint {
  let product = 0n;
  for (let bit = 0n; bit < 8n; bit++) if ((a >> bit & 1n) !== 0n) product ^= b << bit;
  return product;
}

function doublingHigh(rounding: boolean): LaneOp {
  return (a, b, _old, { u, bits }) => {
    const product = 2n * a * b + (rounding ? 1n << BigInt(bits - 1) : 0n);
    return u.saturate(product >> BigInt(bits), bits, true);
  };
}

function leadingZeros(x: bigint, bits: number): number {
  let count = 0;
  while (count < bits && (x >> BigInt(bits - 1 - count) & 1n) === 0n) count++;
  return count;
}

const bool = (holds: boolean): bigint => holds ? -1n : 0n;
const max = (a: bigint, b: bigint): bigint => a > b ? a : b;
const min = (a: bigint, b: bigint): bigint => a < b ? a : b;
const abs = (x: bigint): bigint => x < 0n ? -x : x;
const bitwise = (op: LaneOp): Semantic => same(op, { bits: 64, signed: false });

/** Semantics by handler. */
export const INTEGER_SEMANTICS: Readonly<Record<HandlerName<"neon_integer">, Semantic>> = {
  vhadd: same((a, b) => (a + b) >> 1n),
  vrhadd: same((a, b) => (a + b + 1n) >> 1n),
  vhsub: same((a, b) => (a - b) >> 1n),
  vqadd: same((a, b, _old, { u, bits, signed }) => u.saturate(a + b, bits, signed)),
  vqsub: same((a, b, _old, { u, bits, signed }) => u.saturate(a - b, bits, signed)),
  vand: bitwise((a, b) => a & b),
  vbic: bitwise((a, b) => a & ~b),
  vorr: bitwise((a, b) => a | b),
  vorn: bitwise((a, b) => a | ~b),
  veor: bitwise((a, b) => a ^ b),
  vbsl: bitwise((a, b, old) => (a & old) | (b & ~old)),
  vbit: bitwise((a, b, old) => (a & b) | (old & ~b)),
  vbif: bitwise((a, b, old) => (old & b) | (a & ~b)),
  vcgt: same((a, b) => bool(a > b)),
  vcge: same((a, b) => bool(a >= b)),
  vceq: same((a, b) => bool(a === b), { signed: true }),
  vtst: same((a, b) => bool((a & b) !== 0n), { signed: true }),
  vmax: same(max),
  vmin: same(min),
  vabd: same((a, b) => abs(a - b)),
  vaba: same((a, b, old) => old + abs(a - b)),
  vshl_reg: shiftByRegister(false, false),
  vqshl_reg: shiftByRegister(false, true),
  vrshl: shiftByRegister(true, false),
  vqrshl: shiftByRegister(true, true),
  vadd: same((a, b) => a + b),
  vsub: same((a, b) => a - b),
  vmla: same((a, b, old) => old + a * b),
  vmls: same((a, b, old) => old - a * b),
  vmul: same((a, b) => a * b),
  vmul_poly: same(polynomialProduct, { signed: false }),
  vqdmulh: same(doublingHigh(false), { signed: true }),
  vqrdmulh: same(doublingHigh(true), { signed: true }),
  vpmax: pairs(max),
  vpmin: pairs(min),
  vpadd: pairs((a, b) => a + b),

  vmla_scalar: withScalar((a, b, old) => old + a * b),
  vmls_scalar: withScalar((a, b, old) => old - a * b),
  vmul_scalar: withScalar((a, b) => a * b),
  vqdmulh_scalar: withScalar(doublingHigh(false)),
  vqrdmulh_scalar: withScalar(doublingHigh(true)),

  vcls: unary((a, _b, _old, { bits }) => {
    const magnitude = BigInt.asUintN(bits, a < 0n ? ~a : a);
    return BigInt(leadingZeros(magnitude, bits) - 1);
  }),
  vclz: unary((a, _b, _old, { bits }) => BigInt(leadingZeros(a, bits)), { signed: false }),
  vcnt: unary((a) => BigInt(a.toString(2).replaceAll("0", "").length), { bits: 8, signed: false }),
  vmvn: unary((a) => ~a, { bits: 64 }),
  vqabs: unary((a, _b, _old, { u, bits }) => u.saturate(abs(a), bits, true)),
  vqneg: unary((a, _b, _old, { u, bits }) => u.saturate(-a, bits, true)),
  vcgt_zero: unary((a) => bool(a > 0n)),
  vcge_zero: unary((a) => bool(a >= 0n)),
  vceq_zero: unary((a) => bool(a === 0n)),
  vcle_zero: unary((a) => bool(a <= 0n)),
  vclt_zero: unary((a) => bool(a < 0n)),
  vabs: unary(abs),
  vneg: unary((a) => -a),
};
