/**
 * Puts lowered units together to a WebAssembly module. The module imports the memory, the function
 * table and the host functions that its code calls; an active element segment puts each function
 * at its block's index of the table, so that instantiating is all there is to do. The bytes name no
 * vCPU: one vCPU makes them, all may run them.
 * @module
 */
import type { HelperTable } from "../../ir/helper.ts";
import {
  FunctionTypes,
  IMPORT_MEMORY,
  IMPORT_MODULE,
  IMPORT_TABLE,
  importName,
  MAX_MEMORY_PAGES,
  TYPE,
} from "./abi.ts";
import { ByteWriter } from "./byte_writer.ts";
import { HANDLERS } from "./handlers.ts";
import { ImportSet } from "./imports.ts";
import { UnitLowerer } from "./lower_unit.ts";
import type { UnitSite } from "./region_plan.ts";
import { EXTERNAL, SECTION, W, WASM_TYPE } from "./wasm_codes.ts";

/** A function of a module: one block, or the blocks of a region with its entry first. */
export type Unit = readonly UnitSite[];

/** What the bytes depend on besides the blocks. */
export interface ModuleOptions {
  /** The machine's helpers: their arity, result and effects. */
  readonly helpers: HelperTable;
  /**
   * A number that goes into the bytes without meaning anything. V8 shares the machine code of
   * modules with equal bytes between threads; code caches that are to be separate pass their vCPU.
   */
  readonly salt?: number;
}

/** Magic number and version. */
export const PREAMBLE: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SALT_NAME = "salt";
/** Name of the custom section that holds the branch hints, before the code. */
const BRANCH_HINTS = "metadata.code.branch_hint";
/** Kind of an active element segment with a table, a type and expressions. */
const ACTIVE_EXPRESSIONS = 6;

/** Builds modules one after the other, reusing its buffers; one object a thread. */
export class ModuleBuilder {
  readonly #types: FunctionTypes;
  readonly #imports: ImportSet = new ImportSet();
  readonly #lowering: UnitLowerer;
  /** Preamble, salt and type section: the same in every module. */
  readonly #head: Uint8Array;
  readonly #functions: ByteWriter = new ByteWriter(16384);
  readonly #hints: ByteWriter = new ByteWriter(1024);
  readonly #section: ByteWriter = new ByteWriter(1024);
  readonly #out: ByteWriter = new ByteWriter(32768);

  /** Writes what is the same in every module. */
  constructor(options: ModuleOptions) {
    this.#types = new FunctionTypes(options.helpers.defs);
    this.#lowering = new UnitLowerer(options.helpers.defs, this.#imports, HANDLERS);
    const head = new ByteWriter(128);
    for (const byte of PREAMBLE) head.u8(byte);
    if (options.salt !== undefined) {
      const salt = new ByteWriter();
      salt.name(SALT_NAME);
      salt.u32(options.salt);
      section(head, SECTION.CUSTOM, salt);
    }
    writeTypes(head, this.#types);
    this.#head = head.copy();
  }

  /**
   * Makes a module of `units`. A unit's function stands at the id of its first block.
   * @throws TypeError when a block still holds abstract operations.
   */
  build(units: readonly Unit[]): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    this.#imports.clear();
    functions.length = 0;
    functions.u32(units.length);
    const hints = this.#hints;
    hints.length = 0;
    const hintAt: number[] = [];
    for (const unit of units) {
      hintAt.push(hints.length);
      this.#lowering.lower(unit, functions, hints);
    }
    const out = this.#out;
    out.length = 0;
    out.append(this.#head);
    this.#importSection(out);
    this.#functionSection(out, units.length);
    this.#elementSection(out, units);
    writeHints(out, hints, hintAt, this.#imports.numbers.length);
    section(out, SECTION.CODE, functions);
    return out.copy();
  }

  #importSection(out: ByteWriter): void {
    const { numbers } = this.#imports;
    const s = this.#section;
    s.length = 0;
    s.u32(2 + numbers.length);
    importMemory(s);
    importTable(s);
    for (const number of numbers) importFunction(s, number, this.#types);
    section(out, SECTION.IMPORT, s);
  }

  #functionSection(out: ByteWriter, count: number): void {
    const s = this.#section;
    s.length = 0;
    s.u32(count);
    for (let i = 0; i < count; i++) s.u8(TYPE.BLOCK);
    section(out, SECTION.FUNCTION, s);
  }

  /** One segment for every run of consecutive ids. */
  #elementSection(out: ByteWriter, units: readonly Unit[]): void {
    const first = this.#imports.numbers.length;
    const starts: number[] = [];
    for (let i = 0; i < units.length; i++) {
      if (i === 0 || units[i][0].id !== units[i - 1][0].id + 1) starts.push(i);
    }
    const s = this.#section;
    s.length = 0;
    s.u32(starts.length);
    for (const [k, from] of starts.entries()) {
      const to = starts[k + 1] ?? units.length;
      s.u8(ACTIVE_EXPRESSIONS);
      s.u8(0);
      s.u8(W.I32_CONST);
      s.s32(units[from][0].id);
      s.u8(W.END);
      blockReference(s);
      s.u32(to - from);
      for (let i = from; i < to; i++) {
        s.u8(W.REF_FUNC);
        s.u32(first + i);
        s.u8(W.END);
      }
    }
    section(out, SECTION.ELEMENT, s);
  }
}

