/**
 * Program status registers and processor modes: banked registers, the CPSR put together from its
 * slots, and the block flags that follow from it. Modes are those of ARMv7-A without the Security
 * and Virtualization Extensions.
 * @module
 */
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM, CP, FPS, reg, TB_FLAG } from "../state.ts";
import { SCTLR } from "./sctlr.ts";

/** Mode numbers, CPSR bits 0-4. */
export const MODE = {
  USR: 0x10,
  FIQ: 0x11,
  IRQ: 0x12,
  SVC: 0x13,
  ABT: 0x17,
  UND: 0x1b,
  SYS: 0x1f,
} as const;

/** Bits of the CPSR. */
export const PSR = {
  MODE: 0x1f,
  T: 0x20,
  F: 0x40,
  I: 0x80,
  A: 0x100,
  E: 0x200,
  IT: 0x0600fc00,
  GE: 0x000f0000,
  J: 0x01000000,
  Q: 0x08000000,
  V: 0x10000000,
  C: 0x20000000,
  Z: 0x40000000,
  N: 0x80000000,
  /** What User mode may write: N, Z, C, V, Q, GE and E. */
  USER_WRITABLE: 0xf80f0200,
  /** What an instruction other than an exception return may write. */
  INSTRUCTION_WRITABLE: 0xf80f03df,
  /** Every bit that exists. */
  ALL: 0xff0fffff,
} as const;

const FLAGS = 0xf80f0000;

/** Number of the mode's register bank, or -1 when there is no such mode. */
export function bankOf(mode: number): number {
  switch (mode) {
    case MODE.USR:
    case MODE.SYS:
      return 0;
    case MODE.FIQ:
      return 1;
    case MODE.IRQ:
      return 2;
    case MODE.SVC:
      return 3;
    case MODE.ABT:
      return 4;
    case MODE.UND:
      return 5;
    default:
      return -1;
  }
}

/** Index into an i32 view of a state slot. */
function at(env: number, offset: number): number {
  return (env + offset) >>> 2;
}

/** The vCPU's mode. */
export function currentMode(i32: Int32Array, env: number): number {
  return i32[at(env, ARM.CPSR)] & PSR.MODE;
}

/** The whole CPSR. */
export function readCpsr(i32: Int32Array, env: number): number {
  return i32[at(env, ARM.CPSR)] |
    (i32[at(env, ARM.NF)] & PSR.N) |
    (i32[at(env, ARM.ZF)] === 0 ? PSR.Z : 0) |
    (i32[at(env, ARM.CF)] << 29) |
    ((i32[at(env, ARM.VF)] >>> 31) << 28) |
    (i32[at(env, ARM.QF)] << 27) |
    (i32[at(env, ARM.GE)] << 16) |
    itBits(i32[at(env, ARM.IT)]);
}

/**
 * Writes the CPSR's bits in `mask` without asking for rights: switches banks and updates the block
 * flags. A mode that does not exist leaves the mode as it is.
 */
export function writeCpsr(i32: Int32Array, env: number, value: number, mask: number): void {
  if ((mask & FLAGS) !== 0) writeFlags(i32, env, value, mask);
  if ((mask & PSR.IT) !== 0) i32[at(env, ARM.IT)] = itState(value & mask);
  const old = i32[at(env, ARM.CPSR)];
  let next = (old & ~mask) | (value & mask & PSR.ALL & ~(FLAGS | PSR.IT));
  if (((old ^ next) & PSR.MODE) !== 0) {
    if (bankOf(next & PSR.MODE) < 0) next = (next & ~PSR.MODE) | (old & PSR.MODE);
    switchBank(i32, env, old & PSR.MODE, next & PSR.MODE);
  }
  i32[at(env, ARM.CPSR)] = next;
  updateBlockFlags(i32, env);
}

function writeFlags(i32: Int32Array, env: number, value: number, mask: number): void {
  if ((mask & PSR.N) !== 0) i32[at(env, ARM.NF)] = value & PSR.N;
  if ((mask & PSR.Z) !== 0) i32[at(env, ARM.ZF)] = (value & PSR.Z) !== 0 ? 0 : 1;
  if ((mask & PSR.C) !== 0) i32[at(env, ARM.CF)] = (value >>> 29) & 1;
  if ((mask & PSR.V) !== 0) i32[at(env, ARM.VF)] = (value & PSR.V) << 3;
  if ((mask & PSR.Q) !== 0) i32[at(env, ARM.QF)] = (value >>> 27) & 1;
  const ge = (mask & PSR.GE) >>> 16;
  if (ge !== 0) {
    const slot = at(env, ARM.GE);
    i32[slot] = (i32[slot] & ~ge) | ((value >>> 16) & ge);
  }
}

/** Branches to `target` in the state that its bit 0 selects: Thumb when it is set. */
export function branchExchange(i32: Int32Array, env: number, target: number): void {
  const thumb = (target & 1) !== 0;
  writeCpsr(i32, env, thumb ? PSR.T : 0, PSR.T);
  i32[at(env, VCPU.PC)] = target & (thumb ? ~1 : ~3);
}

/** Writes the CPSR as MSR and CPS do: with the current privilege, execution state left alone. */
export function writeCpsrByInstruction(
  i32: Int32Array,
  env: number,
  value: number,
  mask: number,
): void {
  const user = currentMode(i32, env) === MODE.USR;
  writeCpsr(i32, env, value, mask & (user ? PSR.USER_WRITABLE : PSR.INSTRUCTION_WRITABLE));
}

