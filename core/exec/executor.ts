/**
 * Finds, makes and runs blocks for the vCPUs of one thread: jump cache, physical hash, translation,
 * tiers (interpreter, then compiled modules in batches) and chaining.
 * @module
 */
import { InterpRunner } from "../backends/interp/runner.ts";
import type { BackendHost } from "../backends/backend.ts";
import { WasmRunner } from "../backends/wasm/runner.ts";
import type { IrBlock } from "../ir/block.ts";
import { EXIT } from "../ir/ops.ts";
import type { MachineLayout } from "../memory/machine_layout.ts";
import { beginGuard, endGuard, hasPageFlag, isGuarded, setPageFlag } from "../memory/page_state.ts";
import type { SoftMmu } from "../memory/softmmu.ts";
import { PAGE_MASK, PAGE_SIZE, VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { FutexMutex } from "../smp/futex_mutex.ts";
import { BlockCompiler } from "./block_compiler.ts";
import type { CodeCache } from "./code_cache.ts";
import { TB } from "./code_cache_layout.ts";
import { COUNTER, type CounterSink } from "../memory/counters.ts";
import type { CompileRequests } from "./compile_requests.ts";
import type { ExecObserver } from "./exec_observer.ts";
import { ACTIVITY, type ExecProfile } from "./exec_profile.ts";
import type { GuestCpu } from "./guest_cpu.ts";
import type { Translator } from "./translator.ts";

/** When blocks move up a tier. */
export interface TierPolicy {
  /** `interp` never compiles. */
  readonly backend: "interp" | "wasm";
  /** Interpreter runs after which a block is queued for compilation; 0 compiles at once. */
  readonly hotRuns: number;
  /** Queued blocks that are compiled together without waiting for a very hot one. */
  readonly batch: number;
  /** Times that a block is found running in the first tier before a region is formed; 0: never. */
  readonly regionSamples: number;
  /** Guest instructions between samples; more once nothing new is found any longer. */
  readonly sampleInsns: number;
}

/** What an executor is made of. */
export interface ExecutorParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** The guest architecture. */
  readonly cpu: GuestCpu;
  /** Finds the code at a guest address. */
  readonly softmmu: SoftMmu;
  /** Holds the blocks. */
  readonly cache: CodeCache;
  /** Makes them. */
  readonly translator: Translator;
  /** What both backends are made with. */
  readonly backend: BackendHost;
  /** Takes the cache's translation lock. */
  readonly mutex: FutexMutex;
  /** Counts translations, compilations and exits. */
  readonly counters: CounterSink;
  /** When blocks are compiled. */
  readonly policy: TierPolicy;
  /** Returns when every other vCPU has been out of translated code once; null with one thread. */
  readonly rendezvous: ((env: number) => void) | null;
  /** The exception vector at `pc` cannot be fetched, so that the vCPU makes no progress. */
  readonly stuck: (env: number, pc: number) => void;
  /** Compiles instead of this thread, once it is there; none where blocks are to be compiled at once. */
  readonly compileThread?: CompileRequests;
  /** Hears of blocks; none unless something is traced. */
  readonly observer?: ExecObserver;
  /** Hears what the thread does; none unless the machine is profiled. */
  readonly profile?: ExecProfile;
}

/** Samples that a block waits after a region was formed around it and it runs in the first tier still. */
const REGION_PAUSE = 30;
/** Slices without news after which they get longer, and how much. */
const CALM_AFTER = 200;
const CALM_FACTOR = 10;

/** Times in a row that a vector may fail to be fetched: another vCPU may just be mapping it. */
const MAX_VECTOR_FAULTS = 1000;

/** Runs blocks on one thread. */
export class Executor {
  readonly #p: ExecutorParts;
  readonly #i32: Int32Array;
  readonly #interp: InterpRunner;
  readonly #wasm: WasmRunner | null;
  readonly #compiler: BlockCompiler;
  /** Whether every block returns here, because the observer wants to hear of it. */
  readonly #everyBlock: boolean;
  #generation: number;
  /** IR of the blocks this thread interprets, by id. */
  #irs: IrBlock[] = [];
  #vectorFaults = 0;

  /** Module record of the last region that this thread knows of. */
  #lastRegion = 0;

  /** One a thread. */
  constructor(parts: ExecutorParts) {
    this.#p = parts;
    this.#i32 = parts.views.i32;
    this.#interp = new InterpRunner(parts.backend);
    this.#wasm = parts.policy.backend === "wasm"
      ? new WasmRunner(parts.backend, parts.layout.tbCount)
      : null;
    this.#compiler = new BlockCompiler({ ...parts, helpers: parts.backend.helpers });
    this.#everyBlock = parts.observer?.everyBlock ?? false;
    this.#generation = parts.cache.generation;
  }

