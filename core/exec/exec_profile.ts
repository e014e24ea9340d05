/**
 * What a profile hears of the execution engine: where a vCPU's thread is. Without a profile the
 * engine asks for one where it enters or leaves translated code, and nowhere in it.
 * @module
 */

/** What a vCPU's thread does. Other activities are known to the profile's own wrappers alone. */
export const ACTIVITY = {
  /** The run loop itself, and finding blocks. */
  LOOP: 0,
  /** Blocks in the interpreter. */
  INTERPRETER: 1,
  /** Compiled code: the sampler asks which tier. */
  COMPILED: 2,
  /** Functions of the first tier. */
  FIRST_TIER: 3,
  /** Regions, the second tier. */
  REGION: 4,
  /** Guest code to IR. */
  TRANSLATE: 5,
  /** IR to WebAssembly, and loading it. */
  COMPILE: 6,
  /** A helper that translated code calls. */
  HELPER: 7,
  /** A guest access outside the fast path. */
  SLOW_ACCESS: 8,
  /** A TLB fill: the walk of the guest's page tables. */
  TLB_FILL: 9,
  /** An access to a device. */
  MMIO: 10,
  /** Waiting for a lock of the engine or of a device. */
  LOCK: 11,
  /** Waiting for every vCPU to stop, work while they are, or being stopped. */
  STOP: 12,
  /** Waiting for work done on other vCPUs, TLB maintenance above all. */
  CROSS: 13,
  /** Asleep in WFI or WFE. */
  IDLE: 14,
  /** Other vCPUs have the thread. */
  TURN: 15,
  /** The vCPU is switched off. */
  OFF: 16,
  /** The thread is being made. */
  START: 17,
} as const;

/** One of {@linkcode ACTIVITY}. */
export type Activity = (typeof ACTIVITY)[keyof typeof ACTIVITY];

/** Told by the thread of the vCPU at `env`. */
export interface ExecProfile {
  /** What the vCPU does from now on, at its pc. */
  at(env: number, activity: Activity): void;
  /** The same for a while; the result is for {@linkcode ExecProfile.leave}. */
  enter(env: number, activity: Activity): number;
  /** Back to what it did before. */
  leave(env: number, before: number): void;
  /** Compiled code has returned, from a region or from the first tier; the pc is up to date. */
  left(env: number, region: boolean): void;
}
