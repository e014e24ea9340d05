/**
 * Keeps state slots in WebAssembly locals. A *valid* slot's local holds its value; a *dirty* slot's
 * local is newer than memory and must be spilled before anyone else looks. Two policies:
 *
 * - write-through (single blocks): a `set` goes to memory at once, so that nothing is ever dirty
 *   and slow paths and exits carry no spill code; a slot is loaded at its first use;
 * - write-back (loops and regions): every slot is loaded once at the entry and lives in its local
 *   until the unit is left.
 *
 * Slot sets are bit masks over the numbers of a {@linkcode SlotMap}.
 * @module
 */
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ENV } from "./abi.ts";
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
    this.#body.get(this.local(slot));
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
      body.get(this.local(slot));
      body.memory(W.I32_STORE, 2, this.slots.offsets[slot]);
    }
  }

  /** After a spill on the path that goes on: memory is up to date. */
  clean(): void {
    this.dirty = 0;
  }

  /** After somebody else changed the slots in memory. */
  invalidate(): void {
    this.valid = 0;
  }
}
