/**
 * Guest accesses: the softmmu TLB lookup inline, the host's slow path otherwise. The slow arm spills
 * the dirty state first (precise faults) and leaves when a guest exception was taken.
 * @module
 */
import { MEMOP, memopAlign, memopMmuIndex, memopSize } from "../../memory/memop.ts";
import {
  PAGE_MASK,
  TLB_ADDEND,
  TLB_BYTES,
  TLB_INDEX,
  TLB_READ,
  TLB_WRITE,
  VCPU,
} from "../../memory/vcpu_layout.ts";
import { ENV, SLOW } from "./abi.ts";
import { emitAtomicLoad, emitAtomicStore, emitLoad, emitStore } from "./host_ops.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { byteSwap32 } from "./pure_ops.ts";
import { UNCACHED_BIT } from "./scan.ts";
import { W, WASM_TYPE, WATOMIC } from "./wasm_codes.ts";

/** The TLB lookup that stands before an access. */
export interface Lookup {
  /** Local that holds the entry's offset from the table, plus the vCPU's base. */
  readonly entry: number;
  /** Byte offset of the table from the vCPU's base. */
  readonly table: number;
}

/** Whether the access is made by host atomics (and so must be aligned to its size). */
function isAtomic(memop: number): boolean {
  return (memop & MEMOP.SEQ_CST) !== 0;
}

/**
 * Takes an address from the stack and pushes a tag of its TLB entry: `tag` is the tag's offset in the
 * table's first entry, from the vCPU's base. Leaves the entry in the local `entry` (see Lookup).
 */
export function pushTag({ body }: UnitLowering, entry: number, tag: number): void {
  body.i32Const(TLB_INDEX.SHIFT);
  body.op(W.I32_SHR_U);
  body.i32Const(TLB_INDEX.MASK);
  body.op(W.I32_AND);
  body.get(ENV);
  body.op(W.I32_ADD);
  body.tee(entry);
  body.memory(W.I32_LOAD, 2, tag);
}

/**
 * Pushes 1 when the access at the anchored address hits in the TLB, else 0. With `span`, the access
 * that many bytes further on must hit the same entry.
 */
export function pushHit(
  u: UnitLowering,
  address: number,
  memop: number,
  tag: number,
  span: number = 0,
): Lookup {
  const { body, values } = u;
  const size = memopSize(memop);
  const align = Math.max(memopAlign(memop), isAtomic(memop) ? size : 1);
  const table = VCPU.TLB + memopMmuIndex(memop) * TLB_BYTES;
  const entry = body.allocate(false);
  values.pushAgain(address);
  pushTag(u, entry, table + tag);
  values.pushAgain(address);
  const last = span + Math.max(size - align, 0);
  if (last > 0) {
    body.i32Const(last);
    body.op(W.I32_ADD);
  }
  body.i32Const(PAGE_MASK | (align - 1));
  body.op(W.I32_AND);
  body.op(W.I32_EQ);
  return { entry, table };
}

/** Pushes the host address after a hit. */
export function pushHost(u: UnitLowering, address: number, { entry, table }: Lookup): void {
  u.values.pushAgain(address);
  u.body.get(entry);
  u.body.memory(W.I32_LOAD, 2, table + TLB_ADDEND);
  u.body.op(W.I32_ADD);
}

/**
 * Begins a slow access, `offset` bytes from the anchored address: state to memory (the argument `pc`
 * stands for the pc slot), then the first arguments of the slow function.
 */
export function beginSlow(u: UnitLowering, address: number, offset: number = 0): void {
  if (u.helper === null) {
    u.state.spillForSlow(u.base, (u.pc - u.origin) | 0);
  } else {
    u.body.get(ENV);
    u.pushPc();
  }
  u.values.pushAgain(address);
  if (offset !== 0) {
    u.body.i32Const(offset);
    u.body.op(W.I32_ADD);
  }
}

/** Calls a slow function with the memop as last argument and leaves when it asks for that. */
export function endSlow(u: UnitLowering, slow: number, memop: number): void {
  u.body.i32Const(memop);
  u.body.call(u.imports.indexOf(slow));
  u.leaveIfAsked();
}

function load(u: UnitLowering, at: number, wide: boolean): void {
  const { body, code, values } = u;
  const memop = code[at + 1];
  const address = code[at + 3];
  values.flush(UNCACHED_BIT);
  values.anchor(address);
  if (u.strip !== null) {
    u.strip.pushHost(u, at);
    values.release(address);
    if (wide) body.memory(W.I64_LOAD, 0, 0);
    else emitLoad(u, memop & (MEMOP.SIZE_MASK | MEMOP.SIGN));
    values.define(code[at + 2]);
    return;
  }
  const lookup = pushHit(u, address, memop, TLB_READ);
  body.openIf(wide ? WASM_TYPE.I64 : WASM_TYPE.I32, true);
  pushHost(u, address, lookup);
  if (wide) {
    if (isAtomic(memop)) body.atomic(WATOMIC.I64_LOAD, 3, 0);
    else body.memory(W.I64_LOAD, 0, 0);
    if (memop & MEMOP.BIG_ENDIAN) byteSwap64(u);
  } else {
    const swap = (memop & MEMOP.BIG_ENDIAN) !== 0 && (memop & MEMOP.SIZE_MASK) !== 0;
    const hostop = swap ? memop & MEMOP.SIZE_MASK : memop & (MEMOP.SIZE_MASK | MEMOP.SIGN);
    if (isAtomic(memop)) emitAtomicLoad(u, hostop);
    else emitLoad(u, hostop);
    if (swap) swapLoaded(u, memop, lookup.entry);
  }
  body.else();
  beginSlow(u, address);
  endSlow(u, wide ? SLOW.LOAD64 : SLOW.LOAD, memop);
  body.close();
  body.release(lookup.entry, false);
  values.release(address);
  values.define(code[at + 2]);
}

