/**
 * Builds a block of IR. The front end and the strategies emit operations through it; temporaries
 * are branded by type, so that a mixed-up operand is a compile error.
 * @module
 */
import { copyBlock, type IrBlock } from "./block.ts";
import type { HelperTable } from "./helper.ts";
import { INSN_WORDS, NO_TEMP, OP, type RmwOp } from "./ops.ts";

/** Marks a number as a temporary of one type; it exists at compile time only. */
export declare const brand: unique symbol;
/** A 32-bit temporary. */
export type V32 = number & { readonly [brand]: "i32" };
/** A 128-bit temporary. */
export type V128 = number & { readonly [brand]: "v128" };
/** A 64-bit temporary. */
export type V64 = number & { readonly [brand]: "i64" };

/** A variable of a helper's body. */
export interface Local<T> {
  /** Its value here. */
  get(): T;
  /** Gives it a value. */
  set(value: T): void;
}

/** Emits instructions into a growing buffer; {@linkcode IrBuilder.finish} gives the block. */
export class IrBuilder {
  /** Numbers the helpers that {@linkcode IrBuilder.call} names. */
  readonly helpers: HelperTable;
  #code = new Int32Array(256 * INSN_WORDS);
  #length = 0;
  #types = new Uint8Array(512);
  #temps = 0;
  #pc = 0;
  #guestInsns = 0;
  #guestBytes = 0;
  #locals = 0;
  /** For each open loop: its breaks. */
  readonly #breaks: number[][] = [];

  /** Starts empty; `helpers` resolves the names of called helpers. */
  constructor(helpers: HelperTable) {
    this.helpers = helpers;
  }

  /** Starts a new block at place `pc`, dropping what was emitted. */
  begin(pc: number): void {
    this.#length = 0;
    this.#temps = 0;
    this.#pc = pc;
    this.#guestInsns = 0;
    this.#guestBytes = 0;
    this.#locals = 0;
    this.#breaks.length = 0;
  }

  /** The block emitted so far. */
  finish(): IrBlock {
    return copyBlock(this.borrow());
  }

  /** The block emitted so far, without a copy: `begin` and `emit` write over it. */
  borrow(): IrBlock {
    return {
      pc: this.#pc,
      guestInsns: this.#guestInsns,
      guestBytes: this.#guestBytes,
      code: this.#code.subarray(0, this.#length * INSN_WORDS),
      types: this.#types.subarray(0, this.#temps),
    };
  }

  /** Number of instructions emitted. */
  get length(): number {
    return this.#length;
  }

  /** Appends a raw instruction; the typed methods below are the usual way. Returns its index. */
  emit(op: number, aux: number, dst: number, a: number, b: number, c: number): number {
    const at = this.#length * INSN_WORDS;
    if (at + INSN_WORDS > this.#code.length) {
      const grown = new Int32Array(this.#code.length * 2);
      grown.set(this.#code);
      this.#code = grown;
    }
    const code = this.#code;
    code[at] = op;
    code[at + 1] = aux;
    code[at + 2] = dst;
    code[at + 3] = a;
    code[at + 4] = b;
    code[at + 5] = c;
    return this.#length++;
  }

  /** A fresh 32-bit temporary, for {@linkcode IrBuilder.emit}. */
  temp32(): V32 {
    return this.#temp(0) as V32;
  }

  /** A fresh temporary of the type with code `type` (see TYPE_CODES). */
  temp(type: number): number {
    return this.#temp(type);
  }

  /** A fresh 64-bit temporary. */
  temp64(): V64 {
    return this.#temp(1) as V64;
  }

  #temp(type: number): number {
    if (this.#temps === this.#types.length) {
      const grown = new Uint8Array(this.#temps * 2);
      grown.set(this.#types);
      this.#types = grown;
    }
    this.#types[this.#temps] = type;
    return this.#temps++;
  }

  #op32(
    op: number,
    aux: number,
    a: number = NO_TEMP,
    b: number = NO_TEMP,
    c: number = NO_TEMP,
  ): V32 {
    const dst = this.temp32();
    this.emit(op, aux, dst, a, b, c);
    return dst;
  }

  #op128(
    op: number,
    aux: number,
    a: number = NO_TEMP,
    b: number = NO_TEMP,
    c: number = NO_TEMP,
  ): V128 {
    const dst = this.temp(2) as V128;
    this.emit(op, aux, dst, a, b, c);
    return dst;
  }

  #op64(
    op: number,
    aux: number,
    a: number = NO_TEMP,
    b: number = NO_TEMP,
    c: number = NO_TEMP,
  ): V64 {
    const dst = this.temp64();
    this.emit(op, aux, dst, a, b, c);
    return dst;
  }

