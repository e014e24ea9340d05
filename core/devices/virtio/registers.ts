/**
 * Numbers of the virtio-mmio transport. Source: Virtio 1.1, sections 2.1, 4.2.2 and (legacy) 4.2.4.
 * @module
 */

/** Offsets of a transport's registers; all are 32 bits wide. */
export const REGISTER = {
  MAGIC: 0x000,
  VERSION: 0x004,
  DEVICE_ID: 0x008,
  VENDOR_ID: 0x00c,
  DEVICE_FEATURES: 0x010,
  DEVICE_FEATURES_SELECT: 0x014,
  DRIVER_FEATURES: 0x020,
  DRIVER_FEATURES_SELECT: 0x024,
  /** Legacy. */
  GUEST_PAGE_SIZE: 0x028,
  QUEUE_SELECT: 0x030,
  QUEUE_SIZE_MAX: 0x034,
  QUEUE_SIZE: 0x038,
  /** Legacy. */
  QUEUE_ALIGN: 0x03c,
  /** Legacy. */
  QUEUE_PFN: 0x040,
  QUEUE_READY: 0x044,
  QUEUE_NOTIFY: 0x050,
  INTERRUPT_STATUS: 0x060,
  INTERRUPT_ACK: 0x064,
  STATUS: 0x070,
  QUEUE_DESC_LOW: 0x080,
  QUEUE_DESC_HIGH: 0x084,
  QUEUE_DRIVER_LOW: 0x090,
  QUEUE_DRIVER_HIGH: 0x094,
  QUEUE_DEVICE_LOW: 0x0a0,
  QUEUE_DEVICE_HIGH: 0x0a4,
  /** Length of the selected shared memory region: all ones, as there is none. */
  SHM_LENGTH_LOW: 0x0b0,
  SHM_LENGTH_HIGH: 0x0b4,
  CONFIG_GENERATION: 0x0fc,
  /** First byte of the device's own configuration. */
  CONFIG: 0x100,
} as const;

/** "virt". */
export const MAGIC = 0x74726976;
/** "QEMU". */
export const VENDOR = 0x554d4551;

/** Bits of the device status. */
export const STATUS = {
  ACKNOWLEDGE: 1,
  DRIVER: 2,
  DRIVER_OK: 4,
  FEATURES_OK: 8,
  /** The device has met something that only a reset gets it out of. */
  NEEDS_RESET: 0x40,
  FAILED: 0x80,
} as const;

/** Bits of the interrupt status. */
export const INTERRUPT = {
  /** A used ring has new entries. */
  USED: 1,
  /** The configuration, or the status, has changed by itself. */
  CONFIG: 2,
} as const;

/** Feature bits of the transport and its rings: word (0 or 1) and bit. */
export const FEATURE = {
  /** Word 0: buffers may be laid out in any way. */
  ANY_LAYOUT: 0x0800_0000,
  /** Word 0: a descriptor may name a table of further ones. */
  INDIRECT: 0x1000_0000,
  /** Word 1: the interface of version 1.0, not the legacy one. */
  VERSION_1: 1,
} as const;
