import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import { memopSize } from "../../core/memory/memop.ts";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import { lockCounters } from "../../core/smp/lock_observer.ts";
import { Spinlock } from "../../core/smp/spinlock.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import { expansionOf, SLOT_BYTES } from "./shared/expansion.ts";
import { byHelpers, helperTrio } from "./shared/helper_trio.ts";
import { HostAccess } from "./shared/host_access.ts";
import { Reservations } from "./shared/reservations.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { dataStore, hostLoad, type Value } from "./shared/value.ts";

/** Shared state: the lock, and a mask of vCPUs that may have a reservation. */
const LOCK = 0;
const RESERVED = 64;
const SHARED_BYTES = 128;

const TRIO = helperTrio("global-lock");
const ACQUIRE = "global_lock_acquire";
const BREAK = "global_lock_break";

/** Runs `access`, which must not fault, under the lock: one compare-exchange when it is free. */
function locked(x: ExpandContext, access: () => void): void {
  const { b } = x;
  if (!x.parallel) {
    access();
    return;
  }
  const lock = b.const(x.shared + LOCK);
  const held = b.atomicCas(lock, b.const(0), b.const(1), 2);
  b.if(held, () => b.callVoid(ACQUIRE));
  access();
  b.atomicStore(lock, b.const(0), 2);
}

function lockedStore(x: ExpandContext, host: V32, raw: Value, memop: number): void {
  const { b } = x;
  locked(x, () => {
    const reserved = b.hostLoad(b.const(x.shared + RESERVED), 2);
    const own = b.shl(b.const(1), b.get(VCPU.INDEX));
    const others = b.and(reserved, b.xor(own, b.const(-1)));
    b.if(others, () => b.callVoid(BREAK, host, b.const(memop)));
    dataStore(b, host, raw, memop);
  });
}

function lockedLoad(x: ExpandContext, host: V32, memop: number): Value {
  let value: Value | undefined;
  locked(x, () => value = hostLoad(x.b, host, memop));
  return value!;
}

function runtime(host: StrategyHost): AtomicsRuntime {
  const { i32 } = host.views;
  const access = new HostAccess(host);
  const reservations = new Reservations(host, 1);
  const locks = new Spinlock(i32, lockCounters(host.views));
  const lock = host.shared + LOCK;
  const reserved = (host.shared + RESERVED) >>> 2;
  const locked = <T>(env: number, work: () => T): T => {
    locks.lock(lock, env);
    const result = work();
    i32[reserved] = reservations.mask();
    locks.unlock(lock);
    return result;
  };
  return {
    ...clearMonitor(host),
    slowStore: (env, at, size, commit) => {
      locked(env, () => {
        reservations.breakOthers(env, at, size);
        commit();
      });
    },
    helpers: {
      [TRIO.load]: (env, pc, address, memop) => {
        const at = access.probeRead(env, pc, address, memop);
        if (at === 0) return 0;
        locked(env, () => {
          access.loadAndReserve(env, address, at, memop);
          reservations.set(env, at);
        });
        return 0;
      },
      [TRIO.store]: (env, pc, address, memop) => {
        if (!access.reserved(env, address, memop)) return 1;
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 1;
        return locked(env, () => {
          if (!reservations.holds(env, at, memop)) return 1;
          reservations.breakOthers(env, at, memopSize(memop));
          access.store(env, at, memop);
          reservations.drop(env);
          return 0;
        });
      },
      [TRIO.swap]: (env, pc, address, memop) => {
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 0;
        return locked(env, () => {
          reservations.breakOthers(env, at, memopSize(memop));
          return access.exchange(env, at, memop);
        });
      },
      [ACQUIRE]: (env) => {
        locks.lock(lock, env);
        return 0;
      },
      [BREAK]: (env, _pc, at, memop) => {
        reservations.breakOthers(env, at, memopSize(memop));
        i32[reserved] = reservations.mask();
        return 0;
      },
    },
  };
}

/** Every guest memory access takes one lock; stores break the reservations they touch. */
export const globalLock: AtomicsStrategy = {
  name: "global-lock",
  role: "scheme",
  summary: "every guest memory access takes one lock: the upper bound of cost",
  source: "PQEMU (Ding et al., 2011), option 2",
  weaknesses: [
    "Every load and store of every vCPU waits for every other.",
    "lockAcquisitions counts only those that the inline compare-exchange did not get at once.",
    "Loads on the softmmu's slow path (devices, two pages) take no lock.",
  ],
  constraints: {
    granule: "bytes",
    hooksStores: true,
    hooksLoads: true,
    hooksTlbFill: false,
    abaSafe: "yes",
    correctInParallel: true,
    progress: "blocking",
    stopsTheWorld: [],
  },
  sharedBytes: () => SHARED_BYTES,
  perVcpuBytes: SLOT_BYTES,
  helpers: [
    ...TRIO.defs,
    { name: ACQUIRE, arity: 0, returns: false, state: "none", mayLeave: false },
    { name: BREAK, arity: 2, returns: false, state: "none", mayLeave: false },
  ],
  expansion: expansionOf({
    ...byHelpers(TRIO),
    plainStore: lockedStore,
    plainLoad: lockedLoad,
  }),
  runtime,
};
