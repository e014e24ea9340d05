/**
 * Structure, helper calls and the ways out of a block.
 * @module
 */
import { TERMINATOR } from "../../ir/op_facts.ts";
import { EXIT, INSN_WORDS } from "../../ir/ops.ts";
import { JUMP_ENTRY, JUMP_TARGETS, jumpTargetsOffset, VCPU } from "../../memory/vcpu_layout.ts";
import { BUDGET_LOCAL, ENV, SLOW_COUNT, TYPE } from "./abi.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { UNCACHED_BIT } from "./scan.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Whether the operation before the one at `at` ends an arm. */
function arrives(u: UnitLowering, at: number): boolean {
  return !TERMINATOR[u.code[at - INSN_WORDS]];
}

/** Calls a helper; those in TypeScript always take three arguments. */
function call(u: UnitLowering, at: number): void {
  const { body, code, state, values } = u;
  const number = code[at + 1];
  const def = u.helpers[number];
  values.flush(def.state === "write" ? -1 : UNCACHED_BIT);
  if (def.state === "read" || def.state === "write" || def.mayLeave) {
    state.spill(-1);
    state.clean();
  }
  body.get(ENV);
  u.pushPc();
  for (let i = 3; i < 6; i++) {
    if (code[at + i] >= 0) values.push(code[at + i]);
    else if (def.ir === undefined) body.i32Const(0);
  }
  body.call(u.imports.indexOf(SLOW_COUNT + number));
  if (def.state === "write") state.invalidate();
  if (def.returns) values.define(code[at + 2]);
  if (def.mayLeave) u.leaveIfAsked();
}

/** Structure, calls and terminators where they stand. */
export const CONTROL_STATEMENTS: Readonly<Record<string, Handler>> = {
  insn(u, at) {
    u.pc = u.code[at + 1];
  },

  if(u, at) {
    const { body, code, scan, state, values } = u;
    const index = at / INSN_WORDS;
    values.push(code[at + 3]);
    // What an arm makes into a local must not be pending on the other way; effects of any kind do
    // that to reads of uncached words.
    values.flush(scan.clobbers[index] | UNCACHED_BIT);
    if ((scan.clobbers[index] & state.flagBits) !== 0) state.settleFlags();
    let merge = 0;
    if (state.writeBack) {
      // What one arm leaves in a local only must be in that local on the other way too.
      merge = (state.dirty | scan.merges[index]) & state.cached;
      state.ensureAll(merge);
    }
    u.ifs.push({
      valid: state.valid,
      dirty: state.dirty,
      merge,
      thenValid: 0,
      thenDirty: 0,
      thenReached: false,
      hasElse: false,
    });
    body.open(W.IF, WASM_TYPE.EMPTY);
  },

  else(u, at) {
    const { state } = u;
    const frame = u.ifs[u.ifs.length - 1];
    frame.hasElse = true;
    frame.thenReached = arrives(u, at);
    if (frame.thenReached) state.ensureAll(frame.merge);
    frame.thenValid = state.valid;
    frame.thenDirty = state.dirty;
    state.valid = frame.valid;
    state.dirty = frame.dirty;
    u.body.else();
  },

  end(u, at) {
    const { state } = u;
    const frame = u.ifs.pop()!;
    const reached = arrives(u, at);
    if (reached) state.ensureAll(frame.merge);
    u.body.close();
    const otherReached = frame.hasElse ? frame.thenReached : true;
    const otherValid = frame.hasElse ? frame.thenValid : frame.valid;
    const otherDirty = frame.hasElse ? frame.thenDirty : frame.dirty;
    if (!reached) {
      state.valid = otherValid;
      state.dirty = otherDirty;
    } else if (otherReached) {
      state.valid &= otherValid;
      state.dirty |= otherDirty;
    }
  },

  call,
  call64: call,

  goto_tb(u, at) {
    const { body, code, state } = u;
    const pc = code[at + 1];
    if (u.branchInside(pc)) return;
    u.strip?.leave(u);
    const slot = code[at + 3];
    state.spill(~state.pcBit);
    u.storePc(pc);
    const index = body.allocate(false);
    body.i32Const(u.site.chainSlots + 4 * slot);
    body.memory(W.I32_LOAD, 2, 0);
    body.tee(index);
    body.op(W.I32_EQZ);
    body.openIf(WASM_TYPE.EMPTY, false);
    u.leave(EXIT.CHAIN | slot << 7 | u.site.id << 8);
    body.close();
    u.leaveRegion();
    body.get(ENV);
    body.get(BUDGET_LOCAL);
    body.get(index);
    body.callIndirect(W.RETURN_CALL_INDIRECT, TYPE.BLOCK);
    body.release(index, false);
  },

  // Where it goes is noted for region forming, at one of several places that the budget picks.
  // Table entry 0 returns EXIT.LOOKUP, so that a jump cache miss is a jump there.
  goto_ptr(u) {
    const { body, state } = u;
    u.strip?.leave(u);
    u.jumpInside();
    state.spill(-1);
    u.leaveRegion();
    const pc = body.allocate(false);
    const entry = body.allocate(false);
    body.get(BUDGET_LOCAL);
    body.i32Const(JUMP_TARGETS - 1);
    body.op(W.I32_AND);
    body.i32Const(2);
    body.op(W.I32_SHL);
    body.get(ENV);
    body.op(W.I32_ADD);
    const slot = state.find(VCPU.PC);
    if (slot >= 0 && state.valid & (1 << slot)) {
      body.get(state.local(slot));
    } else {
      body.get(ENV);
      body.memory(W.I32_LOAD, 2, VCPU.PC);
    }
    body.tee(pc);
    body.memory(W.I32_STORE, 2, jumpTargetsOffset(u.site.id));
    body.get(ENV);
    body.get(BUDGET_LOCAL);
    u.pushFromJumpCache(pc, entry, JUMP_ENTRY.INDEX);
    body.callIndirect(W.RETURN_CALL_INDIRECT, TYPE.BLOCK);
    body.release(pc, false);
    body.release(entry, false);
  },

  exit(u, at) {
    u.strip?.leave(u);
    u.state.spill(-1);
    u.leave(u.code[at + 1]);
  },
};
