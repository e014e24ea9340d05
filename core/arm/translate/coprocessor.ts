/**
 * Coprocessor instructions. Registers that are plain words of the state are read and written in
 * place and constants become constants; the others go through helpers.
 * @module
 */
import { EXIT } from "../../ir/ops.ts";
import type { V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { ARM } from "../state.ts";
import { findCpRegister } from "../system/cp15.ts";
import { cpKey, cpKey64, type CpRegister, INSTRUCTION_BARRIER } from "../system/cp_register.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

function keyOf(f: Fields): number {
  return cpKey(f.k, f.o, f.n, f.m, f.q);
}

/** Emits the read of a 32-bit register. */
function emitRead(t: Translation, register: CpRegister): V32 {
  const { b } = t;
  if (register.read === undefined && !(t.user && register.userGate !== undefined)) {
    return register.slot !== undefined ? b.get(register.slot) : b.const(register.constant ?? 0);
  }
  return b.call("arm_cp_read", b.const(register.key));
}

/** Emits the write of a 32-bit register; ends the block when the register asks for it. */
function emitWrite(t: Translation, register: CpRegister, value: V32): void {
  const { b } = t;
  if (register.barrier === INSTRUCTION_BARRIER) return t.gotoNextByPtr();
  if (register.barrier !== undefined) return b.memoryBarrier(register.barrier);
  const gated = t.user && register.userGate !== undefined;
  if (register.write !== undefined || gated) {
    b.callVoid("arm_cp_write", b.const(register.key), value);
  } else if (register.slot !== undefined) {
    b.set(register.slot, value);
  }
  if (register.endsBlock) t.exitToNext(EXIT.LOOKUP);
}

/** MRC to APSR_nzcv: the four top bits become the flags. */
export function setFlags(t: Translation, value: V32): void {
  const { b } = t;
  b.set(ARM.NF, value);
  b.set(ARM.ZF, b.eqz(b.and(value, b.const(0x40000000))));
  b.set(ARM.CF, b.and(b.shrU(value, b.const(29)), b.const(1)));
  b.set(ARM.VF, b.shl(value, b.const(3)));
}

/** Coprocessors whose instructions of this kind do not exist. */
const absent: Handler = (t) => t.undefined();

/** Handlers of the group. */
export const coprocessor: Handlers<"coprocessor"> = {
  cdp: absent,
  stc: absent,
  ldc: absent,
  // MCR<c> <coproc>, <opc1>, <Rt>, <CRn>, <CRm>, <opc2>
  mcr: (t, f) => {
    const register = findCpRegister(keyOf(f), t.user, true);
    if (register === undefined) return t.undefined();
    emitWrite(t, register, t.reg(f.t));
  },
  // MRC<c> <coproc>, <opc1>, <Rt>, <CRn>, <CRm>, <opc2>
  mrc: (t, f) => {
    const register = findCpRegister(keyOf(f), t.user, false);
    if (register === undefined) return t.undefined();
    const value = emitRead(t, register);
    if (f.t === 15) setFlags(t, value);
    else t.setReg(f.t, value);
  },
  // MCRR<c> <coproc>, <opc1>, <Rt>, <Rt2>, <CRm>
  mcrr: (t, f) => {
    const register = findCpRegister(cpKey64(f.k, f.o, f.m), t.user, true);
    if (register === undefined || f.t === 15 || f.a === 15) return t.undefined();
    t.b.callVoid("arm_mcrr", t.b.const(register.key), t.reg(f.t), t.reg(f.a));
    if (register.endsBlock) t.exitToNext(EXIT.LOOKUP);
  },
  // MRRC<c> <coproc>, <opc1>, <Rt>, <Rt2>, <CRm>
  mrrc: (t, f) => {
    const register = findCpRegister(cpKey64(f.k, f.o, f.m), t.user, false);
    if (register === undefined || f.t === 15 || f.a === 15 || f.t === f.a) return t.undefined();
    const low = t.b.call("arm_mrrc", t.b.const(register.key));
    t.setReg(f.t, low);
    t.setReg(f.a, t.b.get(ARM.SCRATCH_HI));
  },
};
