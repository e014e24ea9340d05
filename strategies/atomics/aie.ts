import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import type { HelperContext } from "../../core/ir/helper.ts";
import { irHelper } from "../../core/ir/helper_body.ts";
import { RMW } from "../../core/ir/ops.ts";
import { memopAlign, memopSize } from "../../core/memory/memop.ts";
import { lockCounters } from "../../core/smp/lock_observer.ts";
import { Spinlock } from "../../core/smp/spinlock.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import { plain } from "./plain.ts";
import { expansionOf, serialOr, SLOT_BYTES } from "./shared/expansion.ts";
import { LOCK_HELPERS, lockHelpers, nappingSpinlock } from "./shared/ir_lock.ts";
import { irTrio } from "./shared/ir_trio.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { dataStore, type Value } from "./shared/value.ts";
import { lockedBodies } from "./shared/value_locked.ts";

const LINE_BITS = 6;
const LINE_BYTES = 64;
/** The filter: a bit per line that was ever accessed exclusively, 128 MiB without aliases. */
const FILTER_BITS = 1 << 21;
const FILTER_BYTES = FILTER_BITS / 8;
/** Line locks follow the filter; a line's is chosen by its number. */
const LOCKS = 1024;
const LOCK_BYTES = 64;

const LOCK_LINES = "aie_lock_lines";
const UNLOCK_LINES = "aie_unlock_lines";

/** Address of the filter's word that holds the bit of the line at `host`. */
function filterWord({ b, shared }: ExpandContext, host: V32): V32 {
  const word = b.and(b.shrU(host, b.const(LINE_BITS + 3)), b.const(FILTER_BYTES - 4));
  return b.add(word, b.const(shared));
}

/** Not 0 when the line's filter bit is set. */
function filterBit(x: ExpandContext, host: V32): V32 {
  const { b } = x;
  const bits = b.hostLoad(filterWord(x, host), 2);
  return b.and(b.shrU(bits, b.shrU(host, b.const(LINE_BITS))), b.const(1));
}

/** The store hook: the filter test, and the locks around stores to lines with a bit and to two lines. */
function filteredStore(x: ExpandContext, host: V32, raw: Value, memop: number): void {
  const { b } = x;
  const size = memopSize(memop);
  let special = filterBit(x, host);
  let last = host;
  if (memopAlign(memop) < size) {
    last = b.add(host, b.const(size - 1));
    special = b.or(special, b.and(b.xor(host, last), b.const(LINE_BYTES)));
  }
  b.if(special, () => {
    b.callVoid(LOCK_LINES, host, last);
    dataStore(b, host, raw, memop);
    b.callVoid(UNLOCK_LINES, host, last);
  }, () => dataStore(b, host, raw, memop));
}

/** Address of the lock of the line at `host`. */
function lockOf({ b, shared }: HelperContext, host: V32): V32 {
  const number = b.and(b.shrU(host, b.const(LINE_BITS)), b.const(LOCKS - 1));
  return b.add(b.shl(number, b.const(LINE_BITS)), b.const(shared + FILTER_BYTES));
}

/** Locks the lines of two addresses, or gives them back. Two vCPUs take two locks in the same order. */
function emitBoth(lock: boolean): (x: HelperContext) => void {
  return (x) => {
    const { b } = x;
    const one = lockOf(x, b.param(0));
    const other = lockOf(x, b.param(1));
    const swapped = b.bin("lt_u", other, one);
    const low = b.select(swapped, other, one);
    const high = b.select(swapped, one, other);
    const each = (address: V32) =>
      lock ? nappingSpinlock.lock(x, address) : nappingSpinlock.unlock(x, address);
    each(low);
    b.if(b.ne(low, high), () => each(high));
    b.ret();
  };
}

/** Sets the filter bit of the line at `host`. */
function setFilterBit(x: HelperContext, host: V32): void {
  const { b } = x;
  b.if(b.eqz(filterBit(x, host)), () => {
    const bit = b.shl(b.const(1), b.shrU(host, b.const(LINE_BITS)));
    b.atomicRmw(RMW.OR, filterWord(x, host), bit, 2);
  });
}

const LINE_LOCKED = lockedBodies(nappingSpinlock, lockOf);
const TRIO = irTrio("aie", {
  load: (x, address, memop) => LINE_LOCKED.load(x, address, memop, setFilterBit),
  // A compare-exchange although the line is locked: a plain store that tested the filter before the
  // load-exclusive set its bit may still be on its way.
  store: LINE_LOCKED.store,
  swap: (x, address, raw, memop) => LINE_LOCKED.swap(x, address, raw, memop, setFilterBit),
});

function runtime(host: StrategyHost): AtomicsRuntime {
  const locks = new Spinlock(host.views.i32, lockCounters(host.views));
  const lockAt = (at: number) =>
    host.shared + FILTER_BYTES + (at >>> LINE_BITS) % LOCKS * LOCK_BYTES;
  return {
    ...clearMonitor(host),
    // With the locks of the lines from the store's first byte to its last, the lower lock first.
    slowStore: (env, at, size, commit) => {
      const [low, high] = [lockAt(at), lockAt(at + size - 1)].sort((one, other) => one - other);
      locks.lock(low, env);
      if (high !== low) locks.lock(high, env);
      commit();
      if (high !== low) locks.unlock(high);
      locks.unlock(low);
    },
    helpers: lockHelpers(host.views),
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
    ...LOCK_HELPERS,
    ...TRIO.defs,
    irHelper({ name: LOCK_LINES, params: ["i32", "i32"], result: null, emit: emitBoth(true) }),
    irHelper({ name: UNLOCK_LINES, params: ["i32", "i32"], result: null, emit: emitBoth(false) }),
  ],
  expansion: serialOr(
    plain.expansion,
    expansionOf({
      ...TRIO.ops,
      plainStore: filteredStore,
    }),
  ),
  runtime,
};
