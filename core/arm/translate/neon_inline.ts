/**
 * Advanced SIMD instructions that a few vector operations do: the common ones. Each gives its
 * result, or null when this case of it is left to the reference semantics.
 * @module
 */
import type { IrBuilder, V128 } from "../../ir/builder.ts";
import { FP } from "../../ir/fp_aux.ts";
import { VEC, vecCode } from "../../ir/vector.ts";
import type { Fields } from "../decode/row.ts";
import type { HandlerName } from "../decode/tables.ts";
import { duplicatedLane, expandModified, MODIFIED, modifiedKind } from "../simd/permute.ts";
import type { NeonGroup } from "../simd/semantics.ts";
import { leftCount, rightCount, shiftBits } from "../simd/shift_amount.ts";
import { regD, regM, regN, STANDARD_MODE } from "../simd/simd_unit.ts";
import { dreg, FPS } from "../state.ts";

/** Emits an instruction; false when it leaves this case to the reference semantics. */
export type Inline = (b: IrBuilder, f: Fields) => boolean;

/** A double register in both halves, so that what is done to the upper one has no other effect. */
function double(b: IrBuilder, d: number): V128 {
  const value = b.get64(dreg(d));
  return b.vecJoin(value, value);
}

function load(b: IrBuilder, d: number, quad: number): V128 {
  return quad === 1 ? b.get128(dreg(d)) : double(b, d);
}

function store(b: IrBuilder, d: number, quad: number, value: V128): void {
  if (quad === 1) b.set128(dreg(d), value);
  else b.set64(dreg(d), b.vecLo(value));
}

function bitsOf(f: Fields): number {
  return 8 << f.s;
}

function splat(b: IrBuilder, bits: number, value: number): V128 {
  return b.vecSplat(vecCode("splat", bits), b.const(value));
}

function zero(b: IrBuilder): V128 {
  return splat(b, 32, 0);
}

/** The same 64 bits in both halves. */
function constant(b: IrBuilder, value: bigint): V128 {
  const half = b.const64(
    Number(BigInt.asIntN(32, value)),
    Number(BigInt.asIntN(32, value >> 32n)),
  );
  return b.vecJoin(half, half);
}

type Three = (
  b: IrBuilder,
  n: V128,
  m: V128,
  f: Fields,
  old: () => V128,
) => V128 | null;

/** Three registers of the same length. */
function three(compute: Three): Inline {
  return (b, f) => {
    const old = (): V128 => load(b, regD(f), f.q);
    const n = load(b, regN(f), f.q);
    const result = compute(b, n, load(b, regM(f), f.q), f, old);
    if (result === null) return false;
    store(b, regD(f), f.q, result);
    return true;
  };
}

/** An operation on lanes of up to `most` bits (and at least `least`). */
function lanes(name: string, least = 8, most = 64): Three {
  return (b, n, m, f) => {
    const bits = bitsOf(f);
    return bits < least || bits > most ? null : b.vec(vecCode(name, bits), n, m);
  };
}

/** The same with a signed and an unsigned form. */
function signedLanes(name: string, most = 32): Three {
  return (b, n, m, f) => {
    const bits = bitsOf(f);
    return bits > most ? null : b.vec(vecCode(`${name}_${f.U === 1 ? "u" : "s"}`, bits), n, m);
  };
}

function difference(b: IrBuilder, n: V128, m: V128, f: Fields): V128 {
  const bits = bitsOf(f);
  const sign = f.U === 1 ? "u" : "s";
  const larger = b.vec(vecCode(`max_${sign}`, bits), n, m);
  return b.vec(vecCode("sub", bits), larger, b.vec(vecCode(`min_${sign}`, bits), n, m));
}

/** Product of lanes; WebAssembly has none of 8 bits. */
function product(b: IrBuilder, n: V128, m: V128, f: Fields): V128 | null {
  return f.s === 0 ? null : b.vec(vecCode("mul", bitsOf(f)), n, m);
}

function accumulate(name: "add" | "sub"): Three {
  return (b, n, m, f, old) => {
    const p = product(b, n, m, f);
    return p && b.vec(vecCode(name, bitsOf(f)), old(), p);
  };
}

/** Saturating sum or difference; QC collects the bits in which it differs from the wrapping one. */
function saturating(name: "add" | "sub"): Three {
  return (b, n, m, f) => {
    const bits = bitsOf(f);
    if (bits > 16) return null;
    const result = b.vec(vecCode(`${name}_sat_${f.U === 1 ? "u" : "s"}`, bits), n, m);
    const changed = b.vec(VEC.xor, result, b.vec(vecCode(name, bits), n, m));
    b.set128(FPS.QC, b.vec(VEC.or, b.get128(FPS.QC), changed));
    return result;
  };
}

