/**
 * Typed views of the shared memory. Byte address `a` of a 32-bit word is `i32[a >>> 2]`.
 * @module
 */

/** All views of one shared memory; cheap to pass around, one object a thread. */
export interface Views {
  /** What WebAssembly modules import. */
  readonly memory: WebAssembly.Memory;
  /** Bytes. */
  readonly u8: Uint8Array<SharedArrayBuffer>;
  /** Signed bytes. */
  readonly i8: Int8Array<SharedArrayBuffer>;
  /** Halfwords. */
  readonly u16: Uint16Array<SharedArrayBuffer>;
  /** Signed halfwords. */
  readonly i16: Int16Array<SharedArrayBuffer>;
  /** Signed words; the view for `Atomics`. */
  readonly i32: Int32Array<SharedArrayBuffer>;
  /** Words. */
  readonly u32: Uint32Array<SharedArrayBuffer>;
  /** Signed doublewords. */
  readonly i64: BigInt64Array<SharedArrayBuffer>;
  /** Doublewords. */
  readonly u64: BigUint64Array<SharedArrayBuffer>;
  /** Single-precision numbers. */
  readonly f32: Float32Array<SharedArrayBuffer>;
  /** Double-precision numbers, counters among them. */
  readonly f64: Float64Array<SharedArrayBuffer>;
  /** Unaligned accesses of chosen byte order. */
  readonly data: DataView<SharedArrayBuffer>;
}

/** Makes the views of a shared memory. */
export function viewsOf(memory: WebAssembly.Memory): Views {
  const buffer = memory.buffer as unknown as SharedArrayBuffer;
  return {
    memory,
    u8: new Uint8Array(buffer),
    i8: new Int8Array(buffer),
    u16: new Uint16Array(buffer),
    i16: new Int16Array(buffer),
    i32: new Int32Array(buffer),
    u32: new Uint32Array(buffer),
    i64: new BigInt64Array(buffer),
    u64: new BigUint64Array(buffer),
    f32: new Float32Array(buffer),
    f64: new Float64Array(buffer),
    data: new DataView(buffer),
  };
}

/** Pages of a memory that covers every 32-bit address. */
const WHOLE_SPACE_PAGES = 65536;

/**
 * Makes a shared memory of `bytes` (a multiple of 64 KiB). Its whole 32-bit address space is
 * reserved: an address beyond `bytes` belongs to nobody else, even where V8 was told to leave the
 * bounds checks to the processor (docs/rationale.md).
 * @throws RangeError when the host cannot reserve it.
 */
export function allocateShared(bytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({
    initial: bytes / 65536,
    maximum: WHOLE_SPACE_PAGES,
    shared: true,
  });
}
