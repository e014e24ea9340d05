/**
 * Fault status codes of the short-descriptor format and how they go into DFSR and IFSR.
 * @module
 */

/** The five-bit FS field; a fault of a page (second level) is that of a section with bit 1 set. */
export const FS = {
  ALIGNMENT: 0x01,
  DEBUG: 0x02,
  ACCESS_FLAG_SECTION: 0x03,
  ACCESS_FLAG_PAGE: 0x06,
  TRANSLATION_SECTION: 0x05,
  TRANSLATION_PAGE: 0x07,
  EXTERNAL: 0x08,
  DOMAIN_SECTION: 0x09,
  DOMAIN_PAGE: 0x0b,
  WALK_LEVEL_1: 0x0c,
  WALK_LEVEL_2: 0x0e,
  PERMISSION_SECTION: 0x0d,
  PERMISSION_PAGE: 0x0f,
} as const;

/** DFSR: the access was a write. */
const WNR = 0x800;

/** The FS field in place: bits 3-0, and bit 10 for its top bit. */
function place(fs: number): number {
  return (fs & 0xf) | ((fs & 0x10) << 6);
}

/** DFSR of a data abort. The domain is given with the faults that have a valid one. */
export function dataFaultStatus(fs: number, domain: number, write: boolean): number {
  return place(fs) | (hasDomain(fs) ? domain << 4 : 0) | (write ? WNR : 0);
}

/** IFSR of a prefetch abort. */
export function instructionFaultStatus(fs: number): number {
  return place(fs);
}

/** PAR after a failed address translation operation. */
export function translationFaultStatus(fs: number): number {
  return 1 | (fs & 0x1f) << 1;
}

/** Faults for which the walk has seen a first-level descriptor's domain. */
function hasDomain(fs: number): boolean {
  switch (fs) {
    case FS.TRANSLATION_PAGE:
    case FS.DOMAIN_SECTION:
    case FS.DOMAIN_PAGE:
    case FS.PERMISSION_SECTION:
    case FS.PERMISSION_PAGE:
    case FS.ACCESS_FLAG_SECTION:
    case FS.ACCESS_FLAG_PAGE:
    case FS.WALK_LEVEL_2:
      return true;
    default:
      return false;
  }
}
