/**
 * The descriptor of a guest memory access, one 32-bit word.
 * @module
 */

/** Bit fields of a memop. */
export const MEMOP = {
  /** log2 of the size in bytes: 0..3. */
  SIZE_MASK: 3,
  /** Sign-extend the loaded value to 32 bits. */
  SIGN: 0x4,
  /** Required alignment as log2, bits 4-5; 0 means any. A misaligned access takes an alignment fault. */
  ALIGN_SHIFT: 4,
  ALIGN_MASK: 0x30,
  /** Big-endian data (CPSR.E). */
  BIG_ENDIAN: 0x40,
  /** Index of the softmmu TLB, bits 7-8: one of MMU_INDEX. */
  MMU_SHIFT: 7,
  MMU_MASK: 0x180,
  /** `probe` only: the access is a write. */
  WRITE: 0x200,
  /** `probe` only: give 0 instead of a host address when the access needs the slow path. */
  SOFT: 0x400,
  /** The access is a sequentially consistent host atomic when it is aligned. */
  SEQ_CST: 0x800,
  /** `probe` only: the access is exclusive: device memory takes an external abort. */
  EXCLUSIVE: 0x1000,
} as const;

/** Size of the access in bytes. */
export function memopSize(op: number): number {
  return 1 << (op & MEMOP.SIZE_MASK);
}

/** Required alignment in bytes (1 = any). */
export function memopAlign(op: number): number {
  return 1 << ((op & MEMOP.ALIGN_MASK) >> MEMOP.ALIGN_SHIFT);
}

/** The softmmu TLBs of a vCPU. */
export const MMU_INDEX = {
  PRIVILEGED: 0,
  /** Everything that user code does. */
  USER: 1,
  /** Accesses of privileged code with user rights. */
  UNPRIVILEGED: 2,
} as const;

/** Which softmmu TLB the access uses: one of {@linkcode MMU_INDEX}. */
export function memopMmuIndex(op: number): number {
  return (op & MEMOP.MMU_MASK) >> MEMOP.MMU_SHIFT;
}
