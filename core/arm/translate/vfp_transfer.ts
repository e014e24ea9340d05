/**
 * Transfers between core registers and extension or floating-point system registers.
 * @module
 */
import type { V32 } from "../../ir/builder.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import type { Fields } from "../decode/row.ts";
import { dreg, FPS, sreg, TB_FLAG } from "../state.ts";
import { FP_REGISTER, FPSID, MVFR0, MVFR1 } from "../system/fp_system.ts";
import { setFlags } from "./coprocessor.ts";
import { dn, gated, sn } from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** Lane of a scalar: its byte offset in the register and log2 of its size; null when UNDEFINED. */
function laneOf(f: Fields): { readonly offset: number; readonly size: number } | null {
  const opcode = f.o << 2 | f.q;
  if ((opcode & 8) !== 0) return { offset: opcode & 7, size: 0 };
  if ((opcode & 1) !== 0) return { offset: opcode & 6, size: 1 };
  return (opcode & 2) === 0 ? { offset: opcode & 4, size: 2 } : null;
}

/** Replaces the lane at `offset` of the word that holds it. */
export function withLane(t: Translation, word: V32, offset: number, size: number, value: V32): V32 {
  const { b } = t;
  const shift = 8 * (offset & 3);
  const mask = 2 ** (8 << size) - 1;
  const kept = b.and(word, b.const(~(mask * 2 ** shift)));
  return b.or(kept, b.shl(b.and(value, b.const(mask)), b.const(shift)));
}

/** UNPREDICTABLE: the pc; undefined for what QEMU has no use for either. */
function usesPc(...registers: readonly number[]): boolean {
  return registers.includes(15);
}

/** FPSCR, put together from its parts. */
function readFpscr({ b }: Translation): V32 {
  const saturated = b.shl(b.vecAny(b.get128(FPS.QC)), b.const(27));
  const flags = b.or(b.get(VCPU.FP_FLAGS), saturated);
  return b.or(b.or(b.get(FPS.CONTROL), b.get(FPS.NZCV)), flags);
}

const vmrs: Handler = (t, f) => {
  const { b, flags } = t;
  if (f.n === FP_REGISTER.FPSCR) {
    if ((flags & TB_FLAG.FP_ON) === 0) return t.undefined();
    // VMRS<c> APSR_nzcv, FPSCR
    if (f.t === 15) setFlags(t, b.get(FPS.NZCV));
    else t.setReg(f.t, readFpscr(t));
    return;
  }
  // The others can be accessed while FPEXC.EN is clear, but not by User mode.
  if (t.user || (flags & TB_FLAG.FP_ACCESS) === 0 || f.t === 15) return t.undefined();
  switch (f.n) {
    case FP_REGISTER.FPSID:
      return t.setReg(f.t, b.const(FPSID));
    case FP_REGISTER.MVFR0:
      return t.setReg(f.t, b.const(MVFR0));
    case FP_REGISTER.MVFR1:
      return t.setReg(f.t, b.const(MVFR1));
    case FP_REGISTER.FPEXC:
      return t.setReg(f.t, b.get(FPS.FPEXC));
    default:
      t.undefined();
  }
};

const vmsr: Handler = (t, f) => {
  const { b, flags } = t;
  if (f.n === FP_REGISTER.FPSCR) {
    if ((flags & TB_FLAG.FP_ON) === 0 || f.t === 15) return t.undefined();
    b.callVoid("arm_write_fpscr", t.reg(f.t));
    return t.gotoNextByPtr();
  }
  if (t.user || (flags & TB_FLAG.FP_ACCESS) === 0 || f.t === 15) return t.undefined();
  switch (f.n) {
    // Identification registers ignore writes.
    case FP_REGISTER.FPSID:
    case FP_REGISTER.MVFR0:
    case FP_REGISTER.MVFR1:
      return;
    case FP_REGISTER.FPEXC:
      b.callVoid("arm_write_fpexc", t.reg(f.t));
      return t.gotoNextByPtr();
    default:
      t.undefined();
  }
};