function store(u: UnitLowering, at: number, wide: boolean): void {
  const { body, code, values } = u;
  const memop = code[at + 1];
  const address = code[at + 3];
  const value = code[at + 4];
  values.flush(UNCACHED_BIT);
  values.anchor(value);
  values.anchor(address);
  if (u.strip !== null) {
    u.strip.pushHost(u, at);
    values.pushAgain(value);
    if (wide) body.memory(W.I64_STORE, 0, 0);
    else emitStore(u, memop);
    values.release(address);
    values.release(value);
    return;
  }
  const lookup = pushHit(u, address, memop, TLB_WRITE);
  body.openIf(WASM_TYPE.EMPTY, true);
  pushHost(u, address, lookup);
  values.pushAgain(value);
  if (wide) {
    if (memop & MEMOP.BIG_ENDIAN) byteSwap64(u);
    if (isAtomic(memop)) body.atomic(WATOMIC.I64_STORE, 3, 0);
    else body.memory(W.I64_STORE, 0, 0);
  } else {
    if (memop & MEMOP.BIG_ENDIAN) swapStored(u, memop, lookup.entry);
    if (isAtomic(memop)) emitAtomicStore(u, memop);
    else emitStore(u, memop);
  }
  body.else();
  beginSlow(u, address);
  values.pushAgain(value);
  endSlow(u, wide ? SLOW.STORE64 : SLOW.STORE, memop);
  body.close();
  body.release(lookup.entry, false);
  values.release(address);
  values.release(value);
}

/** Swaps the bytes of a pushed, zero-extended 2- or 4-byte value and extends it as asked. */
function swapLoaded(u: UnitLowering, memop: number, scratch: number): void {
  const { body } = u;
  byteSwap32(u, scratch);
  if ((memop & MEMOP.SIZE_MASK) === 2) return;
  body.i32Const(16);
  body.op(memop & MEMOP.SIGN ? W.I32_SHR_S : W.I32_SHR_U);
}

/** Swaps the bytes of a pushed value that will be stored with the memop's size. */
function swapStored(u: UnitLowering, memop: number, scratch: number): void {
  const size = memop & MEMOP.SIZE_MASK;
  if (size === 0) return;
  byteSwap32(u, scratch);
  if (size === 1) {
    u.body.i32Const(16);
    u.body.op(W.I32_SHR_U);
  }
}

/** Swaps the bytes of the pushed i64 through its halves. */
function byteSwap64(u: UnitLowering): void {
  const { body } = u;
  const whole = body.allocate(true);
  const scratch = body.allocate(false);
  body.tee(whole);
  body.op(W.I32_WRAP_I64);
  byteSwap32(u, scratch);
  body.op(W.I64_EXTEND_I32_U);
  body.i64Const(32, 0);
  body.op(W.I64_SHL);
  body.get(whole);
  body.i64Const(32, 0);
  body.op(W.I64_SHR_U);
  body.op(W.I32_WRAP_I64);
  byteSwap32(u, scratch);
  body.op(W.I64_EXTEND_I32_U);
  body.op(W.I64_OR);
  body.release(whole, true);
  body.release(scratch, false);
}

/** Guest accesses where they stand. */
export const GUEST_STATEMENTS: Readonly<Record<string, Handler>> = {
  guest_load: (u, at) => load(u, at, false),
  guest_load64: (u, at) => load(u, at, true),
  guest_store: (u, at) => store(u, at, false),
  guest_store64: (u, at) => store(u, at, true),

  probe(u, at) {
    const { body, code, values } = u;
    const memop = code[at + 1];
    const address = code[at + 3];
    values.flush(UNCACHED_BIT);
    values.anchor(address);
    if (u.strip !== null) {
      u.strip.pushHost(u, at);
      values.release(address);
      values.define(code[at + 2]);
      return;
    }
    const lookup = pushHit(u, address, memop, memop & MEMOP.WRITE ? TLB_WRITE : TLB_READ);
    body.openIf(WASM_TYPE.I32, true);
    pushHost(u, address, lookup);
    body.else();
    beginSlow(u, address);
    endSlow(u, SLOW.PROBE, memop);
    body.close();
    body.release(lookup.entry, false);
    values.release(address);
    values.define(code[at + 2]);
  },
};
