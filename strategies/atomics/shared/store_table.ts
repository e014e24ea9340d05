/**
 * The table of last storers that `hst` and `hst-weak` share: one word per hash of eight bytes of
 * memory, holding the base address of the vCPU that last stored there or load-exclusived it. Every
 * plain store writes its vCPU into the table before it writes the data.
 * @module
 */
import type { V32 } from "../../../core/ir/builder.ts";
import type { ExpandContext } from "../../../core/ir/expansion.ts";
import { memopAlign, memopSize } from "../../../core/memory/memop.ts";
import { VCPU } from "../../../core/memory/vcpu_layout.ts";
import type { AtomicsRuntime, StrategyHost } from "../../types.ts";
import { clearMonitor } from "./runtime.ts";
import { dataStore, type Value } from "./value.ts";

/** Entries of the table. */
const TABLE_ENTRIES = 16384;
/** Bytes of the table. */
export const TABLE_BYTES: number = TABLE_ENTRIES * 4;

/** Byte offset in the table of the entry for host address `host`. */
export function tableOffset(host: number): number {
  return (host >>> 1) & (TABLE_BYTES - 4);
}

/** Address of the table entry for `host`. */
export function entryOf(x: ExpandContext, host: V32): V32 {
  const { b } = x;
  return b.add(b.and(b.shrU(host, b.const(1)), b.const(TABLE_BYTES - 4)), b.const(x.shared));
}

/** What this vCPU writes into the table. */
export function self(x: ExpandContext): V32 {
  return x.b.get(VCPU.SELF);
}

/** The store hook: one extra store, or two when the data reach into the next eight bytes. */
export function tableStore(x: ExpandContext, host: V32, raw: Value, memop: number): void {
  const { b } = x;
  const size = memopSize(memop);
  const tid = self(x);
  b.hostStore(entryOf(x, host), tid, 2);
  if (memopAlign(memop) < size) {
    const last = b.add(host, b.const(size - 1));
    const crosses = b.and(b.xor(host, last), b.const(8));
    b.if(crosses, () => b.hostStore(entryOf(x, last), tid, 2));
  }
  dataStore(b, host, raw, memop);
}

/** Run-time half: the store hook for stores outside translated code. */
export function tableRuntime(host: StrategyHost): AtomicsRuntime {
  const { i32 } = host.views;
  const mark = (env: number, at: number) => {
    Atomics.store(i32, (host.shared + tableOffset(at)) >>> 2, env);
  };
  return {
    ...clearMonitor(host),
    slowStore: (env, at, size, commit) => {
      mark(env, at);
      mark(env, at + size - 1);
      commit();
    },
  };
}
