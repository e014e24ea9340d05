/**
 * First pass over a block: which state slots it touches, how often each temporary is used, and
 * what each `if` does to the state.
 * @module
 */
import type { IrBlock } from "../../ir/block.ts";
import type { HelperDef } from "../../ir/helper.ts";
import { TEMP_OPERANDS, TERMINATOR } from "../../ir/op_facts.ts";
import { INSN_WORDS } from "../../ir/ops.ts";
import { ARCH_STATE, VCPU, VECTOR_STATE } from "../../memory/vcpu_layout.ts";
import {
  CALL,
  CALL64,
  ELSE,
  END,
  GET,
  GET64,
  GOTO_PTR,
  IF,
  IS_PLAIN,
  SET,
  SET64,
} from "./op_facts.ts";

/** Most state slots kept in locals at once; slot sets are bit masks with one bit to spare. */
export const MAX_CACHED_SLOTS = 31;
/** In slot masks: the state words that are not kept in locals. */
export const UNCACHED_BIT: number = 1 << 31;

const NO_INDEX = 0xff;
/** Slots below this may be kept in locals; the vector state is not. */
const CACHEABLE_BYTES = VECTOR_STATE.offset - ARCH_STATE.offset;
const SLOT_WORDS = CACHEABLE_BYTES / 4;

/** The slots of one unit (a block or a region), numbered in the order they are met. */
export class SlotMap {
  /** Number of the slot at word offset i, or NO_INDEX. */
  readonly #index = new Uint8Array(SLOT_WORDS).fill(NO_INDEX);
  /** Byte offset of each numbered slot. */
  readonly offsets: Int32Array = new Int32Array(MAX_CACHED_SLOTS);
  /** How often each is read by 32-bit operations. */
  readonly gets: Int32Array = new Int32Array(MAX_CACHED_SLOTS);
  /** How often each is written by 32-bit operations. */
  readonly sets: Int32Array = new Int32Array(MAX_CACHED_SLOTS);
  /** Slots that have a number. */
  count = 0;

  /** Forgets all slots. */
  clear(): void {
    for (let i = 0; i < this.count; i++) this.#index[this.offsets[i] >> 2] = NO_INDEX;
    this.count = 0;
  }

  /** Number of the slot at byte `offset`, or -1 when it has none. */
  find(offset: number): number {
    if (offset >= CACHEABLE_BYTES || offset < 0) return -1;
    const index = this.#index[offset >> 2];
    return index === NO_INDEX ? -1 : index;
  }

  /** The same; numbers the slot when there is room. */
  add(offset: number): number {
    const index = this.find(offset);
    if (index >= 0 || offset >= CACHEABLE_BYTES || offset < 0) return index;
    if (this.count === MAX_CACHED_SLOTS) return -1;
    const added = this.count++;
    this.offsets[added] = offset;
    this.gets[added] = 0;
    this.sets[added] = 0;
    this.#index[offset >> 2] = added;
    return added;
  }
}

/** What is known of a block before it is lowered; the arrays are reused from block to block. */
export class BlockScan {
  /** Uses of each temporary. */
  uses: Int32Array = new Int32Array(256);
  /** By index of an `if`: slots that its arms set or that a helper in them changes. */
  clobbers: Int32Array = new Int32Array(256);
  /** By index of an `if`: slots set on paths that reach its `end`. */
  merges: Int32Array = new Int32Array(256);
  /** Slots that the block sets on some path. */
  sets = 0;
  readonly #open: number[] = [];

  /** Scans `block`, numbering its slots in `slots`. */
  run(block: IrBlock, slots: SlotMap, helpers: readonly HelperDef[]): void {
    const { code, types } = block;
    const length = code.length / INSN_WORDS;
    if (this.uses.length < types.length) this.uses = new Int32Array(types.length * 2);
    else this.uses.fill(0, 0, types.length);
    if (this.clobbers.length < length) {
      this.clobbers = new Int32Array(length * 2);
      this.merges = new Int32Array(length * 2);
    }
    const uses = this.uses;
    const open = this.#open;
    open.length = 0;
    let clobber = 0;
    let merge = 0;
    this.sets = 0;
    for (let i = 0, at = 0; i < length; i++, at += INSN_WORDS) {
      const op = code[at];
      const temps = TEMP_OPERANDS[op];
      if (temps & 1 && code[at + 3] >= 0) uses[code[at + 3]]++;
      if (temps & 2 && code[at + 4] >= 0) uses[code[at + 4]]++;
      if (temps & 4 && code[at + 5] >= 0) uses[code[at + 5]]++;
      if (IS_PLAIN[op]) continue;
      if (op === GET) {
        const slot = slots.add(code[at + 1]);
        if (slot >= 0) slots.gets[slot]++;
      } else if (op === SET || op === SET64) {
        const mask = op === SET ? this.#set(slots, code[at + 1]) : this.#set64(slots, code[at + 1]);
        clobber |= mask;
        merge |= mask;
        this.sets |= mask;
      } else if (op === GET64) {
        slots.add(code[at + 1]);
        slots.add(code[at + 1] + 4);
      } else if (op === GOTO_PTR) {
        const slot = slots.find(VCPU.PC);
        if (slot >= 0) slots.gets[slot]++;
      } else if (op === CALL || op === CALL64) {
        if (helpers[code[at + 1]].state === "write") clobber = -1;
      } else if (op === IF) {
        open.push(i, clobber, merge, 0);
        clobber = 0;
        merge = 0;
      } else if (op === ELSE || op === END) {
        const last = code[at - INSN_WORDS];
        if (TERMINATOR[last]) merge = 0;
        if (op === ELSE) {
          open[open.length - 1] = merge;
          merge = 0;
        } else {
          merge |= open.pop()!;
          const outerMerge = open.pop()!;
          const outerClobber = open.pop()!;
          const head = open.pop()!;
          this.clobbers[head] = clobber;
          this.merges[head] = merge;
          clobber |= outerClobber;
          merge |= outerMerge;
        }
      }
    }
  }

  #set(slots: SlotMap, offset: number): number {
    const slot = slots.add(offset);
    if (slot < 0) return UNCACHED_BIT;
    slots.sets[slot]++;
    return 1 << slot;
  }

  #set64(slots: SlotMap, offset: number): number {
    return this.#set(slots, offset) | this.#set(slots, offset + 4);
  }
}
