/**
 * Accesses to host addresses: plain, atomic, read-modify-write, fence.
 * @module
 */
import { RMW } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ENV } from "./abi.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { UNCACHED_BIT } from "./scan.ts";
import { RMW_I32_VARIANT, RMW_I64_VARIANT, W, WATOMIC } from "./wasm_codes.ts";

const SIZE = 3;
const SIGN = 4;
const LOADS_U = [W.I32_LOAD8_U, W.I32_LOAD16_U, W.I32_LOAD];
const LOADS_S = [W.I32_LOAD8_S, W.I32_LOAD16_S, W.I32_LOAD];
const STORES = [W.I32_STORE8, W.I32_STORE16, W.I32_STORE];
const ATOMIC_LOADS = [WATOMIC.I32_LOAD8_U, WATOMIC.I32_LOAD16_U, WATOMIC.I32_LOAD];
const ATOMIC_STORES = [WATOMIC.I32_STORE8, WATOMIC.I32_STORE16, WATOMIC.I32_STORE];
const SIGN_EXTENDS = [W.I32_EXTEND8_S, W.I32_EXTEND16_S];
const VALUE_MASKS = [0xff, 0xffff];
const RMW_FIRST: readonly number[] = (() => {
  const codes: number[] = [];
  codes[RMW.ADD] = WATOMIC.RMW_ADD;
  codes[RMW.SUB] = WATOMIC.RMW_SUB;
  codes[RMW.AND] = WATOMIC.RMW_AND;
  codes[RMW.OR] = WATOMIC.RMW_OR;
  codes[RMW.XOR] = WATOMIC.RMW_XOR;
  codes[RMW.XCHG] = WATOMIC.RMW_XCHG;
  return codes;
})();

/** Loads an i32 from the pushed host address; `hostop` as in the IR. */
export function emitLoad(u: UnitLowering, hostop: number): void {
  u.body.memory((hostop & SIGN ? LOADS_S : LOADS_U)[hostop & SIZE], 0, 0);
}

/** Stores the pushed i32 to the pushed host address. */
export function emitStore(u: UnitLowering, hostop: number): void {
  u.body.memory(STORES[hostop & SIZE], 0, 0);
}

/** Loads sequentially consistently. */
export function emitAtomicLoad(u: UnitLowering, hostop: number): void {
  const size = hostop & SIZE;
  u.body.atomic(ATOMIC_LOADS[size], size, 0);
  if (hostop & SIGN && size < 2) u.body.op(SIGN_EXTENDS[size]);
}

/** Stores sequentially consistently. */
export function emitAtomicStore(u: UnitLowering, hostop: number): void {
  u.body.atomic(ATOMIC_STORES[hostop & SIZE], hostop & SIZE, 0);
}

/** An operation with an effect: its operands, its code, its result if any. */
function effect(emit: Handler): Handler {
  return (u, at) => {
    const { code, values } = u;
    // State words outside the cached ones may be what is accessed.
    values.flush(UNCACHED_BIT);
    values.push(code[at + 3]);
    if (code[at + 4] >= 0) values.push(code[at + 4]);
    emit(u, at);
    if (code[at + 2] >= 0) values.define(code[at + 2]);
  };
}

/** Host operations where they stand. */
export const HOST_STATEMENTS: Readonly<Record<string, Handler>> = {
  host_load: effect((u, at) => emitLoad(u, u.code[at + 1])),
  host_load64: effect((u) => u.body.memory(W.I64_LOAD, 0, 0)),
  host_store: effect((u, at) => emitStore(u, u.code[at + 1])),
  host_store64: effect((u) => u.body.memory(W.I64_STORE, 0, 0)),
  atomic_load: effect((u, at) => emitAtomicLoad(u, u.code[at + 1] & SIZE)),
  atomic_load64: effect((u) => u.body.atomic(WATOMIC.I64_LOAD, 3, 0)),
  atomic_store: effect((u, at) => emitAtomicStore(u, u.code[at + 1])),
  atomic_store64: effect((u) => u.body.atomic(WATOMIC.I64_STORE, 3, 0)),

  atomic_rmw: effect((u, at) => {
    const aux = u.code[at + 1];
    const size = aux & SIZE;
    u.body.atomic(RMW_FIRST[(aux >> 8) & 15] + RMW_I32_VARIANT[size], size, 0);
  }),

  atomic_cas(u, at) {
    const { body, code, values } = u;
    const size = code[at + 1] & SIZE;
    values.flush(UNCACHED_BIT);
    values.push(code[at + 3]);
    values.push(code[at + 4]);
    if (size < 2) {
      // WebAssembly compares all 32 bits of the expected value with the zero-extended old one.
      body.i32Const(VALUE_MASKS[size]);
      body.op(W.I32_AND);
    }
    values.push(code[at + 5]);
    body.atomic(WATOMIC.RMW_CMPXCHG + RMW_I32_VARIANT[size], size, 0);
    values.define(code[at + 2]);
  },

  atomic_cas64(u, at) {
    const { code, values } = u;
    values.flush(UNCACHED_BIT);
    values.push(code[at + 3]);
    values.push(code[at + 4]);
    values.push(code[at + 5]);
    u.body.atomic(WATOMIC.RMW_CMPXCHG + RMW_I64_VARIANT, 3, 0);
    values.define(code[at + 2]);
  },

  fence: (u) => u.body.fence(),

  atomic_wait(u, at) {
    const { body, code, values } = u;
    values.flush(UNCACHED_BIT);
    for (let i = 3; i < 6; i++) values.push(code[at + i]);
    body.atomic(WATOMIC.WAIT32, 2, 0);
    values.define(code[at + 2]);
  },

  atomic_notify: effect((u) => u.body.atomic(WATOMIC.NOTIFY, 2, 0)),

  // WebAssembly's `pause` is not in the engine yet.
  spin_hint() {},

  count(u, at) {
    const { body } = u;
    const offset = VCPU.COUNTERS + 8 * u.code[at + 1];
    u.values.flush(UNCACHED_BIT);
    body.get(ENV);
    body.get(ENV);
    body.memory(W.F64_LOAD, 3, offset);
    body.f64Const(1);
    body.op(W.F64_ADD);
    body.memory(W.F64_STORE, 3, offset);
  },
};
