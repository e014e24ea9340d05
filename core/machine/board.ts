/**
 * The `virt` board as one table: addresses and interrupts. Observed on QEMU 7.2, `-M virt`.
 * @module
 */

/** Physical addresses, sizes and shared peripheral interrupts. */
export const BOARD = {
  gicDistributor: { base: 0x0800_0000, size: 0x1_0000 },
  gicCpuInterface: { base: 0x0801_0000, size: 0x1_0000 },
  uart: { base: 0x0900_0000, size: 0x1000, spi: 1 },
  rtc: { base: 0x0901_0000, size: 0x1000, spi: 2 },
  fwCfg: { base: 0x0902_0000, size: 0x18 },
  gpio: { base: 0x0903_0000, size: 0x1000, spi: 7 },
  /** `count` transports `stride` bytes apart; interrupt `spi + n`. */
  virtio: { base: 0x0a00_0000, stride: 0x200, count: 32, spi: 16 },
  ram: { base: 0x4000_0000 },
} as const;

/** Most RAM below 4 GiB, where a guest without LPAE reaches it. */
export const MAX_RAM_BYTES = 0xc000_0000;

/** Frequency of the clock that the UART, clock and GPIO blocks are fed with. */
export const PERIPHERAL_CLOCK_HZ = 24_000_000;

/** Private interrupts of the timers, counted from 16: secure, non-secure, virtual, hypervisor. */
export const TIMER_PPIS: readonly number[] = [13, 14, 11, 10];

/** Input of the GPIO block at which the power key is. */
export const POWER_KEY_PIN = 3;

/** Affinity (MPIDR bits 0-23) of vCPU `index`: clusters of eight, as many as a GICv2 serves. */
export function affinityOf(index: number): number {
  return (index & 7) | ((index >> 3) << 8);
}
