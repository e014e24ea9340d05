/**
 * What the execution engine needs from a guest architecture. The engine knows nothing of ARM; a
 * front end implements this once, and an object of it lives on every vCPU thread.
 * @module
 */
import type { IrBuilder } from "../ir/builder.ts";
import type { HelperBody } from "../ir/helper.ts";
import type { GuestMmu } from "../memory/guest_mmu.ts";

/** What translation depends on besides the code bytes and the block flags. */
export interface TranslateOptions {
  /** Most guest instructions in a block. */
  readonly maxInsns: number;
  /** End the block after these operations; see SyncExpansion. */
  readonly leaveAfterLoadExclusive: boolean;
  /** The same for store-exclusives. */
  readonly leaveAfterStoreExclusive: boolean;
  /** Count store-exclusives and their failures in STREX_ATTEMPTS and STREX_FAILURES. */
  readonly countExclusives: boolean;
}

/** One guest architecture on one vCPU thread. `env` is a vCPU's base address. */
export interface GuestCpu {
  /** Bodies of the front end's helpers, by name. */
  readonly helpers: Readonly<Record<string, HelperBody>>;
  /** Guest side of the softmmu. */
  readonly mmu: GuestMmu;
  /**
   * Whether the first instruction of a block at place `pc` ends on the page after: a block of its
   * own, which is good only as long as both pages are what they were.
   */
  spansPages(fetch: (place: number) => number, pc: number, flags: number): boolean;
  /**
   * Translates the block at place `pc`, its offset in its page (see `IrBlock.pc`); `fetch` gives the
   * 32-bit word at a word-aligned place of that page, or of both pages of an instruction that spans
   * two. The page may be mapped anywhere: addresses come from `IrBuilder.codeAddr`.
   */
  translate(
    b: IrBuilder,
    pc: number,
    flags: number,
    fetch: (place: number) => number,
    options: TranslateOptions,
  ): void;
  /** Puts vCPU number `index` into its reset state. */
  reset(env: number, index: number): void;
  /** Starts a vCPU that was off, at `entry` with `context` as its first argument. */
  powerOn(env: number, entry: number, context: number): void;
  /** Takes a pending interrupt that is not masked; false when there is none. */
  deliverInterrupt(env: number): boolean;
  /** Whether a wait-for-interrupt ends at once: a line is asserted, masked or not. */
  interruptPending(env: number): boolean;
}
