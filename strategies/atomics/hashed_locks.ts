import { FutexMutex } from "../../core/smp/futex_mutex.ts";
import type { AtomicsStrategy } from "../types.ts";
import { SLOT_BYTES } from "./shared/expansion.ts";
import { helperTrio } from "./shared/helper_trio.ts";
import { valueLockedExpansion, valueLockedRuntime } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;
const LOCKS = 256;
const TRIO = helperTrio("hashed-locks");

/**
 * One of many mutexes, chosen by a hash of the address: unrelated accesses seldom wait.
 */
export const hashedLocks: AtomicsStrategy = {
  name: "hashed-locks",
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
  perVcpuBytes: SLOT_BYTES,
  helpers: TRIO.defs,
  expansion: valueLockedExpansion(TRIO),
  runtime: (host) =>
    valueLockedRuntime(
      host,
      TRIO,
      (i32, observer) => new FutexMutex(i32, observer),
      (at) => (at >>> 3) % LOCKS * LOCK_BYTES,
    ),
};
