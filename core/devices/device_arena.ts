/**
 * Hands out the device region of the shared memory. Every thread builds the same devices in the
 * same order, so every thread gets the same addresses without talking to the others.
 * @module
 */

/** Bump allocator over `bytes` bytes at `base`. */
export class DeviceArena {
  #next: number;
  readonly #end: number;

  /** Nothing is handed out yet; the bytes are zero. */
  constructor(base: number, bytes: number) {
    this.#next = base;
    this.#end = base + bytes;
  }

  /**
   * Address of `bytes` fresh bytes on a cache line of their own.
   * @throws RangeError when the region is used up.
   */
  allocate(bytes: number): number {
    const address = Math.ceil(this.#next / 64) * 64;
    if (address + bytes > this.#end) {
      throw new RangeError(
        `Device state needs ${address + bytes - this.#end} bytes more than its region has; ` +
          `raise DEVICE_BYTES`,
      );
    }
    this.#next = address + bytes;
    return address;
  }
}
