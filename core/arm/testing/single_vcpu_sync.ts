/**
 * Expansion of the synchronisation operations for one vCPU alone, for tests of the front end: what
 * a load-exclusive saw is noted and compared by the store-exclusive. Not a strategy: a machine
 * chooses one of those.
 * @module
 */
import type { V32, V64 } from "../../ir/builder.ts";
import type { ExpandContext, SyncExpansion } from "../../ir/expansion.ts";
import { MEMOP } from "../../memory/memop.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";

/** EXCL_SIZE without a reservation; no address can stand for it. */
export const NO_RESERVATION = 4;

/**
 * Stores when the reservation is for this address and size, and gives 0; else gives 1. Like the
 * oracle it checks the reservation before the address, so that it does not fault without one.
 */
function storeIf(
  x: ExpandContext,
  address: V32,
  memop: number,
  unchanged: () => V32,
  store: () => void,
): V32 {
  const { b } = x;
  const result = x.perVcpu;
  b.set(result, b.const(1));
  const held = b.and(
    b.eq(b.get(VCPU.EXCL_ADDR), address),
    b.eq(b.get(VCPU.EXCL_SIZE), b.const(memop & MEMOP.SIZE_MASK)),
  );
  b.if(held, () => {
    b.if(unchanged(), () => {
      store();
      b.set(result, b.const(0));
    });
  });
  b.set(VCPU.EXCL_SIZE, b.const(NO_RESERVATION));
  return b.get(result);
}

function reserve(x: ExpandContext, address: V32, memop: number, lo: V32, hi: V32): void {
  const { b } = x;
  b.set(VCPU.EXCL_ADDR, address);
  b.set(VCPU.EXCL_SIZE, b.const(memop & MEMOP.SIZE_MASK));
  b.set(VCPU.EXCL_LO, lo);
  b.set(VCPU.EXCL_HI, hi);
}

const CONTEXT = { shared: 0, perVcpu: VCPU.STRATEGY, parallel: false } as const;

/** The expansion. */
export const SINGLE_VCPU_SYNC: SyncExpansion = {
  atomics: {
    loadExclusive: (x, address, memop) => {
      const value = x.b.guestLoad(address, memop);
      reserve(x, address, memop, value, x.b.const(0));
      return value;
    },
    loadExclusive64: (x, address, memop): V64 => {
      const value = x.b.guestLoad64(address, memop);
      reserve(x, address, memop, x.b.lo(value), x.b.hi(value));
      return value;
    },
    storeExclusive: (x, address, value, memop) => {
      const { b } = x;
      return storeIf(
        x,
        address,
        memop,
        () => b.eq(b.guestLoad(address, memop), b.get(VCPU.EXCL_LO)),
        () => b.guestStore(address, value, memop),
      );
    },
    storeExclusive64: (x, address, value, memop) => {
      const { b } = x;
      return storeIf(
        x,
        address,
        memop,
        () =>
          b.eq64(
            b.guestLoad64(address, memop),
            b.concat(b.get(VCPU.EXCL_LO), b.get(VCPU.EXCL_HI)),
          ),
        () => b.guestStore64(address, value, memop),
      );
    },
    clearExclusive: (x) => x.b.set(VCPU.EXCL_SIZE, x.b.const(NO_RESERVATION)),
    atomicSwap: (x, address, value, memop) => {
      const old = x.b.guestLoad(address, memop);
      x.b.guestStore(address, value, memop);
      return old;
    },
  },
  atomicsContext: CONTEXT,
  barriers: { memoryBarrier: () => {}, sequentialAccesses: false },
  barriersContext: CONTEXT,
  leaveAfterLoadExclusive: false,
  leaveAfterStoreExclusive: false,
};
