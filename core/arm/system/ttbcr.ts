/**
 * The translation table base control register: which table format is in use, and which parts of the
 * address space each table translates.
 * @module
 */

/** Bits of TTBCR that have an effect here. */
export const TTBCR = {
  /** Short descriptors: how many address bits TTBR0's table leaves out. */
  N: 0x7,
  /** Short descriptors: walks through TTBR0 and TTBR1 are switched off. */
  PD0: 0x10,
  PD1: 0x20,
  /** Long descriptors: the same. */
  EPD0: 0x80,
  EPD1: 0x800000,
  /** Long descriptors: the ASID is TTBR1's, not TTBR0's. */
  A1: 0x400000,
  /** Long descriptors are in use. The sign bit. */
  EAE: 0x80000000,
} as const;

const SHORT_WRITABLE = 0x37;
/** Everything but the bits that have no meaning: 3-6, 14-15, 19-21. */
const LONG_WRITABLE: number = ~0x0038c078;

/** Whether a value of TTBCR asks for long descriptors. */
export function usesLongDescriptors(ttbcr: number): boolean {
  return (ttbcr | 0) < 0;
}

/** What a write of `value` leaves in TTBCR. */
export function ttbcrValue(value: number): number {
  return value & (usesLongDescriptors(value) ? LONG_WRITABLE : SHORT_WRITABLE);
}
