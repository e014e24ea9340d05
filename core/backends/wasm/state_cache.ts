/**
 * Keeps state slots in WebAssembly locals. A *valid* slot's local holds its value; a *dirty* slot's
 * local is newer than memory and must be spilled before anyone else looks. Two policies:
 *
 * - write-through (single blocks): a `set` goes to memory at once, so that nothing is ever dirty
 *   and slow paths and exits carry no spill code; a slot is loaded at its first use;
 * - write-back (loops and regions): every slot is loaded once at the entry and lives in its local
 *   until the unit is left.
 *
 * The carry and overflow flags may stand for the operands of a subtraction in a write-back unit
 * (flag_plan.ts): then their locals hold these, and a read computes the flag.
 *
 * Slot sets are bit masks over the numbers of a {@linkcode SlotMap}.
 * @module
 */
import { FLAG_PAIR, VCPU } from "../../memory/vcpu_layout.ts";
import { ENV, OPERANDS_IN_MEMORY } from "./abi.ts";
import { FLAGS, type Flags } from "./flag_plan.ts";
import type { FunctionBody } from "./function_body.ts";
import { MAX_CACHED_SLOTS, SlotMap } from "./scan.ts";
import { W } from "./wasm_codes.ts";

/** The cached slots of the unit that is being lowered. */
export class StateCache {
  /** The slots of the unit, numbered. */
  readonly slots: SlotMap = new SlotMap();
  readonly #body: FunctionBody;
  readonly #locals = new Int32Array(MAX_CACHED_SLOTS);
  /** Slots that have a local. */
  cached = 0;
  /** Bit of the pc slot among the cached ones, or 0. */
  pcBit = 0;
  /** Slots whose local holds their value at this point of the code. */
  valid = 0;
  /** Slots whose local is newer than memory. */
  dirty = 0;
  /** The unit's policy: write-back or write-through. */
  writeBack = false;
  /** What the locals of the two flags hold at this point of the code. */
  flags: Flags = FLAGS.VALUES;
  /** Bits of the two flags' slots where both have locals that may hold operands, else 0. */
  flagBits = 0;
  #carry = -1;
  #overflow = -1;
  /** Local with one of FLAGS where `flags` is EITHER. */
  #flagsLocal = -1;

  /** `body` takes the loads and spills. */
  constructor(body: FunctionBody) {
    this.#body = body;
  }

  /** Starts a unit whose blocks have been scanned into `slots`. */
  begin(writeBack: boolean): void {
    const { slots } = this;
    this.writeBack = writeBack;
    this.valid = 0;
    this.dirty = 0;
    let cached = 0;
    for (let i = 0; i < slots.count; i++) {
      this.#locals[i] = -1;
      if (writeBack ? slots.gets[i] + slots.sets[i] > 0 : slots.gets[i] > 0) cached |= 1 << i;
    }
    this.cached = cached;
    const pc = slots.find(VCPU.PC);
    this.pcBit = pc >= 0 ? cached & (1 << pc) : 0;
    this.flags = FLAGS.VALUES;
    this.#carry = writeBack ? this.find(FLAG_PAIR.carry) : -1;
    this.#overflow = writeBack ? this.find(FLAG_PAIR.overflow) : -1;
    const both = this.#carry >= 0 && this.#overflow >= 0;
    this.flagBits = both ? 1 << this.#carry | 1 << this.#overflow : 0;
    // Locals begin as 0, which is FLAGS.VALUES.
    if (both) this.#flagsLocal = this.#body.allocate(false);
  }

  /** Number of the slot at `offset` when it has a local, else -1. */
  find(offset: number): number {
    const slot = this.slots.find(offset);
    return slot >= 0 && this.cached & (1 << slot) ? slot : -1;
  }

  /** Local of a cached slot. */
  local(slot: number): number {
    let local = this.#locals[slot];
    if (local < 0) local = this.#locals[slot] = this.#body.allocate(false);
    return local;
  }

