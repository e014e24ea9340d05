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
  /** DBGDSCR, then what was written to the breakpoint and watchpoint registers: 21 words. */
  DEBUG: 0x194,
} as const;

/** Offsets of the vector and floating-point state, which lies in VECTOR_STATE (vcpu_layout.ts). */
export const FPS = {
  /** d0 to d31, 8 bytes each, d0 16-byte aligned; s and q registers are parts and pairs of them. */
  D0: 0x200,
  /** FPSCR without its flags: AHP, DN, FZ, rounding mode, stride, length. */
  CONTROL: 0x300,
  /** FPSCR.NZCV in place. The cumulative exceptions are VCPU.FP_FLAGS. */
  NZCV: 0x304,
  FPEXC: 0x308,
  /** FPSCR.QC is set when one of these four words is not 0. */
  QC: 0x310,
} as const;

/** Offset of double register `n`, 0 to 31. */
export function dreg(n: number): number {
  return FPS.D0 + 8 * n;
}

/** Offset of single register `n`, 0 to 31. */
export function sreg(n: number): number {
  return FPS.D0 + 4 * n;
}

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
  /** CPACR lets the current mode use the floating-point extension. */
  FP_ACCESS: 0x10000,
  /** The same, and FPEXC.EN is set. */
  FP_ON: 0x20000,
  /** FPSCR bits 22-26 (rounding mode, FZ, DN, AHP) in bits 18-22. */
  FP_MODE_SHIFT: 18,
  /** FPSCR.LEN or STRIDE is not 0. */
  FP_VECTORS: 0x800000,
} as const;