  /**
   * Guest instructions of the vCPU's next slice, `most` at most: its end is a sample for the tiers.
   * What a vCPU was doing when its slice ended stays with it while others have their turns.
   */
  slice(env: number, most: number): number {
    if (this.#wasm === null) return most;
    const { sampleInsns } = this.#p.policy;
    const calm = ++this.#i32[(env + VCPU.CALM) >>> 2] > CALM_AFTER;
    return Math.min(most, calm ? CALM_FACTOR * sampleInsns : sampleInsns);
  }

  /**
   * Id of the block at the vCPU's pc, translated if need be; 0 when there is none yet: a guest
   * exception was taken instead, the cache is full (`cache.full`), or the state changed meanwhile.
   */
  find(env: number): number {
    const i32 = this.#i32;
    const pc = i32[(env + VCPU.PC) >>> 2];
    const flags = i32[(env + VCPU.TB_FLAGS) >>> 2];
    const cached = this.#p.cache.jumpCacheGet(env, pc, flags);
    return cached !== 0 ? cached : this.#findSlow(env, pc, flags);
  }

  #findSlow(env: number, pc: number, flags: number): number {
    const { softmmu, cache, cpu } = this.#p;
    const host = softmmu.translateFetch(env, pc);
    // Only an instruction in the page's last bytes can; the look-up is too frequent to ask for all.
    const place = pc & ~PAGE_MASK;
    const spans = host !== 0 && place > PAGE_SIZE - 4 &&
      cpu.spansPages(this.#fetcher(host, 0), place, flags);
    // The next page, for an instruction that ends there.
    const second = spans ? softmmu.translateFetch(env, pc + PAGE_SIZE & PAGE_MASK, pc) : 0;
    if (host === 0 || spans && second === 0) {
      this.#noteFetchFault(env, pc);
      return 0;
    }
    this.#vectorFaults = 0;
    const id = cache.find(this.#physical(host), flags, this.#physical(second)) ||
      this.#translate(env, pc, flags, host, second);
    if (id !== 0) {
      softmmu.noteJump(env, pc, spans);
      cache.jumpCachePut(env, pc, flags, id);
    }
    return id;
  }

  /** Physical address of RAM at a host address; 0 for 0. */
  #physical(host: number): number {
    return host === 0 ? 0 : host - this.#p.layout.ram + this.#p.layout.ramBase;
  }

  /** Reads the code word at a place: an offset in the page of `host`, or in the next one at `second`. */
  #fetcher(host: number, second: number): (place: number) => number {
    const { u32 } = this.#p.views;
    const hostPage = (host & PAGE_MASK) >>> 0;
    return (place) => {
      const base = place < PAGE_SIZE ? hostPage : second;
      return u32[(base + (place & ~PAGE_MASK)) >>> 2];
    };
  }

  /** A fetch failed and took an exception; ends the machine when its vector fails for ever. */
  #noteFetchFault(env: number, pc: number): void {
    if (this.#i32[(env + VCPU.PC) >>> 2] !== pc) this.#vectorFaults = 0;
    else if (++this.#vectorFaults === MAX_VECTOR_FAULTS) this.#p.stuck(env, pc >>> 0);
  }

  /**
   * Makes a RAM page count as code, before its bytes are read. A store that another vCPU has already
   * sent past its TLB check is over when this returns; later ones take the slow path and
   * invalidate. False when the vCPU's state may have changed meanwhile: look everything up again.
   */
  #guardPage(env: number, hostPage: number): boolean {
    const { views, layout, softmmu, rendezvous } = this.#p;
    if (hasPageFlag(views, layout, hostPage, "code")) {
      // Marked by a thread that still waits: wait too.
      if (rendezvous === null || !isGuarded(views, layout, hostPage)) return true;
      rendezvous(env);
      return false;
    }
    beginGuard(views, layout, hostPage);
    setPageFlag(views, layout, hostPage, "code", true);
    softmmu.markWriteFlag(hostPage, "code", true);
    rendezvous?.(env);
    endGuard(views, layout, hostPage);
    return rendezvous === null;
  }