  /** Makes a slot's local hold its value. */
  ensure(slot: number): void {
    if (this.valid & (1 << slot)) return;
    const body = this.#body;
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, this.slots.offsets[slot]);
    body.set(this.local(slot));
    this.valid |= 1 << slot;
  }

  /** Makes the locals of all slots in `mask` hold their values. */
  ensureAll(mask: number): void {
    let missing = mask & this.cached & ~this.valid;
    while (missing !== 0) {
      const slot = 31 - Math.clz32(missing);
      this.ensure(slot);
      missing &= ~(1 << slot);
    }
  }

  /** Pushes a slot's value. */
  push(slot: number): void {
    this.ensure(slot);
    if (this.flags === FLAGS.VALUES || (this.flagBits & (1 << slot)) === 0) {
      this.#body.get(this.local(slot));
    } else {
      this.#pushFlag(slot);
    }
  }

  #pushFlag(slot: number): void {
    const body = this.#body;
    const x = this.local(this.#carry);
    const y = this.local(this.#overflow);
    if (slot === this.#carry) {
      body.get(y);
      body.get(x);
      body.op(W.I32_LE_U);
    } else {
      body.get(x);
      body.get(y);
      body.op(W.I32_XOR);
      body.get(x);
      body.get(x);
      body.get(y);
      body.op(W.I32_SUB);
      body.op(W.I32_XOR);
      body.op(W.I32_AND);
    }
    if (this.flags !== FLAGS.EITHER) return;
    body.get(this.local(slot));
    body.get(this.#flagsLocal);
    body.op(W.SELECT);
  }

  /** Makes the two flags' locals hold the flags. */
  settleFlags(): void {
    if (this.flags === FLAGS.VALUES) return;
    this.push(this.#carry);
    this.push(this.#overflow);
    this.#body.set(this.local(this.#overflow));
    this.#body.set(this.local(this.#carry));
    this.flags = FLAGS.VALUES;
  }

  /** Takes the operands of a subtraction from the stack in the place of its flags. */
  setFlagOperands(): void {
    this.#body.set(this.local(this.#overflow));
    this.#body.set(this.local(this.#carry));
    this.valid |= this.flagBits;
    this.dirty |= this.flagBits;
    this.flags = FLAGS.OPERANDS;
  }

  /** Before a branch to a block at whose head the flags' locals hold `flags`. */
  agreeOnFlags(flags: Flags): void {
    if (flags === this.flags) return;
    if (flags !== FLAGS.EITHER) {
      throw new Error(`The flags are ${this.flags} where a block of the unit wants ${flags}`);
    }
    this.#body.i32Const(this.flags);
    this.#body.set(this.#flagsLocal);
  }

  /** Must stand before the value of {@linkcode StateCache.set} is pushed. */
  beginSet(slot: number): void {
    if (slot < 0 || !this.writeBack) this.#body.get(ENV);
  }

  /** Stores the pushed 32-bit value to the slot at `offset`, number `slot` or -1. */
  set(slot: number, offset: number): void {
    const body = this.#body;
    if (slot >= 0 && this.writeBack) {
      body.set(this.local(slot));
      this.valid |= 1 << slot;
      this.dirty |= 1 << slot;
      return;
    }
    if (slot >= 0) {
      if (this.slots.gets[slot] > 0) {
        body.tee(this.local(slot));
        this.valid |= 1 << slot;
      } else {
        this.valid &= ~(1 << slot);
      }
    }
    body.memory(W.I32_STORE, 2, offset);
  }

  /** Writes the dirty slots in `mask` to memory; they stay dirty (see {@linkcode clean}). */
  spill(mask: number): void {
    const body = this.#body;
    let left = this.dirty & mask;
    while (left !== 0) {
      const slot = 31 - Math.clz32(left);
      left &= ~(1 << slot);
      body.get(ENV);
      this.push(slot);
      body.memory(W.I32_STORE, 2, this.slots.offsets[slot]);
    }
  }

  /**
   * The same for all but the pc before a slow path, whose first arguments are pushed: the vCPU's base
   * and the address of the instruction, `offset` more than what the local `base` holds. Operands go to the flags' words as they are; the address
   * says so.
   */
  spillForSlow(base: number, offset: number): void {
    const { flags } = this;
    const operands = (this.dirty & this.flagBits) === 0 ? FLAGS.VALUES : flags;
    this.flags = FLAGS.VALUES;
    this.spill(~this.pcBit);
    this.flags = flags;
    const body = this.#body;
    body.get(ENV);
    body.get(base);
    body.i32Const(operands === FLAGS.OPERANDS ? offset | OPERANDS_IN_MEMORY : offset);
    body.op(W.I32_ADD);
    if (operands !== FLAGS.EITHER) return;
    body.get(this.#flagsLocal);
    body.op(W.I32_OR);
  }

  /** After a spill on the path that goes on: memory is up to date. */
  clean(): void {
    this.dirty = 0;
  }

  /** After somebody else changed the slots in memory. */
  invalidate(): void {
    this.valid = 0;
    this.flags = FLAGS.VALUES;
  }
}
