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
  /** The rest of the CPSR: mode, T, F, I, A, E, J; the bits of N, Z, C, V, Q, GE and IT are 0 here. */
  CPSR: 0x058,
  /** Scratch word in which a helper returns the high half of a 64-bit result. */
  SCRATCH_HI: 0x05c,
  /** Block flags that never change on this vCPU (PARALLEL), or-ed into VCPU.TB_FLAGS. */
  FIXED_FLAGS: 0x060,
  /** r13 and r14 of each register bank that is not in use: BANKS pairs (see system/psr.ts). */
  BANKED_SP_LR: 0x064,
  /** SPSR of each bank; that of bank 0 (User and System mode) does not exist. */
  SPSR: 0x094,
  /** r8-r12 of FIQ mode and of the other modes, whichever are not in use: five words each. */
  FIQ_HIGH: 0x0ac,
  USER_HIGH: 0x0c0,
  /** IT state, eight bits: the CPSR's IT bits (see decode/it_state.ts). */
  IT: 0x0d4,
} as const;

/** Offsets of coprocessor registers, one word each; 64-bit ones have the high half next. */
export const CP = {
  SCTLR: 0x100,
  CPACR: 0x104,
  TTBR0: 0x108,
  TTBR0_HI: 0x10c,
  TTBR1: 0x110,
  TTBR1_HI: 0x114,
  TTBCR: 0x118,
  DACR: 0x11c,
  DFSR: 0x120,
  IFSR: 0x124,
  ADFSR: 0x128,
  AIFSR: 0x12c,
  DFAR: 0x130,
  IFAR: 0x134,
  PAR: 0x138,
  PAR_HI: 0x13c,
  /** PRRR, or MAIR0 with long descriptors. */
  PRRR: 0x140,
  /** NMRR, or MAIR1. */
  NMRR: 0x144,
  VBAR: 0x148,
  CONTEXTIDR: 0x14c,
  TPIDRURW: 0x150,
  TPIDRURO: 0x154,
  TPIDRPRW: 0x158,
  MPIDR: 0x15c,
  CSSELR: 0x160,
  CNTKCTL: 0x164,
  TEECR: 0x168,
  TEEHBR: 0x16c,
  PMCR: 0x170,
  PMCNTEN: 0x174,
  PMOVSR: 0x178,
  PMSELR: 0x17c,
  PMUSERENR: 0x180,
  PMINTEN: 0x184,
  /** Cycle counter: its value while it stands, what to add to the time while it runs. */
  PMCCNTR: 0x188,
  /** DACR as the TLB of user code knows it: brought up to date when user code is entered. */
  USER_DACR: 0x190,
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
  /** User or System mode: there is no SPSR, so exception returns are undefined. */
  NO_SPSR: 0x40,
  /** IT state in bits 8-15. */
  IT_SHIFT: 8,
} as const;
