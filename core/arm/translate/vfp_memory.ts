/**
 * Loads and stores of extension registers. Every access needs word alignment; all loads are done
 * before a register changes.
 * @module
 */
import type { V32, V64 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { dreg, sreg } from "../state.ts";
import { dn, gated, slotD, sn } from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { AccessKind, Translation } from "./translation.ts";

const WORD: AccessKind = { align: 2 };

/** [<Rn>{, #+/-<imm>}] */
function address(t: Translation, f: Fields): V32 {
  const offset = (f.U === 1 ? f.v : -f.v) * 4;
  if (f.n === 15) return t.b.codeAddr(t.literalBase + offset);
  return offset === 0 ? t.reg(f.n) : t.b.add(t.reg(f.n), t.b.const(offset));
}

/** A list of registers as VLDM and VSTM have it. */
interface List {
  /** Address of each register's memory. */
  readonly addresses: readonly V32[];
  /** Slot of each register. */
  readonly slots: readonly number[];
  readonly writeBack: V32 | null;
}

/** The list of an instruction; null when it is UNDEFINED, or UNPREDICTABLE and undefined in QEMU. */
function listOf(t: Translation, f: Fields): List | null {
  const { b } = t;
  const double = f.S === 1;
  const count = double ? f.v >> 1 : f.v;
  const first = double ? dn(f.D, f.d) : sn(f.D, f.d);
  const modeExists = f.P !== f.U && (f.P === 0 || f.W === 1);
  if (!modeExists || count === 0 || first + count > 32 || (double && count > 16)) return null;
  if (f.n === 15 && (f.W === 1 || t.thumb)) return null;
  const base = t.reg(f.n);
  const at = (offset: number): V32 => offset === 0 ? base : b.add(base, b.const(offset));
  const start = f.U === 1 ? 0 : -4 * f.v;
  const bytes = double ? 8 : 4;
  return {
    addresses: Array.from({ length: count }, (_, i) => at(start + bytes * i)),
    slots: Array.from({ length: count }, (_, i) => double ? dreg(first + i) : sreg(first + i)),
    writeBack: f.W === 1 ? at(f.U === 1 ? 4 * f.v : -4 * f.v) : null,
  };
}

const vldm: Handler = (t, f) => {
  const { b } = t;
  const list = listOf(t, f);
  if (list === null) return t.undefined();
  const { addresses, slots, writeBack } = list;
  if (f.S === 1) {
    const values: V64[] = addresses.map((a) => b.guestLoad64(a, t.memop(3, WORD)));
    for (const [i, value] of values.entries()) b.set64(slots[i], value);
  } else {
    const values: V32[] = addresses.map((a) => b.guestLoad(a, t.memop(2, WORD)));
    for (const [i, value] of values.entries()) b.set(slots[i], value);
  }
  if (writeBack !== null) t.setReg(f.n, writeBack);
};

const vstm: Handler = (t, f) => {
  const { b } = t;
  const list = listOf(t, f);
  if (list === null) return t.undefined();
  const { addresses, slots, writeBack } = list;
  if (f.S === 1) {
    const values = slots.map((slot) => b.get64(slot));
    for (const [i, a] of addresses.entries()) b.guestStore64(a, values[i], t.memop(3, WORD));
  } else {
    const values = slots.map((slot) => b.get(slot));
    for (const [i, a] of addresses.entries()) b.guestStore(a, values[i], t.memop(2, WORD));
  }
  if (writeBack !== null) t.setReg(f.n, writeBack);
};

/** Handlers of the group. */
export const vfpMemory: Handlers<"vfp_memory"> = {
  // VLDR<c> <Vd>, [<Rn>{, #+/-<imm>}]
  vldr: gated((t, f) => {
    const { b } = t;
    if (f.S === 1) b.set64(slotD(f), b.guestLoad64(address(t, f), t.memop(3, WORD)));
    else b.set(slotD(f), b.guestLoad(address(t, f), t.memop(2, WORD)));
  }),
  // VSTR<c> <Vd>, [<Rn>{, #+/-<imm>}]
  vstr: gated((t, f) => {
    const { b } = t;
    if (f.S === 1) b.guestStore64(address(t, f), b.get64(slotD(f)), t.memop(3, WORD));
    else b.guestStore(address(t, f), b.get(slotD(f)), t.memop(2, WORD));
  }),
  // VLDM{IA|DB}<c> <Rn>{!}, <list>
  vldm: gated(vldm),
  // VSTM{IA|DB}<c> <Rn>{!}, <list>
  vstm: gated(vstm),
};
