/**
 * Coprocessor 14: debug registers that keep what is written, for software that writes them without a
 * look at the identification registers; and ThumbEE's two registers. No debug event is ever raised, so
 * the identification registers say that there is no debug architecture (QEMU's Cortex-A15 has one):
 * a debugger in the guest then sets no hardware breakpoint that would never hit.
 * @module
 */
import { CP } from "../state.ts";
import { type CpPlace, type CpRegister, cpRow } from "./cp_register.ts";

const BREAKPOINTS = 6;
const WATCHPOINTS = 4;

/** Reads as zero, ignores writes. */
function absent(name: string, place: CpPlace): CpRegister {
  return cpRow(name, place, "", "rw", { constant: 0 });
}

function comparators(): CpRegister[] {
  const rows: CpRegister[] = [];
  let slot = CP.DEBUG + 4;
  const add = (name: string, count: number, op2: number) => {
    for (let i = 0; i < count; i++, slot += 4) {
      rows.push(cpRow(`${name}${i}`, [14, 0, 0, i, op2], "", "rw", { slot }));
    }
  };
  add("DBGBVR", BREAKPOINTS, 4);
  add("DBGBCR", BREAKPOINTS, 5);
  add("DBGWVR", WATCHPOINTS, 6);
  add("DBGWCR", WATCHPOINTS, 7);
  return rows;
}

/** The rows. */
export const CP14_REGISTERS: readonly CpRegister[] = [
  cpRow("DBGDIDR", [14, 0, 0, 0, 0], "r", "r", { constant: 0 }),
  cpRow("DBGDSCRint", [14, 0, 0, 1, 0], "r", "r", { slot: CP.DEBUG }),
  cpRow("DBGDSCRext", [14, 0, 0, 2, 2], "", "rw", { slot: CP.DEBUG }),
  absent("DBGVCR", [14, 0, 0, 7, 0]),
  cpRow("DBGDRAR", [14, 0, 1, 0, 0], "r", "r", { constant: 0 }),
  cpRow("DBGDSAR", [14, 0, 2, 0, 0], "r", "r", { constant: 0 }),
  cpRow("DBGDRAR", [14, 0, 1], "r", "r", { constant: 0 }),
  cpRow("DBGDSAR", [14, 0, 2], "r", "r", { constant: 0 }),
  absent("DBGOSLAR", [14, 0, 1, 0, 4]),
  // The OS lock is there and open.
  cpRow("DBGOSLSR", [14, 0, 1, 1, 4], "", "r", { constant: 8 }),
  absent("DBGOSDLR", [14, 0, 1, 3, 4]),
  absent("DBGPRCR", [14, 0, 1, 4, 4]),
  absent("DBGCLAIMSET", [14, 0, 7, 8, 6]),
  absent("DBGCLAIMCLR", [14, 0, 7, 9, 6]),
  cpRow("DBGAUTHSTATUS", [14, 0, 7, 14, 6], "", "r", { constant: 0 }),
  ...comparators(),
  cpRow("TEECR", [14, 6, 0, 0, 0], "r", "rw", {
    slot: CP.TEECR,
    write: ({ views }, env, value) => {
      views.i32[(env + CP.TEECR) >>> 2] = value & 1;
    },
  }),
  cpRow("TEEHBR", [14, 6, 1, 0, 0], "rw", "rw", {
    slot: CP.TEEHBR,
    userGate: ({ views }, env) => (views.i32[(env + CP.TEECR) >>> 2] & 1) === 0,
  }),
];
