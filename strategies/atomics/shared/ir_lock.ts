/**
 * Locks in IR, on the same words and with the same protocols as core/smp/futex_mutex.ts and
 * core/smp/spinlock.ts: a helper in IR and the slow paths in TypeScript may share a lock. A lock that
 * is free costs one compare-exchange. lockAcquisitions and lockContended count every acquisition;
 * lockWaitNs counts waits that sleep, not the microsecond of spinning before.
 *
 * A vCPU that waits here counts as running, so whoever holds a lock must not start an exclusive
 * section, and must probe before it locks.
 * @module
 */
import type { V32 } from "../../../core/ir/builder.ts";
import type { ExpandContext } from "../../../core/ir/expansion.ts";
import type { HelperBody, HelperContext, HelperDef } from "../../../core/ir/helper.ts";
import { RMW } from "../../../core/ir/ops.ts";
import { COUNTER } from "../../../core/memory/counters.ts";
import { VCPU } from "../../../core/memory/vcpu_layout.ts";
import type { Views } from "../../../core/memory/views.ts";
import { MUTEX } from "../../../core/smp/futex_mutex.ts";
import { SPINLOCK } from "../../../core/smp/spinlock.ts";

/** A kind of lock. */
export interface IrLock {
  /** Value of the word while the lock is free. */
  readonly free: number;
  /** Value of the word while the lock is held and nobody waits. */
  readonly held: number;
  /** The lock was not free: waits for it, and takes it. */
  wait(x: HelperContext, address: V32): void;
  /** Takes the lock at a host address. */
  lock(x: HelperContext, address: V32): void;
  /** Gives it back. */
  unlock(x: ExpandContext, address: V32): void;
}

const WAIT_BEGINS = "lock_wait_begins";
const WAIT_ENDS = "lock_wait_ends";

/** Declarations of the helpers that take the time of a sleep. */
export const LOCK_HELPERS: readonly HelperDef[] = [WAIT_BEGINS, WAIT_ENDS].map((name) => ({
  name,
  arity: 0,
  returns: false,
  state: "none",
  mayLeave: false,
}));

/** Their bodies on one thread. */
export function lockHelpers({ f64 }: Views): Readonly<Record<string, HelperBody>> {
  let start = 0;
  return {
    [WAIT_BEGINS]: () => {
      start = performance.now();
      return 0;
    },
    [WAIT_ENDS]: (env) => {
      f64[((env + VCPU.COUNTERS) >>> 3) + COUNTER.lockWaitNs] += (performance.now() - start) * 1e6;
      return 0;
    },
  };
}

/** Looks at the word `spins` times; gives a variable that is 1 when it has taken it. */
function spinFor(
  x: HelperContext,
  address: V32,
  { free, held, spins }: { free: number; held: number; spins: number },
  got: { set(value: V32): void },
): void {
  const { b } = x;
  const left = b.local();
  left.set(b.const(spins));
  b.loop(() => {
    b.if(b.eqz(left.get()), () => b.break());
    left.set(b.sub(left.get(), b.const(1)));
    b.spinHint();
    b.if(b.eq(b.atomicLoad(address, 2), b.const(free)), () => {
      const was = b.atomicCas(address, b.const(free), b.const(held), 2);
      b.if(b.eq(was, b.const(free)), () => {
        got.set(b.const(1));
        b.break();
      });
    });
  });
}

/** `lock` of a kind of lock, from its `wait`. */
function locking(kind: Omit<IrLock, "lock">): IrLock {
  return {
    ...kind,
    lock: (x, address) => {
      x.b.if(tryLock(x, kind, address), () => kind.wait(x, address));
    },
  };
}

/** Takes a lock that is free, and counts the acquisition; not 0 when it must be waited for. */
export function tryLock(
  { b }: ExpandContext,
  { free, held }: Pick<IrLock, "free" | "held">,
  address: V32,
): V32 {
  b.count(COUNTER.lockAcquisitions);
  return b.atomicCas(address, b.const(free), b.const(held), 2);
}

/** The three-state mutex of futex_mutex.ts. */
export const futexMutex: IrLock = locking({
  free: MUTEX.FREE,
  held: MUTEX.HELD,
  wait: (x, address) => {
    const { b } = x;
    const { FREE, HELD, CONTENDED, SPINS } = MUTEX;
    b.count(COUNTER.lockContended);
    const got = b.local();
    got.set(b.const(0));
    spinFor(x, address, { free: FREE, held: HELD, spins: SPINS }, got);
    b.if(b.eqz(got.get()), () => {
      b.callVoid(WAIT_BEGINS);
      // Whoever has slept takes the lock as CONTENDED: others may still sleep.
      b.loop(() => {
        const was = b.atomicRmw(RMW.XCHG, address, b.const(CONTENDED), 2);
        b.if(b.eq(was, b.const(FREE)), () => b.break());
        b.atomicWait(address, b.const(CONTENDED), b.const64(-1, -1));
      });
      b.callVoid(WAIT_ENDS);
    });
  },
  unlock: (x, address) => {
    const { b } = x;
    const was = b.atomicRmw(RMW.XCHG, address, b.const(MUTEX.FREE), 2);
    b.if(b.eq(was, b.const(MUTEX.CONTENDED)), () => {
      b.atomicNotify(address, b.const(1));
    });
  },
});

/** How a spinlock behaves once it has spun for nothing: it sleeps so long in ms, at first and at most. */
export interface Naps {
  /** Rounds of spinning before each nap. */
  readonly spins: number;
  /** Length of the first nap in ms; each is twice as long as the one before. */
  readonly first: number;
  /** Length of the longest in ms. */
  readonly longest: number;
}

/** The spinlock of spinlock.ts, with naps as told. */
export function spinLock({ spins, first, longest }: Naps): IrLock {
  const { FREE, HELD } = SPINLOCK;
  const ns = (x: HelperContext, ms: number) => x.b.const64(Math.round(ms * 1e6), 0);
  return locking({
    free: FREE,
    held: HELD,
    wait: (x, address) => {
      const { b } = x;
      b.count(COUNTER.lockContended);
      const got = b.local();
      const nap = b.local64();
      got.set(b.const(0));
      nap.set(b.const64(0, 0));
      b.loop(() => {
        spinFor(x, address, { free: FREE, held: HELD, spins }, got);
        b.if(got.get(), () => b.break());
        b.if(b.eq64(nap.get(), b.const64(0, 0)), () => {
          b.callVoid(WAIT_BEGINS);
          nap.set(ns(x, first));
        });
        // Nobody notifies this word: the time-out ends the nap.
        b.atomicWait(address, b.const(HELD), nap.get());
        b.if(b.ltS64(nap.get(), ns(x, longest)), () => {
          nap.set(b.bin64("add64", nap.get(), nap.get()));
        });
      });
      b.if(b.eqz(b.eq64(nap.get(), b.const64(0, 0))), () => b.callVoid(WAIT_ENDS));
    },
    unlock: ({ b }, address) => b.atomicStore(address, b.const(FREE), 2),
  });
}

/** The spinlock with the naps of spinlock.ts. */
export const nappingSpinlock: IrLock = spinLock({
  spins: SPINLOCK.SPINS,
  first: SPINLOCK.FIRST_NAP_MS,
  longest: SPINLOCK.LONGEST_NAP_MS,
});
