/**
 * The skeleton of an expansion. A scheme gives what it does with values in memory order; this file
 * adds byte order, both widths, the local monitor and the way around hooked accesses.
 *
 * The local monitor is the vCPU's EXCL_ADDR (virtual address) and EXCL_SIZE (0: no reservation).
 * A store-exclusive looks there first, so one without a reservation fails without touching memory.
 * @module
 */
import type { V32, V64 } from "../../../core/ir/builder.ts";
import type { AtomicsExpansion, ExpandContext } from "../../../core/ir/expansion.ts";
import { MEMOP, memopSize } from "../../../core/memory/memop.ts";
import { VCPU } from "../../../core/memory/vcpu_layout.ts";
import { getValue, setValue, swapOrder, toGuest, type Value } from "./value.ts";

/**
 * Slots that every scheme has at the start of its per-vCPU state. Values leave an arm of an `if`,
 * and pass between translated code and helpers, through them.
 */
export const SLOT = {
  /** Result of a store-exclusive. */
  RESULT: 0,
  /** Value of the access, eight bytes. */
  VALUE: 8,
  /** Host address of the reservation, for schemes that look at other vCPUs' reservations. */
  HOST: 16,
} as const;
/** Bytes of {@linkcode SLOT}; a scheme's own slots follow. */
export const SLOT_BYTES = 32;

/** What a scheme does; `raw` values are in memory order. */
export interface SchemeOps {
  /** Load-exclusive: reads, and notes in the local monitor (see {@linkcode reserve}). */
  load(x: ExpandContext, address: V32, memop: number): Value;
  /** Store-exclusive; 0 stored, 1 failed. The reservation is gone after it. */
  store(x: ExpandContext, address: V32, raw: Value, memop: number): V32;
  /** Swap of one, two or four bytes. */
  swap(x: ExpandContext, address: V32, raw: V32, memop: number): V32;
  /** Clear-exclusive, when it is more than clearing the local monitor. */
  readonly clear?: (x: ExpandContext) => void;
  /** Plain store to RAM at `host`, when the scheme hooks stores. */
  readonly plainStore?: (x: ExpandContext, host: V32, raw: Value, memop: number) => void;
  /** Plain load from RAM at `host`, when the scheme hooks loads. */
  readonly plainLoad?: (x: ExpandContext, host: V32, memop: number) => Value;
}

const PROBE_BITS = MEMOP.SIZE_MASK | MEMOP.ALIGN_MASK | MEMOP.MMU_MASK;

/** The memop of a probe for the access `memop`. */
export function probeOp(memop: number, extra: number): number {
  return (memop & PROBE_BITS) | extra;
}

/** Host address of an exclusive read. */
export function probeRead(x: ExpandContext, address: V32, memop: number): V32 {
  return x.b.probe(address, probeOp(memop, MEMOP.EXCLUSIVE));
}

/** Host address of an exclusive write. */
export function probeWrite(x: ExpandContext, address: V32, memop: number): V32 {
  return x.b.probe(address, probeOp(memop, MEMOP.EXCLUSIVE | MEMOP.WRITE));
}

/** Sets the local monitor. */
export function reserve(x: ExpandContext, address: V32, memop: number): void {
  x.b.set(VCPU.EXCL_ADDR, address);
  x.b.set(VCPU.EXCL_SIZE, x.b.const(memopSize(memop)));
}

/** Clears the local monitor. */
export function release(x: ExpandContext): void {
  x.b.set(VCPU.EXCL_SIZE, x.b.const(0));
}

/**
 * Result of a store-exclusive: `attempt` (which gives 1 when it stored) is run when the local
 * monitor holds this address and size.
 */
export function whenReserved(
  x: ExpandContext,
  address: V32,
  memop: number,
  attempt: () => V32,
): V32 {
  const { b } = x;
  const result = x.perVcpu + SLOT.RESULT;
  b.set(result, b.const(1));
  const here = b.eq(b.get(VCPU.EXCL_ADDR), address);
  const size = b.eq(b.get(VCPU.EXCL_SIZE), b.const(memopSize(memop)));
  b.if(b.and(here, size), () => b.set(result, b.eqz(attempt())));
  release(x);
  return b.get(result);
}

/** Load-exclusive by a helper `(address, memop)`, which leaves the value in the VALUE slot. */
export function loadByHelper(
  x: ExpandContext,
  helper: string,
  address: V32,
  memop: number,
): Value {
  x.b.callVoid(helper, address, x.b.const(memop));
  return getValue(x.b, x.perVcpu + SLOT.VALUE, memop);
}

