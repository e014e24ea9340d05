import type { AtomicsStrategy } from "../types.ts";
import { nappingSpinlock } from "./shared/ir_lock.ts";
import { oneLock, valueLocked } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;

/**
 * One spinlock for every exclusive access of the machine.
 */
export const spinlock: AtomicsStrategy = {
  name: "spinlock",
  role: "scheme",
  summary: "value noted and compared under one global spinlock",
  source: "Konrad's multi-threaded TCG RFC V6 (QemuSpin in place of the mutex)",
  weaknesses: [
    "A store of the same value by another vCPU goes unnoticed (ABA).",
    "Plain stores take no lock: only the compare-exchange that commits under the lock sees them.",
    "A holder that lost its host CPU lets the others spin and nap.",
  ],
  constraints: {
    granule: "global",
    hooksStores: false,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "no",
    correctInParallel: true,
    progress: "blocking",
    stopsTheWorld: [],
  },
  sharedBytes: () => LOCK_BYTES,
  ...valueLocked("spinlock", nappingSpinlock, oneLock),
};
