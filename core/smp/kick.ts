/**
 * Getting another vCPU's attention.
 * @module
 */
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
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

/**
 * Sets the event register of every vCPU, which ends their waits for an event. One whose register is
 * set already needs nothing: before it waits it will find that.
 */
export function sendEvent(i32: Int32Array, layout: MachineLayout): void {
  for (let vcpu = 0; vcpu < layout.vcpus; vcpu++) {
    const env = vcpuBase(layout, vcpu);
    const event = (env + VCPU.EVENT) >>> 2;
    if (Atomics.load(i32, event) === 0 && Atomics.exchange(i32, event, 1) === 0) wake(i32, env);
  }
}

/** Both: whatever the vCPU does, it will soon be back in its run loop. */
export function kick(i32: Int32Array, env: number): void {
  requestExit(i32, env);
  wake(i32, env);
}
