/**
 * Performance monitors: the cycle counter, driven by the timer, and event counters that stay 0.
 * @module
 */
import { CP } from "../state.ts";
import { type CpDetails, type CpRegister, cpRow } from "./cp_register.ts";
import type { ArmContext } from "./services.ts";

const PMCR_RESET = 0x410f3000;
const ENABLE = 1;
const CYCLE_RESET = 4;
const PMCR_WRITABLE = 0x39;
/** The cycle counter's bit in PMCNTENSET, PMOVSR and PMINTENSET, beside the six event counters. */
const CYCLE_BIT = 0x80000000;
const COUNTERS = CYCLE_BIT | 0x3f;
/** The counter's number in PMSELR. */
const SELECTED = 0x1f;
/** Cycles a timer tick: a core of 1 GHz. */
const CYCLES_PER_TICK = 16;

function index(env: number, offset: number): number {
  return (env + offset) >>> 2;
}

function running({ views }: ArmContext, env: number): boolean {
  return (views.i32[index(env, CP.PMCR)] & ENABLE) !== 0 &&
    (views.i32[index(env, CP.PMCNTEN)] & CYCLE_BIT) !== 0;
}

function now({ services }: ArmContext): number {
  return (services.timer.count() * CYCLES_PER_TICK) % 0x1_0000_0000 | 0;
}

function readCycles(cx: ArmContext, env: number): number {
  const kept = cx.views.i32[index(env, CP.PMCCNTR)];
  return running(cx, env) ? kept + now(cx) | 0 : kept;
}

function writeCycles(cx: ArmContext, env: number, value: number): void {
  cx.views.i32[index(env, CP.PMCCNTR)] = running(cx, env) ? value - now(cx) : value;
}

/** Changes what decides whether the cycle counter runs, keeping its count. */
function keepingCycles(cx: ArmContext, env: number, change: () => void): void {
  const cycles = readCycles(cx, env);
  change();
  writeCycles(cx, env, cycles);
}

function writePmcr(cx: ArmContext, env: number, value: number): void {
  keepingCycles(cx, env, () => {
    cx.views.i32[index(env, CP.PMCR)] = (value & PMCR_WRITABLE) | PMCR_RESET;
  });
  if ((value & CYCLE_RESET) !== 0) writeCycles(cx, env, 0);
}

function setBits(offset: number, on: boolean): CpDetails {
  return {
    slot: offset,
    write: (cx, env, value) =>
      keepingCycles(cx, env, () => {
        const bits = value & COUNTERS;
        const at = index(env, offset);
        cx.views.i32[at] = on ? cx.views.i32[at] | bits : cx.views.i32[at] & ~bits;
      }),
  };
}

const gate: Pick<CpDetails, "userGate"> = {
  userGate: ({ views }, env) => (views.i32[index(env, CP.PMUSERENR)] & 1) !== 0,
};

function monitor(name: string, crm: number, op2: number, details: CpDetails): CpRegister {
  return cpRow(name, [15, 0, 9, crm, op2], "rw", "rw", { ...gate, ...details });
}

/** The rows. */
export const PMU_REGISTERS: readonly CpRegister[] = [
  monitor("PMCR", 12, 0, { slot: CP.PMCR, reset: PMCR_RESET, write: writePmcr }),
  monitor("PMCNTENSET", 12, 1, setBits(CP.PMCNTEN, true)),
  monitor("PMCNTENCLR", 12, 2, setBits(CP.PMCNTEN, false)),
  monitor("PMOVSR", 12, 3, setBits(CP.PMOVSR, false)),
  cpRow("PMSWINC", [15, 0, 9, 12, 4], "w", "w", { ...gate, write: () => {} }),
  monitor("PMSELR", 12, 5, {
    slot: CP.PMSELR,
    write: ({ views }, env, value) => {
      views.i32[index(env, CP.PMSELR)] = value & SELECTED;
    },
  }),
  cpRow("PMCEID0", [15, 0, 9, 12, 6], "r", "r", { ...gate, constant: 0 }),
  cpRow("PMCEID1", [15, 0, 9, 12, 7], "r", "r", { ...gate, constant: 0 }),
  monitor("PMCCNTR", 13, 0, { read: readCycles, write: writeCycles }),
  monitor("PMXEVTYPER", 13, 1, { constant: 0 }),
  monitor("PMXEVCNTR", 13, 2, { constant: 0 }),
  cpRow("PMUSERENR", [15, 0, 9, 14, 0], "r", "rw", {
    slot: CP.PMUSERENR,
    write: ({ views }, env, value) => {
      views.i32[index(env, CP.PMUSERENR)] = value & 1;
    },
  }),
  cpRow("PMINTENSET", [15, 0, 9, 14, 1], "", "rw", setBits(CP.PMINTEN, true)),
  cpRow("PMINTENCLR", [15, 0, 9, 14, 2], "", "rw", setBits(CP.PMINTEN, false)),
  monitor("PMOVSSET", 14, 3, setBits(CP.PMOVSR, true)),
];