  /** A 32-bit constant. */
  const(value: number): V32 {
    return this.#op32(OP.const, value | 0);
  }
  /** The guest address of place `pc` (see `IrBlock.pc`): what the code may not know as a constant. */
  codeAddr(pc: number): V32 {
    return this.#op32(OP.code_addr, pc | 0);
  }
  /** A 64-bit constant from its halves. */
  const64(lo: number, hi: number): V64 {
    return this.#op64(OP.const64, lo | 0, hi | 0);
  }
  /** `cond != 0 ? yes : no`. */
  select(cond: V32, yes: V32, no: V32): V32 {
    return this.#op32(OP.select, 0, cond, yes, no);
  }

  /** A two-operand 32-bit operation of the table by name, e.g. `bin("add", x, y)`. */
  bin(name: BinName, a: V32, b: V32): V32 {
    return this.#op32(OP[name], 0, a, b);
  }
  /** A one-operand 32-bit operation. */
  un(name: UnName, a: V32): V32 {
    return this.#op32(OP[name], 0, a);
  }
  /** `a + b`, modulo 2^32. */
  add(a: V32, b: V32): V32 {
    return this.bin("add", a, b);
  }
  /** `a - b`, modulo 2^32. */
  sub(a: V32, b: V32): V32 {
    return this.bin("sub", a, b);
  }
  /** Bitwise and. */
  and(a: V32, b: V32): V32 {
    return this.bin("and", a, b);
  }
  /** Bitwise or. */
  or(a: V32, b: V32): V32 {
    return this.bin("or", a, b);
  }
  /** Bitwise exclusive or. */
  xor(a: V32, b: V32): V32 {
    return this.bin("xor", a, b);
  }
  /** `a << (b & 31)`. */
  shl(a: V32, b: V32): V32 {
    return this.bin("shl", a, b);
  }
  /** `a >>> (b & 31)`: zeros come in. */
  shrU(a: V32, b: V32): V32 {
    return this.bin("shr_u", a, b);
  }
  /** `a >> (b & 31)`: copies of the sign come in. */
  shrS(a: V32, b: V32): V32 {
    return this.bin("shr_s", a, b);
  }
  /** 1 when equal, else 0. */
  eq(a: V32, b: V32): V32 {
    return this.bin("eq", a, b);
  }
  /** 1 when different, else 0. */
  ne(a: V32, b: V32): V32 {
    return this.bin("ne", a, b);
  }
  /** 1 when `a` is 0, else 0. */
  eqz(a: V32): V32 {
    return this.un("eqz", a);
  }

