/**
 * Load and store instructions for words, halfwords, bytes and doublewords, and memory hints.
 * The accesses come first, then the write-back, then the loaded registers, so that a fault leaves
 * the instruction restartable and a loaded base wins over its write-back, as in QEMU.
 * @module
 */
import type { V32 } from "../../ir/builder.ts";
import type { Fields } from "../decode/row.ts";
import { TB_FLAG } from "../state.ts";
import type { Handler, Handlers } from "./handler.ts";
import { shiftConstant } from "./operands.ts";
import type { AccessKind, Translation } from "./translation.ts";

/** Base plus or minus the offset. */
type Offset = (t: Translation, f: Fields, base: V32) => V32;

/** [<Rn>, #+/-<imm>] */
const immediateOffset: Offset = (t, f, base) => {
  if (f.v === 0) return base;
  const offset = f.U === 1 ? f.v : -f.v;
  return f.n === 15 ? t.b.codeAddr(t.literalBase + offset) : t.b.add(base, t.b.const(offset));
};

/** [<Rn>, +/-<Rm>{, <shift> #<amount>}] */
const registerOffset: Offset = (t, f, base) => {
  const offset = shiftConstant(t.b, t.reg(f.m), f.y, f.z).value;
  return f.U === 1 ? t.b.add(base, offset) : t.b.sub(base, offset);
};

/** Whether the instruction writes its base back; post-indexed ones always do. */
function writesBack(f: Fields): boolean {
  return f.P === 0 || f.W === 1;
}

interface Addressed {
  readonly address: V32;
  readonly writeBack: V32 | null;
}

function addressOf(t: Translation, f: Fields, offset: Offset): Addressed {
  const base = t.base(f.n);
  const indexed = offset(t, f, base);
  return {
    address: f.P === 1 ? indexed : base,
    writeBack: writesBack(f) ? indexed : null,
  };
}

interface Kind extends AccessKind {
  /** log2 of the size. */
  readonly size: number;
}

/** LDR{B,H,SB,SH}{T}<c> <Rt>, <address> */
function load(kind: Kind, offset: Offset): Handler {
  return (t, f) => {
    if (f.n === 15 && writesBack(f)) return t.undefined();
    const { address, writeBack } = addressOf(t, f, offset);
    const value = t.b.guestLoad(address, t.memop(kind.size, kind));
    if (writeBack !== null) t.setReg(f.n, writeBack);
    t.setRegInterworking(f.t, value);
  };
}

/** STR{B,H}{T}<c> <Rt>, <address> */
function store(kind: Kind, offset: Offset): Handler {
  return (t, f) => {
    if (f.n === 15 && writesBack(f)) return t.undefined();
    const { address, writeBack } = addressOf(t, f, offset);
    t.b.guestStore(address, t.reg(f.t), t.memop(kind.size, kind));
    if (writeBack !== null) t.setReg(f.n, writeBack);
  };
}

/**
 * Doubleword forms cannot have the pc, and in A32 need an even Rt below 14 and have no unprivileged
 * variant: UNPREDICTABLE, taken as undefined.
 */
function dualIsUndefined(t: Translation, f: Fields): boolean {
  if (f.n === 15 && writesBack(f)) return true;
  if (t.thumb) return f.t === 15 || f.a === 15;
  return (f.t & 1) === 1 || f.t === 14 || f.P === 0 && f.W === 1;
}

/** Doublewords are two words, so that word alignment is enough. */
const DUAL: AccessKind = { align: 2 };

/** LDRD<c> <Rt>, <Rt2>, <address> */
function loadDual(offset: Offset): Handler {
  return (t, f) => {
    if (dualIsUndefined(t, f)) return t.undefined();
    const b = t.b;
    const { address, writeBack } = addressOf(t, f, offset);
    const value = b.guestLoad64(address, t.memop(3, DUAL));
    const swapped = (t.flags & TB_FLAG.BIG_ENDIAN) !== 0;
    t.setReg(f.t, swapped ? b.hi(value) : b.lo(value));
    t.setReg(f.a, swapped ? b.lo(value) : b.hi(value));
    if (writeBack !== null) t.setReg(f.n, writeBack);
  };
}

