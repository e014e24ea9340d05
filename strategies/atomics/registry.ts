/**
 * The atomics schemes: one line each, from the negative control to the upper bound of cost, and the
 * controls.
 * @module
 */
import { findByName } from "../registry.ts";
import type { AtomicsStrategy } from "../types.ts";
import { aie } from "./aie.ts";
import { alat } from "./alat.ts";
import { cmpxchg } from "./cmpxchg.ts";
import { cmpxchgBlockExit } from "./cmpxchg_block_exit.ts";
import { cmpxchgHelper } from "./cmpxchg_helper.ts";
import { cmpxchgStoreHook } from "./cmpxchg_store_hook.ts";
import { globalLock } from "./global_lock.ts";
import { hashedLocks } from "./hashed_locks.ts";
import { hst } from "./hst.ts";
import { hstWeak } from "./hst_weak.ts";
import { mutex } from "./mutex.ts";
import { picoSt } from "./pico_st.ts";
import { plain } from "./plain.ts";
import { spinlock } from "./spinlock.ts";
import { spinlockYield } from "./spinlock_yield.ts";
import { tlbExcl, tlbExclSticky } from "./tlb_excl.ts";

/** All atomics schemes. */
export const ATOMICS: readonly AtomicsStrategy[] = [
  plain,
  cmpxchg,
  mutex,
  spinlock,
  spinlockYield,
  hashedLocks,
  alat,
  aie,
  hstWeak,
  hst,
  tlbExcl,
  tlbExclSticky,
  picoSt,
  globalLock,
  // Controls.
  cmpxchgHelper,
  cmpxchgStoreHook,
  cmpxchgBlockExit,
];

/**
 * The atomics scheme called `name`.
 * @throws RangeError when there is none.
 */
export function findAtomics(name: string): AtomicsStrategy {
  return findByName("atomics", ATOMICS, name);
}
