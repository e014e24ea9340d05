/**
 * Finds the device of a physical address. The map is fixed when the machine is built, so that
 * looking an address up takes no lock.
 * @module
 */
import { PAGE_BITS } from "../memory/vcpu_layout.ts";
import type { PhysicalBus } from "../memory/guest_mmu.ts";
import type { AccessGuard } from "./access_guard.ts";
import type { Device } from "./device.ts";

/** A device and the lock around its accesses (a DEVICE_LOCK); no lock for devices without state. */
export interface BusDevice {
  /** Registers at `device.base`. */
  readonly device: Device;
  /** A DEVICE_LOCK, undefined for none. */
  readonly lock: number | undefined;
}

/** The device side of the physical bus. */
export type DeviceSide = Pick<PhysicalBus, "hasDevice" | "readDevice" | "writeDevice">;

/** Page holds several devices, or one that ends within it. */
const SHARED_PAGE = 255;

/** Devices of a machine as one thread sees them. */
export class DeviceBus implements DeviceSide {
  readonly #devices: readonly BusDevice[];
  readonly #guard: AccessGuard;
  readonly #firstPage: number;
  /** For each page from #firstPage: 0 nothing, 1 + index of the device, or SHARED_PAGE. */
  readonly #pages: Uint8Array;

  /**
   * Indexes the devices; `guard` holds this thread's locks.
   * @throws RangeError when two devices overlap, or there are more than a byte can number.
   */
  constructor(devices: readonly BusDevice[], guard: AccessGuard) {
    if (devices.length >= SHARED_PAGE) {
      throw new RangeError(`The bus has ${devices.length} devices, at most 254 are possible`);
    }
    this.#devices = devices.toSorted((a, b) => a.device.base - b.device.base);
    this.#guard = guard;
    let end = 0;
    for (const { device } of this.#devices) {
      if (device.base < end) {
        throw new RangeError(`Device ${device.name} overlaps the one below it; move its base`);
      }
      end = device.base + device.size;
    }
    this.#firstPage = (this.#devices[0]?.device.base ?? 0) >>> PAGE_BITS;
    this.#pages = new Uint8Array(Math.max(0, ((end - 1) >>> PAGE_BITS) - this.#firstPage + 1));
    this.#devices.forEach(({ device }, index) => this.#enter(device, index));
  }

  #enter(device: Device, index: number): void {
    const last = (device.base + device.size - 1) >>> PAGE_BITS;
    for (let page = device.base >>> PAGE_BITS; page <= last; page++) {
      const start = page * 4096;
      const whole = device.base <= start && device.base + device.size >= start + 4096;
      this.#pages[page - this.#firstPage] = whole ? index + 1 : SHARED_PAGE;
    }
  }

  #find(physical: number): BusDevice | undefined {
    const address = physical >>> 0;
    const entry = this.#pages[(address >>> PAGE_BITS) - this.#firstPage];
    if (entry === undefined || entry === 0) return undefined;
    if (entry !== SHARED_PAGE) return this.#devices[entry - 1];
    return this.#devices.find(({ device }) =>
      address >= device.base && address < device.base + device.size
    );
  }

  /** Whether a device answers at the physical address. */
  hasDevice(physical: number): boolean {
    return this.#find(physical) !== undefined;
  }

  /** Device and offset of a physical address in words, such as `pl011+0x18`. */
  describe(physical: number): string {
    const device = this.#find(physical)?.device;
    if (device === undefined) return "nothing";
    return `${device.name}+0x${((physical >>> 0) - device.base).toString(16)}`;
  }

  /** Reads 1, 2 or 4 bytes; 0 where nothing answers. */
  readDevice(physical: number, size: number, vcpu: number): number {
    const found = this.#find(physical);
    if (found === undefined) return 0;
    const { device, lock } = found;
    const offset = (physical >>> 0) - device.base;
    if (lock === undefined || device.readsAlone?.(offset)) return device.read(offset, size, vcpu);
    this.#guard.lock(lock, vcpu);
    try {
      return device.read(offset, size, vcpu);
    } finally {
      this.#guard.unlock(lock);
      device.released?.();
    }
  }

  /** Writes the low 1, 2 or 4 bytes of `value`; nothing happens where nothing answers. */
  writeDevice(physical: number, size: number, value: number, vcpu: number): void {
    const found = this.#find(physical);
    if (found === undefined) return;
    const { device, lock } = found;
    const offset = (physical >>> 0) - device.base;
    if (lock === undefined) return device.write(offset, size, value, vcpu);
    this.#guard.lock(lock, vcpu);
    try {
      device.write(offset, size, value, vcpu);
    } finally {
      this.#guard.unlock(lock);
      device.released?.();
    }
  }

  /** Puts every device into its reset state; called once, before any vCPU runs. */
  reset(): void {
    for (const { device } of this.#devices) device.reset();
  }
}