/** Two double registers side by side, from which pairs of lanes are taken. */
function pairwise(name: (f: Fields) => string): Inline {
  return (b, f) => {
    const bits = bitsOf(f);
    const both = b.vecJoin(b.get64(dreg(regN(f))), b.get64(dreg(regM(f))));
    const even = b.vec(vecCode("unzip_even", bits), both, both);
    const odd = b.vec(vecCode("unzip_odd", bits), both, both);
    store(b, regD(f), 0, b.vec(vecCode(name(f), bits), even, odd));
    return true;
  };
}

type Two = (b: IrBuilder, m: V128, f: Fields, old: () => V128) => V128 | null;

/** Two registers of the same length. */
function two(compute: Two): Inline {
  return (b, f) => {
    const result = compute(b, load(b, regM(f), f.q), f, () => load(b, regD(f), f.q));
    if (result === null) return false;
    store(b, regD(f), f.q, result);
    return true;
  };
}

function withZero(name: string, swapped: boolean): Two {
  return (b, m, f) => {
    const code = vecCode(name, bitsOf(f));
    return swapped ? b.vec(code, zero(b), m) : b.vec(code, m, zero(b));
  };
}

/** Shift right by 1 to `bits`; lanes of the width that vec_shift takes modulo. */
function shiftRight(b: IrBuilder, m: V128, bits: number, count: number, signed: boolean): V128 {
  if (count === bits && !signed) return zero(b);
  const by = b.const(Math.min(count, bits - 1));
  return b.vecShift(vecCode(signed ? "shr_s" : "shr_u", bits), m, by);
}

function right(b: IrBuilder, m: V128, f: Fields): V128 {
  return shiftRight(b, m, shiftBits(f), rightCount(f), f.U === 0);
}

/** Ones in every lane where `shift` moves ones to. */
function reached(f: Fields, left: boolean): bigint {
  const bits = BigInt(shiftBits(f));
  const ones = (1n << bits) - 1n;
  const lane = left ? ones << BigInt(leftCount(f)) & ones : ones >> BigInt(rightCount(f));
  let all = 0n;
  for (let at = 0n; at < 64n; at += bits) all |= lane << at;
  return all;
}

/** The upper and lower lane of each pair summed, at twice the width. */
function pairSums(b: IrBuilder, m: V128, f: Fields): V128 {
  const bits = bitsOf(f);
  const wide = 2 * bits;
  const count = b.const(bits);
  const shr = vecCode(f.U === 1 ? "shr_u" : "shr_s", wide);
  const upper = b.vecShift(shr, m, count);
  const lower = b.vecShift(shr, b.vecShift(vecCode("shl", wide), m, count), count);
  return b.vec(vecCode("add", wide), upper, lower);
}

function widened(b: IrBuilder, d: number, f: Fields): V128 {
  return b.vec(vecCode(f.U === 1 ? "widen_u" : "widen_s", bitsOf(f)), double(b, d));
}

/** Long and wide sums and differences: the first operand is a quadword when `wide`. */
function longSum(name: "add" | "sub", wide: boolean): Inline {
  return (b, f) => {
    const n = wide ? b.get128(dreg(regN(f))) : widened(b, regN(f), f);
    store(b, regD(f), 1, b.vec(vecCode(name, 2 * bitsOf(f)), n, widened(b, regM(f), f)));
    return true;
  };
}

/** Long products, alone or added to or taken from the destination. */
function longProduct(name: "add" | "sub" | null): Inline {
  return (b, f) => {
    const code = vecCode(f.U === 1 ? "mul_wide_u" : "mul_wide_s", bitsOf(f));
    const p = b.vec(code, double(b, regN(f)), double(b, regM(f)));
    const result = name === null
      ? p
      : b.vec(vecCode(name, 2 * bitsOf(f)), b.get128(dreg(regD(f))), p);
    store(b, regD(f), 1, result);
    return true;
  };
}

/** Both registers change; `move` gives the new ones. */
function exchange(
  quad: (b: IrBuilder, d: V128, m: V128, f: Fields) => readonly [V128, V128],
  pair: (b: IrBuilder, d: V128, m: V128, f: Fields) => readonly [V128, V128],
): Inline {
  return (b, f) => {
    // An exchange with itself is UNKNOWN, but must not depend on the order here.
    if (regD(f) === regM(f)) return false;
    const move = f.q === 1 ? quad : pair;
    const [d, m] = move(b, load(b, regD(f), f.q), load(b, regM(f), f.q), f);
    store(b, regD(f), f.q, d);
    store(b, regM(f), f.q, m);
    return true;
  };
}

const zipped = (b: IrBuilder, d: V128, m: V128, f: Fields): readonly [V128, V128] => [
  b.vec(vecCode("zip_lo", bitsOf(f)), d, m),
  b.vec(vecCode("zip_hi", bitsOf(f)), d, m),
];

