/**
 * The IT state while a block is translated. It is known at every instruction; the block keeps its
 * slot, which becomes part of the SPSR, up to date only where an exception may be taken, and the
 * block flags only where the block ends. Code without IT blocks pays nothing.
 * @module
 */
import type { IrBuilder } from "../../ir/builder.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { advanceIt } from "../decode/it_state.ts";
import { ARM, TB_FLAG } from "../state.ts";

const FLAGS_MASK = 0xff << TB_FLAG.IT_SHIFT;

/** IT state of one translation. */
export class ItTracker {
  readonly #b: IrBuilder;
  readonly #thumb: boolean;
  /** State at the start of the block, which its flags have. */
  readonly #entry: number;
  /** State at the current instruction. */
  now = 0;
  /** State behind it. */
  next: number;
  /** What the slot holds at this point of the code; null when that depends on the path. */
  slot: number | null;
  /** The same of the block flags. */
  #flags: number | null;

  /** `flags` are the block's; they hold the IT state at its start. */
  constructor(b: IrBuilder, flags: number) {
    this.#b = b;
    this.#thumb = (flags & TB_FLAG.THUMB) !== 0;
    this.#entry = (flags >>> TB_FLAG.IT_SHIFT) & 0xff;
    this.next = this.slot = this.#flags = this.#entry;
  }

  /** Goes on to the next instruction. In A32 code the state means nothing and stays as it is. */
  advance(): void {
    this.now = this.next;
    if (this.#thumb) this.next = advanceIt(this.now);
  }

  /** Makes the slot right for an exception at the current instruction. */
  settle(): void {
    this.#set(this.now);
  }

  /** Makes the slot right for an exception that returns behind the current instruction. */
  settleNext(): void {
    this.#set(this.next);
  }

  /** To be called when a helper may have made the block flags anew from the slot. */
  flagsRenewed(): void {
    if (this.#flags !== 0 || this.slot !== 0) this.#flags = null;
  }

  /**
   * Makes slot and block flags right for the next instruction, before the block ends. False when
   * the flags are not those that the block began with.
   */
  leave(): boolean {
    const b = this.#b;
    const it = this.next;
    this.#set(it);
    if (this.#flags !== it) {
      const others = b.and(b.get(VCPU.TB_FLAGS), b.const(~FLAGS_MASK));
      b.set(VCPU.TB_FLAGS, b.or(others, b.const(it << TB_FLAG.IT_SHIFT)));
      this.#flags = it;
    }
    return it === this.#entry;
  }

  #set(it: number): void {
    if (this.slot === it) return;
    this.#b.set(ARM.IT, this.#b.const(it));
    this.slot = it;
  }

  /**
   * Runs `emit`, which emits code that only some paths run. `rejoins` tells afterwards whether that
   * code goes on behind.
   */
  branch(emit: () => void, rejoins: () => boolean): void {
    const { slot } = this;
    const flags = this.#flags;
    emit();
    if (!rejoins()) {
      this.slot = slot;
      this.#flags = flags;
      return;
    }
    if (this.slot !== slot) this.slot = null;
    if (this.#flags !== flags) this.#flags = null;
  }
}
