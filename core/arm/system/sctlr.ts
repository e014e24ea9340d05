/**
 * Bits of the system control register.
 * @module
 */

/** SCTLR bits that have an effect here. */
export const SCTLR = {
  /** MMU on. */
  M: 0x1,
  /** Every access must be aligned. */
  A: 0x2,
  C: 0x4,
  /** SWP and SWPB enabled. */
  SW: 0x400,
  Z: 0x800,
  I: 0x1000,
  /** Vectors at 0xffff0000. */
  V: 0x2000,
  /** Writable memory is never executable. */
  WXN: 0x80000,
  /** Memory that User mode may write is never executable in the other modes. */
  UWXN: 0x100000,
  /** Exceptions are taken in big-endian state; page tables are big-endian. */
  EE: 0x2000000,
  /** TEX remap. */
  TRE: 0x10000000,
  /** AP[0] is the access flag. */
  AFE: 0x20000000,
  /** Exceptions are taken in Thumb state. */
  TE: 0x40000000,
} as const;

/** Value at reset of a Cortex-A15: the bits that always read as one. */
export const SCTLR_RESET = 0x00c50078;

/** Bits that a write changes. */
export const SCTLR_WRITABLE: number = SCTLR.M | SCTLR.A | SCTLR.C | SCTLR.SW | SCTLR.Z | SCTLR.I |
  SCTLR.V | SCTLR.WXN | SCTLR.UWXN | SCTLR.EE | SCTLR.TRE | SCTLR.AFE | SCTLR.TE;

/** Bits on which translations in the TLB depend. */
export const SCTLR_TRANSLATION: number = SCTLR.M | SCTLR.WXN | SCTLR.UWXN | SCTLR.EE | SCTLR.TRE |
  SCTLR.AFE;