  /** A two-operand 64-bit operation. */
  bin64(name: Bin64Name, a: V64, b: V64): V64 {
    return this.#op64(OP[name], 0, a, b);
  }
  /** `lo | hi << 32`. */
  concat(lo: V32, hi: V32): V64 {
    return this.#op64(OP.concat, 0, lo, hi);
  }
  /** Bits 0-31. */
  lo(a: V64): V32 {
    return this.#op32(OP.lo, 0, a);
  }
  /** Bits 32-63. */
  hi(a: V64): V32 {
    return this.#op32(OP.hi, 0, a);
  }
  /** Widens with zeros. */
  extendU(a: V32): V64 {
    return this.#op64(OP.extend_u, 0, a);
  }
  /** Widens with copies of the sign. */
  extendS(a: V32): V64 {
    return this.#op64(OP.extend_s, 0, a);
  }
  /** 1 when equal, else 0. */
  eq64(a: V64, b: V64): V32 {
    return this.#op32(OP.eq64, 0, a, b);
  }
  /** 1 when `a < b` as signed numbers, else 0. */
  ltS64(a: V64, b: V64): V32 {
    return this.#op32(OP.lt_s64, 0, a, b);
  }

  /** Reads the state slot at byte `offset`. */
  get(offset: number): V32 {
    return this.#op32(OP.get, offset);
  }
  /** Writes the state slot at byte `offset`. */
  set(offset: number, value: V32): void {
    this.emit(OP.set, offset, NO_TEMP, value, NO_TEMP, NO_TEMP);
  }
  /** Reads the two slots at byte `offset`, low word first. */
  get64(offset: number): V64 {
    return this.#op64(OP.get64, offset);
  }
  /** Writes the two slots at byte `offset`, low word first. */
  set64(offset: number, value: V64): void {
    this.emit(OP.set64, offset, NO_TEMP, value, NO_TEMP, NO_TEMP);
  }

  /** Reads 16 bytes of vector state at byte `offset`. */
  get128(offset: number): V128 {
    return this.#op128(OP.get128, offset);
  }
  /** Writes 16 bytes of vector state at byte `offset`. */
  set128(offset: number, value: V128): void {
    this.emit(OP.set128, offset, NO_TEMP, value, NO_TEMP, NO_TEMP);
  }

  /** Floating-point operations on bit patterns; `aux` from `fpAux` (core/ir/fp_aux.ts). */
  fp32(aux: number, a: V32, b?: V32, c?: V32): V32 {
    const op = c !== undefined ? OP.fp3_32 : b !== undefined ? OP.fp2_32 : OP.fp1_32;
    return this.#op32(op, aux, a, b, c);
  }
  /** The same on 64-bit patterns. */
  fp64(aux: number, a: V64, b?: V64, c?: V64): V64 {
    const op = c !== undefined ? OP.fp3_64 : b !== undefined ? OP.fp2_64 : OP.fp1_64;
    return this.#op64(op, aux, a, b, c);
  }
  /** A 32-bit result of a 64-bit operand, e.g. a conversion to single precision. */
  fpNarrow(aux: number, a: V64): V32 {
    return this.#op32(OP.fp_narrow, aux, a);
  }
  /** A 64-bit result of a 32-bit operand. */
  fpWiden(aux: number, a: V32): V64 {
    return this.#op64(OP.fp_widen, aux, a);
  }
  /** Comparison of two 64-bit patterns with a 32-bit result. */
  fpTest64(aux: number, a: V64, b: V64): V32 {
    return this.#op32(OP.fp_test64, aux, a, b);
  }
  /** The operation on each 32-bit lane of vectors. */
  vecFp(aux: number, a: V128, b?: V128, c?: V128): V128 {
    const op = c !== undefined ? OP.vec_fp3 : b !== undefined ? OP.vec_fp2 : OP.vec_fp1;
    return this.#op128(op, aux, a, b, c);
  }