/** Store-exclusive by a helper `(address, memop)`, which finds the value in the VALUE slot. */
export function storeByHelper(
  x: ExpandContext,
  helper: string,
  address: V32,
  raw: Value,
  memop: number,
): V32 {
  setValue(x.b, x.perVcpu + SLOT.VALUE, raw, memop);
  return x.b.call(helper, address, x.b.const(memop));
}

/** The expansion of a scheme. */
export function expansionOf(ops: SchemeOps): AtomicsExpansion {
  const load = (x: ExpandContext, address: V32, memop: number) =>
    swapOrder(x.b, ops.load(x, address, memop), memop);
  const store = (x: ExpandContext, address: V32, value: Value, memop: number) =>
    ops.store(x, address, swapOrder(x.b, value, memop), memop);
  return {
    loadExclusive: (x, address, memop) => load(x, address, memop) as V32,
    loadExclusive64: (x, address, memop) => load(x, address, memop) as V64,
    storeExclusive: store,
    storeExclusive64: store,
    clearExclusive: ops.clear ?? release,
    atomicSwap: (x, address, value, memop) => {
      const old = ops.swap(x, address, swapOrder(x.b, value, memop) as V32, memop);
      return swapOrder(x.b, old, memop) as V32;
    },
    ...hookedStores(ops.plainStore),
    ...hookedLoads(ops.plainLoad),
  };
}

/**
 * Plain stores through `hook` where the softmmu has a host address for them. The others (devices,
 * pages with code, two pages) take the slow path, which asks the scheme's `slowStore`.
 */
function hookedStores(hook: SchemeOps["plainStore"]): Partial<AtomicsExpansion> {
  if (!hook) return {};
  const store = (
    x: ExpandContext,
    address: V32,
    value: Value,
    memop: number,
    slow: () => void,
  ) => {
    const host = x.b.probe(address, probeOp(memop, MEMOP.WRITE | MEMOP.SOFT));
    x.b.if(host, () => hook(x, host, swapOrder(x.b, value, memop), memop), slow);
  };
  return {
    guestStore: (x, address, value, memop) =>
      store(x, address, value, memop, () => x.b.guestStore(address, value, memop)),
    guestStore64: (x, address, value, memop) =>
      store(x, address, value, memop, () => x.b.guestStore64(address, value, memop)),
  };
}

function hookedLoads(hook: SchemeOps["plainLoad"]): Partial<AtomicsExpansion> {
  if (!hook) return {};
  const load = (x: ExpandContext, address: V32, memop: number, slow: () => Value): Value => {
    const slot = x.perVcpu + SLOT.VALUE;
    const host = x.b.probe(address, probeOp(memop, MEMOP.SOFT));
    x.b.if(
      host,
      () => setValue(x.b, slot, toGuest(x.b, hook(x, host, memop), memop), memop),
      () => setValue(x.b, slot, slow(), memop),
    );
    return getValue(x.b, slot, memop);
  };
  return {
    guestLoad: (x, address, memop) =>
      load(x, address, memop, () => x.b.guestLoad(address, memop)) as V32,
    guestLoad64: (x, address, memop) =>
      load(x, address, memop, () => x.b.guestLoad64(address, memop)) as V64,
  };
}

/**
 * `serial` where no other vCPU can run at the same time, else `parallel`; for schemes that compare
 * values, whose hooks guard nothing but races.
 */
export function serialOr(serial: AtomicsExpansion, parallel: AtomicsExpansion): AtomicsExpansion {
  const pick = (x: ExpandContext) => x.parallel ? parallel : serial;
  const { guestStore, guestStore64 } = parallel;
  return {
    loadExclusive: (x, address, memop) => pick(x).loadExclusive(x, address, memop),
    loadExclusive64: (x, address, memop) => pick(x).loadExclusive64(x, address, memop),
    storeExclusive: (x, address, value, memop) => pick(x).storeExclusive(x, address, value, memop),
    storeExclusive64: (x, address, value, memop) =>
      pick(x).storeExclusive64(x, address, value, memop),
    clearExclusive: (x) => pick(x).clearExclusive(x),
    atomicSwap: (x, address, value, memop) => pick(x).atomicSwap(x, address, value, memop),
    ...(guestStore && {
      guestStore: (x: ExpandContext, address: V32, value: V32, memop: number) =>
        x.parallel ? guestStore(x, address, value, memop) : x.b.guestStore(address, value, memop),
    }),
    ...(guestStore64 && {
      guestStore64: (x: ExpandContext, address: V32, value: V64, memop: number) =>
        x.parallel
          ? guestStore64(x, address, value, memop)
          : x.b.guestStore64(address, value, memop),
    }),
  };
}
