import type { V32, V64 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import type { AtomicsStrategy } from "../types.ts";
import { plain } from "./plain.ts";
import {
  expansionOf,
  probeRead,
  probeWrite,
  reserve,
  serialOr,
  SLOT,
  SLOT_BYTES,
  whenReserved,
} from "./shared/expansion.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { atomicLoad, compareExchange, exchange, isWide, type Value } from "./shared/value.ts";

/** Entries of the table of live load-exclusives, eight bytes each: the low word is the snapshot. */
const ENTRIES = 1024;
const ENTRY_BYTES = 8;
/** Bits of an address that say which entry it has: the entry need not hold them. */
const INDEX_BITS = (ENTRIES - 1) * ENTRY_BYTES;

/** Host address of the table entry for `host`. */
function entryOf({ b, shared }: ExpandContext, host: V32): V32 {
  return b.add(b.and(host, b.const(INDEX_BITS)), b.const(shared));
}

/**
 * The high word of the entry while this vCPU's load-exclusive of `host` is alive: the address, with
 * the vCPU's number in the place of what the entry's position says. Never 0.
 */
function mine({ b }: ExpandContext, host: V32): V32 {
  const owner = b.shl(b.add(b.get(VCPU.INDEX), b.const(1)), b.const(Math.log2(ENTRY_BYTES)));
  return b.or(b.and(host, b.const(~INDEX_BITS)), owner);
}

/** Enters the load-exclusive, in one step; of eight bytes the upper half is noted by the vCPU. */
function enter(x: ExpandContext, host: V32, value: Value, memop: number): void {
  const { b } = x;
  const snapshot = isWide(memop) ? b.lo(value as V64) : value as V32;
  b.atomicStore64(entryOf(x, host), b.concat(snapshot, mine(x, host)));
  if (isWide(memop)) b.set(VCPU.EXCL_HI, b.hi(value as V64));
}

/** The snapshot in an entry that has been taken out. */
function snapshotOf({ b }: ExpandContext, entry: V64, memop: number): Value {
  const low = b.lo(entry);
  return isWide(memop) ? b.concat(low, b.get(VCPU.EXCL_HI)) : low;
}

/**
 * Live load-exclusives stand in a table like the ia64's ALAT, each with a snapshot of what was
 * read; the next load-exclusive of a colliding address pushes an entry out. A store-exclusive
 * succeeds while its entry is there and memory equals the snapshot.
 */
export const alat: AtomicsStrategy = {
  name: "alat",
  role: "scheme",
  summary: "shared table of live load-exclusives with snapshots, committed by compare-exchange",
  source: "PQEMU (Ding et al., 2011): simplified software transactional memory with an ALAT",
  weaknesses: [
    "A store of the same value by another vCPU goes unnoticed (ABA).",
    "vCPUs that load-exclusive one address in turn push each other out (livelock is possible).",
    "Of a doubleword's snapshot only the low half is in the table: an entry is one host atomic.",
  ],
  constraints: {
    granule: "word",
    hooksStores: false,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "no",
    correctInParallel: true,
    progress: "obstruction-free",
    stopsTheWorld: [],
  },
  sharedBytes: () => ENTRIES * ENTRY_BYTES,
  perVcpuBytes: SLOT_BYTES,
  helpers: [],
  expansion: serialOr(
    plain.expansion,
    expansionOf({
      load: (x, address, memop) => {
        const host = probeRead(x, address, memop);
        const value = atomicLoad(x.b, host, memop);
        enter(x, host, value, memop);
        reserve(x, address, memop);
        return value;
      },
      store: (x, address, raw, memop) =>
        whenReserved(x, address, memop, () => {
          const { b } = x;
          const host = probeWrite(x, address, memop);
          const entry = entryOf(x, host);
          const stored = x.perVcpu + SLOT.VALUE;
          const found = b.atomicLoad64(entry);
          b.set(stored, b.const(0));
          b.if(b.eq(b.hi(found), mine(x, host)), () => {
            // The entry is taken out first, so that it can serve one store-exclusive only.
            b.if(b.eq64(b.atomicCas64(entry, found, b.const64(0, 0)), found), () => {
              const snapshot = snapshotOf(x, found, memop);
              b.set(stored, compareExchange(b, host, snapshot, raw, memop));
            });
          });
          return b.get(stored);
        }),
      swap: (x, address, raw, memop) => exchange(x.b, probeWrite(x, address, memop), raw, memop),
    }),
  ),
  runtime: clearMonitor,
};
