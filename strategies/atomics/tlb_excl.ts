import { memopSize } from "../../core/memory/memop.ts";
import { hasPageFlag, setPageFlag } from "../../core/memory/page_state.ts";
import { PAGE_BITS, PAGE_MASK } from "../../core/memory/vcpu_layout.ts";
import { FutexMutex } from "../../core/smp/futex_mutex.ts";
import { lockCounters } from "../../core/smp/lock_observer.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import { expansionOf, loadByHelper, SLOT_BYTES, storeByHelper } from "./shared/expansion.ts";
import { type HelperTrio, helperTrio } from "./shared/helper_trio.ts";
import { HostAccess } from "./shared/host_access.ts";
import { Reservations } from "./shared/reservations.ts";

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

function runtime(
  host: StrategyHost,
  trio: HelperTrio,
  clear: string,
  sticky: boolean,
): AtomicsRuntime {
  const { views, layout } = host;
  const access = new HostAccess(host);
  const reservations = new Reservations(host, 1);
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
  const countOf = (hostPage: number) =>
    (host.shared + LOCK_BYTES >>> 2) + ((hostPage >>> PAGE_BITS) & (COUNTS - 1));
  /** Under the lock: a plain store took the slow path; takes the mark from a page that needs none. */
  const noteStore = (at: number) => {
    const hostPage = at & PAGE_MASK;
    if (sticky || !hasPageFlag(views, layout, hostPage, "excl")) return;
    if (reservations.inPage(hostPage) || ++views.i32[countOf(hostPage)] < UNMARK_AFTER) return;
    views.i32[countOf(hostPage)] = 0;
    mark(hostPage, false);
  };
  const reserve = (env: number, address: number, at: number, memop: number) => {
    access.loadAndReserve(env, address, at, memop);
    reservations.set(env, at);
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
      [trio.load]: (env, pc, address, memop) => {
        const at = access.probeRead(env, pc, address, memop);
        if (at === 0) return 0;
        const done = locked(env, () => {
          views.i32[countOf(at)] = 0;
          if (!hasPageFlag(views, layout, at & PAGE_MASK, "excl")) return false;
          reserve(env, address, at, memop);
          return true;
        });
        if (done) return 0;
        // Stores that are under way on the fast path must land before the reservation begins, so
        // marking a page waits until every vCPU is out of translated code.
        host.exclusively(env, () => {
          const now = access.probeRead(env, pc, address, memop);
          if (now === 0) return;
          // Under the lock too: devices store to RAM while no vCPU runs.
          locked(env, () => {
            mark(now & PAGE_MASK, true);
            reserve(env, address, now, memop);
          });
        });
        return 0;
      },
      [trio.store]: (env, pc, address, memop) => {
        if (!access.reserved(env, address, memop)) {
          reservations.drop(env);
          return 1;
        }
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 1;
        return locked(env, () => {
          const holds = reservations.holds(env, at, memop);
          if (holds) {
            reservations.breakOthers(env, at, memopSize(memop));
            access.store(env, at, memop);
          }
          reservations.drop(env);
          return holds ? 0 : 1;
        });
      },
      [trio.swap]: (env, pc, address, memop) => {
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 0;
        return locked(env, () => {
          reservations.breakOthers(env, at, memopSize(memop));
          return access.exchange(env, at, memop);
        });
      },
      [clear]: (env) => {
        reservations.drop(env);
        return 0;
      },
    },
  };
}

function variant({ name, summary, weakness, sticky }: Variant): AtomicsStrategy {
  const trio = helperTrio(name);
  const clear = `${name.replaceAll("-", "_")}_clear`;
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
      ...trio.defs,
      { name: clear, arity: 0, returns: false, state: "none", mayLeave: false },
    ],
    expansion: expansionOf({
      load: (x, address, memop) => loadByHelper(x, trio.load, address, memop),
      store: (x, address, raw, memop) => storeByHelper(x, trio.store, address, raw, memop),
      swap: (x, address, raw, memop) => storeByHelper(x, trio.swap, address, raw, memop),
      clear: (x) => x.b.callVoid(clear),
    }),
    runtime: (host) => runtime(host, trio, clear, sticky),
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
