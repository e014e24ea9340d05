/**
 * Identification registers of a Cortex-A15, and those whose value follows from the machine.
 * @module
 */
import { VCPU } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import { type CpPlace, type CpRegister, cpRow } from "./cp_register.ts";

const CACHE_SIZES: readonly number[] = [0x701fe00a, 0x201fe00a, 0x711fe07a];

function id(name: string, place: CpPlace, constant: number): CpRegister {
  return cpRow(name, place, "", "r", { constant });
}

const NAMED: readonly CpRegister[] = [
  id("MIDR", [15, 0, 0, 0, 0], 0x414fc0f0),
  id("CTR", [15, 0, 0, 0, 1], 0x8444c004),
  id("TCMTR", [15, 0, 0, 0, 2], 0),
  id("TLBTR", [15, 0, 0, 0, 3], 0),
  id("MIDR", [15, 0, 0, 0, 4], 0x414fc0f0),
  cpRow("MPIDR", [15, 0, 0, 0, 5], "", "r", { slot: CP.MPIDR }),
  id("REVIDR", [15, 0, 0, 0, 6], 0x414fc0f0),
  id("MIDR", [15, 0, 0, 0, 7], 0x414fc0f0),
  id("ID_PFR0", [15, 0, 0, 1, 0], 0x00001131),
  id("ID_PFR1", [15, 0, 0, 1, 1], 0x00010001),
  // Performance monitors, but no debug architecture: see cp14.ts.
  id("ID_DFR0", [15, 0, 0, 1, 2], 0x02000000),
  id("ID_AFR0", [15, 0, 0, 1, 3], 0),
  id("ID_MMFR0", [15, 0, 0, 1, 4], 0x10201105),
  id("ID_MMFR1", [15, 0, 0, 1, 5], 0x20000000),
  id("ID_MMFR2", [15, 0, 0, 1, 6], 0x01240000),
  id("ID_MMFR3", [15, 0, 0, 1, 7], 0x02102211),
  id("ID_ISAR0", [15, 0, 0, 2, 0], 0x02101110),
  id("ID_ISAR1", [15, 0, 0, 2, 1], 0x13112111),
  id("ID_ISAR2", [15, 0, 0, 2, 2], 0x21232041),
  id("ID_ISAR3", [15, 0, 0, 2, 3], 0x11112131),
  id("ID_ISAR4", [15, 0, 0, 2, 4], 0x10011142),
  id("ID_ISAR5", [15, 0, 0, 2, 5], 0),
  id("ID_MMFR4", [15, 0, 0, 2, 6], 0),
  id("ID_ISAR6", [15, 0, 0, 2, 7], 0),
  cpRow("CCSIDR", [15, 1, 0, 0, 0], "", "r", {
    read: ({ views }, env) => CACHE_SIZES[views.i32[(env + CP.CSSELR) >>> 2]] ?? 0,
  }),
  id("CLIDR", [15, 1, 0, 0, 1], 0x0a200023),
  id("AIDR", [15, 1, 0, 0, 7], 0),
  cpRow("CSSELR", [15, 2, 0, 0, 0], "", "rw", {
    slot: CP.CSSELR,
    write: ({ views }, env, value) => {
      views.i32[(env + CP.CSSELR) >>> 2] = value & 0xf;
    },
  }),
  // The number of CPUs less one in two bits, and a bit that says that the L2 cache has parity.
  cpRow("L2CTLR", [15, 1, 9, 0, 2], "", "rw", {
    read: ({ vcpus }) => Math.min(vcpus - 1, 3) << 24 | 0x00800000,
    write: () => {},
  }),
  cpRow("L2ECTLR", [15, 1, 9, 0, 3], "", "rw", { constant: 0 }),
  id("CBAR", [15, 4, 15, 0, 0], 0x08000000),
  cpRow("ISR", [15, 0, 12, 1, 0], "", "r", {
    read: ({ views }, env) => {
      const lines = Atomics.load(views.i32, (env + VCPU.IRQ_LINES) >>> 2);
      return (lines & 1) << 7 | (lines & 2) << 5;
    },
  }),
];

/** The rest of the identification space is reserved and reads as zero. */
function reserved(): CpRegister[] {
  const rows: CpRegister[] = [];
  for (let crm = 3; crm < 8; crm++) {
    for (let op2 = 0; op2 < 8; op2++) rows.push(id("ID_RESERVED", [15, 0, 0, crm, op2], 0));
  }
  return rows;
}

/** The rows. */
export const ID_REGISTERS: readonly CpRegister[] = [...NAMED, ...reserved()];
