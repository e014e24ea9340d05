/**
 * A growable byte buffer with the number encodings of the WebAssembly binary format (LEB128).
 * @module
 */

/** Bytes that every single append below may need. */
const SLACK = 16;

/** Appends bytes; `bytes.subarray(0, length)` is what was written. */
export class ByteWriter {
  /** The buffer; replaced when it grows. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Bytes written. */
  length = 0;

  /** `capacity` is the size to begin with, in bytes. */
  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(Math.max(capacity, SLACK));
  }

  /** Makes room for `more` bytes. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Appends one byte. */
  u8(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Appends an unsigned 32-bit number in 1 to 5 bytes. */
  u32(value: number): void {
    this.reserve(SLACK);
    this.length = putU32(this.bytes, this.length, value);
  }

  /** Appends a signed 32-bit number in 1 to 5 bytes. */
  s32(value: number): void {
    this.reserve(SLACK);
    this.length = putS32(this.bytes, this.length, value);
  }

  /** Appends bytes as they are. */
  append(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  /** Appends an ASCII name with its length before it. */
  name(text: string): void {
    this.u32(text.length);
    for (let i = 0; i < text.length; i++) this.u8(text.charCodeAt(i));
  }

  /** A copy of what was written. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }
}

/** Writes an unsigned LEB128 number at `at`; returns the place after it. */
export function putU32(bytes: Uint8Array, at: number, value: number): number {
  value >>>= 0;
  while (value > 0x7f) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  bytes[at++] = value;
  return at;
}

/** Writes a signed LEB128 number at `at`; returns the place after it. */
export function putS32(bytes: Uint8Array, at: number, value: number): number {
  value |= 0;
  while (value < -64 || value > 63) {
    bytes[at++] = (value & 0x7f) | 0x80;
    value >>= 7;
  }
  bytes[at++] = value & 0x7f;
  return at;
}

/** Writes a signed 64-bit LEB128 number, given as two halves; returns the place after it. */
export function putS64(bytes: Uint8Array, at: number, lo: number, hi: number): number {
  lo |= 0;
  hi |= 0;
  while (hi !== lo >> 31 || lo < -64 || lo > 63) {
    bytes[at++] = (lo & 0x7f) | 0x80;
    lo = (lo >>> 7) | (hi << 25);
    hi >>= 7;
  }
  bytes[at++] = lo & 0x7f;
  return at;
}

/** Number of bytes of an unsigned LEB128 number. */
export function sizeU32(value: number): number {
  value >>>= 0;
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}
