/**
 * Mutual exclusion around device accesses. Which lock protects which device is a strategy
 * (big lock, a lock a device, none), so devices and the bus only name the device.
 * @module
 */
import { FutexMutex } from "../smp/futex_mutex.ts";
import type { LockObserver } from "../smp/lock_observer.ts";

/** Number of each lock domain. The order is the lock order: a thread that holds one may take a lower one. */
export const DEVICE_LOCK = {
  GIC: 0,
  /** Generic timer of vCPU n: TIMER + n. */
  TIMER: 1,
  UART: 9,
  RTC: 10,
  GPIO: 11,
  FW_CFG: 12,
  PSCI: 13,
  /** The channel to the disk thread. */
  DISK: 14,
  /** virtio-mmio transport n: VIRTIO + n. */
  VIRTIO: 16,
} as const;

/** Number of lock domains. */
export const DEVICE_LOCKS = 48;

/** Bytes that a lock takes in the arena: a cache line. */
export const LOCK_BYTES = 64;

/**
 * Locks of one thread. `device` is a {@linkcode DEVICE_LOCK}; `vcpu` is whom it is counted for, -1
 * for none. Devices nest: an interrupt line is driven with the device's own lock held and takes
 * the GIC's; a guard with one lock for several devices therefore counts its depth.
 */
export interface AccessGuard {
  /** Takes the lock of a device; waits for it. */
  lock(device: number, vcpu: number): void;
  /** Releases it. */
  unlock(device: number): void;
}

/** No locks: right where all vCPUs share a thread and nobody else touches devices. */
export const UNGUARDED: AccessGuard = { lock: (): void => {}, unlock: (): void => {} };

/** Names the vCPU that an acquisition is counted for: its base address; 0 for vCPU -1. */
export type EnvOf = (vcpu: number) => number;

/** A lock a device; `locks` is the address of DEVICE_LOCKS lines of LOCK_BYTES. */
export function perDeviceGuard(
  i32: Int32Array,
  locks: number,
  envOf: EnvOf,
  mutex: FutexMutex = new FutexMutex(i32),
): AccessGuard {
  return {
    lock: (device, vcpu) => mutex.lock(locks + device * LOCK_BYTES, envOf(vcpu)),
    unlock: (device) => mutex.unlock(locks + device * LOCK_BYTES),
  };
}

/** One lock at `address` for all devices; depth is counted, as devices nest. */
export function bigLockGuard(
  i32: Int32Array,
  address: number,
  envOf: EnvOf,
  observer?: LockObserver,
): AccessGuard {
  const mutex = new FutexMutex(i32, observer);
  let depth = 0;
  return {
    lock: (_device, vcpu) => {
      if (depth === 0) mutex.lock(address, envOf(vcpu));
      depth++;
    },
    unlock: () => {
      depth--;
      if (depth === 0) mutex.unlock(address);
    },
  };
}
