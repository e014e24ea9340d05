import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import { memopAlign, memopSize } from "../../core/memory/memop.ts";
import { lockCounters } from "../../core/smp/lock_observer.ts";
import { Spinlock } from "../../core/smp/spinlock.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import { plain } from "./plain.ts";
import { expansionOf, serialOr, SLOT, SLOT_BYTES } from "./shared/expansion.ts";
import { byHelpers, helperTrio } from "./shared/helper_trio.ts";
import { HostAccess } from "./shared/host_access.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { dataStore, setValue, type Value } from "./shared/value.ts";

const LINE_BITS = 6;
const LINE_BYTES = 64;
/** The filter: a bit per line that was ever accessed exclusively, 128 MiB without aliases. */
const FILTER_BITS = 1 << 21;
const FILTER_BYTES = FILTER_BITS / 8;
/** Line locks follow the filter; a line's is chosen by its number. */
const LOCKS = 1024;
const LOCK_BYTES = 64;

const TRIO = helperTrio("aie");
const PLAIN_STORE = "aie_plain_store";

/** Not 0 when the line's filter bit is set. */
function filterBit(x: ExpandContext, host: V32): V32 {
  const { b } = x;
  const line = b.shrU(host, b.const(LINE_BITS));
  const word = b.and(b.shrU(host, b.const(LINE_BITS + 3)), b.const(FILTER_BYTES - 4));
  const bits = b.hostLoad(b.add(word, b.const(x.shared)), 2);
  return b.and(b.shrU(bits, line), b.const(1));
}

/** The store hook: the filter test inline, the helper for lines with a bit and for two lines. */
function filteredStore(x: ExpandContext, host: V32, raw: Value, memop: number): void {
  const { b } = x;
  const size = memopSize(memop);
  let special = filterBit(x, host);
  if (memopAlign(memop) < size) {
    const last = b.add(host, b.const(size - 1));
    special = b.or(special, b.and(b.xor(host, last), b.const(LINE_BYTES)));
  }
  b.if(special, () => {
    setValue(b, x.perVcpu + SLOT.VALUE, raw, memop);
    b.callVoid(PLAIN_STORE, host, b.const(memop));
  }, () => dataStore(b, host, raw, memop));
}

function runtime(host: StrategyHost): AtomicsRuntime {
  const { i32 } = host.views;
  const access = new HostAccess(host);
  const locks = new Spinlock(i32, lockCounters(host.views));
  const lockOf = (at: number) =>
    host.shared + FILTER_BYTES + (at >>> LINE_BITS) % LOCKS * LOCK_BYTES;
  const setFilterBit = (at: number) => {
    const line = (at >>> LINE_BITS) & (FILTER_BITS - 1);
    const word = (host.shared >>> 2) + (line >>> 5);
    const bit = 1 << (line & 31);
    if ((Atomics.load(i32, word) & bit) === 0) Atomics.or(i32, word, bit);
  };
  /** Runs `work` with the locks of the lines from `at` to `last`, the lower lock first. */
  const locked = <T>(env: number, at: number, last: number, work: () => T): T => {
    const first = lockOf(at);
    const second = lockOf(last);
    const low = Math.min(first, second);
    const high = Math.max(first, second);
    locks.lock(low, env);
    if (high !== low) locks.lock(high, env);
    const result = work();
    if (high !== low) locks.unlock(high);
    locks.unlock(low);
    return result;
  };
  return {
    ...clearMonitor(host),
    slowStore: (env, at, size, commit) => locked(env, at, at + size - 1, commit),
    helpers: {
      [TRIO.load]: (env, pc, address, memop) => {
        const at = access.probeRead(env, pc, address, memop);
        if (at === 0) return 0;
        setFilterBit(at);
        locked(env, at, at, () => access.loadAndReserve(env, address, at, memop));
        return 0;
      },
      [TRIO.store]: (env, pc, address, memop) => {
        if (!access.reserved(env, address, memop)) return 1;
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 1;
        // A compare-exchange although the line is locked: a plain store that tested the filter
        // before the load-exclusive set its bit may still be on its way.
        return locked(env, at, at, () => access.compareExchange(env, at, memop)) ? 0 : 1;
      },
      [TRIO.swap]: (env, pc, address, memop) => {
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 0;
        setFilterBit(at);
        return locked(env, at, at, () => access.exchange(env, at, memop));
      },
      [PLAIN_STORE]: (env, _pc, at, memop) => {
        const store = () => access.storeAnywhere(env, at, memop);
        locked(env, at, at + memopSize(memop) - 1, store);
        return 0;
      },
    },
  };
}

/**
 * Exclusive accesses hold the lock of their 64-byte line; a global filter tells plain stores which
 * lines have ever been accessed exclusively, and those stores take the line's lock too.
 */
export const aie: AtomicsStrategy = {
  name: "aie",
  role: "scheme",
  summary: "line locks, and a filter bitmap that sends plain stores to them",
  source: "Cota, Helper-based Atomic Instruction Emulation, RFC 2015",
  weaknesses: [
    "Every plain store tests the filter.",
    "Filter bits are never cleared: a line once accessed exclusively stays slow.",
    "A store of the same value by another vCPU goes unnoticed (ABA).",
  ],
  constraints: {
    granule: "line",
    hooksStores: true,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "by-value",
    correctInParallel: true,
    progress: "blocking",
    stopsTheWorld: [],
  },
  sharedBytes: () => FILTER_BYTES + LOCKS * LOCK_BYTES,
  perVcpuBytes: SLOT_BYTES,
  helpers: [
    ...TRIO.defs,
    { name: PLAIN_STORE, arity: 2, returns: false, state: "none", mayLeave: false },
  ],
  expansion: serialOr(
    plain.expansion,
    expansionOf({
      ...byHelpers(TRIO),
      plainStore: filteredStore,
    }),
  ),
  runtime,
};
