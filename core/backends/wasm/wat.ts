/**
 * Shows the code of a module as text, one instruction a line, in the names of the WebAssembly text
 * format. It reads what `module.ts` emits, not modules at large.
 *
 * ```text
 * func 0x10000 (table 5) locals i32 x 3
 *   local.get budget
 *   i32.const 7
 *   i32.sub
 * ```
 * @module
 */
import type { HelperTable } from "../../ir/helper.ts";
import { BUDGET_LOCAL, ENV, importName, SLOW, SLOW_COUNT } from "./abi.ts";
import { WSIMD } from "./simd_codes.ts";
import { RMW_I32_VARIANT, SECTION, W, WASM_TYPE, WATOMIC } from "./wasm_codes.ts";

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [WASM_TYPE.I32]: "i32",
  [WASM_TYPE.I64]: "i64",
  [WASM_TYPE.F32]: "f32",
  [WASM_TYPE.F64]: "f64",
  [WASM_TYPE.V128]: "v128",
};
const LOCAL_NAMES: Readonly<Record<number, string>> = { [ENV]: "env", [BUDGET_LOCAL]: "budget" };

/** `I32_LOAD8_S` -> `i32.load8_s`. */
function instructionName(key: string): string {
  return key.toLowerCase().replace(/^(i32|i64|f32|f64|local|ref|table)_/, "$1.");
}

const NAMES: readonly string[] = Object.entries(W).reduce((names, [key, code]) => {
  names[code] = instructionName(key);
  return names;
}, [] as string[]);

const ATOMIC_NAMES: readonly string[] = (() => {
  const names: string[] = [];
  for (const [key, code] of Object.entries(WATOMIC)) {
    if (!key.startsWith("RMW_")) {
      names[code] = instructionName(key).replace(/^(i32|i64)\./, "$1.atomic.");
      continue;
    }
    const operation = key.slice(4).toLowerCase();
    for (const [log2, variant] of RMW_I32_VARIANT.entries()) {
      const width = log2 === 2 ? "" : String(8 << log2);
      names[code + variant] = `i32.atomic.rmw${width}.${operation}${width && "_u"}`;
    }
    names[code + 1] = `i64.atomic.rmw.${operation}`;
  }
  names[WATOMIC.FENCE] = "atomic.fence";
  names[WATOMIC.NOTIFY] = "memory.atomic.notify";
  names[WATOMIC.WAIT32] = "memory.atomic.wait32";
  return names;
})();

/** Reads bytes in the module's order. */
class Reader {
  at = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  u8(): number {
    return this.bytes[this.at++];
  }

  u32(): number {
    return Number(this.#leb(false));
  }

  signed(): bigint {
    return this.#leb(true);
  }

  /** A little-endian float of 4 or 8 bytes. */
  float(size: number): number {
    const data = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, size);
    this.at += size;
    return size === 4 ? data.getFloat32(0, true) : data.getFloat64(0, true);
  }

  name(): string {
    const length = this.u32();
    const text = new TextDecoder().decode(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return text;
  }

  #leb(signed: boolean): bigint {
    let value = 0n;
    let shift = 0n;
    for (;;) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte & 0x80) continue;
      return signed && byte & 0x40 ? value - (1n << shift) : value;
    }
  }
}

/**
 * The functions of a module as text. `names` says what each function is, in order; helpers are
 * shown by name.
 */
export function moduleText(
  bytes: Uint8Array,
  helpers: HelperTable,
  names: readonly string[] = [],
): string {
  const reader = new Reader(bytes);
  reader.at = 8;
  const lines: string[] = [];
  let functions: string[] = [];
  while (reader.at < bytes.length) {
    const id = reader.u8();
    const end = reader.u32() + reader.at;
    if (id === SECTION.IMPORT) functions = importedFunctions(reader, helpers);
    if (id === SECTION.CODE) {
      const count = reader.u32();
      for (let i = 0; i < count; i++) {
        lines.push(...functionLines(reader, names[i] ?? i, functions));
      }
    }
    reader.at = end;
  }
  return lines.join("\n") + "\n";
}