/** Appends the type section. */
export function writeTypes(out: ByteWriter, types: FunctionTypes): void {
  const contents = types.section();
  out.u8(SECTION.TYPE);
  out.u32(contents.length);
  out.append(contents);
}

/** Appends the import of function `number` (see abi.ts). */
export function importFunction(out: ByteWriter, number: number, types: FunctionTypes): void {
  out.name(IMPORT_MODULE);
  out.name(importName(number));
  out.u8(EXTERNAL.FUNCTION);
  out.u32(types.ofImport(number));
}

/**
 * Appends the section of the branch hints: those of function i, whose index is `first + i`, begin at
 * `hintAt[i]` of `hints`.
 */
export function writeHints(
  out: ByteWriter,
  hints: ByteWriter,
  hintAt: readonly number[],
  first: number,
): void {
  const s = new ByteWriter(64 + hints.length);
  s.name(BRANCH_HINTS);
  s.u32(hintAt.length);
  for (const [i, from] of hintAt.entries()) {
    s.u32(first + i);
    s.append(hints.bytes.subarray(from, hintAt[i + 1] ?? hints.length));
  }
  section(out, SECTION.CUSTOM, s);
}

/** Appends a section with the contents written to `body`. */
export function section(out: ByteWriter, id: number, body: ByteWriter): void {
  out.u8(id);
  out.u32(body.length);
  out.append(body.bytes.subarray(0, body.length));
}

/** Appends the import of the shared memory, of any size. */
export function importMemory(out: ByteWriter): void {
  out.name(IMPORT_MODULE);
  out.name(IMPORT_MEMORY);
  out.u8(EXTERNAL.MEMORY);
  // Limits: shared, with a maximum.
  out.u8(3);
  out.u32(1);
  out.u32(MAX_MEMORY_PAGES);
}

/**
 * Appends the type of the table's entries: a reference, never null, to a function of type
 * TYPE.BLOCK, which has the same index in every module. A tail call through such a table needs no
 * check of the callee's type.
 */
export function blockReference(out: ByteWriter): void {
  out.u8(WASM_TYPE.REF);
  out.u8(TYPE.BLOCK);
}

/** Appends the import of the function table. */
function importTable(out: ByteWriter): void {
  out.name(IMPORT_MODULE);
  out.name(IMPORT_TABLE);
  out.u8(EXTERNAL.TABLE);
  blockReference(out);
  out.u8(0);
  out.u32(1);
}
