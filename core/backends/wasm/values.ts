/**
 * The temporaries of a block. A pure operation is not emitted where it stands but where its result
 * is used, as part of the consumer's expression tree; results that are used several times get a
 * local, except constants and reads of cached slots, which are as cheap as a local. A pending tree
 * that reads a slot is put into a local before the slot changes.
 * @module
 */
import { TYPE_CODES } from "../../ir/block.ts";
import { TEMP_OPERANDS } from "../../ir/op_facts.ts";
import { ENV } from "./abi.ts";
import type { FunctionBody } from "./function_body.ts";
import { ADD, CONST, CONST64, GET, GET64 } from "./op_facts.ts";
import type { StateCache } from "./state_cache.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Emits the operation at word offset `at`, leaving its result on the stack. */
export type TreeEmitter = (at: number) => void;

/** Type of the local of a temporary, by type code. */
const LOCAL_TYPE: readonly number[] = TYPE_CODES.map((type) =>
  type === "i64" ? WASM_TYPE.I64 : type === "v128" ? WASM_TYPE.V128 : WASM_TYPE.I32
);

/** Where each temporary of the current block is. */
export class Values {
  readonly #body: FunctionBody;
  readonly #state: StateCache;
  readonly #emit: TreeEmitter;
  #code: Int32Array = new Int32Array(0);
  #types: Uint8Array = new Uint8Array(0);
  #uses: Int32Array = new Int32Array(0);
  /** Local of a temporary, or -1 while it is pending. */
  #local: Int32Array = new Int32Array(256);
  /** Type of the local of a temporary that has one: floats may be kept as such. */
  #kind: Uint8Array = new Uint8Array(256);
  /** Word offset of a pending temporary's operation. */
  #definedAt: Int32Array = new Int32Array(256);
  /** Slots that a pending temporary's tree reads. */
  #reads: Int32Array = new Int32Array(256);
  /** Pending temporaries that read slots, oldest first. */
  readonly #pending: number[] = [];
  /** Slots that any of them reads. */
  #pendingReads = 0;

  /** `emit` puts the tree of the operation at a word offset onto the stack. */
  constructor(body: FunctionBody, state: StateCache, emit: TreeEmitter) {
    this.#body = body;
    this.#state = state;
    this.#emit = emit;
  }

  /** Starts a block. `uses` is counted down as the temporaries are consumed. */
  begin(code: Int32Array, types: Uint8Array, uses: Int32Array): void {
    this.#code = code;
    this.#types = types;
    this.#uses = uses;
    if (this.#local.length < types.length) {
      this.#local = new Int32Array(types.length * 2);
      this.#kind = new Uint8Array(types.length * 2);
      this.#definedAt = new Int32Array(types.length * 2);
      this.#reads = new Int32Array(types.length * 2);
    }
    this.#pending.length = 0;
    this.#pendingReads = 0;
  }

