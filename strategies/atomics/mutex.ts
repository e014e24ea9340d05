import { FutexMutex } from "../../core/smp/futex_mutex.ts";
import type { AtomicsStrategy } from "../types.ts";
import { SLOT_BYTES } from "./shared/expansion.ts";
import { helperTrio } from "./shared/helper_trio.ts";
import { valueLockedExpansion, valueLockedRuntime } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;
const TRIO = helperTrio("mutex");

/**
 * One futex mutex for every exclusive access of the machine.
 */
export const mutex: AtomicsStrategy = {
  name: "mutex",
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
  perVcpuBytes: SLOT_BYTES,
  helpers: TRIO.defs,
  expansion: valueLockedExpansion(TRIO),
  runtime: (host) =>
    valueLockedRuntime(host, TRIO, (i32, observer) => new FutexMutex(i32, observer), () => 0),
};
