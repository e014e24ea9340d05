/**
 * Values of a vCPU's RUNNING word.
 * @module
 */

/** Asleep, in its run loop or powered off: others may claim it. */
export const STOPPED = 0;
/** In translated code, or about to be, on its own thread. */
export const RUNNING = 1;
/** Held by another thread that works on the vCPU's behalf. */
export const CLAIMED = 2;
