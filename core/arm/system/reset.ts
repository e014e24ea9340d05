/**
 * Reset state of a vCPU: a Cortex-A15 in Supervisor mode, everything masked, MMU off.
 * @module
 */
import { resetTlb } from "../../memory/tlb.ts";
import { ARCH_STATE, VCPU } from "../../memory/vcpu_layout.ts";
import type { Views } from "../../memory/views.ts";
import { ARM, CP } from "../state.ts";
import { CP_REGISTERS } from "./cp15.ts";
import { MODE, PSR, updateBlockFlags } from "./psr.ts";

const MPIDR_MULTIPROCESSOR = 0x80000000;

/**
 * Resets the architecture state and the TLB of vCPU `index`. Word FIXED_FLAGS is kept: whoever
 * makes the machine sets it before. The pc becomes 0.
 */
export function resetArm(views: Views, env: number, index: number): void {
  const { i32 } = views;
  const fixed = i32[(env + ARM.FIXED_FLAGS) >>> 2];
  const first = (env + ARCH_STATE.offset) >>> 2;
  i32.fill(0, first, first + ARCH_STATE.bytes / 4);
  i32[(env + ARM.FIXED_FLAGS) >>> 2] = fixed;
  i32[(env + VCPU.INDEX) >>> 2] = index;
  i32[(env + VCPU.FP_FLAGS) >>> 2] = 0;
  i32[(env + VCPU.FP_EXACT) >>> 2] = -1;
  for (const { slot, reset } of CP_REGISTERS) {
    if (slot !== undefined && reset !== undefined) i32[(env + slot) >>> 2] = reset;
  }
  i32[(env + CP.MPIDR) >>> 2] = MPIDR_MULTIPROCESSOR | index;
  i32[(env + ARM.CPSR) >>> 2] = MODE.SVC | PSR.A | PSR.I | PSR.F;
  // A word of 0 would mean that Z is set.
  i32[(env + ARM.ZF) >>> 2] = 1;
  updateBlockFlags(i32, env);
  resetTlb(views, env);
}
