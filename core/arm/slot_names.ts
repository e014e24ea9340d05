/**
 * Names of the state slots in IR listings: registers and flags of the ARM state, and the engine's
 * words that translated code touches.
 * @module
 */
import type { SlotNames } from "../ir/text.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { ARM, dreg, FPS, reg, sreg } from "./state.ts";

const NAMES: ReadonlyMap<number, string> = new Map([
  ...Array.from({ length: 13 }, (_, n): [number, string] => [reg(n), `r${n}`]),
  [reg(13), "sp"],
  [reg(14), "lr"],
  [ARM.PC, "pc"],
  [ARM.NF, "nf"],
  [ARM.ZF, "zf"],
  [ARM.CF, "cf"],
  [ARM.VF, "vf"],
  [ARM.QF, "qf"],
  [ARM.GE, "ge"],
  [ARM.CPSR, "cpsr"],
  [ARM.IT, "it"],
  [ARM.SCRATCH_HI, "scratch_hi"],
  // A double register by its first word; the second word of d0 to d15 is an odd single register.
  ...Array.from({ length: 32 }, (_, n): [number, string] => [dreg(n), `d${n}`]),
  ...Array.from({ length: 16 }, (_, n): [number, string] => [sreg(2 * n + 1), `s${2 * n + 1}`]),
  [FPS.NZCV, "fpscr_nzcv"],
  [FPS.QC, "fpscr_qc"],
  [VCPU.TB_FLAGS, "tb_flags"],
  [VCPU.EXCL_ADDR, "excl_addr"],
  [VCPU.EXCL_SIZE, "excl_size"],
  [VCPU.EXCL_LO, "excl_lo"],
  [VCPU.EXCL_HI, "excl_hi"],
  [VCPU.STREX_ATTEMPTS, "strex_attempts"],
  [VCPU.STREX_FAILURES, "strex_failures"],
]);
const OFFSETS: ReadonlyMap<string, number> = new Map(
  [...NAMES].map(([offset, name]) => [name, offset]),
);

/** Slot names for the IR printer and parser. */
export const ARM_SLOT_NAMES: SlotNames = {
  nameOf: (offset) => NAMES.get(offset),
  offsetOf: (name) => OFFSETS.get(name),
};