const transposed = (b: IrBuilder, d: V128, m: V128, f: Fields): readonly [V128, V128] => {
  const bits = bitsOf(f);
  let low = 0n;
  for (let at = 0n; at < 64n; at += 2n * BigInt(bits)) low |= ((1n << BigInt(bits)) - 1n) << at;
  const mask = constant(b, low);
  const count = b.const(bits);
  return [
    b.vec(VEC.select, d, b.vecShift(vecCode("shl", 2 * bits), m, count), mask),
    b.vec(VEC.select, b.vecShift(vecCode("shr_u", 2 * bits), d, count), m, mask),
  ];
};

const modified: Inline = (b, f) => {
  const value = expandModified(f.v, f.k, f.o);
  const kind = modifiedKind(f.k, f.o);
  const bits = constant(b, kind === MODIFIED.MOVE_NOT ? ~value : value);
  const old = (): V128 => load(b, regD(f), f.q);
  const result = kind === MODIFIED.OR
    ? b.vec(VEC.or, old(), bits)
    : kind === MODIFIED.CLEAR
    ? b.vec(VEC.and_not, old(), bits)
    : bits;
  store(b, regD(f), f.q, result);
  return true;
};

function float(op: number): Three {
  return (b, n, m) => b.vecFp2(op | STANDARD_MODE, n, m);
}

function floatAccumulate(op: number): Three {
  return (b, n, m, _f, old) =>
    b.vecFp2(op | STANDARD_MODE, old(), b.vecFp2(FP.MUL | STANDARD_MODE, n, m));
}

