/**
 * Getting another vCPU's attention.
 * @module
 */
import { EXIT_REQUESTED, VCPU } from "../memory/vcpu_layout.ts";

/** The sign bit of a futex word: its thread sleeps, or is about to (sleeper.ts). */
export const ASLEEP: number = -0x80000000;

/** Asks the vCPU at `env` to leave translated code at its next block head. */
export function requestExit(i32: Int32Array, env: number): void {
  Atomics.store(i32, (env + VCPU.EXIT_REQUEST) >>> 2, EXIT_REQUESTED);
}

/**
 * Wakes the thread of the vCPU at `env` when it sleeps on its futex word (named by WAKER, else its
 * own WAKE). A sleeper reads the word, checks that it has nothing to do, and waits for the value it
 * read to change: so no wake-up is lost. One that is awake need not be notified.
 */
export function wake(i32: Int32Array, env: number): void {
  const index = (i32[(env + VCPU.WAKER) >>> 2] || env + VCPU.WAKE) >>> 2;
  if ((Atomics.add(i32, index, 1) & ASLEEP) !== 0) Atomics.notify(i32, index);
}

/** Both: whatever the vCPU does, it will soon be back in its run loop. */
export function kick(i32: Int32Array, env: number): void {
  requestExit(i32, env);
  wake(i32, env);
}
