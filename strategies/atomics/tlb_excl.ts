import type { V32 } from "../../core/ir/builder.ts";
import type { HelperContext } from "../../core/ir/helper.ts";
import { memopSize } from "../../core/memory/memop.ts";
import { hasPageFlag, PAGE_STATE, setPageFlag } from "../../core/memory/page_state.ts";
import { PAGE_BITS, PAGE_MASK } from "../../core/memory/vcpu_layout.ts";
import { FutexMutex } from "../../core/smp/futex_mutex.ts";
import { lockCounters } from "../../core/smp/lock_observer.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import {
  expansionOf,
  loadByHelper,
  probeRead,
  probeWrite,
  SLOT_BYTES,
} from "./shared/expansion.ts";
import { HostAccess } from "./shared/host_access.ts";
import { futexMutex, LOCK_HELPERS, lockHelpers } from "./shared/ir_lock.ts";
import { breakOthers, holds, setReservation } from "./shared/ir_reservations.ts";
import { irTrio, type TrioBodies } from "./shared/ir_trio.ts";
import { Reservations } from "./shared/reservations.ts";
import { atomicLoad, atomicStore, exchange } from "./shared/value.ts";

/** A store breaks the reservations that it touches to the byte. */
const GRANULE = 1;
const LOCK_BYTES = 64;
/** Counts of slow stores, hashed by page. */
const COUNTS = 4096;
/**
 * Slow stores in a row to a page without a reservation after which it loses its mark. A mark costs a
 * stop of all vCPUs, a slow store a fraction of it; a lock's page sees both kinds of store in turn.
 */
const UNMARK_AFTER = 16;

interface Variant {
  readonly name: string;
  readonly summary: string;
  readonly weakness: string;
  /** Whether a page stays marked however much is stored to it. */
  readonly sticky: boolean;
}

/** Counter of slow stores to the page of a host address. */
function countOf(shared: number, host: number): number {
  return shared + LOCK_BYTES + 4 * ((host >>> PAGE_BITS) & (COUNTS - 1));
}

/** The fast halves of the exclusive accesses; `marking` is the helper for pages without a mark. */
function bodies(marking: string): TrioBodies {
  const locked = <T>(x: HelperContext, work: () => T): T => {
    futexMutex.lock(x, x.b.const(x.shared));
    const result = work();
    futexMutex.unlock(x, x.b.const(x.shared));
    return result;
  };
  /** Clears the count of slow stores; gives 1 when the page has a mark. */
  const isMarked = ({ b, shared, layout }: HelperContext, host: V32): V32 => {
    const count = b.and(b.shrU(host, b.const(PAGE_BITS - 2)), b.const(4 * (COUNTS - 1)));
    b.hostStore(b.add(count, b.const(shared + LOCK_BYTES)), b.const(0), 2);
    const page = b.and(
      b.shrU(b.sub(host, b.const(layout.ram)), b.const(PAGE_BITS - 2)),
      b.const(-4),
    );
    const state = b.atomicLoad(b.add(page, b.const(layout.pages)), 2);
    return b.and(state, b.const(PAGE_STATE.excl));
  };
  return {
    load: (x, address, memop) => {
      const { b } = x;
      const host = probeRead(x, address, memop);
      const lock = b.const(x.shared);
      futexMutex.lock(x, lock);
      b.if(isMarked(x, host), () => {
        const value = atomicLoad(b, host, memop);
        setReservation(x, address, host, memop);
        futexMutex.unlock(x, lock);
        b.ret(value);
      });
      futexMutex.unlock(x, lock);
      return loadByHelper(x, marking, address, memop);
    },
    store: (x, address, raw, memop) => {
      const { b } = x;
      const host = probeWrite(x, address, memop);
      return locked(x, () => {
        const held = holds(x, host, memop);
        b.if(held, () => {
          breakOthers(x, host, b.const(memopSize(memop)), GRANULE);
          atomicStore(b, host, raw, memop);
        });
        return held;
      });
    },
    swap: (x, address, raw, memop) => {
      const host = probeWrite(x, address, memop);
      return locked(x, () => {
        breakOthers(x, host, x.b.const(memopSize(memop)), GRANULE);
        return exchange(x.b, host, raw, memop);
      });
    },
  };
}

