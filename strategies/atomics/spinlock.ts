import { Spinlock } from "../../core/smp/spinlock.ts";
import type { AtomicsStrategy } from "../types.ts";
import { SLOT_BYTES } from "./shared/expansion.ts";
import { helperTrio } from "./shared/helper_trio.ts";
import { valueLockedExpansion, valueLockedRuntime } from "./shared/value_locked.ts";

const LOCK_BYTES = 64;
const TRIO = helperTrio("spinlock");

/**
 * One spinlock for every exclusive access of the machine.
 */
export const spinlock: AtomicsStrategy = {
  name: "spinlock",
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
  perVcpuBytes: SLOT_BYTES,
  helpers: TRIO.defs,
  expansion: valueLockedExpansion(TRIO),
  runtime: (host) =>
    valueLockedRuntime(host, TRIO, (i32, observer) => new Spinlock(i32, observer), () => 0),
};
