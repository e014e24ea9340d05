/**
 * Consecutive accesses to consecutive words or doublewords, as LDM, STM, VLDM, VLD1 and so on make
 * them: one TLB lookup for all when they lie on one page, the slow path for each when it misses.
 * @module
 */
import { INSN_WORDS } from "../../ir/ops.ts";
import { MEMOP, memopSize } from "../../memory/memop.ts";
import { TLB_READ, TLB_WRITE } from "../../memory/vcpu_layout.ts";
import { SLOW } from "./abi.ts";
import { beginSlow, endSlow, pushHit, pushHost } from "./guest_ops.ts";
import type { UnitLowering } from "./lowering.ts";
import { GUEST_LOAD, GUEST_LOAD64, GUEST_STORE, GUEST_STORE64 } from "./op_facts.ts";
import { UNCACHED_BIT } from "./scan.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** What no access of a group has, besides being a word or a doubleword. */
const EXCLUDED = MEMOP.BIG_ENDIAN | MEMOP.SEQ_CST | MEMOP.SIGN;

/** WebAssembly access and slow path, for words and for doublewords. */
const LOADS = [
  { access: W.I32_LOAD, slow: SLOW.LOAD },
  { access: W.I64_LOAD, slow: SLOW.LOAD64 },
] as const;
const STORES = [
  { access: W.I32_STORE, slow: SLOW.STORE },
  { access: W.I64_STORE, slow: SLOW.STORE64 },
] as const;

/** Whether an operation may be part of a group. */
export function isGroupable(op: number): boolean {
  return op === GUEST_LOAD || op === GUEST_STORE || op === GUEST_LOAD64 || op === GUEST_STORE64;
}

/**
 * Number of accesses from word offset `at` that make a group: the same operation on places that
 * follow each other from the same base. 1 when there is none.
 */
export function groupLength(u: UnitLowering, at: number): number {
  const { code, values } = u;
  const op = code[at];
  const memop = code[at + 1];
  const bytes = memopSize(memop);
  if (bytes < 4 || (memop & EXCLUDED) !== 0) return 1;
  const first = values.sum(code[at + 3]);
  let length = 1;
  for (let next = at + INSN_WORDS; next < code.length; next += INSN_WORDS) {
    if (code[next] !== op || code[next + 1] !== memop) break;
    const { base, offset } = values.sum(code[next + 3]);
    if (base !== first.base || offset !== ((first.offset + bytes * length) | 0)) break;
    length++;
  }
  return length;
}

/** Lowers the `length` accesses from word offset `at`. */
export function lowerGroup(u: UnitLowering, at: number, length: number): void {
  const { body, code, values } = u;
  const isLoad = code[at] === GUEST_LOAD || code[at] === GUEST_LOAD64;
  const memop = code[at + 1];
  const bytes = memopSize(memop);
  const { access, slow } = (isLoad ? LOADS : STORES)[bytes === 8 ? 1 : 0];
  const address = code[at + 3];
  const site = (i: number): number => at + i * INSN_WORDS;
  values.flush(UNCACHED_BIT);
  if (!isLoad) { for (let i = 0; i < length; i++) values.anchor(code[site(i) + 4]); }
  values.anchor(address);
  const results: number[] = [];
  for (let i = 0; isLoad && i < length; i++) results.push(values.reserve(code[site(i) + 2]));

  /** Everything by the host address on the stack. */
  const transfer = (): void => {
    const host = body.allocate(false);
    body.set(host);
    for (let i = 0; i < length; i++) {
      body.get(host);
      if (isLoad) {
        body.memory(access, 0, bytes * i);
        keep(u, results[i]);
      } else {
        values.pushAgain(code[site(i) + 4]);
        body.memory(access, 0, bytes * i);
      }
    }
    body.release(host, false);
  };
  if (u.strip !== null) {
    u.strip.pushHost(u, at);
    transfer();
  } else {
    // The first access's entry must hold the last one's page: then it holds both.
    const span = bytes * (length - 1);
    const lookup = pushHit(u, address, memop, isLoad ? TLB_READ : TLB_WRITE, span);
    body.openIf(WASM_TYPE.EMPTY, true);
    pushHost(u, address, lookup);
    transfer();
    body.else();
    for (let i = 0; i < length; i++) {
      beginSlow(u, address, bytes * i);
      if (!isLoad) values.pushAgain(code[site(i) + 4]);
      endSlow(u, slow, memop);
      if (isLoad) keep(u, results[i]);
    }
    body.close();
    body.release(lookup.entry, false);
  }
  values.release(address);
  for (let i = 0; i < length; i++) {
    if (i > 0) values.discard(code[site(i) + 3]);
    if (!isLoad) values.release(code[site(i) + 4]);
  }
}

/** Puts the loaded value on the stack into a result's local, or drops it when there is none. */
function keep(u: UnitLowering, local: number): void {
  if (local < 0) u.body.op(W.DROP);
  else u.body.set(local);
}
