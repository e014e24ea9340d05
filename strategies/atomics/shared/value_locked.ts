/**
 * Schemes that note and compare values under a lock: `mutex`, `spinlock`, `hashed-locks`. They
 * differ in the kind of lock and in which lock an address has.
 * @module
 */
import { lockCounters, type LockObserver } from "../../../core/smp/lock_observer.ts";
import type { AtomicsExpansion } from "../../../core/ir/expansion.ts";
import type { AtomicsRuntime, StrategyHost } from "../../types.ts";
import { plain } from "../plain.ts";
import { expansionOf, serialOr } from "./expansion.ts";
import { byHelpers, type HelperTrio } from "./helper_trio.ts";
import { HostAccess } from "./host_access.ts";
import { clearMonitor } from "./runtime.ts";

/** A kind of lock: FutexMutex or Spinlock. */
export interface Lock {
  /** Takes the lock at a host address; waits are counted for the vCPU at `env`. */
  lock(address: number, env?: number): void;
  /** Releases it. */
  unlock(address: number): void;
}

/** Makes the locks of a thread. */
export type LockMaker = (i32: Int32Array, observer: LockObserver) => Lock;

/** The expansion: helper calls, and plain compare and store where nothing runs in parallel. */
export function valueLockedExpansion(trio: HelperTrio): AtomicsExpansion {
  return serialOr(
    plain.expansion,
    expansionOf(byHelpers(trio)),
  );
}

/** The run-time half; `lockOf` gives the offset of an address's lock in the shared state. */
export function valueLockedRuntime(
  host: StrategyHost,
  trio: HelperTrio,
  makeLock: LockMaker,
  lockOf: (hostAddress: number) => number,
): AtomicsRuntime {
  const access = new HostAccess(host);
  const locks = makeLock(host.views.i32, lockCounters(host.views));
  const locked = <T>(env: number, at: number, work: () => T): T => {
    const lock = host.shared + lockOf(at);
    locks.lock(lock, env);
    const result = work();
    locks.unlock(lock);
    return result;
  };
  return {
    ...clearMonitor(host),
    helpers: {
      [trio.load]: (env, pc, address, memop) => {
        const at = access.probeRead(env, pc, address, memop);
        if (at !== 0) locked(env, at, () => access.loadAndReserve(env, address, at, memop));
        return 0;
      },
      [trio.store]: (env, pc, address, memop) => {
        if (!access.reserved(env, address, memop)) return 1;
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 1;
        return locked(env, at, () => access.compareExchange(env, at, memop)) ? 0 : 1;
      },
      [trio.swap]: (env, pc, address, memop) => {
        const at = access.probeWrite(env, pc, address, memop);
        return at === 0 ? 0 : locked(env, at, () => access.exchange(env, at, memop));
      },
    },
  };
}