/** What the calls of a module go to, by function index. */
function importedFunctions(reader: Reader, helpers: HelperTable): string[] {
  const byImport = new Map<string, string>();
  for (const [key, number] of Object.entries(SLOW)) {
    byImport.set(importName(number), `slow_${key.toLowerCase()}`);
  }
  for (const [i, def] of helpers.defs.entries()) byImport.set(importName(SLOW_COUNT + i), def.name);
  const functions: string[] = [];
  const count = reader.u32();
  for (let i = 0; i < count; i++) {
    reader.name();
    const name = reader.name();
    switch (reader.u8()) {
      case 0:
        reader.u32();
        functions.push(byImport.get(name) ?? name);
        break;
      case 1:
        reader.at += 3;
        reader.u32();
        break;
      default:
        reader.at += 1;
        reader.u32();
        reader.u32();
    }
  }
  return functions;
}

function functionLines(
  reader: Reader,
  name: string | number,
  functions: readonly string[],
): string[] {
  const end = reader.u32() + reader.at;
  const locals: string[] = [];
  const runs = reader.u32();
  for (let i = 0; i < runs; i++) {
    const count = reader.u32();
    locals.push(`${TYPE_NAMES[reader.u8()]} x ${count}`);
  }
  const lines = [`func ${name}${locals.length > 0 ? ` locals ${locals.join(", ")}` : ""}`];
  let depth = 1;
  while (reader.at < end) {
    const text = instruction(reader, functions);
    const opens = /^(block|loop|if)\b/.test(text);
    const closes = text === "end" || text === "else";
    if (closes) depth--;
    if (depth > 0) lines.push("  ".repeat(depth) + text);
    if (opens || text === "else") depth++;
  }
  return lines;
}

function instruction(reader: Reader, functions: readonly string[]): string {
  const code = reader.u8();
  const name = NAMES[code];
  if (name === undefined) {
    throw new RangeError(
      `Byte ${code} at ${reader.at - 1} is no instruction that the backend emits`,
    );
  }
  switch (code) {
    case W.PREFIX_ATOMIC: {
      const atomic = reader.u8();
      if (atomic !== WATOMIC.FENCE) return memory(reader, ATOMIC_NAMES[atomic]);
      reader.u8();
      return ATOMIC_NAMES[atomic];
    }
    case W.PREFIX_SIMD:
      return simd(reader);
    case W.PREFIX_BULK:
      return `trunc_sat ${reader.u8()}`;
    case W.F32_CONST:
      return `${name} ${reader.float(4)}`;
    case W.F64_CONST:
      return `${name} ${reader.float(8)}`;
    case W.BLOCK:
    case W.LOOP:
    case W.IF: {
      const type = TYPE_NAMES[reader.u8()];
      return type === undefined ? name : `${name} ${type}`;
    }
    case W.BR:
    case W.BR_IF:
      return `${name} ${reader.u32()}`;
    case W.CALL:
      return `${name} ${functions[reader.u32()]}`;
    case W.RETURN_CALL_INDIRECT:
      reader.u32();
      reader.u32();
      return name;
    case W.LOCAL_GET:
    case W.LOCAL_SET:
    case W.LOCAL_TEE: {
      const local = reader.u32();
      return `${name} ${LOCAL_NAMES[local] ?? local}`;
    }
    case W.I32_CONST:
    case W.I64_CONST: {
      const value = reader.signed();
      const wide = value > 9n || value < -9n;
      return `${name} ${wide ? hex(value, code === W.I32_CONST ? 32 : 64) : value}`;
    }
    default:
      return code >= W.I32_LOAD && code <= W.I32_STORE16 ? memory(reader, name) : name;
  }
}

/** A vector instruction: its name where it is a plain access, else its number. */
function simd(reader: Reader): string {
  const code = reader.u32();
  switch (code) {
    case WSIMD.LOAD:
      return memory(reader, "v128.load");
    case WSIMD.STORE:
      return memory(reader, "v128.store");
    case WSIMD.CONST:
    case WSIMD.SHUFFLE:
      return `${code === WSIMD.CONST ? "v128.const" : "shuffle"} ${
        Array.from({ length: 16 }, () => reader.u8()).join(" ")
      }`;
    case WSIMD.I64_EXTRACT:
    case WSIMD.I64_REPLACE:
      return `simd.${code} ${reader.u8()}`;
    default:
      return `simd.${code}`;
  }
}

function memory(reader: Reader, name: string): string {
  reader.u32();
  const offset = reader.u32();
  return offset === 0 ? name : `${name} offset=0x${offset.toString(16)}`;
}

function hex(value: bigint, bits: number): string {
  return `0x${BigInt.asUintN(bits, value).toString(16)}`;
}