  /** Registers the pure operation at `at`; `reads` are the slots that it reads itself. */
  defer(temp: number, at: number, reads: number, cheap: boolean): void {
    const uses = this.#uses[temp];
    this.#definedAt[temp] = at;
    this.#local[temp] = -1;
    if (uses === 0) {
      this.#discardOperands(at);
      return;
    }
    if (!cheap) {
      const temps = TEMP_OPERANDS[this.#code[at]];
      for (let i = 0; i < 3; i++) {
        if (!(temps & (1 << i))) continue;
        const operand = this.#code[at + 3 + i];
        if (this.#local[operand] < 0) reads |= this.#reads[operand];
      }
    }
    this.#reads[temp] = reads;
    if (uses > 1 && !cheap) {
      this.#materialize(temp);
    } else if (reads !== 0) {
      this.#pending.push(temp);
      this.#pendingReads |= reads;
    }
  }

  /** Makes a local for a temporary that several places are going to set; -1 when nothing uses it. */
  reserve(temp: number): number {
    if (temp < 0) return -1;
    this.#definedAt[temp] = -1;
    return this.#uses[temp] === 0 ? -1 : this.#newLocal(temp);
  }

  /** Uses a temporary up without pushing it. */
  discard(temp: number): void {
    if (this.#local[temp] >= 0) this.release(temp);
    else if (--this.#uses[temp] === 0) this.#discardOperands(this.#definedAt[temp]);
  }

  /** A temporary as the sum of another and a constant. */
  sum(temp: number): { base: number; offset: number } {
    const at = this.#definedAt[temp];
    if (at >= 0 && this.#code[at] === ADD) {
      const constant = this.#definedAt[this.#code[at + 4]];
      if (constant >= 0 && this.#code[constant] === CONST) {
        return { base: this.#code[at + 3], offset: this.#code[constant + 1] };
      }
    }
    return { base: temp, offset: 0 };
  }

  /** Takes the value on the stack as the temporary's; drops it when nothing uses it. */
  define(temp: number): void {
    if (temp >= 0) this.#definedAt[temp] = -1;
    if (temp < 0 || this.#uses[temp] === 0) {
      this.#body.op(W.DROP);
      return;
    }
    this.#body.set(this.#newLocal(temp));
  }

  /** Takes a float local, with what it holds, as the temporary's. */
  defineFloat(temp: number, local: number, type: number): void {
    this.#definedAt[temp] = -1;
    if (this.#uses[temp] === 0) {
      this.#body.releaseTyped(local, type);
      return;
    }
    this.#local[temp] = local;
    this.#kind[temp] = type;
  }

  #newLocal(temp: number): number {
    const type = LOCAL_TYPE[this.#types[temp]];
    this.#kind[temp] = type;
    return this.#local[temp] = this.#body.allocateTyped(type);
  }

  /** Whether the temporary is kept in a float local of WASM_TYPE `type`. */
  isFloat(temp: number, type: number): boolean {
    return this.#local[temp] >= 0 && this.#kind[temp] === type;
  }

  /** Pushes a temporary as the float of WASM_TYPE `type` with its bits, using one use up. */
  pushFloat(temp: number, type: number): void {
    const single = type === WASM_TYPE.F32;
    const body = this.#body;
    if (this.isFloat(temp, type)) {
      this.#pushLocal(temp);
      return;
    }
    const at = this.#definedAt[temp];
    if (this.#local[temp] < 0 && this.#code[at] === (single ? GET : GET64)) {
      const offset = this.#code[at + 1];
      if (this.#state.find(offset) < 0) {
        this.#uses[temp]--;
        body.get(ENV);
        body.memory(single ? W.F32_LOAD : W.F64_LOAD, 2, offset);
        return;
      }
    }
    this.push(temp);
    body.op(single ? W.F32_REINTERPRET_I32 : W.F64_REINTERPRET_I64);
  }

  #pushLocal(temp: number): void {
    const local = this.#local[temp];
    if (--this.#uses[temp] > 0) {
      this.#body.get(local);
    } else {
      this.#body.getLast(local);
      this.#body.releaseTyped(local, this.#kind[temp]);
    }
  }

  /** Turns the float that a temporary's local has put on the stack into its bits. */
  #asInteger(temp: number): void {
    const kind = this.#kind[temp];
    if (kind === WASM_TYPE.F32) this.#body.op(W.I32_REINTERPRET_F32);
    else if (kind === WASM_TYPE.F64) this.#body.op(W.I64_REINTERPRET_F64);
  }

  /** Pushes a temporary, using one of its uses up. */
  push(temp: number): void {
    if (this.#local[temp] < 0) {
      this.#uses[temp]--;
      this.#emit(this.#definedAt[temp]);
    } else {
      this.#pushLocal(temp);
      this.#asInteger(temp);
    }
  }

  /** Makes a temporary pushable many times, by {@linkcode Values.pushAgain}, until `release`. */
  anchor(temp: number): void {
    if (this.#local[temp] >= 0) return;
    const at = this.#definedAt[temp];
    const op = this.#code[at];
    if (op === CONST || op === CONST64) return;
    if (op === GET) {
      const slot = this.#state.find(this.#code[at + 1]);
      if (slot >= 0) {
        this.#state.ensure(slot);
        return;
      }
    }
    this.#materialize(temp);
  }

  /** Pushes an anchored temporary without using it up. */
  pushAgain(temp: number): void {
    const local = this.#local[temp];
    if (local < 0) this.#emit(this.#definedAt[temp]);
    else {
      this.#body.get(local);
      this.#asInteger(temp);
    }
  }

  /** Keeps a temporary through a loop that uses it, until `release`. */
  hold(temp: number): void {
    this.#uses[temp]++;
    this.anchor(temp);
  }

  /** Uses an anchored temporary up. */
  release(temp: number): void {
    if (--this.#uses[temp] === 0 && this.#local[temp] >= 0) {
      this.#body.releaseTyped(this.#local[temp], this.#kind[temp]);
    }
  }

  /** The constant that a temporary is, or undefined. */
  constant(temp: number): number | undefined {
    if (this.#local[temp] >= 0) return undefined;
    const at = this.#definedAt[temp];
    return this.#code[at] === CONST ? this.#code[at + 1] : undefined;
  }

  /** Puts the pending temporaries that read a slot in `mask` into locals. */
  flush(mask: number): void {
    if ((this.#pendingReads & mask) === 0) return;
    const pending = this.#pending;
    // Newest first, so that a tree takes its own operands along.
    for (let i = pending.length - 1; i >= 0; i--) {
      const temp = pending[i];
      if (this.#local[temp] < 0 && this.#uses[temp] > 0 && this.#reads[temp] & mask) {
        this.#materialize(temp);
      }
    }
    let kept = 0;
    this.#pendingReads = 0;
    for (let i = 0; i < pending.length; i++) {
      const temp = pending[i];
      if (this.#local[temp] >= 0 || this.#uses[temp] === 0) continue;
      pending[kept++] = temp;
      this.#pendingReads |= this.#reads[temp];
    }
    pending.length = kept;
  }

  /**
   * Makes a temporary independent of later changes of the state, without computing it: only what it
   * reads is put into locals.
   */
  freeze(temp: number): void {
    if (this.#local[temp] >= 0 || this.#reads[temp] === 0) return;
    const at = this.#definedAt[temp];
    const temps = TEMP_OPERANDS[this.#code[at]];
    if (this.#code[at] === CONST || this.#code[at] === CONST64) return;
    if (temps === 0) {
      this.#materialize(temp);
      return;
    }
    for (let i = 0; i < 3; i++) if (temps & (1 << i)) this.freeze(this.#code[at + 3 + i]);
    this.#reads[temp] = 0;
  }

  /** Pushes a frozen temporary without using it up. */
  pushFrozen(temp: number): void {
    this.#retain(temp);
    this.push(temp);
  }

  /** Counts one more use of a temporary, and of what computing it once more uses. */
  #retain(temp: number): void {
    this.#uses[temp]++;
    if (this.#local[temp] >= 0) return;
    const at = this.#definedAt[temp];
    const temps = TEMP_OPERANDS[this.#code[at]];
    for (let i = 0; i < 3; i++) if (temps & (1 << i)) this.#retain(this.#code[at + 3 + i]);
  }

  #materialize(temp: number): void {
    this.#emit(this.#definedAt[temp]);
    this.#body.set(this.#newLocal(temp));
  }

  #discardOperands(at: number): void {
    const temps = TEMP_OPERANDS[this.#code[at]];
    for (let i = 0; i < 3; i++) {
      if (!(temps & (1 << i))) continue;
      this.discard(this.#code[at + 3 + i]);
    }
  }
}