  /** Vector operations; `op` is a VEC code (vector.ts). */
  vec(op: number, a: V128, b?: V128, c?: V128): V128 {
    const row = c !== undefined ? OP.vec3 : b !== undefined ? OP.vec2 : OP.vec1;
    return this.#op128(row, op, a, b, c);
  }
  /** Shifts every lane by `count`. */
  vecShift(op: number, a: V128, count: V32): V128 {
    return this.#op128(OP.vec_shift, op, a, count);
  }
  /** Every lane becomes the low bits of `a`. */
  vecSplat(op: number, a: V32): V128 {
    return this.#op128(OP.vec_splat, op, a);
  }
  /** `lo | hi << 64`. */
  vecJoin(lo: V64, hi: V64): V128 {
    return this.#op128(OP.vec_join, 0, lo, hi);
  }
  /** Bits 0-63. */
  vecLo(a: V128): V64 {
    return this.#op64(OP.vec_lo, 0, a);
  }
  /** Bits 64-127. */
  vecHi(a: V128): V64 {
    return this.#op64(OP.vec_hi, 0, a);
  }
  /** 1 when any bit is set, else 0. */
  vecAny(a: V128): V32 {
    return this.#op32(OP.vec_any, 0, a);
  }

  /** Loads up to 32 bits from guest memory; may fault. */
  guestLoad(address: V32, memop: number): V32 {
    return this.#op32(OP.guest_load, memop, address);
  }
  /** Loads 64 bits from guest memory; may fault. */
  guestLoad64(address: V32, memop: number): V64 {
    return this.#op64(OP.guest_load64, memop, address);
  }
  /** Stores the low bits of `value` to guest memory; may fault. */
  guestStore(address: V32, value: V32, memop: number): void {
    this.emit(OP.guest_store, memop, NO_TEMP, address, value, NO_TEMP);
  }
  /** Stores 64 bits to guest memory; may fault. */
  guestStore64(address: V32, value: V64, memop: number): void {
    this.emit(OP.guest_store64, memop, NO_TEMP, address, value, NO_TEMP);
  }
  /** Host address of a guest address; see the `probe` row. */
  probe(address: V32, memop: number): V32 {
    return this.#op32(OP.probe, memop, address);
  }

