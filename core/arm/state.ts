/**
 * Layout of the ARM architecture state of a vCPU: byte offsets from the vCPU's base. Condition
 * flags are kept apart, in the form that costs translated code least.
 * @module
 */

/** Offsets of the state slots that translated code uses directly. */
export const ARM = {
  /** r0; rN is at R0 + 4 * N. r13 and r14 are those of the current mode; r15 is the pc slot. */
  R0: 0x000,
  PC: 0x03c,
  /** N is bit 31 of this word. */
  NF: 0x040,
  /** Z is set exactly when this word is 0. */
  ZF: 0x044,
  /** C: 0 or 1. */
  CF: 0x048,
  /** V is bit 31 of this word. */
  VF: 0x04c,
  /** Q: 0 or 1. */
  QF: 0x050,
  /** GE: four bits, 0..15. */
  GE: 0x054,
  /** The rest of the CPSR: mode, T, F, I, A, E, IT, J; the bits of N, Z, C, V, Q and GE are 0 here. */
  CPSR: 0x058,
  /** Scratch word in which a helper returns the high half of a 64-bit result. */
  SCRATCH_HI: 0x05c,
} as const;

/** Offset of general register `n`, 0 to 15. */
export function reg(n: number): number {
  return ARM.R0 + 4 * n;
}

/** Block flags (VCPU.TB_FLAGS): what a translation depends on besides the code bytes. */
export const TB_FLAG = {
  THUMB: 0x1,
  /** User mode: softmmu TLB 1 instead of 0. */
  USER: 0x2,
  /** CPSR.E. */
  BIG_ENDIAN: 0x4,
  /** SCTLR.A: every access must be aligned. */
  ALIGN: 0x8,
  /** Other vCPUs run in parallel. */
  PARALLEL: 0x10,
  /** SCTLR.SW: SWP and SWPB are enabled. */
  SWP: 0x20,
  /** Hyp, monitor or another mode in which exception returns differ is not used; System mode has no SPSR. */
  NO_SPSR: 0x40,
  /** IT state in bits 8-15. */
  IT_SHIFT: 8,
} as const;
