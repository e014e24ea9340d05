/**
 * What the softmmu asks of a guest architecture: translation of one virtual address, and the
 * exceptions that follow from a failed access.
 * @module
 */

/** Kinds of access. */
export const ACCESS = { LOAD: 0, STORE: 1, FETCH: 2 } as const;
/** One of {@linkcode ACCESS}. */
export type Access = (typeof ACCESS)[keyof typeof ACCESS];

/** Result of a translation; one object is reused, so copy what you keep. */
export interface Translation {
  /** Physical address of the access (not only of its page). */
  physical: number;
  /** Whether the page may be read with the privilege of the translation. */
  readable: boolean;
  /** Whether it may be written. */
  writable: boolean;
  /** Whether code may be fetched from it. */
  executable: boolean;
  /** Device or strongly-ordered memory: unaligned accesses fault. */
  device: boolean;
  /** Set instead when the translation failed: the architecture's fault code; 0 = none. */
  fault: number;
  /** Domain number (0-15): goes into the fault status with some faults, and into the TLB entry. */
  domain: number;
  /** The translation belongs to the current address space only. */
  nonGlobal: boolean;
  /** Log2 of the bytes that one entry of the guest's tables translates here: 12 for a page. */
  sizeBits: number;
}

/** A translation to be filled in: nothing may be accessed. */
export function blankTranslation(): Translation {
  return {
    physical: 0,
    readable: false,
    writable: false,
    executable: false,
    device: false,
    fault: 0,
    domain: 0,
    nonGlobal: false,
    sizeBits: 12,
  };
}

/** Guest side of the softmmu. `env` is the vCPU's base address. */
export interface GuestMmu {
  /** The softmmu TLB of what the vCPU now runs: MMU_INDEX.PRIVILEGED or USER (memop.ts). */
  mmuIndex(env: number): number;
  /**
   * Translates a virtual address for an access with the privilege of `mmuIndex` (MMU_INDEX).
   * Permissions in the result are those of the page for that privilege; a failed permission
   * check for `access` is reported as a fault.
   */
  translate(env: number, address: number, access: Access, mmuIndex: number): Translation;
  /** Takes the data or prefetch abort of a failed translation; sets LEAVE. */
  raiseAbort(env: number, pc: number, address: number, access: Access, t: Translation): void;
  /** Takes an alignment fault; sets LEAVE. */
  raiseAlignment(env: number, pc: number, address: number, access: Access): void;
  /** Takes a synchronous external abort (nothing answers at the physical address); sets LEAVE. */
  raiseExternal(env: number, pc: number, address: number, access: Access): void;
}

/** Physical side: RAM or a device. */
export interface PhysicalBus {
  /** Host address of a physical address in RAM, or 0 when no RAM is there. */
  ramAddress(physical: number): number;
  /** Whether a device answers at the physical address. */
  hasDevice(physical: number): boolean;
  /** Reads 1, 2, 4 or 8 bytes (8 as two words, low first is the caller's task) from a device. */
  readDevice(physical: number, size: number, vcpu: number): number;
  /** Writes to a device, the same way. */
  writeDevice(physical: number, size: number, value: number, vcpu: number): void;
}
