/**
 * Semantics of the instructions whose operands and result differ in length: long, wide, narrow, and
 * pairwise long.
 * @module
 */
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import { type LaneOp, polynomialProduct } from "./integer.ts";
import type { Semantic, SimdUnit } from "./simd_unit.ts";
import { regD, regM, regN, scalarOf } from "../../simd/fields.ts";

const abs = (x: bigint): bigint => x < 0n ? -x : x;

/** Two double registers to a quadword of lanes of twice the size. */
function long(op: LaneOp): Semantic {
  return {
    even: (f) => f.d,
    run: (u, f) => runLong(u, f, op, u.get(regM(f), 8, 8 << f.s, f.U === 0)),
  };
}

/** A double register and a scalar of a double register to a quadword. */
function longScalar(op: LaneOp): Semantic {
  return {
    even: (f) => f.d,
    run: (u, f) => {
      const bits = 8 << f.s;
      const { d, lane } = scalarOf(f);
      const scalar = u.get(d, 8, bits, f.U === 0)[lane];
      runLong(u, f, op, new Array(64 / bits).fill(scalar));
    },
  };
}

function runLong(u: SimdUnit, f: Fields, op: LaneOp, b: readonly bigint[]): void {
  const bits = 8 << f.s;
  const signed = f.U === 0;
  const a = u.get(regN(f), 8, bits, signed);
  const old = u.get(regD(f), 16, 2 * bits, signed);
  const lane = { u, bits: 2 * bits, signed };
  u.put(regD(f), 2 * bits, a.map((x, i) => op(x, b[i], old[i], lane)));
}

/** A quadword and a double register to a quadword. */
function wide(op: LaneOp): Semantic {
  return {
    even: (f) => f.d | f.n,
    run: (u, f) => {
      const bits = 8 << f.s;
      const signed = f.U === 0;
      const a = u.get(regN(f), 16, 2 * bits, signed);
      const b = u.get(regM(f), 8, bits, signed);
      const lane = { u, bits: 2 * bits, signed };
      u.put(regD(f), 2 * bits, a.map((x, i) => op(x, b[i], 0n, lane)));
    },
  };
}

/** The high half of a sum or difference of quadwords. */
function highHalf(subtract: boolean, rounding: boolean): Semantic {
  return {
    even: (f) => f.n | f.m,
    run: (u, f) => {
      const bits = 8 << f.s;
      const a = u.get(regN(f), 16, 2 * bits, false);
      const b = u.get(regM(f), 16, 2 * bits, false);
      const round = rounding ? 1n << BigInt(bits - 1) : 0n;
      u.put(
        regD(f),
        bits,
        a.map((x, i) => (x + (subtract ? -b[i] : b[i]) + round) >> BigInt(bits)),
      );
    },
  };
}

/** A quadword to a double register of lanes of half the size. */
function narrow(
  op: (x: bigint, u: SimdUnit, bits: number) => bigint,
  signed: (f: Fields) => boolean,
): Semantic {
  return {
    even: (f) => f.m,
    run: (u, f) => {
      const bits = 8 << f.s;
      const m = u.get(regM(f), 16, 2 * bits, signed(f));
      u.put(regD(f), bits, m.map((x) => op(x, u, bits)));
    },
  };
}

/** Sums of pairs of lanes, twice as long, perhaps added to the destination. */
function pairwiseLong(accumulate: boolean): Semantic {
  return {
    even: (f) => f.q === 1 ? f.d | f.m : 0,
    run: (u, f) => {
      const bits = 8 << f.s;
      const bytes = 8 << f.q;
      const signed = f.U === 0;
      const m = u.get(regM(f), bytes, bits, signed);
      const old = u.get(regD(f), bytes, 2 * bits, signed);
      u.put(
        regD(f),
        2 * bits,
        old.map((x, i) => m[2 * i] + m[2 * i + 1] + (accumulate ? x : 0n)),
      );
    },
  };
}

/** Doubling product, saturating; `sign` adds it to or takes it from the destination. */
function doubling(sign: bigint | null): LaneOp {
  return (a, b, old, { u, bits }) => {
    const product = u.saturate(2n * a * b, bits, true);
    return sign === null ? product : u.saturate(old + sign * product, bits, true);
  };
}

const product: LaneOp = (a, b) => a * b;
const accumulated: LaneOp = (a, b, old) => old + a * b;
const subtracted: LaneOp = (a, b, old) => old - a * b;

/** Semantics by handler. */
export const LENGTH_SEMANTICS: Readonly<Record<HandlerName<"neon_lengths">, Semantic>> = {
  vaddl: long((a, b) => a + b),
  vaddw: wide((a, b) => a + b),
  vsubl: long((a, b) => a - b),
  vsubw: wide((a, b) => a - b),
  vaddhn: highHalf(false, false),
  vraddhn: highHalf(false, true),
  vsubhn: highHalf(true, false),
  vrsubhn: highHalf(true, true),
  vabal: long((a, b, old) => old + abs(a - b)),
  vabdl: long((a, b) => abs(a - b)),
  vmlal: long(accumulated),
  vmlsl: long(subtracted),
  vmull: long(product),
  vmull_poly: long((a, b) => polynomialProduct(BigInt.asUintN(8, a), BigInt.asUintN(8, b))),
  vqdmlal: long(doubling(1n)),
  vqdmlsl: long(doubling(-1n)),
  vqdmull: long(doubling(null)),
  vmlal_scalar: longScalar(accumulated),
  vmlsl_scalar: longScalar(subtracted),
  vmull_scalar: longScalar(product),
  vqdmlal_scalar: longScalar(doubling(1n)),
  vqdmlsl_scalar: longScalar(doubling(-1n)),
  vqdmull_scalar: longScalar(doubling(null)),
  vmovn: narrow((x) => x, () => false),
  vqmovun: narrow((x, u, bits) => u.saturate(x, bits, false), () => true),
  vqmovn: {
    even: (f) => f.m,
    run: (u, f) => {
      const bits = 8 << f.s;
      const signed = f.U === 0;
      const m = u.get(regM(f), 16, 2 * bits, signed);
      u.put(regD(f), bits, m.map((x) => u.saturate(x, bits, signed)));
    },
  },
  vpaddl: pairwiseLong(false),
  vpadal: pairwiseLong(true),
  vshll_max: {
    even: (f) => f.d,
    run: (u, f) => {
      const bits = 8 << f.s;
      const m = u.get(regM(f), 8, bits, false);
      u.put(regD(f), 2 * bits, m.map((x) => x << BigInt(bits)));
    },
  },
};
