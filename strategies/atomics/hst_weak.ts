import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import type { HelperContext } from "../../core/ir/helper.ts";
import { irHelper } from "../../core/ir/helper_body.ts";
import type { AtomicsStrategy } from "../types.ts";
import {
  expansionOf,
  probeRead,
  probeWrite,
  reserve,
  SLOT,
  SLOT_BYTES,
  whenReserved,
} from "./shared/expansion.ts";
import { entryOf, self, TABLE_BYTES, tableRuntime, tableStore } from "./shared/store_table.ts";
import {
  atomicLoad,
  compareExchange,
  exchange,
  notedValue,
  noteValue,
  type Value,
} from "./shared/value.ts";

const CLAIM = "hst_weak_claim";
/** Set in a table entry while its vCPU commits a store-exclusive; base addresses are even. */
const COMMITTING = 1;
/** A claim waits this long, at first without sleeping, for a commit that lost its host CPU. */
const SPINS = 200;
const NAP_NS = 50_000;

/** Writes this vCPU into the entry, once nobody commits through it. */
function claim(x: ExpandContext, host: V32): void {
  const { b } = x;
  const entry = entryOf(x, host);
  const old = b.atomicLoad(entry, 2);
  const free = x.perVcpu + SLOT.RESULT;
  b.set(free, b.eqz(b.and(old, b.const(COMMITTING))));
  b.if(b.get(free), () => b.set(free, b.eq(b.atomicCas(entry, old, self(x), 2), old)));
  b.if(b.eqz(b.get(free)), () => b.callVoid(CLAIM, host));
}

/** The rest of a claim that found its entry locked, or lost a race for it. */
function emitClaim(x: HelperContext): void {
  const { b } = x;
  const entry = entryOf(x, b.param(0));
  const spins = b.local();
  spins.set(b.const(0));
  b.loop(() => {
    const old = b.atomicLoad(entry, 2);
    b.if(b.and(old, b.const(COMMITTING)), () => {
      spins.set(b.add(spins.get(), b.const(1)));
      b.if(b.bin("lt_u", b.const(SPINS), spins.get()), () => {
        b.atomicWait(entry, old, b.const64(NAP_NS, 0));
      }, () => b.spinHint());
    }, () => {
      b.if(b.eq(b.atomicCas(entry, old, self(x), 2), old), () => b.ret());
    });
  });
}

/** Stores when the entry is this vCPU's own, holding the entry's lock; 1 when it did. */
function commit(x: ExpandContext, host: V32, raw: Value, memop: number): V32 {
  const { b } = x;
  const stored = x.perVcpu + SLOT.VALUE;
  const entry = entryOf(x, host);
  const own = self(x);
  const locked = b.or(own, b.const(COMMITTING));
  b.set(stored, b.const(0));
  b.if(b.eq(b.atomicCas(entry, own, locked, 2), own), () => {
    b.set(stored, compareExchange(b, host, notedValue(b, memop), raw, memop));
    // Not a plain store: a plain store by another vCPU may have taken the entry over.
    b.atomicCas(entry, locked, own, 2);
  });
  return b.get(stored);
}

/**
 * As `hst`, but a store-exclusive locks its table entry instead of stopping the world: exact among
 * exclusive accesses, while a plain store that falls into the commit is seen by its value only.
 */
export const hstWeak: AtomicsStrategy = {
  name: "hst-weak",
  role: "scheme",
  summary: "hash table of last storers; store-exclusive locks its entry",
  source: "HST-WEAK (Zhao et al., CGO 2021)",
  weaknesses: [
    "Every plain store costs a second store.",
    "A plain store of the same value within the few instructions of a commit goes unnoticed.",
    "Addresses with the same hash make store-exclusives fail for nothing.",
    "The table entry and the data of a plain store reach other vCPUs in order only on a TSO host.",
  ],
  constraints: {
    granule: "hash",
    hooksStores: true,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "yes",
    correctInParallel: true,
    progress: "blocking",
    stopsTheWorld: [],
  },
  sharedBytes: () => TABLE_BYTES,
  perVcpuBytes: SLOT_BYTES,
  helpers: [irHelper({ name: CLAIM, params: ["i32"], result: null, emit: emitClaim })],
  expansion: expansionOf({
    load: (x, address, memop) => {
      const host = probeRead(x, address, memop);
      claim(x, host);
      const value = atomicLoad(x.b, host, memop);
      noteValue(x.b, value, memop);
      reserve(x, address, memop);
      return value;
    },
    store: (x, address, raw, memop) =>
      whenReserved(
        x,
        address,
        memop,
        () => commit(x, probeWrite(x, address, memop), raw, memop),
      ),
    swap: (x, address, raw, memop) => {
      const host = probeWrite(x, address, memop);
      claim(x, host);
      return exchange(x.b, host, raw, memop);
    },
    plainStore: tableStore,
  }),
  runtime: tableRuntime,
};
