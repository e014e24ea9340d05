import type { V32 } from "../../core/ir/builder.ts";
import type { ExpandContext } from "../../core/ir/expansion.ts";
import { memopSize } from "../../core/memory/memop.ts";
import type { AtomicsRuntime, AtomicsStrategy, StrategyHost } from "../types.ts";
import { expansionOf, SLOT, SLOT_BYTES } from "./shared/expansion.ts";
import { byHelpers, helperTrio } from "./shared/helper_trio.ts";
import { HostAccess } from "./shared/host_access.ts";
import { Reservations } from "./shared/reservations.ts";
import { clearMonitor } from "./shared/runtime.ts";
import { setValue, type Value } from "./shared/value.ts";

const WORD_BYTES = 4;
const TRIO = helperTrio("pico-st");
const PLAIN_STORE = "pico_st_plain_store";

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

function hookedStore(x: ExpandContext, host: V32, raw: Value, memop: number): void {
  setValue(x.b, x.perVcpu + SLOT.VALUE, raw, memop);
  x.b.callVoid(PLAIN_STORE, host, x.b.const(memop));
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
      [TRIO.load]: (env, pc, address, memop) => {
        host.exclusively(env, () => {
          const at = access.probeRead(env, pc, address, memop);
          if (at === 0) return;
          access.loadAndReserve(env, address, at, memop);
          reservations.set(env, at);
          flags.set(at, memopSize(memop), true);
        });
        return 0;
      },
      [TRIO.store]: (env, pc, address, memop) => {
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
      [TRIO.swap]: (env, pc, address, memop) => {
        const at = access.probeWrite(env, pc, address, memop);
        if (at === 0) return 0;
        beforeStore(env, at, memopSize(memop));
        return access.exchange(env, at, memop);
      },
      [PLAIN_STORE]: (env, _pc, at, memop) => {
        beforeStore(env, at, memopSize(memop));
        access.storeAnywhere(env, at, memop);
        return 0;
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
    ...TRIO.defs,
    { name: PLAIN_STORE, arity: 2, returns: false, state: "none", mayLeave: false },
  ],
  expansion: expansionOf({
    ...byHelpers(TRIO),
    plainStore: hookedStore,
  }),
  runtime,
};
