/**
 * Fault status codes of the two translation table formats, and how they go into DFSR, IFSR and PAR.
 * Which format is in use decides also how faults are reported that no table walk has found.
 * @module
 */
import { CP } from "../state.ts";
import { usesLongDescriptors } from "./ttbcr.ts";

/**
 * The five-bit FS field of the short-descriptor format; a fault of a page (second level) is that of
 * a section with bit 1 set.
 */
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

/** The six-bit STATUS field of the long-descriptor format; the first four want the level added. */
export const LONG_FS = {
  TRANSLATION: 0x04,
  ACCESS_FLAG: 0x08,
  PERMISSION: 0x0c,
  WALK: 0x14,
  EXTERNAL: 0x10,
  ALIGNMENT: 0x21,
  DEBUG: 0x22,
} as const;

/** DFSR: the access was a write. */
const WNR = 0x800;
/** DFSR, IFSR: the long-descriptor format is in use. */
const LPAE = 0x200;
/** PAR: the same. */
const PAR_LPAE = 0x800;

/** How one format reports faults. Codes are FS or LONG_FS. */
export interface FaultFormat {
  /** Code of a misaligned access. */
  readonly alignment: number;
  /** Code of a synchronous external abort of the access itself. */
  readonly external: number;
  /** Code of a debug event. */
  readonly debug: number;
  /** DFSR of a data abort. The domain is given with the faults that have a valid one. */
  readonly data: (code: number, domain: number, write: boolean) => number;
  /** IFSR of a prefetch abort. */
  readonly instruction: (code: number) => number;
  /** PAR after a failed address translation operation. */
  readonly par: (code: number) => number;
}

/** The FS field in place: bits 3-0, and bit 10 for its top bit. */
function place(fs: number): number {
  return (fs & 0xf) | ((fs & 0x10) << 6);
}

const SHORT: FaultFormat = {
  alignment: FS.ALIGNMENT,
  external: FS.EXTERNAL,
  debug: FS.DEBUG,
  data: (fs, domain, write) => place(fs) | (hasDomain(fs) ? domain << 4 : 0) | (write ? WNR : 0),
  instruction: place,
  par: (fs) => 1 | (fs & 0x1f) << 1,
};

const LONG: FaultFormat = {
  alignment: LONG_FS.ALIGNMENT,
  external: LONG_FS.EXTERNAL,
  debug: LONG_FS.DEBUG,
  data: (status, _domain, write) => status | LPAE | (write ? WNR : 0),
  instruction: (status) => status | LPAE,
  par: (status) => 1 | status << 1 | PAR_LPAE,
};

/** The format in which the vCPU's faults are reported. */
export function faultFormat(i32: Int32Array, env: number): FaultFormat {
  return usesLongDescriptors(i32[(env + CP.TTBCR) >>> 2]) ? LONG : SHORT;
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
