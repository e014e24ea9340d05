/**
 * A memory-mapped device. Its whole state lies in the shared memory, so that any vCPU thread may
 * access it; the object holds only addresses and is made anew on every thread.
 * @module
 */

/** One device on the board. */
export interface Device {
  /** Name for messages, as on the board. */
  readonly name: string;
  /** Physical address of its first register. */
  readonly base: number;
  /** Bytes of its registers. */
  readonly size: number;
  /**
   * Reads a register; `offset` is relative to `base`, `size` 1, 2 or 4, `vcpu` the reader's number.
   * Unknown registers read as 0. Called with the device's lock held.
   */
  read(offset: number, size: number, vcpu: number): number;
  /**
   * Whether a read at `offset` changes nothing and looks at words that are each whole at any time:
   * then it needs no lock. No such register unless given.
   */
  readsAlone?(offset: number): boolean;
  /** Called when the lock has been given back after an access: for what others are to be told. */
  released?(): void;
  /** Writes a register, the same way. Unknown registers ignore it. */
  write(offset: number, size: number, value: number, vcpu: number): void;
  /** Puts the state into its reset values; called once, before any vCPU runs. */
  reset(): void;
}

/** Where a device drives an interrupt line: shared peripheral interrupt `spi`, level 0 or 1. */
export interface InterruptSink {
  /** Shared peripheral interrupt, counted from 0. */
  setSpi(spi: number, level: number): void;
  /** Private peripheral interrupt (16..31 as the GIC numbers it) of one vCPU. */
  setPpi(vcpu: number, ppi: number, level: number): void;
}

/** Guest-visible time. */
export interface Clock {
  /** Ticks of the generic timer's counter since the machine started (62.5 MHz), as a float64 integer. */
  ticks(): number;
  /** Nanoseconds from now until `ticks` is reached; 0 when it has passed. */
  nanosecondsUntil(ticks: number): number;
  /** Whole seconds since 1970 for the real-time clock. */
  wallSeconds(): number;
  /**
   * A turn of a vCPU begins on this thread. From the first call on, `wallSeconds` may give the same
   * second all through a turn: some tens of milliseconds. Not there where asking costs nothing.
   */
  turn?(): void;
  /** The tick at which `wallSeconds` is expected to give `seconds`. */
  ticksAtWallSeconds(seconds: number): number;
}

/** Frequency of the generic timer's counter in Hz, as on QEMU's board. */
export const TIMER_HZ = 62_500_000;
