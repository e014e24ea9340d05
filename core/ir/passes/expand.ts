/**
 * The expansion pass: replaces the guest's synchronisation operations by the host operations that
 * the machine's strategies choose, while it copies the block.
 * @module
 */
import { blockLength, copyBlock, type IrBlock } from "../block.ts";
import { IrBuilder, type V32, type V64 } from "../builder.ts";
import type { ExpandContext, SyncExpansion } from "../expansion.ts";
import type { HelperTable } from "../helper.ts";
import { BARRIER, INSN_WORDS, NO_TEMP, OP, OPS } from "../ops.ts";
import { MEMOP } from "../../memory/memop.ts";

/** What a strategy may have a say in. */
const ACCESS_OPS: ReadonlySet<number> = new Set([
  OP.guest_load,
  OP.guest_load64,
  OP.guest_store,
  OP.guest_store64,
]);

/**
 * A copy of `block` without abstract operations. When vCPUs do not run in parallel, barriers vanish
 * whatever the strategy (the on-single-core rule). What a strategy emits is not expanded again.
 */
export function expandSync(block: IrBlock, helpers: HelperTable, sync: SyncExpansion): IrBlock {
  return copyBlock(new Expander(helpers, sync).expand(block));
}

/** {@linkcode expandSync} for many blocks, without copies. */
export class Expander {
  #source!: IrBlock;
  readonly #sync: SyncExpansion;
  readonly #b: IrBuilder;
  readonly #atomics: ExpandContext;
  readonly #barriers: ExpandContext;
  /** Extra memop bits of every guest access. */
  readonly #accessBits: number;
  /** By opcode: 1 for what is not copied as it is. */
  readonly #expands: Uint8Array;
  /** Temporary of the copy for each temporary of the source. */
  #map: Int32Array = new Int32Array(512);

  /** `sync` says what operations become; `helpers` resolves the helpers that it calls. */
  constructor(helpers: HelperTable, sync: SyncExpansion) {
    const b = new IrBuilder(helpers);
    this.#sync = sync;
    this.#b = b;
    this.#atomics = { ...sync.atomicsContext, b };
    this.#barriers = { ...sync.barriersContext, b };
    const { guestLoad, guestLoad64, guestStore, guestStore64 } = sync.atomics;
    const hooked = [guestLoad, guestLoad64, guestStore, guestStore64].some((h) => h !== undefined);
    const sequential = sync.barriers.sequentialAccesses && sync.barriersContext.parallel;
    this.#accessBits = sequential ? MEMOP.SEQ_CST : 0;
    this.#expands = Uint8Array.from(
      OPS,
      (row, op) => row.abstract || ACCESS_OPS.has(op) && (sequential || hooked) ? 1 : 0,
    );
  }

  /** See {@linkcode expandSync}: the block itself when it has nothing to expand. */
  expand(block: IrBlock): IrBlock {
    if (!this.#concerns(block)) return block;
    this.#source = block;
    if (block.types.length > this.#map.length) this.#map = new Int32Array(2 * block.types.length);
    this.#b.begin(block.pc);
    this.#copy(0, blockLength(block));
    return this.#b.borrow();
  }

  #concerns({ code }: IrBlock): boolean {
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      if (this.#expands[code[at]] !== 0) return true;
    }
    return false;
  }

  /** Copies instructions `from` up to `to`; an `if` in between is whole. */
  #copy(from: number, to: number): void {
    const { code } = this.#source;
    for (let i = from; i < to; i++) {
      const at = i * INSN_WORDS;
      const op = code[at];
      if (op === OP.if) i = this.#copyIf(i);
      else if (op === OP.insn) this.#b.insn(code[at + 1], code[at + 3], code[at + 4]);
      else if (!this.#expand(op, at)) this.#verbatim(op, at);
    }
  }

  /** Copies the whole `if` at instruction `i`; returns the index of its `end`. */
  #copyIf(i: number): number {
    const { code } = this.#source;
    const middle = code[i * INSN_WORDS + 4];
    const cond = this.#v32(code[i * INSN_WORDS + 3]);
    const then = () => this.#copy(i + 1, middle);
    if (code[middle * INSN_WORDS] !== OP.else) {
      this.#b.if(cond, then);
      return middle;
    }
    const end = code[middle * INSN_WORDS + 3];
    this.#b.if(cond, then, () => this.#copy(middle + 1, end));
    return end;
  }

  #verbatim(op: number, at: number): void {
    const { code, types } = this.#source;
    const row = OPS[op];
    const args = [code[at + 3], code[at + 4], code[at + 5]];
    for (let k = 0; k < row.args.length; k++) {
      if (row.args[k] !== "raw" && args[k] !== NO_TEMP) args[k] = this.#map[args[k]];
    }
    let dst = code[at + 2];
    if (dst !== NO_TEMP) {
      const fresh = this.#b.temp(types[dst]);
      this.#map[dst] = fresh;
      dst = fresh;
    }
    const aux = ACCESS_OPS.has(op) ? code[at + 1] | this.#accessBits : code[at + 1];
    this.#b.emit(op, aux, dst, args[0], args[1], args[2]);
  }

  /** Expands the instruction when a strategy wants it; false: copy it as it is. */
  #expand(op: number, at: number): boolean {
    const { code } = this.#source;
    const { atomics } = this.#sync;
    const x = this.#atomics;
    const memop = code[at + 1] | this.#accessBits;
    const address = () => this.#v32(code[at + 3]);
    const value = () => this.#v32(code[at + 4]);
    const value64 = () => this.#v64(code[at + 4]);
    switch (op) {
      case OP.memory_barrier:
        this.#barrier(code[at + 1] & ~BARRIER.DSB);
        return true;
      case OP.clear_exclusive:
        atomics.clearExclusive(x);
        return true;
      case OP.load_exclusive:
        return this.#define(at, atomics.loadExclusive(x, address(), memop));
      case OP.load_exclusive64:
        return this.#define(at, atomics.loadExclusive64(x, address(), memop));
      case OP.store_exclusive:
        return this.#define(at, atomics.storeExclusive(x, address(), value(), memop));
      case OP.store_exclusive64:
        return this.#define(at, atomics.storeExclusive64(x, address(), value64(), memop));
      case OP.atomic_swap:
        return this.#define(at, atomics.atomicSwap(x, address(), value(), memop));
      case OP.guest_load:
        return atomics.guestLoad !== undefined &&
          this.#define(at, atomics.guestLoad(x, address(), memop));
      case OP.guest_load64:
        return atomics.guestLoad64 !== undefined &&
          this.#define(at, atomics.guestLoad64(x, address(), memop));
      case OP.guest_store:
        atomics.guestStore?.(x, address(), value(), memop);
        return atomics.guestStore !== undefined;
      case OP.guest_store64:
        atomics.guestStore64?.(x, address(), value64(), memop);
        return atomics.guestStore64 !== undefined;
      default:
        return false;
    }
  }

  #barrier(kinds: number): void {
    if (kinds !== 0 && this.#barriers.parallel) {
      this.#sync.barriers.memoryBarrier(this.#barriers, kinds);
    }
  }

  #define(at: number, result: V32 | V64): true {
    this.#map[this.#source.code[at + 2]] = result;
    return true;
  }

  #v32(temp: number): V32 {
    return this.#map[temp] as V32;
  }

  #v64(temp: number): V64 {
    return this.#map[temp] as V64;
  }
}
