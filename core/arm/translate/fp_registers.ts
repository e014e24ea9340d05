/**
 * Extension registers, their gate, and the mode of floating-point operations, for the handlers of
 * VFP and Advanced SIMD.
 * @module
 */
import type { V32, V64 } from "../../ir/builder.ts";
import { fpAux } from "../../ir/fp_aux.ts";
import type { Fields } from "../decode/row.ts";
import { dreg, sreg, TB_FLAG } from "../state.ts";
import type { Handler } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** Mode of an operation (FPSCR bits 22-26 moved to bit 0) that the block was translated for. */
export function fpMode(t: Translation): number {
  return (t.flags >>> TB_FLAG.FP_MODE_SHIFT) & 0x1f;
}

/** The aux word of a floating-point operation in the current mode. */
export function fpNow(t: Translation, op: number): number {
  return fpAux(op, fpMode(t));
}

/** A handler that is UNDEFINED while the floating-point extension is off. */
export function gated(handler: Handler): Handler {
  return (t, f) => (t.flags & TB_FLAG.FP_ON) === 0 ? t.undefined() : handler(t, f);
}

/**
 * The same for operations that short vectors would apply to: this core has none, so that they are
 * UNDEFINED while FPSCR.LEN or STRIDE is not 0.
 */
export function gatedScalar(handler: Handler): Handler {
  return gated((t, f) => (t.flags & TB_FLAG.FP_VECTORS) !== 0 ? t.undefined() : handler(t, f));
}

/** Number of a double register from its split field. */
export function dn(high: number, low: number): number {
  return high << 4 | low;
}

/** Number of a single register from its split field. */
export function sn(low: number, high: number): number {
  return high << 1 | low;
}

/** Slot of the destination of an instruction of size S. */
export function slotD(f: Fields): number {
  return f.S === 1 ? dreg(dn(f.D, f.d)) : sreg(sn(f.D, f.d));
}
/** Slot of the first operand. */
export function slotN(f: Fields): number {
  return f.S === 1 ? dreg(dn(f.N, f.n)) : sreg(sn(f.N, f.n));
}
/** Slot of the second operand. */
export function slotM(f: Fields): number {
  return f.S === 1 ? dreg(dn(f.M, f.m)) : sreg(sn(f.M, f.m));
}

/** -x of a single, whatever it is. */
export function negate32(t: Translation, x: V32): V32 {
  return t.b.xor(x, t.b.const(-0x80000000));
}
/** The same of a double. */
export function negate64(t: Translation, x: V64): V64 {
  return t.b.bin64("xor64", x, t.b.const64(0, -0x80000000));
}
