/**
 * How a machine expands the guest's synchronisation operations into host operations. Strategies
 * implement these functions; the expansion pass calls them while it copies a block. They see the
 * builder and constants, never a backend.
 * @module
 */
import type { IrBuilder, V32, V64 } from "./builder.ts";

/** What every expansion gets. */
export interface ExpandContext {
  /** Takes the operations of the expansion. */
  readonly b: IrBuilder;
  /** Host address of the strategy's shared state. */
  readonly shared: number;
  /** Byte offset of the strategy's per-vCPU state from the vCPU's base, for `get` and `set`. */
  readonly perVcpu: number;
  /**
   * Whether other vCPUs can run at the same time as this code (false with one vCPU or under
   * round-robin scheduling).
   */
  readonly parallel: boolean;
}

/** Expansion of exclusives, swaps, and the accesses a scheme wants to see. `memop` as in MEMOP. */
export interface AtomicsExpansion {
  /** Gives the value loaded, zero-extended, and takes a reservation. */
  loadExclusive(x: ExpandContext, address: V32, memop: number): V32;
  /** The same for a doubleword. */
  loadExclusive64(x: ExpandContext, address: V32, memop: number): V64;
  /** Result: 0 stored, 1 failed. */
  storeExclusive(x: ExpandContext, address: V32, value: V32, memop: number): V32;
  /** The same for a doubleword. */
  storeExclusive64(x: ExpandContext, address: V32, value: V64, memop: number): V32;
  /** Drops the vCPU's reservation. */
  clearExclusive(x: ExpandContext): void;
  /** Stores `value` and gives what was there, zero-extended. */
  atomicSwap(x: ExpandContext, address: V32, value: V32, memop: number): V32;
  /** Present only when the scheme must see plain stores. */
  readonly guestStore?: (x: ExpandContext, address: V32, value: V32, memop: number) => void;
  /** The same for a doubleword. */
  readonly guestStore64?: (x: ExpandContext, address: V32, value: V64, memop: number) => void;
  /** Present only when the scheme must see plain loads. */
  readonly guestLoad?: (x: ExpandContext, address: V32, memop: number) => V32;
  /** The same for a doubleword. */
  readonly guestLoad64?: (x: ExpandContext, address: V32, memop: number) => V64;
}

/** Expansion of barriers. */
export interface BarrierExpansion {
  /** `kinds` is a mask of BARRIER (core/ir/ops.ts), without the DSB bit. */
  memoryBarrier(x: ExpandContext, kinds: number): void;
  /** Every guest access becomes a sequentially consistent host atomic (MEMOP.SEQ_CST is set). */
  readonly sequentialAccesses: boolean;
  /**
   * The host's code must keep the guest's address, data and control dependencies, because the host
   * orders plain accesses by them and by nothing else. Left out, they are folded as any other code.
   */
  readonly keepsDependencies?: boolean;
}

/** Both, as the expansion pass takes them; it adds the builder of the copy to the contexts. */
export interface SyncExpansion {
  /** What becomes of exclusives, swaps and hooked accesses. */
  readonly atomics: AtomicsExpansion;
  /** Addresses for `atomics`. */
  readonly atomicsContext: Omit<ExpandContext, "b">;
  /** What becomes of barriers. */
  readonly barriers: BarrierExpansion;
  /** Addresses for `barriers`. */
  readonly barriersContext: Omit<ExpandContext, "b">;
  /**
   * Whether a block must be left, by `exit LOOKUP` at the next instruction, after a
   * store-exclusive (or load-exclusive) that stops the world inside its helper: the code cache may
   * have been flushed meanwhile. The front end reads it and ends the block there.
   */
  readonly leaveAfterLoadExclusive: boolean;
  /** The same after a store-exclusive. */
  readonly leaveAfterStoreExclusive: boolean;
}
