/**
 * Stores to translated code, and cache maintenance by the guest: drops the blocks that were made
 * from the bytes, wherever they run.
 * @module
 */
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { hasPageFlag, setPageFlag } from "../memory/page_state.ts";
import { PAGE_MASK, PAGE_SIZE } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { FutexMutex } from "../smp/futex_mutex.ts";
import type { CodeCache } from "./code_cache.ts";
import { COUNTER, type CounterSink } from "../memory/counters.ts";

/** What it is made of. */
export interface InvalidationParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** The cache whose blocks are dropped. */
  readonly cache: CodeCache;
  /** Takes the cache's translation lock. */
  readonly mutex: FutexMutex;
  /** Counts dropped blocks. */
  readonly counters: CounterSink;
  /** Sets or clears the code flag in every TLB's write tags of a RAM page. */
  readonly markWriteFlag: (hostPage: number, on: boolean) => void;
  /** Makes a vCPU leave translated code. */
  readonly kick: (env: number) => void;
}

/** Invalidation of translated code, on one thread. */
export class CodeInvalidation {
  readonly #p: InvalidationParts;

  /** One a thread. */
  constructor(parts: InvalidationParts) {
    this.#p = parts;
  }

  /** `size` bytes at host address `host`, in one page, were stored to. */
  codeWrite(env: number, host: number, size: number): void {
    const { views, layout, cache, mutex, counters } = this.#p;
    const hostPage = (host & PAGE_MASK) >>> 0;
    if (!hasPageFlag(views, layout, hostPage, "code")) return;
    mutex.lock(cache.lock, env);
    const { invalidated, left } = cache.invalidate(host - layout.ram + layout.ramBase, size);
    if (!left && setPageFlag(views, layout, hostPage, "code", false)) {
      this.#p.markWriteFlag(hostPage, false);
    }
    mutex.unlock(cache.lock);
    if (invalidated === 0) return;
    counters.add(env, COUNTER.invalidations, invalidated);
    // A vCPU may be in a loop inside one of the blocks, without looking anything up.
    for (let vcpu = 0; vcpu < layout.vcpus; vcpu++) this.#p.kick(vcpuBase(layout, vcpu));
  }

  /** Drops what was made from `bytes` bytes of physical memory; outside RAM there is nothing. */
  physical(env: number, physical: number, bytes: number): void {
    const { layout } = this.#p;
    const start = Math.max(physical, layout.ramBase);
    const end = Math.min(physical + bytes, layout.ramBase + layout.ramBytes);
    for (let at = start; at < end;) {
      const next = Math.min(end, (Math.floor(at / PAGE_SIZE) + 1) * PAGE_SIZE);
      this.codeWrite(env, at - layout.ramBase + layout.ram, next - at);
      at = next;
    }
  }
}
