/**
 * System instructions: exceptions, status registers, mode changes.
 * @module
 */
import { EXIT } from "../../ir/ops.ts";
import type { V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { ARM, TB_FLAG } from "../state.ts";
import { bankOf, PSR } from "../system/psr.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** Whether the current mode has no SPSR. */
function lacksSpsr(t: Translation): boolean {
  return (t.flags & TB_FLAG.NO_SPSR) !== 0;
}

/** An instruction that only raises an exception. */
function raising(helper: string): Handler {
  return (t, f) => {
    t.b.callVoid(helper, t.b.const(f.v));
    t.exit(EXIT.LOOKUP);
  };
}

/** The bits of the four byte fields c, x, s, f of a mask. */
function fieldMask(k: number): number {
  let mask = 0;
  for (let byte = 0; byte < 4; byte++) {
    if ((k & (1 << byte)) !== 0) mask |= 0xff << (8 * byte);
  }
  return mask;
}

function writeStatus(t: Translation, f: Fields, value: V32): void {
  const { b } = t;
  const mask = fieldMask(f.k);
  if (f.R === 1) {
    if (lacksSpsr(t)) return t.undefined();
    b.callVoid("arm_write_spsr", value, b.const(mask));
  } else {
    writeCpsr(t, value, mask);
  }
}

/** Writes bits of the CPSR; the block ends when others than the flags may change. */
function writeCpsr(t: Translation, value: V32, mask: number): void {
  t.b.callVoid("arm_write_cpsr", value, t.b.const(mask));
  if ((mask & (PSR.MODE | PSR.A | PSR.I | PSR.F | PSR.E)) !== 0) t.gotoNextByPtr();
}

/** Address of the lower of the two words of SRS and RFE. */
function frameAddress(t: Translation, f: Fields, base: V32): V32 {
  const offset = (f.U === 1 ? 0 : -8) + (f.P === f.U ? 4 : 0);
  return t.b.add(base, t.b.const(offset));
}

/** Base register after SRS and RFE with write-back. */
function frameWriteBack(t: Translation, f: Fields, base: V32): V32 {
  return t.b.add(base, t.b.const(f.U === 1 ? 8 : -8));
}

function upperWord(t: Translation, address: V32): V32 {
  return t.b.add(address, t.b.const(4));
}

/** The immediate of MSR: eight bits rotated right by twice the top four. */
function expandImmediate(v: number): number {
  const rotation = (v >>> 8) * 2;
  const value = v & 0xff;
  return rotation === 0 ? value : (value >>> rotation) | (value << (32 - rotation));
}

/** The CPSR, put together from its slots, without the execution state. */
function readStatus({ b }: Translation): V32 {
  const at = (slot: number, mask: number, shift: number) =>
    b.and(b.shl(b.get(slot), b.const(shift)), b.const(mask));
  const parts = [
    b.and(b.get(ARM.NF), b.const(PSR.N)),
    b.shl(b.eqz(b.get(ARM.ZF)), b.const(30)),
    at(ARM.CF, PSR.C, 29),
    b.and(b.shrU(b.get(ARM.VF), b.const(3)), b.const(PSR.V)),
    at(ARM.QF, PSR.Q, 27),
    at(ARM.GE, PSR.GE, 16),
  ];
  const rest = b.and(b.get(ARM.CPSR), b.const(~(PSR.T | PSR.IT | PSR.J)));
  return parts.reduce((sum, part) => b.or(sum, part), rest);
}

/** Handlers of the group. */
export const system: Handlers<"system"> = {
  // SVC<c> #<imm24>: returns behind itself
  svc: (t, f) => {
    t.it.settleNext();
    raising("arm_svc")(t, f);
  },
  // BKPT #<imm16>
  bkpt: raising("arm_bkpt"),
  // HVC #<imm16>; the helper overwrites the pc slot when it takes an exception.
  hvc: (t, f) => {
    if (t.user) return t.undefined();
    t.b.set(ARM.PC, t.b.codeAddr(t.next));
    t.it.leave();
    t.b.callVoid("arm_hvc", t.b.const(f.v));
    t.exit(EXIT.LOOKUP);
  },
  // SMC<c> #<imm4>
  smc: raising("arm_smc"),
  // ERET<c>
  eret: (t) => {
    if (lacksSpsr(t)) return t.undefined();
    t.b.callVoid("arm_exception_return", t.reg(14));
    t.exit(EXIT.LOOKUP);
  },
  // MRS<c> <Rd>, CPSR|SPSR; the execution state reads as zero from the CPSR.
  mrs: (t, f) => {
    const { b } = t;
    if (f.d === 15 || (f.R === 1 && lacksSpsr(t))) return t.undefined();
    const value = f.R === 1 ? b.call("arm_read_spsr") : readStatus(t);
    t.setReg(f.d, value);
  },
  // MSR<c> CPSR|SPSR_<fields>, <Rn>
  msr_reg: (t, f) => f.n === 15 ? t.undefined() : writeStatus(t, f, t.reg(f.n)),
  // MSR<c> CPSR|SPSR_<fields>, #<const>
  msr_imm: (t, f) => writeStatus(t, f, t.b.const(expandImmediate(f.v))),
  // MRS and MSR of banked registers belong to the Virtualization Extensions.
  mrs_bank: (t) => t.undefined(),
  msr_bank: (t) => t.undefined(),
  // CPS{IE|ID} <iflags>{, #<mode>}; no effect in User mode
  cps: (t, f) => {
    if (t.user) return;
    if (f.i === 1 || (f.i === 0 && f.M === 0)) return t.undefined();
    const bits = (f.A === 1 ? PSR.A : 0) | (f.I === 1 ? PSR.I : 0) | (f.F === 1 ? PSR.F : 0);
    const masks = f.i === 0 ? 0 : bits;
    const value = (f.i === 3 ? masks : 0) | (f.M === 1 ? f.v : 0);
    writeCpsr(t, t.b.const(value), masks | (f.M === 1 ? PSR.MODE : 0));
  },
  // SETEND BE|LE
  setend: (t, f) => writeCpsr(t, t.b.const(f.e === 1 ? PSR.E : 0), PSR.E),
  // SRS{<amode>} SP{!}, #<mode>
  srs: (t, f) => {
    if (lacksSpsr(t) || bankOf(f.v) < 0) return t.undefined();
    const { b } = t;
    const mode = b.const(f.v);
    const base = b.call("arm_get_banked_sp", mode);
    const address = frameAddress(t, f, base);
    const memop = t.memop(2, { align: 2 });
    b.guestStore(address, t.reg(14), memop);
    b.guestStore(upperWord(t, address), b.call("arm_read_spsr"), memop);
    if (f.W === 1) b.callVoid("arm_set_banked_sp", mode, frameWriteBack(t, f, base));
  },
  // RFE{<amode>} <Rn>{!}
  rfe: (t, f) => {
    if (t.user || f.n === 15) return t.undefined();
    const { b } = t;
    const base = t.reg(f.n);
    const address = frameAddress(t, f, base);
    const memop = t.memop(2, { align: 2 });
    const target = b.guestLoad(address, memop);
    const cpsr = b.guestLoad(upperWord(t, address), memop);
    if (f.W === 1) t.setReg(f.n, frameWriteBack(t, f, base));
    b.callVoid("arm_rfe", target, cpsr);
    t.exit(EXIT.LOOKUP);
  },
};
