import type { AtomicsStrategy } from "../types.ts";
import { futexMutex } from "./shared/ir_lock.ts";
import { type LockOf, valueLocked } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;
const LOCKS = 256;

const hashedLock: LockOf = ({ b, shared }, host) => {
  const number = b.and(b.shrU(host, b.const(3)), b.const(LOCKS - 1));
  return b.add(b.shl(number, b.const(Math.log2(LOCK_BYTES))), b.const(shared));
};

/**
 * One of many mutexes, chosen by a hash of the address: unrelated accesses seldom wait.
 */
export const hashedLocks: AtomicsStrategy = {
  name: "hashed-locks",
  role: "scheme",
  summary: "value noted and compared under one of 256 mutexes, chosen by address",
  source: "PQEMU (Ding et al., 2011), option 4",
  weaknesses: [
    "A store of the same value by another vCPU goes unnoticed (ABA).",
    "Plain stores take no lock: only the compare-exchange that commits under the lock sees them.",
    "Addresses with the same hash wait for each other.",
  ],
  constraints: {
    granule: "hash",
    hooksStores: false,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "no",
    correctInParallel: true,
    progress: "blocking",
    stopsTheWorld: [],
  },
  sharedBytes: () => LOCKS * LOCK_BYTES,
  ...valueLocked("hashed-locks", futexMutex, hashedLock),
};
