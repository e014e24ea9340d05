import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import type { HelperContext } from "../../core/ir/helper.ts";
import { irHelper } from "../../core/ir/helper_body.ts";
import { RMW } from "../../core/ir/ops.ts";
import { memopAlign, memopSize } from "../../core/memory/memop.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import {
  expansionOf,
  loadByHelper,
  probeWrite,
  release,
  SLOT_BYTES,
  storeByHelper,
} from "./shared/expansion.ts";
import { HostAccess } from "./shared/host_access.ts";
import { drop, forEachReservation } from "./shared/ir_reservations.ts";
import { Reservations } from "./shared/reservations.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { dataStore, exchange } from "./shared/value.ts";

const WORD_BYTES = 4;
const LOAD = "pico_st_load_exclusive";
const STORE = "pico_st_store_exclusive";

/** The flags: one bit per word of guest RAM, set while a vCPU may have a reservation on the word. */
class WordFlags {
  readonly #i32: Int32Array;
  readonly #flags: number;
  readonly #ram: number;

  constructor(host: StrategyHost) {
    this.#i32 = host.views.i32;
    this.#flags = host.shared >>> 2;
    this.#ram = host.layout.ram;
  }

  /** Whether a word that the access touches has its flag set. */
  any(at: number, size: number): boolean {
    const last = this.#word(at + size - 1);
    for (let word = this.#word(at); word <= last; word++) {
      if ((Atomics.load(this.#i32, this.#flags + (word >>> 5)) & 1 << (word & 31)) !== 0) {
        return true;
      }
    }
    return false;
  }

  /** Sets or clears the flags of the words that the access touches. */
  set(at: number, size: number, on: boolean): void {
    const last = this.#word(at + size - 1);
    for (let word = this.#word(at); word <= last; word++) {
      const bit = 1 << (word & 31);
      if (on) Atomics.or(this.#i32, this.#flags + (word >>> 5), bit);
      else Atomics.and(this.#i32, this.#flags + (word >>> 5), ~bit);
    }
  }

  #word(at: number): number {
    return ((at - this.#ram) >>> 0) / WORD_BYTES >>> 0;
  }
}

/** Before a store of this vCPU to one word, and to the two or three words up to a last byte. */
const BEFORE_STORE = "pico_st_before_store";
const BEFORE_WIDE_STORE = "pico_st_before_wide_store";

/** What a store to the words of host addresses, the first byte first and the last last, does. */
function emitBeforeStore(x: HelperContext, hosts: readonly V32[]): void {
  const { b, shared, layout } = x;
  const flags = hosts.map((host) => {
    const word = b.shrU(b.sub(host, b.const(layout.ram)), b.const(2));
    const address = b.add(b.and(b.shrU(word, b.const(3)), b.const(-4)), b.const(shared));
    return { address, bit: b.shl(b.const(1), word) };
  });
  const set = flags.map(({ address, bit }) => b.and(b.atomicLoad(address, 2), bit));
  b.if(b.eqz(set.reduce((any, one) => b.or(any, one))), () => b.ret());
  const kept = b.local();
  kept.set(b.const(0));
  const size = b.add(b.sub(hosts.at(-1)!, hosts[0]), b.const(1));
  forEachReservation(x, hosts[0], size, WORD_BYTES, ({ env, self, touched }) => {
    b.if(touched, () => b.if(self, () => kept.set(b.const(1)), () => drop(x, env)));
  });
  b.if(b.eqz(kept.get()), () => {
    for (const { address, bit } of flags) {
      b.atomicRmw(RMW.AND, address, b.xor(bit, b.const(-1)), 2);
    }
  });
  b.ret();
}

function emitBeforeWideStore(x: HelperContext): void {
  const { b } = x;
  const [first, last] = [b.param(0), b.param(1)];
  const next = b.add(first, b.const(WORD_BYTES));
  emitBeforeStore(x, [first, b.select(b.bin("lt_u", next, last), next, last), last]);
}

/** The store hook is a call, as in the paper. */
function callBeforeStore({ b }: ExpandContext, host: V32, memop: number): void {
  const size = memopSize(memop);
  if (size <= WORD_BYTES && memopAlign(memop) >= size) b.callVoid(BEFORE_STORE, host);
  else b.callVoid(BEFORE_WIDE_STORE, host, b.add(host, b.const(size - 1)));
}

function runtime(host: StrategyHost): AtomicsRuntime {
  const access = new HostAccess(host);
  const reservations = new Reservations(host, WORD_BYTES);
  const flags = new WordFlags(host);
  /** A store by `env` is about to reach memory. Load-exclusives cannot be under way meanwhile. */
  const beforeStore = (env: number, at: number, size: number) => {
    if (!flags.any(at, size)) return;
    reservations.breakOthers(env, at, size);
    if (!reservations.touches(0, at, size)) flags.set(at, size, false);
  };
  return {
    ...clearMonitor(host),
    slowStore: (env, at, size, commit) => {
      beforeStore(env, at, size);
      commit();
    },
    helpers: {
      [LOAD]: (env, pc, address, memop) => {
        host.exclusively(env, () => {
          const at = access.probeRead(env, pc, address, memop);
          if (at === 0) return;
          access.loadAndReserve(env, address, at, memop);
          reservations.set(env, at);
          flags.set(at, memopSize(memop), true);
        });
        return 0;
      },
      [STORE]: (env, pc, address, memop) => {
        if (!access.reserved(env, address, memop)) return 1;
        let failed = 1;
        host.exclusively(env, () => {
          const at = access.probeWrite(env, pc, address, memop);
          if (at === 0 || !reservations.holds(env, at, memop)) return;
          reservations.drop(env);
          beforeStore(env, at, memopSize(memop));
          access.store(env, at, memop);
          failed = 0;
        });
        return failed;
      },
    },
  };
}

/** Reservations with a flag per word of memory, which every plain store tests in a helper. */
export const picoSt: AtomicsStrategy = {
  name: "pico-st",
  role: "scheme",
  summary: "word flags tested by a helper at every store; exclusives stop the world",
  source: "PICO-ST (Cota et al., CGO 2017)",
  weaknesses: [
    "Every plain store calls a helper.",
    "Every load-exclusive and every store-exclusive stops all vCPUs.",
  ],
  constraints: {
    granule: "word",
    hooksStores: true,
    hooksLoads: false,
    hooksTlbFill: false,
    abaSafe: "yes",
    correctInParallel: true,
    progress: "blocking",
    stopsTheWorld: ["load-exclusive", "store-exclusive"],
  },
  sharedBytes: ({ ramBytes }) => ramBytes / WORD_BYTES / 8,
  perVcpuBytes: SLOT_BYTES,
  helpers: [
    { name: LOAD, arity: 2, returns: false, state: "read", mayLeave: true },
    { name: STORE, arity: 2, returns: true, state: "read", mayLeave: true },
    irHelper({
      name: BEFORE_STORE,
      params: ["i32"],
      result: null,
      emit: (x) => emitBeforeStore(x, [x.b.param(0)]),
    }),
    irHelper({
      name: BEFORE_WIDE_STORE,
      params: ["i32", "i32"],
      result: null,
      emit: emitBeforeWideStore,
    }),
  ],
  expansion: expansionOf({
    load: (x, address, memop) => loadByHelper(x, LOAD, address, memop),
    store: (x, address, raw, memop) => {
      const failed = storeByHelper(x, STORE, address, raw, memop);
      release(x);
      return failed;
    },
    swap: (x, address, raw, memop) => {
      const host = probeWrite(x, address, memop);
      callBeforeStore(x, host, memop);
      return exchange(x.b, host, raw, memop);
    },
    plainStore: (x, host, raw, memop) => {
      callBeforeStore(x, host, memop);
      dataStore(x.b, host, raw, memop);
    },
  }),
  runtime,
};
