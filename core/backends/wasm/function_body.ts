/**
 * Emits the body of one function: instructions, locals, structured control. Knows WebAssembly,
 * not the IR.
 * @module
 */
import { type ByteWriter, putS32, putS64, putU32, sizeU32 } from "./byte_writer.ts";
import { W, WASM_TYPE, WATOMIC } from "./wasm_codes.ts";

/**
 * A function body under construction; `begin` makes it usable again. To be fast, the methods do not
 * check for room: the user calls {@linkcode FunctionBody.reserve} often enough.
 */
export class FunctionBody {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(32768);
  #length = 0;
  /** Locals after the parameters, in order of allocation: pairs of count and type. */
  readonly #localRuns: number[] = [];
  #nextLocal = 0;
  /** Locals that are not in use, by WASM_TYPE. */
  readonly #free: Readonly<Record<number, number[]>> = {
    [WASM_TYPE.I32]: [],
    [WASM_TYPE.I64]: [],
    [WASM_TYPE.F32]: [],
    [WASM_TYPE.F64]: [],
    [WASM_TYPE.V128]: [],
  };
  /** End of a `local.set` that is the last instruction, or -1; it began at #setAt. */
  #setEnd = -1;
  #setAt = 0;
  #setLocal = 0;
  /** Branch hints: pairs of the offset of an `if` in the code and 1 when it is likely, 0 unlikely. */
  readonly #hints: number[] = [];
  /** Number of open block, loop and if constructs. */
  depth = 0;

  /** Starts an empty body of a function with `params` parameters. */
  begin(params: number): void {
    this.#length = 0;
    this.reserve(64);
    this.#localRuns.length = 0;
    this.#nextLocal = params;
    for (const type in this.#free) this.#free[type].length = 0;
    this.#setEnd = -1;
    this.#hints.length = 0;
    this.depth = 0;
  }

  /**
   * Appends the finished body (size, locals, code) to `out`, as the code section holds it, and its
   * branch hints to `hints`, as that section holds them after the function's index.
   */
  finish(out: ByteWriter, hints?: ByteWriter): void {
    this.op(W.END);
    const runs = this.#localRuns;
    let head = sizeU32(runs.length / 2);
    for (let i = 0; i < runs.length; i += 2) head += sizeU32(runs[i]) + 1;
    out.u32(head + this.#length);
    out.u32(runs.length / 2);
    for (let i = 0; i < runs.length; i += 2) {
      out.u32(runs[i]);
      out.u8(runs[i + 1]);
    }
    out.append(this.#bytes.subarray(0, this.#length));
    if (hints === undefined) return;
    hints.u32(this.#hints.length / 2);
    for (let i = 0; i < this.#hints.length; i += 2) {
      hints.u32(head + this.#hints[i]);
      hints.u8(1);
      hints.u8(this.#hints[i + 1]);
    }
  }

  /** Makes room for `bytes` more bytes; no single method appends more than 24. */
  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * this.#bytes.length + bytes);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** A local of type i32 (64-bit when `wide`) that is not in use. */
  allocate(wide: boolean): number {
    return this.allocateTyped(wide ? WASM_TYPE.I64 : WASM_TYPE.I32);
  }

  /** Gives a local back. */
  release(local: number, wide: boolean): void {
    this.#free[wide ? WASM_TYPE.I64 : WASM_TYPE.I32].push(local);
  }

  /** A local of a WASM_TYPE that is not in use. */
  allocateTyped(type: number): number {
    const free = this.#free[type];
    if (free.length > 0) return free.pop()!;
    const runs = this.#localRuns;
    if (runs.length > 0 && runs[runs.length - 1] === type) runs[runs.length - 2]++;
    else runs.push(1, type);
    return this.#nextLocal++;
  }

  /** Gives a local of a WASM_TYPE back. */
  releaseTyped(local: number, type: number): void {
    this.#free[type].push(local);
  }

  /** An instruction without immediates. */
  op(code: number): void {
    this.#bytes[this.#length++] = code;
  }

  /** `i32.const`, of a signed or unsigned value. */
  i32Const(value: number): void {
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = W.I32_CONST;
    if (value >= -64 && value <= 63) {
      bytes[at + 1] = value & 0x7f;
      this.#length = at + 2;
    } else {
      this.#length = putS32(bytes, at + 1, value);
    }
  }

  /** `i64.const` of two halves. */
  i64Const(lo: number, hi: number): void {
    this.op(W.I64_CONST);
    this.#length = putS64(this.#bytes, this.#length, lo, hi);
  }

  /** `f32.const`; NaNs lose their payload. */
  f32Const(value: number): void {
    this.op(W.F32_CONST);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  /** `f64.const`; NaNs lose their payload. */
  f64Const(value: number): void {
    this.op(W.F64_CONST);
    new DataView(this.#bytes.buffer).setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** A vector instruction without immediates, or the start of one with them. */
  simd(code: number): void {
    this.op(W.PREFIX_SIMD);
    this.#length = putU32(this.#bytes, this.#length, code);
  }

  /** `local.get`; a `local.set` of it just before becomes a `local.tee` instead. */
  get(local: number): void {
    if (this.#length === this.#setEnd && this.#setLocal === local) {
      this.#bytes[this.#setAt] = W.LOCAL_TEE;
      this.#setEnd = -1;
      return;
    }
    this.#local(W.LOCAL_GET, local);
  }

  /** Like `get` for the last use of a local: takes a `local.set` just before it back. */
  getLast(local: number): void {
    if (this.#length === this.#setEnd && this.#setLocal === local) {
      this.#length = this.#setAt;
      this.#setEnd = -1;
      return;
    }
    this.#local(W.LOCAL_GET, local);
  }

  /** `local.set`. */
  set(local: number): void {
    this.#setAt = this.#length;
    this.#setLocal = local;
    this.#local(W.LOCAL_SET, local);
    this.#setEnd = this.#length;
  }

  /** `local.tee`. */
  tee(local: number): void {
    this.#local(W.LOCAL_TEE, local);
  }

  #local(code: number, local: number): void {
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = code;
    if (local < 0x80) {
      bytes[at + 1] = local;
      this.#length = at + 2;
    } else {
      this.#length = putU32(bytes, at + 1, local);
    }
  }

  /** A load or store; `alignment` is the log2 hint, `offset` is added to the address. */
  memory(code: number, alignment: number, offset: number): void {
    const bytes = this.#bytes;
    const at = this.#length;
    bytes[at] = code;
    bytes[at + 1] = alignment;
    if (offset < 0x80) {
      bytes[at + 2] = offset;
      this.#length = at + 3;
    } else {
      this.#length = putU32(bytes, at + 2, offset);
    }
  }

  /** An atomic access; `alignment` must be the log2 of its size. */
  atomic(code: number, alignment: number, offset: number): void {
    this.op(W.PREFIX_ATOMIC);
    this.memory(code, alignment, offset);
  }

  /** `atomic.fence`. */
  fence(): void {
    this.op(W.PREFIX_ATOMIC);
    this.op(WATOMIC.FENCE);
    this.op(0);
  }

  /** `call`. */
  call(functionIndex: number): void {
    this.op(W.CALL);
    this.#length = putU32(this.#bytes, this.#length, functionIndex);
  }

  /** Calls (or tail-calls) through table 0; the table index is on the stack. */
  callIndirect(code: number, typeIndex: number): void {
    this.op(code);
    this.op(typeIndex);
    this.op(0);
  }

  /** Opens a block, loop or if with the given block type; returns its label. */
  open(code: number, blockType: number): number {
    this.op(code);
    this.op(blockType);
    return ++this.depth;
  }

  /**
   * Opens an `if` with a hint for the compiler whether its first arm is what usually runs; the other
   * arm is then kept out of the way, with its calls and spills.
   */
  openIf(blockType: number, likely: boolean): number {
    this.#hints.push(this.#length, likely ? 1 : 0);
    return this.open(W.IF, blockType);
  }

  /** Ends the first arm of the innermost `if` and begins the other. */
  else(): void {
    this.op(W.ELSE);
  }

  /** Ends the innermost block, loop or if. */
  close(): void {
    this.op(W.END);
    this.depth--;
  }

  /** Branches (code BR or BR_IF) to a label that `open` returned. */
  branch(code: number, label: number): void {
    this.op(code);
    this.#length = putU32(this.#bytes, this.#length, this.depth - label);
  }
}