function runtime(host: StrategyHost, marking: string, sticky: boolean): AtomicsRuntime {
  const { views, layout } = host;
  const access = new HostAccess(host);
  const reservations = new Reservations(host, GRANULE);
  const locks = new FutexMutex(views.i32, lockCounters(views));
  const locked = <T>(env: number, work: () => T): T => {
    locks.lock(host.shared, env);
    const result = work();
    locks.unlock(host.shared);
    return result;
  };
  /** Marks or unmarks a page for everybody. */
  const mark = (hostPage: number, on: boolean) => {
    if (setPageFlag(views, layout, hostPage, "excl", on)) {
      host.markExclusive(hostPage, on);
    }
  };
  /** Under the lock: a plain store took the slow path; takes the mark from a page that needs none. */
  const noteStore = (at: number) => {
    const hostPage = at & PAGE_MASK;
    if (sticky || !hasPageFlag(views, layout, hostPage, "excl")) return;
    const count = countOf(host.shared, hostPage) >>> 2;
    if (reservations.inPage(hostPage) || ++views.i32[count] < UNMARK_AFTER) return;
    views.i32[count] = 0;
    mark(hostPage, false);
  };
  return {
    clear: (env) => reservations.drop(env),
    slowStore: (env, at, size, commit) =>
      locked(env, () => {
        reservations.breakOthers(env, at, size);
        commit();
        noteStore(at);
      }),
    helpers: {
      ...lockHelpers(views),
      // Stores that are under way on the fast path must land before the reservation begins, so
      // marking a page waits until every vCPU is out of translated code.
      [marking]: (env, pc, address, memop) => {
        host.exclusively(env, () => {
          const at = access.probeRead(env, pc, address, memop);
          if (at === 0) return;
          // Under the lock too: devices store to RAM while no vCPU runs.
          locked(env, () => {
            mark(at & PAGE_MASK, true);
            access.loadAndReserve(env, address, at, memop);
            reservations.set(env, at);
          });
        });
        return 0;
      },
    },
  };
}

function variant({ name, summary, weakness, sticky }: Variant): AtomicsStrategy {
  const marking = `${name.replaceAll("-", "_")}_marking_load`;
  const trio = irTrio(name, bodies(marking));
  return {
    name,
    role: "scheme",
    summary,
    source:
      "Rigo, Slow-path for atomic instruction translation (patch series v4, 2015); with threads: " +
      "Kristien et al., Fast and Correct LL/SC Handling in DBT Systems (CASES 2020)",
    weaknesses: [
      "Every store to a page with a reservation takes the slow path and a lock.",
      weakness,
    ],
    constraints: {
      granule: "bytes",
      hooksStores: false,
      hooksLoads: false,
      hooksTlbFill: false,
      abaSafe: "yes",
      correctInParallel: true,
      progress: "blocking",
      stopsTheWorld: ["load-exclusive"],
    },
    sharedBytes: () => LOCK_BYTES + 4 * COUNTS,
    perVcpuBytes: SLOT_BYTES,
    helpers: [
      ...LOCK_HELPERS,
      { name: marking, arity: 2, returns: false, state: "read", mayLeave: true },
      ...trio.defs,
    ],
    expansion: expansionOf(trio.ops),
    runtime: (host) => runtime(host, marking, sticky),
  };
}

/**
 * A load-exclusive marks its page in every vCPU's TLB, so that stores to it take the slow path,
 * which breaks the reservations they touch. Enough such stores that touch none remove the mark.
 */
export const tlbExcl: AtomicsStrategy = variant({
  name: "tlb-excl",
  summary: "pages with reservations are marked in the TLBs until they are only stored to",
  weakness: "The first load-exclusive of an unmarked page stops all vCPUs and searches their TLBs.",
  sticky: false,
});

/** As `tlb-excl`, but a page once marked stays so. */
export const tlbExclSticky: AtomicsStrategy = variant({
  name: "tlb-excl-sticky",
  summary: "pages with reservations are marked in the TLBs, for good",
  weakness: "Every page that was ever accessed exclusively stays slow to store to.",
  sticky: true,
});
