/**
 * System control, translation tables, domains, faults, address translation, thread registers.
 * @module
 */
import { ACCESS, type Access } from "../../memory/guest_mmu.ts";
import { flushAll, flushNonGlobal } from "../../memory/tlb.ts";
import { PAGE_MASK } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import { type CpDetails, type CpRegister, cpRow } from "./cp_register.ts";
import { writeDacr } from "./domains.ts";
import { faultFormat } from "./fault_status.ts";
import { ArmMmu } from "./mmu.ts";
import { updateBlockFlags } from "./psr.ts";
import { SCTLR_RESET, SCTLR_TRANSLATION, SCTLR_WRITABLE } from "./sctlr.ts";
import type { ArmContext } from "./services.ts";
import { ttbcrValue, usesLongDescriptors } from "./ttbcr.ts";

/** PAR: the long-descriptor format is in use. */
const PAR_LPAE = 0x800;
const CPACR_WRITABLE = 0xc0f00000;

function slot({ views }: ArmContext, env: number, offset: number): number {
  return views.i32[(env + offset) >>> 2];
}

function setSlot({ views }: ArmContext, env: number, offset: number, value: number): void {
  views.i32[(env + offset) >>> 2] = value;
}

function writeSctlr(cx: ArmContext, env: number, value: number): void {
  const old = slot(cx, env, CP.SCTLR);
  const next = (value & SCTLR_WRITABLE) | SCTLR_RESET;
  if (next === old) return;
  setSlot(cx, env, CP.SCTLR, next);
  if (((old ^ next) & SCTLR_TRANSLATION) !== 0) flushAll(cx.views, env);
  updateBlockFlags(cx.views.i32, env);
}

function writeTtbcr(cx: ArmContext, env: number, value: number): void {
  setSlot(cx, env, CP.TTBCR, ttbcrValue(value));
  flushAll(cx.views, env);
}

/**
 * A slot whose change makes the entries of one address space stale. Hardware keeps them, tagged
 * with their ASID; entries here are not tagged, so they go.
 */
function addressSpaceSlot(offset: number, stale: (old: number, next: number) => boolean) {
  return (cx: ArmContext, env: number, value: number): void => {
    const old = slot(cx, env, offset);
    setSlot(cx, env, offset, value);
    if (stale(old, value)) flushNonGlobal(cx.views, env);
  };
}

function writeTtbr64(offset: number) {
  return (cx: ArmContext, env: number, value: number, high: number): void => {
    if (slot(cx, env, offset) === value && slot(cx, env, offset + 4) === high) return;
    setSlot(cx, env, offset, value);
    setSlot(cx, env, offset + 4, high);
    flushNonGlobal(cx.views, env);
  };
}

/** A slot on which every entry depends. */
function translationSlot(offset: number): CpDetails {
  return {
    slot: offset,
    endsBlock: true,
    write: (cx, env, value) => {
      if (slot(cx, env, offset) === value) return;
      setSlot(cx, env, offset, value);
      flushAll(cx.views, env);
    },
  };
}

/** ATS1C*: the result goes to PAR. */
function translateAddress(access: Access, mmuIndex: number) {
  return (cx: ArmContext, env: number, value: number): void => {
    const mmu = new ArmMmu(cx);
    const { fault, physical } = mmu.translate(env, value, access, mmuIndex);
    if (fault !== 0) {
      setSlot(cx, env, CP.PAR, faultFormat(cx.views.i32, env).par(fault));
      setSlot(cx, env, CP.PAR_HI, 0);
      return;
    }
    const long = usesLongDescriptors(slot(cx, env, CP.TTBCR));
    const { type, shareability } = long ? mmu.longAttributes(env) : NO_ATTRIBUTES;
    const page = Math.trunc(physical) & PAGE_MASK;
    setSlot(cx, env, CP.PAR, page | shareability << 7 | (long ? PAR_LPAE : 0));
    setSlot(cx, env, CP.PAR_HI, long ? type << 24 | Math.trunc(physical / 2 ** 32) : 0);
  };
}

/** The attribute fields of a short-format PAR are left 0. */
const NO_ATTRIBUTES = { type: 0, shareability: 0 } as const;

const asidChanged = (old: number, next: number) => ((old ^ next) & 0xff) !== 0;
const anyChange = (old: number, next: number) => old !== next;

