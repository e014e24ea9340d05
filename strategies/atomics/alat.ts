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
import { atomicLoad, compareExchange, exchange, notedValue, noteValue } from "./shared/value.ts";

/** Entries of the table of live load-exclusives: each an address and its vCPU, eight bytes. */
const ENTRIES = 1024;
const ENTRY_BYTES = 8;

/** Host address of the table entry for `host`. */
function entryOf(x: ExpandContext, host: V32): V32 {
  const { b } = x;
  const offset = b.and(host, b.const((ENTRIES - 1) * ENTRY_BYTES));
  return b.add(offset, b.const(x.shared));
}

/** What the entry holds while this vCPU's reservation of `host` is alive. */
function mine(x: ExpandContext, host: V32): V64 {
  return x.b.concat(host, x.b.get(VCPU.SELF));
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
        x.b.atomicStore64(entryOf(x, host), mine(x, host));
        const value = atomicLoad(x.b, host, memop);
        noteValue(x.b, value, memop);
        reserve(x, address, memop);
        return value;
      },
      store: (x, address, raw, memop) =>
        whenReserved(x, address, memop, () => {
          const { b } = x;
          const host = probeWrite(x, address, memop);
          const entry = entryOf(x, host);
          const stored = x.perVcpu + SLOT.VALUE;
          const live = mine(x, host);
          b.set(stored, b.const(0));
          // The entry is taken out first, so that it can serve one store-exclusive only.
          b.if(b.eq64(b.atomicCas64(entry, live, b.const64(0, 0)), live), () => {
            b.set(stored, compareExchange(b, host, notedValue(b, memop), raw, memop));
          });
          return b.get(stored);
        }),
      swap: (x, address, raw, memop) => exchange(x.b, probeWrite(x, address, memop), raw, memop),
    }),
  ),
  runtime: clearMonitor,
};
