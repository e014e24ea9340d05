/**
 * VFP conversions.
 * @module
 */
import { FP, fpAux, ROUND } from "../../ir/fp_aux.ts";
import type { V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { dreg, sreg } from "../state.ts";
import { dn, fpMode, fpNow, gated, slotD, slotM, sn } from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** Current mode but for the rounding. */
function modeWith(t: Translation, round: number): number {
  return fpMode(t) & ~3 | round;
}

/** VCVT<c>.<dt>.F32|F64 <Vd>, <Vd>, #<fbits>: towards zero. */
function toFixed(t: Translation, f: Fields, fraction: number): void {
  const { b } = t;
  const op = f.x === 1 ? (f.U === 1 ? FP.TO_U32 : FP.TO_S32) : (f.U === 1 ? FP.TO_U16 : FP.TO_S16);
  const aux = fpAux(op, modeWith(t, ROUND.ZERO), fraction);
  if (f.S === 0) {
    b.set(slotD(f), b.fp32(aux, b.get(slotD(f))));
    return;
  }
  const value = b.fpNarrow(aux, b.get64(slotD(f)));
  b.set64(slotD(f), f.U === 1 ? b.extendU(value) : b.extendS(value));
}

/** VCVT<c>.F32|F64.<dt> <Vd>, <Vd>, #<fbits>: to nearest. */
function fromFixed(t: Translation, f: Fields, fraction: number): void {
  const { b } = t;
  const word = b.get(slotD(f));
  const value: V32 = f.x === 1
    ? word
    : f.U === 1
    ? b.and(word, b.const(0xffff))
    : b.un("sext16", word);
  const op = f.U === 1 ? FP.FROM_U32 : FP.FROM_S32;
  const aux = fpAux(op, modeWith(t, ROUND.NEAREST), fraction);
  if (f.S === 1) b.set64(slotD(f), b.fpWiden(aux, value));
  else b.set(slotD(f), b.fp32(aux, value));
}

const fixed: Handler = (t, f) => {
  const fraction = (f.x === 1 ? 32 : 16) - (f.v << 1 | f.i);
  // UNPREDICTABLE; undefined as in QEMU.
  if (fraction < 0) return t.undefined();
  if (f.o === 1) toFixed(t, f, fraction);
  else fromFixed(t, f, fraction);
};

/** Handlers of the group. */
export const vfpConvert: Handlers<"vfp_convert"> = {
  // VCVT{B|T}<c>.F32.F16 <Sd>, <Sm>; VCVT{B|T}<c>.F16.F32 <Sd>, <Sm>
  vcvt_half: gated((t, f) => {
    const { b } = t;
    const from = sreg(sn(f.M, f.m));
    const to = sreg(sn(f.D, f.d));
    if (f.o === 0) {
      const half = f.x === 1 ? b.shrU(b.get(from), b.const(16)) : b.get(from);
      b.set(to, b.fp32(fpNow(t, FP.FROM_HALF), half));
      return;
    }
    const half = b.fp32(fpNow(t, FP.TO_HALF), b.get(from));
    const kept = b.and(b.get(to), b.const(f.x === 1 ? 0xffff : -0x10000));
    b.set(to, b.or(kept, f.x === 1 ? b.shl(half, b.const(16)) : half));
  }),
  // VCVT<c>.F64.F32 <Dd>, <Sm>; VCVT<c>.F32.F64 <Sd>, <Dm>
  vcvt_size: gated((t, f) => {
    const { b } = t;
    const aux = fpNow(t, FP.CONVERT);
    if (f.S === 1) b.set(sreg(sn(f.D, f.d)), b.fpNarrow(aux, b.get64(slotM(f))));
    else b.set64(dreg(dn(f.D, f.d)), b.fpWiden(aux, b.get(slotM(f))));
  }),
  // VCVT<c>.F32|F64.S32|U32 <Vd>, <Sm>
  vcvt_from_int: gated((t, f) => {
    const { b } = t;
    const aux = fpNow(t, f.x === 1 ? FP.FROM_S32 : FP.FROM_U32);
    const value = b.get(sreg(sn(f.M, f.m)));
    if (f.S === 1) b.set64(slotD(f), b.fpWiden(aux, value));
    else b.set(slotD(f), b.fp32(aux, value));
  }),
  // VCVT{R}<c>.S32|U32.F32|F64 <Sd>, <Vm>
  vcvt_to_int: gated((t, f) => {
    const { b } = t;
    const mode = f.R === 1 ? modeWith(t, ROUND.ZERO) : fpMode(t);
    const aux = fpAux(f.x === 1 ? FP.TO_S32 : FP.TO_U32, mode);
    const value = f.S === 1 ? b.fpNarrow(aux, b.get64(slotM(f))) : b.fp32(aux, b.get(slotM(f)));
    b.set(sreg(sn(f.D, f.d)), value);
  }),
  vcvt_fixed: gated(fixed),
};
