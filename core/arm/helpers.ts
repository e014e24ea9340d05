/**
 * The helpers that code translated from ARM calls: declarations only. Their bodies are in
 * `core/arm/system/`. `state: "write"` means that cached copies of the state slots are stale after
 * the call; `mayLeave` that the helper may have taken a guest exception.
 * @module
 */
import type { HelperDef } from "../ir/helper.ts";

/** Raises an exception always: sets the pc slot and LEAVE. */
function raises(name: string, arity: HelperDef["arity"]): HelperDef {
  return { name, arity, returns: false, state: "write", mayLeave: true };
}

/** All helpers of the ARM front end, in the order in which a machine numbers them. */
export const ARM_HELPERS: readonly HelperDef[] = [
  /** (): takes the Undefined Instruction exception for the current instruction. */
  raises("arm_undefined", 0),
  /** (immediate): takes the Supervisor Call exception. */
  raises("arm_svc", 1),
  /** (immediate): takes the Prefetch Abort of a breakpoint instruction. */
  raises("arm_bkpt", 1),
  /** (immediate): hypervisor call, i.e. PSCI, or Undefined Instruction. */
  raises("arm_hvc", 1),
  /** (immediate): secure monitor call, i.e. PSCI, or Undefined Instruction. */
  raises("arm_smc", 1),
  /** (encoding) -> value of a coprocessor register. */
  { name: "arm_cp_read", arity: 1, returns: true, state: "write", mayLeave: true },
  /** (encoding, value): writes a coprocessor register. */
  { name: "arm_cp_write", arity: 2, returns: false, state: "write", mayLeave: true },
  /** (encoding) -> low half of a 64-bit coprocessor register; the high half is in ARM.SCRATCH_HI. */
  { name: "arm_mrrc", arity: 1, returns: true, state: "write", mayLeave: true },
  /** (encoding, low, high): writes a 64-bit coprocessor register. */
  { name: "arm_mcrr", arity: 3, returns: false, state: "write", mayLeave: true },
  /** (value, mask): writes the CPSR's bits in `mask`; may change the mode and the block flags. */
  { name: "arm_write_cpsr", arity: 2, returns: false, state: "write", mayLeave: false },
  /** () -> the current mode's SPSR. */
  { name: "arm_read_spsr", arity: 0, returns: true, state: "read", mayLeave: false },
  /** (value, mask): writes the SPSR's bits in `mask`. */
  { name: "arm_write_spsr", arity: 2, returns: false, state: "write", mayLeave: false },
  /** (pc): exception return: CPSR = SPSR, then branch to `pc` in the new state. */
  { name: "arm_exception_return", arity: 1, returns: false, state: "write", mayLeave: true },
  /** (pc, cpsr): return from exception: CPSR = `cpsr`, then branch to `pc` in the new state. */
  { name: "arm_rfe", arity: 2, returns: false, state: "write", mayLeave: true },
  /** (n) -> register n of User mode. */
  { name: "arm_get_user_reg", arity: 1, returns: true, state: "read", mayLeave: false },
  /** (n, value): writes register n of User mode. */
  { name: "arm_set_user_reg", arity: 2, returns: false, state: "write", mayLeave: false },
  /** (mode) -> the stack pointer of `mode`. */
  { name: "arm_get_banked_sp", arity: 1, returns: true, state: "read", mayLeave: false },
  /** (mode, value): writes the stack pointer of `mode`. */
  { name: "arm_set_banked_sp", arity: 2, returns: false, state: "write", mayLeave: false },
  /** (target): bit 0 becomes CPSR.T (and the block flag THUMB), the rest goes to the pc slot. */
  { name: "arm_set_thumb", arity: 1, returns: false, state: "write", mayLeave: false },
  /** (value): writes FPSCR, on which the block flags depend. */
  { name: "arm_write_fpscr", arity: 1, returns: false, state: "write", mayLeave: false },
  /** (address, write): takes the alignment fault of a data access. */
  raises("arm_alignment_fault", 2),
  /** (value): writes FPEXC. */
  { name: "arm_write_fpexc", arity: 1, returns: false, state: "write", mayLeave: false },
  /** (): sends an event to every vCPU. */
  { name: "arm_sev", arity: 0, returns: false, state: "none", mayLeave: false },
  /** (): the vCPU spins, so that its host thread may be lent to others. */
  { name: "arm_spin", arity: 0, returns: false, state: "none", mayLeave: false },
];
