/**
 * Reads and writes of state slots.
 * @module
 */
import { ENV } from "./abi.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { UNCACHED_BIT } from "./scan.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Pushes the 32-bit slot at `offset`, from its local or from memory. */
function pushSlot(u: UnitLowering, offset: number): void {
  const slot = u.state.find(offset);
  if (slot >= 0) {
    u.state.push(slot);
  } else {
    u.body.get(ENV);
    u.body.memory(W.I32_LOAD, 2, offset);
  }
}

/** Slot mask of the 32-bit slot at `offset`. */
function slotMask(u: UnitLowering, offset: number): number {
  const slot = u.state.find(offset);
  return slot >= 0 ? 1 << slot : UNCACHED_BIT;
}

/** Stores a float that is kept as such to a slot that has no local. */
function storeFloat(u: UnitLowering, at: number, type: number, opcode: number): void {
  u.body.get(ENV);
  u.values.pushFloat(u.code[at + 3], type);
  u.values.flush(UNCACHED_BIT);
  u.body.memory(opcode, 2, u.code[at + 1]);
}

/** A flag of the pair: true when it was put off, else both locals hold flags now. */
function setFlag(u: UnitLowering, at: number): boolean {
  const { body, flagPlan, state, values } = u;
  const source = flagPlan?.sources.get(at);
  if (source === undefined && flagPlan?.paired.has(at) !== true) {
    state.settleFlags();
    return false;
  }
  if (source !== undefined) {
    values.flush(state.flagBits);
    for (const { temp, value } of [source.x, source.y]) {
      if (temp === null) body.i32Const(value);
      else values.pushFrozen(temp);
    }
    state.setFlagOperands();
  }
  values.discard(u.code[at + 3]);
  return true;
}

/** Emitters of the reads, which behave like pure operations until the slot changes. */
export const STATE_TREES: Readonly<Record<string, Handler>> = {
  get: (u, at) => pushSlot(u, u.code[at + 1]),

  get64(u, at) {
    const { body, state } = u;
    const offset = u.code[at + 1];
    if (state.find(offset) < 0 && state.find(offset + 4) < 0) {
      body.get(ENV);
      body.memory(W.I64_LOAD, 2, offset);
      return;
    }
    pushSlot(u, offset);
    body.op(W.I64_EXTEND_I32_U);
    pushSlot(u, offset + 4);
    body.op(W.I64_EXTEND_I32_U);
    body.i64Const(32, 0);
    body.op(W.I64_SHL);
    body.op(W.I64_OR);
  },
};

/** State operations where they stand. */
export const STATE_STATEMENTS: Readonly<Record<string, Handler>> = {
  get(u, at) {
    const slot = u.state.find(u.code[at + 1]);
    if (slot >= 0) {
      u.state.slots.gets[slot]--;
      u.values.defer(u.code[at + 2], at, 1 << slot, true);
    } else {
      u.values.defer(u.code[at + 2], at, UNCACHED_BIT, false);
    }
  },

  get64(u, at) {
    const offset = u.code[at + 1];
    u.values.defer(u.code[at + 2], at, slotMask(u, offset) | slotMask(u, offset + 4), false);
  },

  set(u, at) {
    if (u.strip?.postpones(u, at)) return;
    const { state, values } = u;
    const offset = u.code[at + 1];
    const slot = state.find(offset);
    if (slot < 0 && values.isFloat(u.code[at + 3], WASM_TYPE.F32)) {
      storeFloat(u, at, WASM_TYPE.F32, W.F32_STORE);
      return;
    }
    if (slot >= 0 && (state.flagBits & (1 << slot)) !== 0 && setFlag(u, at)) return;
    state.beginSet(slot);
    values.push(u.code[at + 3]);
    values.flush(slot >= 0 ? 1 << slot : UNCACHED_BIT);
    state.set(slot, offset);
  },

  set64(u, at) {
    const { body, state, values } = u;
    const offset = u.code[at + 1];
    const low = state.find(offset);
    const high = state.find(offset + 4);
    const value = u.code[at + 3];
    if (low < 0 && high < 0) {
      if (values.isFloat(value, WASM_TYPE.F64)) {
        storeFloat(u, at, WASM_TYPE.F64, W.F64_STORE);
        return;
      }
      body.get(ENV);
      values.push(value);
      values.flush(UNCACHED_BIT);
      body.memory(W.I64_STORE, 2, offset);
      return;
    }
    const whole = body.allocate(true);
    values.push(value);
    body.set(whole);
    values.flush(slotMask(u, offset) | slotMask(u, offset + 4));
    state.beginSet(low);
    body.get(whole);
    body.op(W.I32_WRAP_I64);
    state.set(low, offset);
    state.beginSet(high);
    body.get(whole);
    body.i64Const(32, 0);
    body.op(W.I64_SHR_U);
    body.op(W.I32_WRAP_I64);
    state.set(high, offset + 4);
    body.release(whole, true);
  },
};
