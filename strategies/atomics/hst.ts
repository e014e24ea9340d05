import type { AtomicsStrategy } from "../types.ts";
import {
  expansionOf,
  probeRead,
  probeWrite,
  release,
  reserve,
  SLOT_BYTES,
  storeByHelper,
} from "./shared/expansion.ts";
import { HostAccess } from "./shared/host_access.ts";
import {
  entryOf,
  self,
  TABLE_BYTES,
  tableOffset,
  tableRuntime,
  tableStore,
} from "./shared/store_table.ts";
import { atomicLoad, exchange, noteValue } from "./shared/value.ts";

const STORE = "hst_store_exclusive";

/**
 * Each store leaves its vCPU in a hash table of last storers; a store-exclusive succeeds when the
 * table still names its own vCPU. It looks and stores while the world stands still, so no store can
 * be between its table entry and its data.
 */
export const hst: AtomicsStrategy = {
  name: "hst",
  role: "scheme",
  summary: "hash table of last storers; store-exclusive stops the world",
  source: "HST (Zhao et al., CGO 2021)",
  weaknesses: [
    "Every plain store costs a second store.",
    "Every store-exclusive stops all vCPUs.",
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
    stopsTheWorld: ["store-exclusive"],
  },
  sharedBytes: () => TABLE_BYTES,
  perVcpuBytes: SLOT_BYTES,
  helpers: [{ name: STORE, arity: 2, returns: true, state: "read", mayLeave: true }],
  expansion: expansionOf({
    load: (x, address, memop) => {
      const host = probeRead(x, address, memop);
      // The entry must be visible before the load: a plain store here would stay in the host's
      // store buffer meanwhile, and hide a table entry that another vCPU made after the load.
      x.b.atomicStore(entryOf(x, host), self(x), 2);
      const value = atomicLoad(x.b, host, memop);
      noteValue(x.b, value, memop);
      reserve(x, address, memop);
      return value;
    },
    store: (x, address, raw, memop) => {
      const failed = storeByHelper(x, STORE, address, raw, memop);
      release(x);
      return failed;
    },
    swap: (x, address, raw, memop) => {
      const host = probeWrite(x, address, memop);
      x.b.hostStore(entryOf(x, host), self(x), 2);
      return exchange(x.b, host, raw, memop);
    },
    plainStore: tableStore,
  }),
  runtime: (host) => {
    const access = new HostAccess(host);
    const { i32 } = host.views;
    return {
      ...tableRuntime(host),
      helpers: {
        [STORE]: (env, pc, address, memop) => {
          if (!access.reserved(env, address, memop)) return 1;
          let failed = 1;
          host.exclusively(env, () => {
            const at = access.probeWrite(env, pc, address, memop);
            if (at === 0 || i32[(host.shared + tableOffset(at)) >>> 2] !== env) return;
            // A store whose table entry came before the load-exclusive's, and its data after, shows
            // in the value.
            if (access.compareExchange(env, at, memop)) failed = 0;
          });
          return failed;
        },
      },
    };
  },
};
