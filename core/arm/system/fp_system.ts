/**
 * Floating-point system registers: FPSCR put together from its parts, FPEXC, identification.
 * @module
 */
import { FP_FLAG } from "../../fp/format.ts";
import type { HelperBody } from "../../ir/helper.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { FPS } from "../state.ts";
import { updateBlockFlags } from "./psr.ts";
import type { ArmContext } from "./services.ts";

/** Register numbers of VMRS and VMSR. */
export const FP_REGISTER = { FPSID: 0, FPSCR: 1, MVFR1: 6, MVFR0: 7, FPEXC: 8 } as const;

/** Identification of a Cortex-A15's VFPv4 and Advanced SIMDv2, as QEMU shows it. */
export const FPSID = 0x410430f0;
/** Media and VFP feature register 0. */
export const MVFR0 = 0x10110222;
/** Media and VFP feature register 1. */
export const MVFR1 = 0x11111111;

/** FPSCR bits. */
export const FPSCR = {
  NZCV: 0xf0000000,
  QC: 0x08000000,
  /** AHP, DN, FZ, rounding mode, stride and length: what a translation depends on. */
  CONTROL: 0x07f70000,
  /** Cumulative exceptions. Trap enables read as zero: there are no trapped exceptions. */
  EXCEPTIONS: 0x0000009f,
} as const;

/** FPEXC.EN; the other bits do not exist. */
export const FPEXC_EN = 0x40000000;

/** Whether FPSCR.QC is set. */
function saturated(i32: Int32Array, env: number): boolean {
  const at = (env + FPS.QC) >>> 2;
  return (i32[at] | i32[at + 1] | i32[at + 2] | i32[at + 3]) !== 0;
}

/** The whole FPSCR. */
export function readFpscr(i32: Int32Array, env: number): number {
  return i32[(env + FPS.CONTROL) >>> 2] | i32[(env + FPS.NZCV) >>> 2] |
    (saturated(i32, env) ? FPSCR.QC : 0) | i32[(env + VCPU.FP_FLAGS) >>> 2];
}

/** Writes the whole FPSCR. */
export function writeFpscr(i32: Int32Array, env: number, value: number): void {
  i32[(env + FPS.CONTROL) >>> 2] = value & FPSCR.CONTROL;
  i32[(env + FPS.NZCV) >>> 2] = value & FPSCR.NZCV;
  i32.fill(0, (env + FPS.QC) >>> 2, (env + FPS.QC + 16) >>> 2);
  i32[(env + FPS.QC) >>> 2] = value & FPSCR.QC;
  i32[(env + VCPU.FP_FLAGS) >>> 2] = value & FPSCR.EXCEPTIONS;
  i32[(env + VCPU.FP_EXACT) >>> 2] = (value & FP_FLAG.INEXACT) !== 0 ? 0 : -1;
  updateBlockFlags(i32, env);
}

/** Bodies of the helpers. */
export function fpSystemHelpers(cx: ArmContext): Record<string, HelperBody> {
  const { i32 } = cx.views;
  return {
    arm_write_fpscr: (env, _pc, value) => {
      writeFpscr(i32, env, value);
      return 0;
    },
    arm_write_fpexc: (env, _pc, value) => {
      i32[(env + FPS.FPEXC) >>> 2] = value & FPEXC_EN;
      updateBlockFlags(i32, env);
      return 0;
    },
  };
}
