/**
 * What a strategy is: a constant object of declared facts and the functions that put it to work.
 * Nothing in the core asks for a strategy's name; it reads the constraints.
 * @module
 */
import type { AtomicsExpansion, BarrierExpansion } from "../ir/expansion.ts";
import type { HelperBody, HelperDef } from "../ir/helper.ts";
import type { MachineLayout } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";

/**
 * What a strategy is in a comparison: one that a machine could choose (`scheme`); one that shows what
 * a part of the others costs and is nobody's scheme (`control`); one that is wrong where vCPUs run in
 * parallel and must be seen to fail (`negative-control`).
 */
export type StrategyRole = "scheme" | "control" | "negative-control";

/** Facts every strategy states about itself. */
export interface StrategyInfo {
  /** Unique in its registry; what the command line takes. */
  readonly name: string;
  /** Only schemes are ranked; charts draw the others apart. */
  readonly role: StrategyRole;
  /** One line for lists and chart tooltips. */
  readonly summary: string;
  /** Paper, patch series or document the scheme comes from. */
  readonly source: string;
  /** Known weaknesses, one sentence each. */
  readonly weaknesses: readonly string[];
}

/** Declared constraints of an atomics scheme. */
export interface AtomicsConstraints {
  /** What one reservation covers. */
  readonly granule: "word" | "bytes" | "line" | "hash" | "global";
  /** Whether plain stores are expanded by the scheme. */
  readonly hooksStores: boolean;
  /** The same for plain loads. */
  readonly hooksLoads: boolean;
  /** Whether it must be asked at each softmmu TLB fill. */
  readonly hooksTlbFill: boolean;
  /** Whether a same-value store by another vCPU makes a store-exclusive fail. */
  readonly abaSafe: "yes" | "no" | "by-value";
  /** Whether the results are right when vCPUs run in parallel. */
  readonly correctInParallel: boolean;
  /** What is known about progress of a vCPU that retries. */
  readonly progress: "lock-free" | "blocking" | "obstruction-free" | "none";
  /** Which operations stop every other vCPU. */
  readonly stopsTheWorld: readonly ("load-exclusive" | "store-exclusive")[];
  /** After which operations the block ends without that; none where it is left out. */
  readonly endsBlock?: readonly ("load-exclusive" | "store-exclusive")[];
}

/** Services of the engine for the run-time half of a strategy, on one vCPU thread. */
export interface StrategyHost {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** Host address of the strategy's shared state (zeroed at start). */
  readonly shared: number;
  /** Byte offset of the strategy's per-vCPU state from a vCPU's base. */
  readonly perVcpu: number;
  /**
   * Host address for a guest access, as the IR's `probe`; 0 after a guest exception was taken (LEAVE
   * is set) or, with MEMOP.SOFT, when the access needs the slow path.
   */
  probe(env: number, pc: number, address: number, memop: number): number;
  /** Stops every other vCPU, runs `work`, lets them go on; see core/smp/exclusive.ts. */
  exclusively(env: number, work: () => void): void;
  /** Sets or clears TLB_FLAG.EXCL in the write tags that map RAM page `hostPage`, in every TLB. */
  markExclusive(hostPage: number, on: boolean): void;
  /** Adds to a counter of the vCPU (see core/memory/counters.ts). */
  count(env: number, counter: number, amount: number): void;
}

/** Run-time half of an atomics strategy on one vCPU thread. */
export interface AtomicsRuntime {
  /** Bodies of the declared helpers, by name. */
  readonly helpers: Readonly<Record<string, HelperBody>>;
  /**
   * Called before a guest store that the softmmu performs outside translated code reaches RAM
   * (devices excluded), whatever sent it there: a page with code or with TLB_FLAG.EXCL in its write
   * tag, a TLB miss, two pages (then once for each part). `commit` performs the store; the strategy
   * may hold a lock around it.
   */
  readonly slowStore?: (env: number, host: number, size: number, commit: () => void) => void;
  /** Extra TLB_FLAG bits for the write tag of a RAM page that is being filled (hooksTlbFill). */
  readonly tlbFill?: (hostPage: number) => number;
  /** Drops the vCPU's reservation at exception entry and return, and at a power-on. */
  readonly clear: (env: number) => void;
}

/** An atomics scheme. */
export interface AtomicsStrategy extends StrategyInfo {
  /** What the engine, the conformance tests and the experiments go by. */
  readonly constraints: AtomicsConstraints;
  /** Bytes of state that it wants in the shared memory, zeroed. */
  readonly sharedBytes: (layout: { readonly ramBytes: number; readonly vcpus: number }) => number;
  /** Bytes of state that it wants for each vCPU, at most VCPU.STRATEGY_BYTES. */
  readonly perVcpuBytes: number;
  /** Helpers that its expansion calls; `runtime` gives their bodies. */
  readonly helpers: readonly HelperDef[];
  /** Called when a block is translated. */
  readonly expansion: AtomicsExpansion;
  /** Called once on every vCPU thread. */
  readonly runtime: (host: StrategyHost) => AtomicsRuntime;
}

/** A barrier scheme. */
export interface BarrierStrategy extends StrategyInfo {
  /** What the engine and the experiments go by. */
  readonly constraints: {
    /** Whether guest memory ordering is kept when vCPUs run in parallel. */
    readonly correctInParallel: boolean;
    /** Whether plain accesses change. */
    readonly changesPlainAccesses: boolean;
  };
  /** Called when a block is translated. */
  readonly expansion: BarrierExpansion;
}

/** How vCPUs are mapped to host threads. */
export interface SchedulingStrategy extends StrategyInfo {
  /** What the engine and the experiments go by. */
  readonly constraints: {
    /** Whether vCPUs run in parallel. */
    readonly parallel: boolean;
    /** Whether the same seed gives the same trace. */
    readonly deterministic: boolean;
  };
  /** vCPU numbers of each host thread. */
  readonly threads: (vcpus: number) => readonly (readonly number[])[];
  /** Guest instructions a vCPU runs before the next one on its thread gets its turn. */
  readonly sliceInsns: number;
}
