/**
 * VFP arithmetic and comparison.
 * @module
 */
import type { V32, V64 } from "../../ir/builder.ts";
import { FP } from "../../ir/fp_aux.ts";
import type { Fields } from "../decode/row.ts";
import { FPS } from "../state.ts";
import {
  fpNow,
  gated,
  gatedScalar,
  negate32,
  negate64,
  slotD,
  slotM,
  slotN,
} from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** The operations of one precision; bit patterns of type T. */
interface Precision<T> {
  get(t: Translation, slot: number): T;
  set(t: Translation, slot: number, value: T): void;
  fp(t: Translation, op: number, a: T, b?: T, c?: T): T;
  negate(t: Translation, x: T): T;
  absolute(t: Translation, x: T): T;
  compare(t: Translation, op: number, a: T, b: T): V32;
  zero(t: Translation): T;
}

const SINGLE: Precision<V32> = {
  get: (t, slot) => t.b.get(slot),
  set: (t, slot, value) => t.b.set(slot, value),
  fp: (t, op, a, b, c) => t.b.fp32(fpNow(t, op), a, b, c),
  negate: negate32,
  absolute: (t, x) => t.b.and(x, t.b.const(0x7fffffff)),
  compare: (t, op, a, b) => t.b.fp32(fpNow(t, op), a, b),
  zero: (t) => t.b.const(0),
};
const DOUBLE: Precision<V64> = {
  get: (t, slot) => t.b.get64(slot),
  set: (t, slot, value) => t.b.set64(slot, value),
  fp: (t, op, a, b, c) => t.b.fp64(fpNow(t, op), a, b, c),
  negate: negate64,
  absolute: (t, x) => t.b.bin64("and64", x, t.b.const64(-1, 0x7fffffff)),
  compare: (t, op, a, b) => t.b.fpTest64(fpNow(t, op), a, b),
  zero: (t) => t.b.const64(0, 0),
};

/** What an instruction computes from its operands (and the old destination, read when asked for). */
type Compute = <T>(t: Translation, p: Precision<T>, n: T, m: T, d: () => T) => T;

function compute<T>(t: Translation, f: Fields, p: Precision<T>, what: Compute): void {
  const n = p.get(t, slotN(f));
  const m = p.get(t, slotM(f));
  p.set(t, slotD(f), what(t, p, n, m, () => p.get(t, slotD(f))));
}

/** <op><c>.F32|F64 <Vd>, <Vn>, <Vm> */
function three(what: Compute): Handler {
  return gatedScalar((t, f) =>
    f.S === 1 ? compute(t, f, DOUBLE, what) : compute(t, f, SINGLE, what)
  );
}

function apply<T>(
  t: Translation,
  f: Fields,
  p: Precision<T>,
  what: <U>(t: Translation, p: Precision<U>, m: U) => U,
): void {
  p.set(t, slotD(f), what(t, p, p.get(t, slotM(f))));
}

/** <op><c>.F32|F64 <Vd>, <Vm> */
function two(what: <T>(t: Translation, p: Precision<T>, m: T) => T): Handler {
  return gatedScalar((t, f) => f.S === 1 ? apply(t, f, DOUBLE, what) : apply(t, f, SINGLE, what));
}

function compare<T>(t: Translation, f: Fields, p: Precision<T>, zero: boolean): void {
  const op = f.e === 1 ? FP.COMPARE_SIGNAL : FP.COMPARE;
  const m = zero ? p.zero(t) : p.get(t, slotM(f));
  t.b.set(FPS.NZCV, p.compare(t, op, p.get(t, slotD(f)), m));
}

/** VFPExpandImm: the top 32 bits of the constant (single precision: all of it). */
export function expandFloat(imm8: number, double: boolean): number {
  const sign = imm8 >>> 7 << 31;
  const top = imm8 >>> 6 & 1;
  const low = imm8 & 0x3f;
  const repeated = top === 1 ? 0 : 1;
  return double
    ? sign | repeated << 30 | (top === 1 ? 0xff : 0) << 22 | low << 16
    : sign | repeated << 30 | (top === 1 ? 0x1f : 0) << 25 | low << 19;
}

/** Handlers of the group. */
export const vfp: Handlers<"vfp"> = {
  vmla_vfp: three((t, p, n, m, d) => p.fp(t, FP.ADD, d(), p.fp(t, FP.MUL, n, m))),
  vmls_vfp: three((t, p, n, m, d) => p.fp(t, FP.ADD, d(), p.negate(t, p.fp(t, FP.MUL, n, m)))),
  vnmls: three((t, p, n, m, d) => p.fp(t, FP.ADD, p.negate(t, d()), p.fp(t, FP.MUL, n, m))),
  vnmla: three((t, p, n, m, d) =>
    p.fp(t, FP.ADD, p.negate(t, d()), p.negate(t, p.fp(t, FP.MUL, n, m)))
  ),
  vmul_vfp: three((t, p, n, m) => p.fp(t, FP.MUL, n, m)),
  vnmul: three((t, p, n, m) => p.negate(t, p.fp(t, FP.MUL, n, m))),
  vadd_vfp: three((t, p, n, m) => p.fp(t, FP.ADD, n, m)),
  vsub_vfp: three((t, p, n, m) => p.fp(t, FP.SUB, n, m)),
  vdiv: three((t, p, n, m) => p.fp(t, FP.DIV, n, m)),
  vfma_vfp: three((t, p, n, m, d) => p.fp(t, FP.FMA, n, m, d())),
  vfms_vfp: three((t, p, n, m, d) => p.fp(t, FP.FMA, p.negate(t, n), m, d())),
  vfnms: three((t, p, n, m, d) => p.fp(t, FP.FMA, n, m, p.negate(t, d()))),
  vfnma: three((t, p, n, m, d) => p.fp(t, FP.FMA, p.negate(t, n), m, p.negate(t, d()))),
  // VMOV<c>.F32|F64 <Vd>, #<imm>
  vmov_vfp_imm: gatedScalar((t, f) => {
    const high = expandFloat(f.v, f.S === 1);
    if (f.S === 1) t.b.set64(slotD(f), t.b.const64(0, high));
    else t.b.set(slotD(f), t.b.const(high));
  }),
  vmov_vfp_reg: two((_t, _p, m) => m),
  vabs_vfp: two((t, p, m) => p.absolute(t, m)),
  vneg_vfp: two((t, p, m) => p.negate(t, m)),
  vsqrt: two((t, p, m) => p.fp(t, FP.SQRT, m)),
  // VCMP{E}<c>.F32|F64 <Vd>, <Vm>
  vcmp: gated((t, f) => f.S === 1 ? compare(t, f, DOUBLE, false) : compare(t, f, SINGLE, false)),
  // VCMP{E}<c>.F32|F64 <Vd>, #0
  vcmp_zero: gated((t, f) => f.S === 1 ? compare(t, f, DOUBLE, true) : compare(t, f, SINGLE, true)),
};
