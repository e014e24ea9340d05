/**
 * Schemes that note and compare values under a lock: `mutex`, `spinlock`, `hashed-locks`. They
 * differ in the kind of lock and in which lock an address has.
 * @module
 */
import type { V32 } from "../../../core/ir/builder.ts";
import type { HelperContext } from "../../../core/ir/helper.ts";
import type { AtomicsStrategy } from "../../types.ts";
import { plain } from "../plain.ts";
import { expansionOf, probeRead, probeWrite, reserve, serialOr, SLOT_BYTES } from "./expansion.ts";
import { type IrLock, LOCK_HELPERS, lockHelpers } from "./ir_lock.ts";
import { irTrio } from "./ir_trio.ts";
import { clearMonitor } from "./runtime.ts";
import {
  atomicLoad,
  compareExchange,
  exchange,
  notedValue,
  noteValue,
  type Value,
} from "./value.ts";

/** Host address of the lock of the guest memory at a host address. */
export type LockOf = (x: HelperContext, host: V32) => V32;

/** The one lock of a scheme that has no other: at the start of its shared state. */
export function oneLock(x: HelperContext): V32 {
  return x.b.const(x.shared);
}

/** Runs before the lock is taken, once the host address is known. */
export type Before = (x: HelperContext, host: V32) => void;

/** What helpers do under a lock; see TrioBodies. */
export interface LockedBodies {
  /** Load-exclusive. */
  load(x: HelperContext, address: V32, memop: number, before?: Before): Value;
  /** Store-exclusive of a reserved address. */
  store(x: HelperContext, address: V32, raw: Value, memop: number): V32;
  /** Swap. */
  swap(x: HelperContext, address: V32, raw: V32, memop: number, before?: Before): V32;
}

/**
 * What helpers do under the lock that `lockOf` gives. A probe comes before the lock: it may take a
 * guest exception.
 */
export function lockedBodies(lock: IrLock, lockOf: LockOf): LockedBodies {
  const locked = <T>(x: HelperContext, host: V32, work: () => T): T => {
    const address = lockOf(x, host);
    lock.lock(x, address);
    const result = work();
    lock.unlock(x, address);
    return result;
  };
  return {
    load: (x, address, memop, before) => {
      const host = probeRead(x, address, memop);
      before?.(x, host);
      const value = locked(x, host, () => atomicLoad(x.b, host, memop));
      noteValue(x.b, value, memop);
      reserve(x, address, memop);
      return value;
    },
    store: (x, address, raw, memop) => {
      const host = probeWrite(x, address, memop);
      const noted = notedValue(x.b, memop);
      return locked(x, host, () => compareExchange(x.b, host, noted, raw, memop));
    },
    swap: (x, address, raw, memop, before) => {
      const host = probeWrite(x, address, memop);
      before?.(x, host);
      return locked(x, host, () => exchange(x.b, host, raw, memop));
    },
  };
}

/** The parts of such a scheme that put it to work: helpers, or plain code where nothing is parallel. */
export function valueLocked(
  name: string,
  lock: IrLock,
  lockOf: LockOf,
): Pick<AtomicsStrategy, "perVcpuBytes" | "helpers" | "expansion" | "runtime"> {
  const trio = irTrio(name, lockedBodies(lock, lockOf));
  return {
    perVcpuBytes: SLOT_BYTES,
    helpers: [...LOCK_HELPERS, ...trio.defs],
    expansion: serialOr(plain.expansion, expansionOf(trio.ops)),
    runtime: (host) => ({ ...clearMonitor(host), helpers: lockHelpers(host.views) }),
  };
}
