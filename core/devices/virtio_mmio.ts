/**
 * The board's virtio-mmio transports with nothing plugged in: they identify themselves (legacy
 * interface, as QEMU's default) and say "no device". Source: Virtio 1.1, section 4.2.
 * @module
 */
import type { Device } from "./device.ts";

/** Bytes of registers of one transport. */
export const VIRTIO_MMIO_STRIDE = 0x200;

const REGISTERS: Readonly<Record<number, number>> = {
  /** "virt". */
  0x000: 0x74726976,
  /** Version of the interface. */
  0x004: 1,
  /** Device id 0: nobody there. */
  0x008: 0,
  /** Vendor: "QEMU". */
  0x00c: 0x554d4551,
};

/** All empty transports as one device; it has no state. */
export function emptyVirtioSlots(base: number, count: number): Device {
  return {
    name: "virtio-mmio",
    base,
    size: count * VIRTIO_MMIO_STRIDE,
    read: (offset, size) => {
      // The identification registers are 32 bits wide and nothing else.
      return size === 4 ? REGISTERS[offset % VIRTIO_MMIO_STRIDE] ?? 0 : 0;
    },
    write: () => {},
    reset: () => {},
  };
}
