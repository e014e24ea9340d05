/**
 * Emits the body of one function: instructions, locals, structured control. Knows WebAssembly,
 * not the IR.
 * @module
 */
import { ByteWriter, putS32, putU32, sizeU32 } from "./byte_writer.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Bytes that one call of a method below may append. */
const SLACK = 24;

/** A function body under construction; `begin` makes it usable again. */
export class FunctionBody {
  readonly #code: ByteWriter = new ByteWriter(16384);
  /** Types of the locals after the parameters, in order of allocation. */
  #localTypes: number[] = [];
  #params = 0;
  #free32: number[] = [];
  #free64: number[] = [];
  /** End of a `local.set` that is the last instruction, or -1; it began at #setAt. */
  #setEnd = -1;
  #setAt = 0;
  #setLocal = 0;
  /** Number of open block, loop and if constructs. */
  depth = 0;

  /** Starts an empty body of a function with `params` parameters. */
  begin(params: number): void {
    this.#code.length = 0;
    this.#localTypes = [];
    this.#params = params;
    this.#free32 = [];
    this.#free64 = [];
    this.#setEnd = -1;
    this.depth = 0;
  }

  /** Appends the finished body (size, locals, code) to `out`, as the code section holds it. */
  finish(out: ByteWriter): void {
    this.#code.u8(W.END);
    const types = this.#localTypes;
    const runs: number[] = [];
    for (const type of types) {
      if (runs.length > 0 && runs[runs.length - 1] === type) runs[runs.length - 2]++;
      else runs.push(1, type);
    }
    let size = sizeU32(runs.length / 2) + this.#code.length;
    for (let i = 0; i < runs.length; i += 2) size += sizeU32(runs[i]) + 1;
    out.u32(size);
    out.u32(runs.length / 2);
    for (let i = 0; i < runs.length; i += 2) {
      out.u32(runs[i]);
      out.u8(runs[i + 1]);
    }
    out.append(this.#code.bytes.subarray(0, this.#code.length));
  }

  /** Bytes of code emitted so far. */
  get size(): number {
    return this.#code.length;
  }

  /** A local of type i32 (64-bit when `wide`) that is not in use. */
  allocate(wide: boolean): number {
    const free = wide ? this.#free64 : this.#free32;
    if (free.length > 0) return free.pop()!;
    return this.#localTypes.push(wide ? WASM_TYPE.I64 : WASM_TYPE.I32) - 1 + this.#params;
  }

  /** Gives a local back. */
  release(local: number, wide: boolean): void {
    (wide ? this.#free64 : this.#free32).push(local);
  }

  /** An instruction without immediates. */
  op(code: number): void {
    this.#code.u8(code);
  }

  i32Const(value: number): void {
    const out = this.#code;
    out.reserve(SLACK);
    out.bytes[out.length] = W.I32_CONST;
    out.length = putS32(out.bytes, out.length + 1, value);
  }

  i64Const(lo: number, hi: number): void {
    this.#code.u8(W.I64_CONST);
    this.#code.s64(lo, hi);
  }

  get(local: number): void {
    const out = this.#code;
    if (out.length === this.#setEnd && this.#setLocal === local) {
      out.bytes[this.#setAt] = W.LOCAL_TEE;
      this.#setEnd = -1;
      return;
    }
    this.#local(W.LOCAL_GET, local);
  }

  /** Like `get` for the last use of a local: takes a `local.set` just before it back. */
  getLast(local: number): void {
    const out = this.#code;
    if (out.length === this.#setEnd && this.#setLocal === local) {
      out.length = this.#setAt;
      this.#setEnd = -1;
      return;
    }
    this.#local(W.LOCAL_GET, local);
  }

  set(local: number): void {
    this.#setAt = this.#code.length;
    this.#setLocal = local;
    this.#local(W.LOCAL_SET, local);
    this.#setEnd = this.#code.length;
  }

  tee(local: number): void {
    this.#local(W.LOCAL_TEE, local);
  }

  #local(code: number, local: number): void {
    const out = this.#code;
    out.reserve(SLACK);
    out.bytes[out.length] = code;
    if (local < 0x80) {
      out.bytes[out.length + 1] = local;
      out.length += 2;
    } else {
      out.length = putU32(out.bytes, out.length + 1, local);
    }
  }

  /** A load or store; `alignment` is the log2 hint, `offset` is added to the address. */
  memory(code: number, alignment: number, offset: number): void {
    const out = this.#code;
    out.reserve(SLACK);
    out.bytes[out.length] = code;
    out.bytes[out.length + 1] = alignment;
    out.length = putU32(out.bytes, out.length + 2, offset);
  }

  /** An atomic access; `alignment` must be the log2 of its size. */
  atomic(code: number, alignment: number, offset: number): void {
    this.#code.u8(W.PREFIX_ATOMIC);
    this.memory(code, alignment, offset);
  }

  /** `atomic.fence`. */
  fence(): void {
    this.#code.u8(W.PREFIX_ATOMIC);
    this.#code.u8(0x03);
    this.#code.u8(0x00);
  }

  call(functionIndex: number): void {
    this.#code.u8(W.CALL);
    this.#code.u32(functionIndex);
  }

  /** Calls (or tail-calls) through table 0; the table index is on the stack. */
  callIndirect(code: number, typeIndex: number): void {
    this.#code.u8(code);
    this.#code.u32(typeIndex);
    this.#code.u8(0);
  }

  /** Opens a block, loop or if with the given block type; returns its label. */
  open(code: number, blockType: number): number {
    this.#code.u8(code);
    this.#code.u8(blockType);
    return ++this.depth;
  }

  else(): void {
    this.#code.u8(W.ELSE);
  }

  close(): void {
    this.#code.u8(W.END);
    this.depth--;
  }

  /** Branches (code BR or BR_IF) to a label that `open` returned. */
  branch(code: number, label: number): void {
    this.#code.u8(code);
    this.#code.u32(this.depth - label);
  }
}
