import type { AtomicsStrategy } from "../types.ts";
import { futexMutex } from "./shared/ir_lock.ts";
import { oneLock, valueLocked } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;

/**
 * One futex mutex for every exclusive access of the machine.
 */
export const mutex: AtomicsStrategy = {
  name: "mutex",
  role: "scheme",
  summary: "value noted and compared under one global mutex",
  source:
    "Greensocs ldst-exclusive patches for multi-threaded TCG, 2015 (arm_exclusive_lock as a mutex)",
  weaknesses: [
    "A store of the same value by another vCPU goes unnoticed (ABA).",
    "Plain stores take no lock: only the compare-exchange that commits under the lock sees them.",
    "Unrelated exclusive accesses wait for each other.",
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
  ...valueLocked("mutex", futexMutex, oneLock),
};
