import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import type { HelperContext } from "../../core/ir/helper.ts";
import { irHelper } from "../../core/ir/helper_body.ts";
import { memopSize } from "../../core/memory/memop.ts";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import { lockCounters } from "../../core/smp/lock_observer.ts";
import { Spinlock } from "../../core/smp/spinlock.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import { expansionOf, probeRead, probeWrite, SLOT_BYTES } from "./shared/expansion.ts";
import { LOCK_HELPERS, lockHelpers, nappingSpinlock, tryLock } from "./shared/ir_lock.ts";
import { drop, forEachReservation, holds, setReservation } from "./shared/ir_reservations.ts";
import { irTrio } from "./shared/ir_trio.ts";
import { Reservations } from "./shared/reservations.ts";
import { clearMonitor } from "./shared/runtime.ts";
import {
  atomicLoad,
  atomicStore,
  dataStore,
  exchange,
  hostLoad,
  type Value,
} from "./shared/value.ts";

/** Shared state: the lock, and a mask of vCPUs that may have a reservation. */
const LOCK = 0;
const RESERVED = 64;
const SHARED_BYTES = 128;

const WAIT = "global_lock_wait";
const BREAK = "global_lock_break";
const GRANULE = 1;

function lockOf({ b, shared }: ExpandContext): V32 {
  return b.const(shared + LOCK);
}

/** Address of the mask of vCPUs that may have a reservation. */
function reservedOf({ b, shared }: ExpandContext): V32 {
  return b.const(shared + RESERVED);
}

/** This vCPU's bit in the mask. */
function own({ b }: ExpandContext): V32 {
  return b.shl(b.const(1), b.get(VCPU.INDEX));
}

/** Runs `access`, which must not fault, under the lock: one compare-exchange when it is free. */
function locked<X extends ExpandContext, T>(x: X, wait: (x: X) => void, access: () => T): T {
  if (!x.parallel) return access();
  x.b.if(tryLock(x, nappingSpinlock, lockOf(x)), () => wait(x));
  const result = access();
  nappingSpinlock.unlock(x, lockOf(x));
  return result;
}

/** {@linkcode locked} in translated code. */
function lockedInline<T>(x: ExpandContext, access: () => T): T {
  return locked(x, ({ b }) => b.callVoid(WAIT), access);
}

/** {@linkcode locked} in a helper. */
function lockedInHelper<T>(x: HelperContext, access: () => T): T {
  return locked(x, (inner) => nappingSpinlock.wait(inner, lockOf(inner)), access);
}

/** 1 when another vCPU may have a reservation; under the lock. */
function othersReserved(x: ExpandContext): V32 {
  const { b } = x;
  const others = b.xor(own(x), b.const(-1));
  return b.and(b.hostLoad(reservedOf(x), 2), others);
}

function lockedStore(x: ExpandContext, host: V32, raw: Value, memop: number): void {
  const { b } = x;
  lockedInline(x, () => {
    b.if(othersReserved(x), () => b.callVoid(BREAK, host, b.const(memopSize(memop))));
    dataStore(b, host, raw, memop);
  });
}

function lockedLoad(x: ExpandContext, host: V32, memop: number): Value {
  return lockedInline(x, () => hostLoad(x.b, host, memop));
}

/** Breaks what a store by this vCPU touches, and finds out who has a reservation left. */
function breakTouched(x: HelperContext, host: V32, size: V32): void {
  const { b } = x;
  const mask = b.local();
  mask.set(b.const(0));
  forEachReservation(x, host, size, GRANULE, ({ env, index, self, touched }) => {
    b.if(b.and(touched, b.eqz(self)), () => drop(x, env), () => {
      mask.set(b.or(mask.get(), b.shl(b.const(1), index.get())));
    });
  });
  b.hostStore(reservedOf(x), mask.get(), 2);
}

const TRIO = irTrio("global-lock", {
  load: (x, address, memop) => {
    const { b } = x;
    const host = probeRead(x, address, memop);
    return lockedInHelper(x, () => {
      const value = atomicLoad(b, host, memop);
      setReservation(x, address, host, memop);
      b.hostStore(reservedOf(x), b.or(b.hostLoad(reservedOf(x), 2), own(x)), 2);
      return value;
    });
  },
  store: (x, address, raw, memop) => {
    const { b } = x;
    const host = probeWrite(x, address, memop);
    return lockedInHelper(x, () => {
      const held = holds(x, host, memop);
      b.if(held, () => {
        b.set(VCPU.EXCL_SIZE, b.const(0));
        breakTouched(x, host, b.const(memopSize(memop)));
        atomicStore(b, host, raw, memop);
      });
      return held;
    });
  },
  swap: (x, address, raw, memop) => {
    const host = probeWrite(x, address, memop);
    return lockedInHelper(x, () => {
      breakTouched(x, host, x.b.const(memopSize(memop)));
      return exchange(x.b, host, raw, memop);
    });
  },
});

function runtime(host: StrategyHost): AtomicsRuntime {
  const { i32 } = host.views;
  const reservations = new Reservations(host, GRANULE);
  const locks = new Spinlock(i32, lockCounters(host.views));
  const lock = host.shared + LOCK;
  return {
    ...clearMonitor(host),
    slowStore: (env, at, size, commit) => {
      locks.lock(lock, env);
      reservations.breakOthers(env, at, size);
      commit();
      i32[(host.shared + RESERVED) >>> 2] = reservations.mask();
      locks.unlock(lock);
    },
    helpers: lockHelpers(host.views),
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
    ...LOCK_HELPERS,
    ...TRIO.defs,
    irHelper({
      name: WAIT,
      params: [],
      result: null,
      emit: (x) => {
        nappingSpinlock.wait(x, lockOf(x));
        x.b.ret();
      },
    }),
    irHelper({
      name: BREAK,
      params: ["i32", "i32"],
      result: null,
      emit: (x) => {
        breakTouched(x, x.b.param(0), x.b.param(1));
        x.b.ret();
      },
    }),
  ],
  expansion: expansionOf({
    ...TRIO.ops,
    plainStore: lockedStore,
    plainLoad: lockedLoad,
  }),
  runtime,
};
