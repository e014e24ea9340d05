/**
 * Makes WebAssembly modules of warm blocks and of regions: on the thread of the vCPU that wants
 * them, or on a thread of its own. The translation lock is held only to look at the cache and to
 * publish, so that vCPUs go on translating while a module is built.
 * @module
 */
import type { Unit } from "../backends/wasm/module.ts";
import { ModuleBuilder } from "../backends/wasm/module.ts";
import { type PlannedSite, planUnits } from "../backends/wasm/unit_planner.ts";
import { copyBlock } from "../ir/block.ts";
import type { HelperTable } from "../ir/helper.ts";
import { COUNTER, type CounterSink } from "../memory/counters.ts";
import { PAGE_MASK } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { FutexMutex } from "../smp/futex_mutex.ts";
import type { CodeCache, RegionRequest } from "./code_cache.ts";
import { TB } from "./code_cache_layout.ts";
import type { ExecObserver } from "./exec_observer.ts";
import { RegionFormer } from "./region_former.ts";

/** What a compiler is made of. */
export interface CompilerParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where blocks come from and modules go to. */
  readonly cache: CodeCache;
  /** Takes the cache's translation lock. */
  readonly mutex: FutexMutex;
  /** The machine's helpers. */
  readonly helpers: HelperTable;
  /** Counts what was compiled. */
  readonly counters: CounterSink;
  /** Hears of units; with `everyBlock` each is one block. */
  readonly observer?: ExecObserver;
  /** Gets each module's bytes before they are published. */
  readonly built?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** Makes modules; one object a thread. */
export class BlockCompiler {
  readonly #p: CompilerParts;
  readonly #modules: ModuleBuilder;
  readonly #former: RegionFormer;

  /** One a thread. */
  constructor(parts: CompilerParts) {
    this.#p = parts;
    this.#modules = new ModuleBuilder({ helpers: parts.helpers });
    this.#former = new RegionFormer(parts.cache, parts.views);
  }

  /**
   * Compiles the queue into one module: a function for each block, loops whose blocks are all in
   * the queue as one function. It counts for the vCPU at `env`.
   */
  compilePending(env: number): void {
    const { cache, counters, observer } = this.#p;
    const { ids, sites, generation } = this.#locked(env, () => {
      const ids = [...new Set(cache.takePending())];
      return { ids, sites: ids.map((id) => this.#site(id)), generation: cache.generation };
    });
    if (ids.length === 0) return;
    const units = observer?.everyBlock
      ? sites.map((site) => [{ ...site, edges: [] }])
      : planUnits(sites);
    const bytes = this.#build(env, units);
    this.#locked(env, () => {
      if (cache.generation !== generation) return;
      // A function may hold a block that has been dropped meanwhile.
      if (!ids.every((id) => cache.isValid(id))) {
        for (const id of ids) if (cache.isValid(id)) cache.enqueue(id);
        return;
      }
      if (!cache.publishModule(bytes, ids)) return;
      for (const unit of units) cache.setRegion(unit[0].id, unit.map((site) => site.id));
      counters.add(env, COUNTER.blocksCompiled, ids.length);
    });
  }

  /** Makes and publishes the region around a block, as the vCPU that found it sees the code. */
  formRegion(request: RegionRequest): void {
    const { env, id } = request;
    const { cache, counters } = this.#p;
    const { region, generation } = this.#locked(env, () => {
      const region = cache.isValid(id) ? this.#former.form(request) : null;
      // The arena may be emptied while the module is built.
      const sites = region?.sites.map((site) => ({ ...site, block: copyBlock(site.block) })) ?? [];
      return { region: region && { ...region, sites }, generation: cache.generation };
    });
    if (region === null) return;
    const bytes = this.#build(env, [region.sites]);
    this.#locked(env, () => {
      if (cache.generation !== generation) return;
      if (!region.members.every((member) => cache.isValid(member))) return;
      // Another thread may have been sooner.
      if (cache.field(region.head, TB.REGION) !== 0) return;
      if (!cache.publishRegion(bytes, region.head, region.members)) return;
      counters.add(env, COUNTER.regionsFormed, 1);
    });
  }

  #build(env: number, units: readonly Unit[]): Uint8Array<ArrayBuffer> {
    this.#p.observer?.compiled(env, units);
    const bytes = this.#modules.build(units);
    this.#p.built?.(bytes);
    return bytes;
  }

  #locked<T>(env: number, work: () => T): T {
    const { mutex, cache } = this.#p;
    mutex.lock(cache.lock, env);
    try {
      return work();
    } finally {
      mutex.unlock(cache.lock);
    }
  }

  #site(id: number): PlannedSite {
    const { cache } = this.#p;
    return {
      block: copyBlock(cache.ir(id)),
      id,
      chainSlots: cache.chainSlots(id),
      flags: cache.field(id, TB.FLAGS),
      seenAt: cache.field(id, TB.SEEN_AT),
      // A block that spans two pages is entered through its look-up only: no page of others.
      page: cache.field(id, TB.SECOND) === 0 ? cache.field(id, TB.PHYSICAL) & PAGE_MASK : ~id,
    };
  }
}
