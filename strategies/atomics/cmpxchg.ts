import type { AtomicsStrategy } from "../types.ts";
import {
  expansionOf,
  probeRead,
  probeWrite,
  reserve,
  type SchemeOps,
  serialOr,
  SLOT_BYTES,
  whenReserved,
} from "./shared/expansion.ts";
import { plain } from "./plain.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { atomicLoad, compareExchange, exchange, notedValue, noteValue } from "./shared/value.ts";

/** Its operations, for those who add something to them. */
export const COMPARE_EXCHANGE: Pick<SchemeOps, "load" | "store" | "swap"> = {
  load: (x, address, memop) => {
    const value = atomicLoad(x.b, probeRead(x, address, memop), memop);
    noteValue(x.b, value, memop);
    reserve(x, address, memop);
    return value;
  },
  store: (x, address, raw, memop) =>
    whenReserved(x, address, memop, () => {
      const host = probeWrite(x, address, memop);
      return compareExchange(x.b, host, notedValue(x.b, memop), raw, memop);
    }),
  swap: (x, address, raw, memop) => exchange(x.b, probeWrite(x, address, memop), raw, memop),
};

/** Store-exclusive is a host compare-exchange against the value that the load-exclusive saw. */
export const cmpxchg: AtomicsStrategy = {
  name: "cmpxchg",
  role: "scheme",
  summary: "host compare-exchange of the value that was read",
  source:
    "Konrad's multi-threaded TCG RFC V6; QEMU since 2.8; PICO-CAS (Cota et al., CGO 2017); COREMU",
  weaknesses: ["A store of the same value by another vCPU goes unnoticed (ABA)."],
  constraints: {
    granule: "word",
    hooksStores: false,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "no",
    correctInParallel: true,
    progress: "lock-free",
    stopsTheWorld: [],
  },
  sharedBytes: () => 0,
  perVcpuBytes: SLOT_BYTES,
  helpers: [],
  expansion: serialOr(plain.expansion, expansionOf(COMPARE_EXCHANGE)),
  runtime: clearMonitor,
};
