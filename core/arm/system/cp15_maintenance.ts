/**
 * Cache, branch predictor and TLB maintenance, and the barriers that are written as registers.
 * There are no caches of data: what remains of cache maintenance is that code translated from
 * changed bytes must go.
 * @module
 */
import { BARRIER } from "../../ir/ops.ts";
import { ACCESS } from "../../memory/guest_mmu.ts";
import { applyTlbRequest, TLB_REQUEST } from "../../memory/tlb.ts";
import { PAGE_MASK } from "../../memory/vcpu_layout.ts";
import { type CpPlace, type CpRegister, cpRow, INSTRUCTION_BARRIER } from "./cp_register.ts";
import { ArmMmu } from "./mmu.ts";
import type { ArmContext } from "./services.ts";

/** Bytes of an instruction cache line (CTR.IminLine). */
const LINE_BYTES = 64;

type Write = NonNullable<CpRegister["write"]>;

/** A write-only register whose write starts an operation and ends the block. */
function operation(name: string, place: CpPlace, write: Write): CpRegister {
  return cpRow(name, place, "", "w", { write, endsBlock: true });
}

/** An operation that has no effect here. */
function nothing(name: string, place: CpPlace): CpRegister {
  return cpRow(name, place, "", "w", {});
}

/**
 * By virtual address: the line's code on every vCPU. A line that is not mapped has none, and takes
 * no fault here (an implementation may raise one).
 */
function invalidateLine(cx: ArmContext, env: number, address: number): void {
  const line = address & -LINE_BYTES;
  const t = new ArmMmu(cx).translate(env, line, ACCESS.LOAD, 0);
  if (t.fault === 0) cx.services.invalidateCode(env, t.physical, LINE_BYTES);
}

const invalidateAll: Write = (cx, env) => cx.services.invalidateAllCode(env);

/** TLB maintenance on this vCPU, or on all; the operand's page goes along where there is one. */
function tlb(everywhere: boolean, requestOf: (value: number) => number): Write {
  return (cx, env, value) => {
    const request = requestOf(value);
    cx.services.tlbMaintained?.(env, request, everywhere);
    applyTlbRequest(cx.views, env, request);
    if (everywhere) cx.services.flushOtherTlbs(env, request);
  };
}

const all = () => TLB_REQUEST.ALL;
// Entries carry no ASID: those that are not global belong to the current one.
const asid = () => TLB_REQUEST.NON_GLOBAL;
const page = (value: number) => value & PAGE_MASK;

function tlbRows(): CpRegister[] {
  const rows: CpRegister[] = [];
  // The old separate instruction (c5) and data (c6) TLB operations act on the one TLB.
  const groups = [["", 7, false], ["IS", 3, true], ["I", 5, false], ["D", 6, false]] as const;
  for (const [suffix, crm, everywhere] of groups) {
    const add = (name: string, op2: number, requestOf: (value: number) => number) =>
      rows.push(operation(name + suffix, [15, 0, 8, crm, op2], tlb(everywhere, requestOf)));
    add("TLBIALL", 0, all);
    add("TLBIMVA", 1, page);
    add("TLBIASID", 2, asid);
    if (crm === 7 || crm === 3) add("TLBIMVAA", 3, page);
  }
  return rows;
}

/** The rows. */
export const MAINTENANCE_REGISTERS: readonly CpRegister[] = [
  nothing("NOP", [15, 0, 7, 0, 4]),
  operation("ICIALLUIS", [15, 0, 7, 1, 0], invalidateAll),
  nothing("BPIALLIS", [15, 0, 7, 1, 6]),
  operation("ICIALLU", [15, 0, 7, 5, 0], invalidateAll),
  operation("ICIMVAU", [15, 0, 7, 5, 1], invalidateLine),
  cpRow("CP15ISB", [15, 0, 7, 5, 4], "w", "w", { barrier: INSTRUCTION_BARRIER }),
  nothing("BPIALL", [15, 0, 7, 5, 6]),
  nothing("BPIMVA", [15, 0, 7, 5, 7]),
  nothing("DCIMVAC", [15, 0, 7, 6, 1]),
  nothing("DCISW", [15, 0, 7, 6, 2]),
  nothing("DCCMVAC", [15, 0, 7, 10, 1]),
  nothing("DCCSW", [15, 0, 7, 10, 2]),
  cpRow("CP15DSB", [15, 0, 7, 10, 4], "w", "w", { barrier: BARRIER.ALL | BARRIER.DSB }),
  cpRow("CP15DMB", [15, 0, 7, 10, 5], "w", "w", { barrier: BARRIER.ALL }),
  nothing("DCCMVAU", [15, 0, 7, 11, 1]),
  nothing("NOP", [15, 0, 7, 13, 1]),
  nothing("DCCIMVAC", [15, 0, 7, 14, 1]),
  nothing("DCCISW", [15, 0, 7, 14, 2]),
  ...tlbRows(),
];