function switchBank(i32: Int32Array, env: number, from: number, to: number): void {
  const out = bankOf(from);
  const into = bankOf(to);
  if (out === into) return;
  const sp = at(env, reg(13));
  const saved = at(env, ARM.BANKED_SP_LR) + 2 * out;
  const wanted = at(env, ARM.BANKED_SP_LR) + 2 * into;
  i32[saved] = i32[sp];
  i32[saved + 1] = i32[sp + 1];
  i32[sp] = i32[wanted];
  i32[sp + 1] = i32[wanted + 1];
  if (from === MODE.FIQ) swapHigh(i32, env, ARM.FIQ_HIGH, ARM.USER_HIGH);
  else if (to === MODE.FIQ) swapHigh(i32, env, ARM.USER_HIGH, ARM.FIQ_HIGH);
}

function swapHigh(i32: Int32Array, env: number, save: number, load: number): void {
  const high = at(env, reg(8));
  i32.copyWithin(at(env, save), high, high + 5);
  i32.copyWithin(high, at(env, load), at(env, load) + 5);
}

/** Puts VCPU.TB_FLAGS in line with the CPSR and SCTLR. */
export function updateBlockFlags(i32: Int32Array, env: number): void {
  const cpsr = i32[at(env, ARM.CPSR)];
  const sctlr = i32[at(env, CP.SCTLR)];
  const mode = cpsr & PSR.MODE;
  i32[at(env, VCPU.TB_FLAGS)] = i32[at(env, ARM.FIXED_FLAGS)] |
    ((cpsr & PSR.T) !== 0 ? TB_FLAG.THUMB : 0) |
    (mode === MODE.USR ? TB_FLAG.USER : 0) |
    ((cpsr & PSR.E) !== 0 ? TB_FLAG.BIG_ENDIAN : 0) |
    ((sctlr & SCTLR.A) !== 0 ? TB_FLAG.ALIGN : 0) |
    ((sctlr & SCTLR.SW) !== 0 ? TB_FLAG.SWP : 0) |
    (mode === MODE.USR || mode === MODE.SYS ? TB_FLAG.NO_SPSR : 0) |
    (i32[at(env, ARM.IT)] << TB_FLAG.IT_SHIFT) | fpBlockFlags(i32, env, mode);
}

/** CPACR field of coprocessors 10 and 11: 1 all modes but User, 3 all modes. */
const CPACR_FP_SHIFT = 20;
const FPSCR_VECTORS = 0x00370000;
const FPSCR_MODE_SHIFT = 22;
const FPEXC_EN = 0x40000000;

/** Block flags of the floating-point extension; only those of an extension that is on matter. */
function fpBlockFlags(i32: Int32Array, env: number, mode: number): number {
  const access = (i32[at(env, CP.CPACR)] >>> CPACR_FP_SHIFT) & 3;
  if ((access & 1) === 0 || (access === 1 && mode === MODE.USR)) return 0;
  if ((i32[at(env, FPS.FPEXC)] & FPEXC_EN) === 0) return TB_FLAG.FP_ACCESS;
  const control = i32[at(env, FPS.CONTROL)];
  return TB_FLAG.FP_ACCESS | TB_FLAG.FP_ON |
    ((control >>> FPSCR_MODE_SHIFT & 0x1f) << TB_FLAG.FP_MODE_SHIFT) |
    ((control & FPSCR_VECTORS) !== 0 ? TB_FLAG.FP_VECTORS : 0);
}

/** The eight IT bits, which lie in two places of the CPSR. */
export function itState(cpsr: number): number {
  return ((cpsr >>> 8) & 0xfc) | ((cpsr >>> 25) & 3);
}

/** The CPSR bits of an IT state. */
export function itBits(it: number): number {
  return ((it & 0xfc) << 8) | ((it & 3) << 25);
}

/** The current mode's SPSR; 0 in a mode that has none. */
export function readSpsr(i32: Int32Array, env: number): number {
  const bank = bankOf(currentMode(i32, env));
  return bank > 0 ? i32[at(env, ARM.SPSR) + bank] : 0;
}

/** Writes bits of the current mode's SPSR; nothing in a mode that has none. */
export function writeSpsr(i32: Int32Array, env: number, value: number, mask: number): void {
  const bank = bankOf(currentMode(i32, env));
  if (bank <= 0) return;
  const slot = at(env, ARM.SPSR) + bank;
  i32[slot] = (i32[slot] & ~mask) | (value & mask & PSR.ALL);
}

/** Index of User mode's register `n` (0 to 14), wherever it is kept now. */
function userRegIndex(i32: Int32Array, env: number, n: number): number {
  const mode = currentMode(i32, env);
  if (n >= 13 && bankOf(mode) !== 0) return at(env, ARM.BANKED_SP_LR) + n - 13;
  if (n >= 8 && n <= 12 && mode === MODE.FIQ) return at(env, ARM.USER_HIGH) + n - 8;
  return at(env, reg(n));
}

/** User mode's register `n`, 0 to 14. */
export function readUserReg(i32: Int32Array, env: number, n: number): number {
  return i32[userRegIndex(i32, env, n)];
}

/** Writes User mode's register `n`, 0 to 14. */
export function writeUserReg(i32: Int32Array, env: number, n: number, value: number): void {
  i32[userRegIndex(i32, env, n)] = value;
}

function bankedSpIndex(i32: Int32Array, env: number, mode: number): number {
  const bank = bankOf(mode);
  return bank < 0 || bank === bankOf(currentMode(i32, env))
    ? at(env, reg(13))
    : at(env, ARM.BANKED_SP_LR) + 2 * bank;
}

/** The stack pointer of `mode`; the current one for a mode that does not exist. */
export function readBankedSp(i32: Int32Array, env: number, mode: number): number {
  return i32[bankedSpIndex(i32, env, mode)];
}

/** Writes the stack pointer of `mode`. */
export function writeBankedSp(i32: Int32Array, env: number, mode: number, value: number): void {
  i32[bankedSpIndex(i32, env, mode)] = value;
}