/** Instructions that have an inline form. */
export const NEON_INLINE: Readonly<Partial<Record<HandlerName<NeonGroup>, Inline>>> = {
  vand: three((b, n, m) => b.vec(VEC.and, n, m)),
  vbic: three((b, n, m) => b.vec(VEC.and_not, n, m)),
  vorr: three((b, n, m) => b.vec(VEC.or, n, m)),
  vorn: three((b, n, m) => b.vec(VEC.or, n, b.vec(VEC.not, m))),
  veor: three((b, n, m) => b.vec(VEC.xor, n, m)),
  vbsl: three((b, n, m, _f, old) => b.vec(VEC.select, n, m, old())),
  vbit: three((b, n, m, _f, old) => b.vec(VEC.select, n, old(), m)),
  vbif: three((b, n, m, _f, old) => b.vec(VEC.select, old(), n, m)),
  vadd: three(lanes("add")),
  vsub: three(lanes("sub")),
  vmul: three(product),
  vmla: three(accumulate("add")),
  vmls: three(accumulate("sub")),
  vceq: three(lanes("eq")),
  vtst: three((b, n, m, f) => {
    const none = b.vec(vecCode("eq", bitsOf(f)), b.vec(VEC.and, n, m), zero(b));
    return b.vec(VEC.not, none);
  }),
  vcgt: three(signedLanes("gt")),
  vcge: three(signedLanes("ge")),
  vmax: three(signedLanes("max")),
  vmin: three(signedLanes("min")),
  vabd: three(difference),
  vaba: three((b, n, m, f, old) => b.vec(vecCode("add", bitsOf(f)), old(), difference(b, n, m, f))),
  vrhadd: three((b, n, m, f) =>
    f.U === 1 && f.s < 2 ? b.vec(vecCode("average_u", bitsOf(f)), n, m) : null
  ),
  vqadd: three(saturating("add")),
  vqsub: three(saturating("sub")),
  vpadd: pairwise(() => "add"),
  vpmax: pairwise((f) => f.U === 1 ? "max_u" : "max_s"),
  vpmin: pairwise((f) => f.U === 1 ? "min_u" : "min_s"),
  vadd_f: three(float(FP.ADD)),
  vsub_f: three(float(FP.SUB)),
  vmul_f: three(float(FP.MUL)),
  vmla_f: three(floatAccumulate(FP.ADD)),
  vmls_f: three(floatAccumulate(FP.SUB)),

  vshr: two(right),
  vsra: two((b, m, f, old) => b.vec(vecCode("add", shiftBits(f)), old(), right(b, m, f))),
  vshl_imm: two((b, m, f) => b.vecShift(vecCode("shl", shiftBits(f)), m, b.const(leftCount(f)))),
  vsli: two((b, m, f, old) => {
    const moved = b.vecShift(vecCode("shl", shiftBits(f)), m, b.const(leftCount(f)));
    return b.vec(VEC.select, moved, old(), constant(b, reached(f, true)));
  }),
  vsri: two((b, m, f, old) => {
    const moved = shiftRight(b, m, shiftBits(f), rightCount(f), false);
    return b.vec(VEC.select, moved, old(), constant(b, reached(f, false)));
  }),
  vshrn: (b, f) => {
    const bits = shiftBits(f);
    const moved = shiftRight(b, b.get128(dreg(regM(f))), 2 * bits, rightCount(f), false);
    store(b, regD(f), 0, b.vec(vecCode("even", bits), moved));
    return true;
  },
  vshll: (b, f) => {
    const bits = shiftBits(f);
    const wide = b.vec(vecCode(f.U === 1 ? "widen_u" : "widen_s", bits), double(b, regM(f)));
    const count = b.const(leftCount(f));
    store(b, regD(f), 1, b.vecShift(vecCode("shl", 2 * bits), wide, count));
    return true;
  },
  vmovn: (b, f) => {
    store(b, regD(f), 0, b.vec(vecCode("even", bitsOf(f)), b.get128(dreg(regM(f)))));
    return true;
  },
  vaddl: longSum("add", false),
  vsubl: longSum("sub", false),
  vaddw: longSum("add", true),
  vsubw: longSum("sub", true),
  vmull: longProduct(null),
  vmlal: longProduct("add"),
  vmlsl: longProduct("sub"),

  vmvn: two((b, m) => b.vec(VEC.not, m)),
  vcnt: two((b, m) => b.vec(VEC.count_ones8, m)),
  vabs: two((b, m, f) => b.vec(vecCode("abs", bitsOf(f)), m)),
  vneg: two((b, m, f) => b.vec(vecCode("neg", bitsOf(f)), m)),
  vabs_f: two((b, m) => b.vec(VEC.and, m, splat(b, 32, 0x7fffffff))),
  vneg_f: two((b, m) => b.vec(VEC.xor, m, splat(b, 32, -0x80000000))),
  vceq_zero: two(withZero("eq", false)),
  vcgt_zero: two(withZero("gt_s", false)),
  vcge_zero: two(withZero("ge_s", false)),
  vcle_zero: two(withZero("ge_s", true)),
  vclt_zero: two(withZero("gt_s", true)),
  vrev16: two((b, m) => b.vec(VEC.rev16_8, m)),
  vrev32: two((b, m, f) => b.vec(VEC[`rev32_${bitsOf(f)}`], m)),
  vrev64: two((b, m, f) => b.vec(VEC[`rev64_${bitsOf(f)}`], m)),
  vpaddl: two(pairSums),
  vpadal: two((b, m, f, old) => b.vec(vecCode("add", 2 * bitsOf(f)), old(), pairSums(b, m, f))),
  vswp: exchange((_b, d, m) => [m, d], (_b, d, m) => [m, d]),
  vtrn: exchange(transposed, transposed),
  vzip: exchange(zipped, (b, d, m, f) => {
    const both = b.vec(vecCode("zip_lo", bitsOf(f)), d, m);
    const high = b.vecHi(both);
    return [both, b.vecJoin(high, high)];
  }),
  vuzp: exchange(
    (b, d, m, f) => [
      b.vec(vecCode("unzip_even", bitsOf(f)), d, m),
      b.vec(vecCode("unzip_odd", bitsOf(f)), d, m),
    ],
    (b, d, m, f) => {
      const both = b.vecJoin(b.vecLo(d), b.vecLo(m));
      return [
        b.vec(vecCode("unzip_even", bitsOf(f)), both, both),
        b.vec(vecCode("unzip_odd", bitsOf(f)), both, both),
      ];
    },
  ),
  vext: (b, f) => {
    if (f.q === 1) {
      const n = b.get128(dreg(regN(f)));
      store(b, regD(f), 1, b.vec(VEC[`extract_${f.v}`], n, b.get128(dreg(regM(f)))));
      return true;
    }
    const both = b.vecJoin(b.get64(dreg(regN(f))), b.get64(dreg(regM(f))));
    store(b, regD(f), 0, b.vec(VEC[`extract_${f.v}`], both, both));
    return true;
  },
  vtbl: (b, f) => {
    if (f.v > 1) return false;
    const upper = f.v === 1 ? b.get64(dreg(regN(f) + 1)) : b.const64(0, 0);
    const table = b.vecJoin(b.get64(dreg(regN(f))), upper);
    store(b, regD(f), 0, b.vec(VEC.swizzle8, table, double(b, regM(f))));
    return true;
  },
  vdup_scalar: (b, f) => {
    const { bits, lane } = duplicatedLane(f)!;
    const offset = lane * bits / 8;
    const word = b.get(dreg(regM(f)) + (offset & 4));
    const shift = 8 * (offset & 3);
    const value = shift === 0 ? word : b.shrU(word, b.const(shift));
    store(b, regD(f), f.q, b.vecSplat(vecCode("splat", bits), value));
    return true;
  },
  vmov_imm: modified,
  vmvn_imm: modified,
};