  #translate(env: number, pc: number, flags: number, host: number, second: number): number {
    const { views, layout, cache, mutex, translator, cpu, counters } = this.#p;
    const pages = [(host & PAGE_MASK) >>> 0, ...(second === 0 ? [] : [second])];
    if (!pages.every((page) => this.#guardPage(env, page))) return 0;
    const physical = this.#physical(host);
    const place = pc & ~PAGE_MASK;
    const fetch = this.#fetcher(host, second);
    mutex.lock(cache.lock, env);
    this.#p.profile?.at(env, ACTIVITY.TRANSLATE);
    try {
      const found = cache.find(physical, flags, this.#physical(second));
      if (found !== 0) return found;
      // A page's last block may have been dropped, and its flag with it: start over. So too when
      // the bytes that told how many pages there are were changed before the first guard.
      if (!pages.every((page) => hasPageFlag(views, layout, page, "code"))) return 0;
      if (cpu.spansPages(fetch, place, flags) !== (second !== 0)) return 0;
      const start = performance.now();
      const stages = translator.stages(cpu, place, flags, fetch);
      this.#p.observer?.translated(env, stages, flags, pc & PAGE_MASK, fetch);
      const id = cache.insert(stages.optimised, pc, physical, flags, this.#physical(second));
      counters.add(env, COUNTER.blocksTranslated, 1);
      counters.add(env, COUNTER.compileNs, (performance.now() - start) * 1e6);
      return id;
    } finally {
      this.#p.profile?.at(env, ACTIVITY.LOOP);
      mutex.unlock(cache.lock);
    }
  }

  /** Empties the code cache, as safe work: see `CodeCache.flush`. */
  flush(env: number): void {
    const { cache, mutex } = this.#p;
    // Of those outside, the thread that compiles may be looking at the cache.
    mutex.lock(cache.lock, env);
    cache.flush();
    mutex.unlock(cache.lock);
  }

  /**
   * Runs block `id` and what it chains to; gives an EXIT code (never CHAIN). The caller has
   * entered the vCPU's execution (core/smp), so no flush happens meanwhile.
   */
  run(env: number, id: number): number {
    const { cache } = this.#p;
    if (cache.generation !== this.#generation) {
      this.#generation = cache.generation;
      this.#wasm?.removeAll();
      this.#irs = [];
      this.#lastRegion = 0;
      return EXIT.LOOKUP;
    }
    const wasm = this.#wasm;
    if (wasm !== null) {
      if (this.#i32[(env + VCPU.SAMPLED) >>> 2] !== 0) this.#sample(env, id);
      if (cache.lastRegion !== this.#lastRegion) {
        this.#compiling(env, () => this.#loadRegions(env, wasm));
      }
      if (this.#p.policy.hotRuns === 0) this.#heat(env, id, 0);
      if (this.#isCompiled(wasm, env, id)) return this.#runCompiled(wasm, env, id);
    }
    return this.#interpret(env, id);
  }

  /** Whether this thread has the block's function; loads its module when there is one. */
  #isCompiled(wasm: WasmRunner, env: number, id: number): boolean {
    if (wasm.has(id)) return true;
    const record = this.#p.cache.field(id, TB.MODULE);
    if (record === 0) return false;
    const { bytes, ids } = this.#p.cache.module(record >>> 0);
    this.#compiling(env, () => wasm.addModule(bytes, ids));
    return true;
  }

  #runCompiled(wasm: WasmRunner, env: number, id: number): number {
    const { cache, counters } = this.#p;
    if (this.#everyBlock) this.#noteEntry(env, id, "wasm");
    else cache.jumpCacheCompiled(env, id);
    this.#p.profile?.at(env, ACTIVITY.COMPILED);
    const code = wasm.run(env, id);
    // A region says so only of its interruption, which is what a sampler asks for.
    this.#p.profile?.left(env, (code & 0x7f) === EXIT.INTERRUPTED && code !== EXIT.INTERRUPTED);
    counters.add(env, COUNTER.dispatchedExits, 1);
    // A region says that it was one.
    // Requests come at places of their own choice: only the budget's end is a sample.
    if (code === EXIT.INTERRUPTED && this.#i32[(env + VCPU.EXIT_REQUEST) >>> 2] === 0) {
      this.#i32[(env + VCPU.SAMPLED) >>> 2] = 1;
    }
    if ((code & 0x7f) === EXIT.INTERRUPTED) return EXIT.INTERRUPTED;
    if ((code & 0x7f) !== EXIT.CHAIN) return code;
    if (this.#everyBlock) return EXIT.LOOKUP;
    const next = this.find(env);
    if (next !== 0 && this.#isCompiled(wasm, env, next)) {
      this.#chain(env, code >>> 8, (code >>> 7) & 1, next);
    }
    return EXIT.LOOKUP;
  }

  /** Tells the observer of a block that the vCPU's slice has room for. */
  #noteEntry(env: number, id: number, tier: "interp" | "wasm"): void {
    const insns = this.#p.cache.field(id, TB.GUEST_INSNS);
    const runs = this.#i32[(env + VCPU.BUDGET) >>> 2] >= insns &&
      this.#i32[(env + VCPU.EXIT_REQUEST) >>> 2] === 0;
    if (runs) this.#p.observer!.entered(env, insns, tier);
  }

  #chain(env: number, from: number, slot: number, to: number): void {
    const { cache, mutex, counters } = this.#p;
    // The second page of a block may be another one the next time: the jump cache knows.
    if (cache.field(to, TB.SECOND) !== 0) return;
    mutex.lock(cache.lock, env);
    if (cache.link(from, slot, to)) counters.add(env, COUNTER.chainsLinked, 1);
    mutex.unlock(cache.lock);
  }

  #interpret(env: number, id: number): number {
    const { cache, policy, counters } = this.#p;
    const ir = this.#irs[id] ??= cache.ir(id);
    if (this.#everyBlock) this.#noteEntry(env, id, "interp");
    this.#p.profile?.at(env, ACTIVITY.INTERPRETER);
    const budget = (env + VCPU.BUDGET) >>> 2;
    const before = this.#i32[budget];
    const code = this.#interp.runBlock(env, ir);
    this.#p.profile?.at(env, ACTIVITY.LOOP);
    counters.add(env, COUNTER.blocksInterpreted, 1);
    counters.add(env, COUNTER.interpInsns, before - this.#i32[budget]);
    if (this.#wasm !== null) {
      const runs = cache.field(id, TB.RUNS) + 1;
      cache.setField(id, TB.RUNS, runs);
      if (runs % policy.hotRuns === 0) this.#heat(env, id, runs);
    }
    return (code & 0x7f) === EXIT.CHAIN ? EXIT.LOOKUP : code;
  }

  /** Queues a warm block; one that is twice as warm (`runs`) forces the batch out. */
  #heat(env: number, id: number, runs: number): void {
    const { cache, mutex, policy } = this.#p;
    mutex.lock(cache.lock, env);
    const wanted = cache.isValid(id) && cache.field(id, TB.MODULE) === 0;
    const due = wanted && (cache.enqueue(id) >= policy.batch || runs >= 2 * policy.hotRuns);
    mutex.unlock(cache.lock);
    if (!due) return;
    if (this.#p.compileThread?.takeQueue(env)) return;
    this.#compiling(env, () => this.#compiler.compilePending(env));
  }

  /** Block `id` was running in the first tier when its vCPU's slice ended. */
  #sample(env: number, id: number): void {
    const { cache } = this.#p;
    this.#i32[(env + VCPU.SAMPLED) >>> 2] = 0;
    this.#i32[(env + VCPU.CALM) >>> 2] = 0;
    if (cache.field(id, TB.MODULE) === 0) return;
    const samples = cache.field(id, TB.SAMPLES) + 1;
    cache.setField(id, TB.SAMPLES, samples);
    const { regionSamples } = this.#p.policy;
    if (this.#everyBlock || regionSamples === 0 || samples < regionSamples) return;
    cache.setField(id, TB.SAMPLES, -REGION_PAUSE);
    const request = { env, id, pc: this.#i32[(env + VCPU.PC) >>> 2] };
    if (this.#p.compileThread?.takeRegion(request)) return;
    this.#compiling(env, () => this.#compiler.formRegion(request));
  }

  #compiling(env: number, work: () => void): void {
    const { profile, counters } = this.#p;
    const before = profile?.enter(env, ACTIVITY.COMPILE);
    const start = performance.now();
    work();
    counters.add(env, COUNTER.compileNs, (performance.now() - start) * 1e6);
    if (before !== undefined) profile!.leave(env, before);
  }

  /** Puts new regions in the place of first functions that this thread has loaded. */
  #loadRegions(env: number, wasm: WasmRunner): void {
    const { cache } = this.#p;
    const records = cache.regionsAfter(this.#lastRegion);
    this.#lastRegion = cache.lastRegion;
    this.#i32[(env + VCPU.CALM) >>> 2] = 0;
    for (const record of records) {
      const { bytes, ids } = cache.module(record);
      if (ids.every((id) => wasm.has(id) && cache.isValid(id))) wasm.addModule(bytes, ids);
    }
  }
}
