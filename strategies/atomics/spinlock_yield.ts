import type { AtomicsStrategy } from "../types.ts";
import { spinLock } from "./shared/ir_lock.ts";
import { oneLock, valueLocked } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;
/** Rounds of spinning before the core is given up: some hundred ns. */
const SPINS = 32;
/** The shortest sleep there is: the host's scheduler gets to run somebody else. */
const YIELD_MS = 0.001;

/**
 * One spinlock for every exclusive access of the machine, whose waiters give their core up after a
 * few rounds instead of napping for longer and longer.
 */
export const spinlockYield: AtomicsStrategy = {
  name: "spinlock-yield",
  role: "scheme",
  summary: "value noted and compared under one global spinlock that gives the core up",
  source:
    "dynarmic's exclusive monitor (issue 662: 16.4 % of CPU time without a yield, 8.5 % with)",
  weaknesses: [
    "A store of the same value by another vCPU goes unnoticed (ABA).",
    "Plain stores take no lock: only the compare-exchange that commits under the lock sees them.",
    "WebAssembly cannot yield: waiters sleep for a microsecond, which wakes later than a yield.",
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
  ...valueLocked(
    "spinlock-yield",
    spinLock({ spins: SPINS, first: YIELD_MS, longest: YIELD_MS }),
    oneLock,
  ),
};