/** The rows. */
export const MEMORY_REGISTERS: readonly CpRegister[] = [
  cpRow("SCTLR", [15, 0, 1, 0, 0], "", "rw", {
    slot: CP.SCTLR,
    reset: SCTLR_RESET,
    write: writeSctlr,
    endsBlock: true,
  }),
  cpRow("ACTLR", [15, 0, 1, 0, 1], "", "rw", { constant: 0 }),
  cpRow("CPACR", [15, 0, 1, 0, 2], "", "rw", {
    slot: CP.CPACR,
    write: (cx, env, value) => {
      setSlot(cx, env, CP.CPACR, value & CPACR_WRITABLE);
      updateBlockFlags(cx.views.i32, env);
    },
    endsBlock: true,
  }),
  cpRow("TTBR0", [15, 0, 2, 0, 0], "", "rw", {
    slot: CP.TTBR0,
    write: addressSpaceSlot(CP.TTBR0, anyChange),
    endsBlock: true,
  }),
  cpRow("TTBR1", [15, 0, 2, 0, 1], "", "rw", translationSlot(CP.TTBR1)),
  cpRow("TTBCR", [15, 0, 2, 0, 2], "", "rw", {
    slot: CP.TTBCR,
    write: writeTtbcr,
    endsBlock: true,
  }),
  cpRow("TTBR0", [15, 0, 2], "", "rw", {
    slot: CP.TTBR0,
    write: writeTtbr64(CP.TTBR0),
    endsBlock: true,
  }),
  cpRow("TTBR1", [15, 1, 2], "", "rw", {
    slot: CP.TTBR1,
    write: writeTtbr64(CP.TTBR1),
    endsBlock: true,
  }),
  cpRow("DACR", [15, 0, 3, 0, 0], "", "rw", { slot: CP.DACR, write: writeDacr }),
  cpRow("DFSR", [15, 0, 5, 0, 0], "", "rw", { slot: CP.DFSR }),
  cpRow("IFSR", [15, 0, 5, 0, 1], "", "rw", { slot: CP.IFSR }),
  cpRow("ADFSR", [15, 0, 5, 1, 0], "", "rw", { slot: CP.ADFSR }),
  cpRow("AIFSR", [15, 0, 5, 1, 1], "", "rw", { slot: CP.AIFSR }),
  cpRow("DFAR", [15, 0, 6, 0, 0], "", "rw", { slot: CP.DFAR }),
  cpRow("IFAR", [15, 0, 6, 0, 2], "", "rw", { slot: CP.IFAR }),
  cpRow("PAR", [15, 0, 7, 4, 0], "", "rw", { slot: CP.PAR }),
  cpRow("PAR", [15, 0, 7], "", "rw", { slot: CP.PAR }),
  cpRow("ATS1CPR", [15, 0, 7, 8, 0], "", "w", { write: translateAddress(ACCESS.LOAD, 0) }),
  cpRow("ATS1CPW", [15, 0, 7, 8, 1], "", "w", { write: translateAddress(ACCESS.STORE, 0) }),
  cpRow("ATS1CUR", [15, 0, 7, 8, 2], "", "w", { write: translateAddress(ACCESS.LOAD, 1) }),
  cpRow("ATS1CUW", [15, 0, 7, 8, 3], "", "w", { write: translateAddress(ACCESS.STORE, 1) }),
  cpRow("PRRR", [15, 0, 10, 2, 0], "", "rw", {
    ...translationSlot(CP.PRRR),
    reset: 0x00098aa4,
  }),
  cpRow("NMRR", [15, 0, 10, 2, 1], "", "rw", {
    ...translationSlot(CP.NMRR),
    reset: 0x44e048e0,
  }),
  cpRow("AMAIR0", [15, 0, 10, 3, 0], "", "rw", { constant: 0 }),
  cpRow("AMAIR1", [15, 0, 10, 3, 1], "", "rw", { constant: 0 }),
  cpRow("VBAR", [15, 0, 12, 0, 0], "", "rw", {
    slot: CP.VBAR,
    write: (cx, env, value) => setSlot(cx, env, CP.VBAR, value & ~0x1f),
  }),
  cpRow("FCSEIDR", [15, 0, 13, 0, 0], "", "rw", { constant: 0 }),
  cpRow("CONTEXTIDR", [15, 0, 13, 0, 1], "", "rw", {
    slot: CP.CONTEXTIDR,
    write: addressSpaceSlot(CP.CONTEXTIDR, asidChanged),
    endsBlock: true,
  }),
  cpRow("TPIDRURW", [15, 0, 13, 0, 2], "rw", "rw", { slot: CP.TPIDRURW }),
  cpRow("TPIDRURO", [15, 0, 13, 0, 3], "r", "rw", { slot: CP.TPIDRURO }),
  cpRow("TPIDRPRW", [15, 0, 13, 0, 4], "", "rw", { slot: CP.TPIDRPRW }),
];