  /** Guest load that takes a reservation; the strategy expands it. */
  loadExclusive(address: V32, memop: number): V32 {
    return this.#op32(OP.load_exclusive, memop, address);
  }
  /** The same for 64 bits. */
  loadExclusive64(address: V32, memop: number): V64 {
    return this.#op64(OP.load_exclusive64, memop, address);
  }
  /** Guest store that needs the reservation: 0 when it stored, 1 when it failed. */
  storeExclusive(address: V32, value: V32, memop: number): V32 {
    return this.#op32(OP.store_exclusive, memop, address, value);
  }
  /** The same for 64 bits. */
  storeExclusive64(address: V32, value: V64, memop: number): V32 {
    return this.#op32(OP.store_exclusive64, memop, address, value);
  }
  /** Drops the vCPU's reservation. */
  clearExclusive(): void {
    this.emit(OP.clear_exclusive, 0, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }
  /** Guest SWP: stores `value` and gives what was there. */
  atomicSwap(address: V32, value: V32, memop: number): V32 {
    return this.#op32(OP.atomic_swap, memop, address, value);
  }
  /** `kinds` is a mask of BARRIER. */
  memoryBarrier(kinds: number): void {
    this.emit(OP.memory_barrier, kinds, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }

  /** `hostop`: bits 0-1 log2 of the size, bit 2 sign-extend. */
  hostLoad(address: V32, hostop: number): V32 {
    return this.#op32(OP.host_load, hostop, address);
  }
  /** Loads 64 bits from a host address. */
  hostLoad64(address: V32): V64 {
    return this.#op64(OP.host_load64, 3, address);
  }
  /** Stores to a host address; `hostop` as in {@linkcode IrBuilder.hostLoad}. */
  hostStore(address: V32, value: V32, hostop: number): void {
    this.emit(OP.host_store, hostop, NO_TEMP, address, value, NO_TEMP);
  }
  /** Stores 64 bits to a host address. */
  hostStore64(address: V32, value: V64): void {
    this.emit(OP.host_store64, 3, NO_TEMP, address, value, NO_TEMP);
  }
  /** Sequentially consistent load from an aligned host address. */
  atomicLoad(address: V32, hostop: number): V32 {
    return this.#op32(OP.atomic_load, hostop, address);
  }
  /** The same for 64 bits. */
  atomicLoad64(address: V32): V64 {
    return this.#op64(OP.atomic_load64, 3, address);
  }
  /** Sequentially consistent store to an aligned host address. */
  atomicStore(address: V32, value: V32, hostop: number): void {
    this.emit(OP.atomic_store, hostop, NO_TEMP, address, value, NO_TEMP);
  }
  /** The same for 64 bits. */
  atomicStore64(address: V32, value: V64): void {
    this.emit(OP.atomic_store64, 3, NO_TEMP, address, value, NO_TEMP);
  }
  /** Atomic read-modify-write of a host address; gives the value before. */
  atomicRmw(op: RmwOp, address: V32, value: V32, hostop: number): V32 {
    return this.#op32(OP.atomic_rmw, hostop | op << 8, address, value);
  }
  /** Atomic compare-exchange at a host address; gives the value before. */
  atomicCas(address: V32, expected: V32, value: V32, hostop: number): V32 {
    return this.#op32(OP.atomic_cas, hostop, address, expected, value);
  }
  /** The same for 64 bits. */
  atomicCas64(address: V32, expected: V64, value: V64): V64 {
    return this.#op64(OP.atomic_cas64, 3, address, expected, value);
  }
  /** Host fence: orders all earlier accesses before all later ones. */
  fence(): void {
    this.emit(OP.fence, 0, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }

  /**
   * Sleeps on the word at a host address while it is `expected`, `ns` at most (negative: until it is
   * notified): 0 woken, 1 it was not `expected`, 2 timed out.
   */
  atomicWait(address: V32, expected: V32, ns: V64): V32 {
    return this.#op32(OP.atomic_wait, 0, address, expected, ns);
  }
  /** Wakes up to `count` sleepers on the word at a host address; gives how many there were. */
  atomicNotify(address: V32, count: V32): V32 {
    return this.#op32(OP.atomic_notify, 0, address, count);
  }
  /** Says that the loop around it waits for another thread. */
  spinHint(): void {
    this.emit(OP.spin_hint, 0, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }
  /** Adds 1 to a COUNTER (core/memory/counters.ts) of the vCPU. */
  count(counter: number): void {
    this.emit(OP.count, counter, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }

  /** Calls a helper that returns a value of 32 bits. */
  call(name: string, ...args: (V32 | V64)[]): V32 {
    const dst = this.temp32();
    this.#call(OP.call, name, dst, args);
    return dst;
  }
  /** Calls a helper that returns a value of 64 bits. */
  call64(name: string, ...args: (V32 | V64)[]): V64 {
    const dst = this.temp64();
    this.#call(OP.call64, name, dst, args);
    return dst;
  }
  /** Calls a helper for its effect. */
  callVoid(name: string, ...args: (V32 | V64)[]): void {
    this.#call(OP.call, name, NO_TEMP, args);
  }
  #call(op: number, name: string, dst: number, args: readonly (V32 | V64)[]): void {
    const index = this.helpers.indexOf(name);
    this.emit(op, index, dst, args[0] ?? NO_TEMP, args[1] ?? NO_TEMP, args[2] ?? NO_TEMP);
  }

  /** In the body of a helper: parameter `n`, which has 32 bits. */
  param(n: number): V32 {
    return this.#op32(OP.param, 0, n);
  }
  /** The same for a parameter of 64 bits. */
  param64(n: number): V64 {
    return this.#op64(OP.param64, 0, n);
  }
  /** In the body of a helper: a variable of 32 bits, 0 at first. */
  local(): Local<V32> {
    const n = this.#locals++;
    return { get: () => this.#op32(OP.get_local, 0, n), set: (value) => this.#setLocal(n, value) };
  }
  /** The same with 64 bits. */
  local64(): Local<V64> {
    const n = this.#locals++;
    return {
      get: () => this.#op64(OP.get_local64, 0, n),
      set: (value) => this.#setLocal(n, value),
    };
  }
  #setLocal(n: number, value: number): void {
    this.emit(OP.set_local, 0, NO_TEMP, value, n, NO_TEMP);
  }
  /**
   * In the body of a helper: repeats `body` until it breaks or returns. Temporaries made in it must
   * not be used outside.
   */
  loop(body: () => void): void {
    const head = this.emit(OP.loop, 0, NO_TEMP, 0, NO_TEMP, NO_TEMP);
    this.#breaks.push([]);
    body();
    const end = this.emit(OP.repeat, 0, NO_TEMP, head, NO_TEMP, NO_TEMP);
    for (const at of [head, ...this.#breaks.pop()!]) this.#code[at * INSN_WORDS + 3] = end;
  }
  /**
   * Leaves the innermost loop; ends the arm it stands in.
   * @throws RangeError outside a loop.
   */
  break(): void {
    const breaks = this.#breaks.at(-1);
    if (breaks === undefined) throw new RangeError("A break stands in no loop");
    breaks.push(this.emit(OP.break, 0, NO_TEMP, 0, NO_TEMP, NO_TEMP));
  }
  /** Returns from the helper, with `value` when it gives one; ends the arm it stands in. */
  ret(value?: V32 | V64): void {
    const op = value === undefined ? OP.ret : OP.ret_value;
    this.emit(op, 0, NO_TEMP, value ?? NO_TEMP, NO_TEMP, NO_TEMP);
  }

  /** Marks the start of a guest instruction; must precede what it does. */
  insn(pc: number, bytes: number, itState = 0): void {
    this.emit(OP.insn, pc, NO_TEMP, bytes, itState, NO_TEMP);
    this.#guestInsns++;
    this.#guestBytes += bytes;
  }

  /** Structured conditional; temporaries made in an arm must not be used outside it. */
  if(cond: V32, then: () => void, otherwise?: () => void): void {
    const head = this.emit(OP.if, 0, NO_TEMP, cond, 0, NO_TEMP);
    then();
    let patch = head * INSN_WORDS + 4;
    if (otherwise) {
      const middle = this.emit(OP.else, 0, NO_TEMP, 0, NO_TEMP, NO_TEMP);
      this.#code[patch] = middle;
      patch = middle * INSN_WORDS + 3;
      otherwise();
    }
    // Emit first: it may replace the buffer.
    const end = this.emit(OP.end, 0, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
    this.#code[patch] = end;
  }

  /** Continues at `pc` (same page) through chaining slot 0 or 1. */
  gotoTb(slot: 0 | 1, pc: number): void {
    this.emit(OP.goto_tb, pc, NO_TEMP, slot, NO_TEMP, NO_TEMP);
  }
  /** Continues at the pc slot. */
  gotoPtr(): void {
    this.emit(OP.goto_ptr, 0, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }
  /** Leaves translated code with an EXIT code. */
  exit(code: number): void {
    this.emit(OP.exit, code, NO_TEMP, NO_TEMP, NO_TEMP, NO_TEMP);
  }
}

/** Names of the operations for {@linkcode IrBuilder.bin}. */
export type BinName =
  | "add"
  | "sub"
  | "mul"
  | "div_u"
  | "div_s"
  | "and"
  | "or"
  | "xor"
  | "shl"
  | "shr_u"
  | "shr_s"
  | "rotr"
  | "eq"
  | "ne"
  | "lt_u"
  | "lt_s"
  | "le_u"
  | "le_s";
/** Names of the operations for {@linkcode IrBuilder.un}. */
export type UnName = "clz" | "sext8" | "sext16" | "bswap" | "eqz";
/** Names of the operations for {@linkcode IrBuilder.bin64}. */
export type Bin64Name =
  | "add64"
  | "sub64"
  | "mul64"
  | "and64"
  | "or64"
  | "xor64"
  | "shl64"
  | "shr_u64"
  | "shr_s64";
