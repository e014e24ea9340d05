import type { AtomicsStrategy } from "../types.ts";
import {
  expansionOf,
  probeRead,
  probeWrite,
  reserve,
  SLOT_BYTES,
  whenReserved,
} from "./shared/expansion.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { atomicLoad, equal, hostLoad, hostStore, notedValue, noteValue } from "./shared/value.ts";
import { exchange } from "./shared/value.ts";

/**
 * Compare and store without any atomicity: right under round-robin, where a vCPU is never
 * interrupted between the two; the negative control under threads.
 */
export const plain: AtomicsStrategy = {
  name: "plain",
  role: "negative-control",
  summary: "compare and plain store; no atomicity between threads",
  source: "QEMU before multi-threaded TCG",
  weaknesses: [
    "Loses updates when vCPUs run in parallel.",
    "A store of the same value by another vCPU goes unnoticed (ABA).",
  ],
  constraints: {
    granule: "word",
    hooksStores: false,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "no",
    correctInParallel: false,
    progress: "none",
    stopsTheWorld: [],
  },
  sharedBytes: () => 0,
  perVcpuBytes: SLOT_BYTES,
  helpers: [],
  expansion: expansionOf({
    load: (x, address, memop) => {
      const value = atomicLoad(x.b, probeRead(x, address, memop), memop);
      noteValue(x.b, value, memop);
      reserve(x, address, memop);
      return value;
    },
    store: (x, address, raw, memop) =>
      whenReserved(x, address, memop, () => {
        const host = probeWrite(x, address, memop);
        const same = equal(x.b, hostLoad(x.b, host, memop), notedValue(x.b, memop), memop);
        x.b.if(same, () => hostStore(x.b, host, raw, memop));
        return same;
      }),
    swap: (x, address, raw, memop) => exchange(x.b, probeWrite(x, address, memop), raw, memop),
  }),
  runtime: clearMonitor,
};
