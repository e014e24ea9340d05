/**
 * What a backend is to the run loop: it turns blocks of host-level IR into something that runs.
 * A backend knows no ARM: state slots are byte offsets, helpers are numbered functions.
 * @module
 */
import type { IrBlock } from "../ir/block.ts";
import type { HelperBody, HelperTable } from "../ir/helper.ts";
import type { Views } from "../memory/views.ts";

/** What a backend's code may call back on one thread. */
export interface BackendHost {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Declarations of the helpers; `call` names them by number. */
  readonly helpers: HelperTable;
  /** Bodies of the helpers, by number: functions, or IR (core/ir/helper_body.ts). */
  readonly helperBodies: readonly (HelperBody | IrBlock)[];
  /**
   * Slow path of a guest load: TLB miss, MMIO, page crossing, misalignment. Returns the value as
   * the memop says (zero- or sign-extended). On a guest exception it takes the exception, sets the
   * LEAVE word and returns 0. All state slots are up to date in memory when it is called, except
   * the pc slot, for which `pc` stands.
   */
  readonly slowLoad: (env: number, pc: number, address: number, memop: number) => number;
  /** The same for 8 bytes (as an unsigned or signed BigInt; backends wrap it). */
  readonly slowLoad64: (env: number, pc: number, address: number, memop: number) => bigint;
  /** Slow path of a guest store. */
  readonly slowStore: (
    env: number,
    pc: number,
    address: number,
    value: number,
    memop: number,
  ) => void;
  /** The same for 8 bytes. */
  readonly slowStore64: (
    env: number,
    pc: number,
    address: number,
    value: bigint,
    memop: number,
  ) => void;
  /** Slow path of `probe`: the host address, or 0 (with MEMOP_SOFT, or after an exception). */
  readonly slowProbe: (env: number, pc: number, address: number, memop: number) => number;
}

/** Facts about a block that its code needs besides the IR. */
export interface BlockSite {
  /** The block after expansion and passes. */
  readonly block: IrBlock;
  /** Number of the block in its code cache; its function stands at this index of the table. */
  readonly id: number;
  /** Host address of its two chaining slots (4-byte words: table index of the target, 0 unlinked). */
  readonly chainSlots: number;
  /** Guest address at which the block was found first, for traces. */
  readonly seenAt?: number;
  /** Block flags; `goto_ptr` compares them in the jump cache through the TB_FLAGS word. */
  readonly flags: number;
}

/**
 * Runs blocks on one thread. A return value is an EXIT code; for EXIT.CHAIN bits 8.. are the
 * block's id and bit 7 its slot. The vCPU's BUDGET word is decreased by the guest instructions of
 * the blocks that were run, and EXIT_REQUEST is honoured at the head of every block.
 */
export interface BlockRunner {
  /** Runs block `id` on the vCPU at `env`, and what it is chained to. */
  run(env: number, id: number): number;
}