/** Handlers of the group. */
export const vfpTransfer: Handlers<"vfp_transfer"> = {
  // VMOV<c> <Sn>, <Rt>; VMOV<c> <Rt>, <Sn>
  vmov_core_s: gated((t, f) => {
    const slot = sreg(sn(f.N, f.n));
    if (f.t === 15) return t.undefined();
    if (f.x === 1) t.setReg(f.t, t.b.get(slot));
    else t.b.set(slot, t.reg(f.t));
  }),
  // VMOV<c>.<size> <Dd[x]>, <Rt>
  vmov_to_lane: gated((t, f) => {
    const lane = laneOf(f);
    if (lane === null || f.t === 15) return t.undefined();
    const slot = dreg(dn(f.N, f.n)) + (lane.offset & 4);
    const value = t.reg(f.t);
    t.b.set(
      slot,
      lane.size === 2 ? value : withLane(t, t.b.get(slot), lane.offset, lane.size, value),
    );
  }),
  // VMOV<c>.<dt> <Rt>, <Dn[x]>
  vmov_from_lane: gated((t, f) => {
    const { b } = t;
    const lane = laneOf(f);
    if (lane === null || f.t === 15 || (f.U === 1 && lane.size === 2)) return t.undefined();
    const word = b.get(dreg(dn(f.N, f.n)) + (lane.offset & 4));
    if (lane.size === 2) return t.setReg(f.t, word);
    const shift = 8 * (lane.offset & 3);
    const low = shift === 0 ? word : b.shrU(word, b.const(shift));
    const value = f.U === 1
      ? b.and(low, b.const(lane.size === 0 ? 0xff : 0xffff))
      : b.un(lane.size === 0 ? "sext8" : "sext16", low);
    t.setReg(f.t, value);
  }),
  // VDUP<c>.<size> <Qd|Dd>, <Rt>
  vdup_core: gated((t, f) => {
    const { b } = t;
    const size = f.x << 1 | f.e;
    const d = dn(f.N, f.n);
    if (size === 3 || (f.r === 1 && (d & 1) === 1) || f.t === 15) return t.undefined();
    const value = t.reg(f.t);
    const word = size === 0
      ? value
      : size === 2
      ? b.bin("mul", b.and(value, b.const(0xff)), b.const(0x01010101))
      : b.bin("mul", b.and(value, b.const(0xffff)), b.const(0x00010001));
    const pair = b.concat(word, word);
    b.set64(dreg(d), pair);
    if (f.r === 1) b.set64(dreg(d + 1), pair);
  }),
  // VMOV<c> <Sm>, <Sm1>, <Rt>, <Rt2>; VMOV<c> <Rt>, <Rt2>, <Sm>, <Sm1>
  vmov_core_ss: gated((t, f) => {
    const m = sn(f.M, f.m);
    if (usesPc(f.t, f.a) || m === 31 || (f.x === 1 && f.t === f.a)) return t.undefined();
    const { b } = t;
    if (f.x === 1) {
      const [low, high] = [b.get(sreg(m)), b.get(sreg(m + 1))];
      t.setReg(f.t, low);
      t.setReg(f.a, high);
    } else {
      b.set(sreg(m), t.reg(f.t));
      b.set(sreg(m + 1), t.reg(f.a));
    }
  }),
  // VMOV<c> <Dm>, <Rt>, <Rt2>; VMOV<c> <Rt>, <Rt2>, <Dm>
  vmov_core_d: gated((t, f) => {
    const { b } = t;
    const slot = dreg(dn(f.M, f.m));
    if (usesPc(f.t, f.a) || (f.x === 1 && f.t === f.a)) return t.undefined();
    if (f.x === 1) {
      const value = b.get64(slot);
      t.setReg(f.t, b.lo(value));
      t.setReg(f.a, b.hi(value));
    } else {
      b.set64(slot, b.concat(t.reg(f.t), t.reg(f.a)));
    }
  }),
  vmrs,
  vmsr,
};