/** STRD<c> <Rt>, <Rt2>, <address> */
function storeDual(offset: Offset): Handler {
  return (t, f) => {
    if (dualIsUndefined(t, f)) return t.undefined();
    const b = t.b;
    const { address, writeBack } = addressOf(t, f, offset);
    const first = t.reg(f.t);
    const second = t.reg(f.a);
    const swapped = (t.flags & TB_FLAG.BIG_ENDIAN) !== 0;
    const value = swapped ? b.concat(second, first) : b.concat(first, second);
    b.guestStore64(address, value, t.memop(3, DUAL));
    if (writeBack !== null) t.setReg(f.n, writeBack);
  };
}

/** PLD, PLDW, PLI and unallocated memory hints: there is no cache to warm. */
const hint: Handler = () => {};

/** Handlers of the group. */
export const loadStore: Handlers<"load_store"> = {
  str_imm: store({ size: 2 }, immediateOffset),
  ldr_imm: load({ size: 2 }, immediateOffset),
  str_reg: store({ size: 2 }, registerOffset),
  ldr_reg: load({ size: 2 }, registerOffset),
  strt_imm: store({ size: 2, unprivileged: true }, immediateOffset),
  ldrt_imm: load({ size: 2, unprivileged: true }, immediateOffset),
  strt_reg: store({ size: 2, unprivileged: true }, registerOffset),
  ldrt_reg: load({ size: 2, unprivileged: true }, registerOffset),
  strb_imm: store({ size: 0 }, immediateOffset),
  ldrb_imm: load({ size: 0 }, immediateOffset),
  strb_reg: store({ size: 0 }, registerOffset),
  ldrb_reg: load({ size: 0 }, registerOffset),
  strbt_imm: store({ size: 0, unprivileged: true }, immediateOffset),
  ldrbt_imm: load({ size: 0, unprivileged: true }, immediateOffset),
  strbt_reg: store({ size: 0, unprivileged: true }, registerOffset),
  ldrbt_reg: load({ size: 0, unprivileged: true }, registerOffset),
  ldrh_imm: load({ size: 1 }, immediateOffset),
  ldrh_reg: load({ size: 1 }, registerOffset),
  ldrht_imm: load({ size: 1, unprivileged: true }, immediateOffset),
  ldrht_reg: load({ size: 1, unprivileged: true }, registerOffset),
  ldrsb_imm: load({ size: 0, sign: true }, immediateOffset),
  ldrsb_reg: load({ size: 0, sign: true }, registerOffset),
  ldrsbt_imm: load({ size: 0, sign: true, unprivileged: true }, immediateOffset),
  ldrsbt_reg: load({ size: 0, sign: true, unprivileged: true }, registerOffset),
  ldrsh_imm: load({ size: 1, sign: true }, immediateOffset),
  ldrsh_reg: load({ size: 1, sign: true }, registerOffset),
  ldrsht_imm: load({ size: 1, sign: true, unprivileged: true }, immediateOffset),
  ldrsht_reg: load({ size: 1, sign: true, unprivileged: true }, registerOffset),
  strh_imm: store({ size: 1 }, immediateOffset),
  strh_reg: store({ size: 1 }, registerOffset),
  strht_imm: store({ size: 1, unprivileged: true }, immediateOffset),
  strht_reg: store({ size: 1, unprivileged: true }, registerOffset),
  ldrd_imm: loadDual(immediateOffset),
  ldrd_reg: loadDual(registerOffset),
  strd_imm: storeDual(immediateOffset),
  strd_reg: storeDual(registerOffset),
  pld_imm: hint,
  pld_reg: hint,
  pldw_imm: hint,
  pldw_reg: hint,
  pli_imm: hint,
  pli_reg: hint,
  mem_hint_imm: hint,
  mem_hint_reg: hint,
};
