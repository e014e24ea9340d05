/**
 * Hint instructions. The waiting hints leave translated code, so that the run loop can let another
 * vCPU have the host thread or put this one to sleep. A run of NOPs counts as YIELD: Linux's
 * cpu_relax is ten of them on this architecture, and nobody else runs through so many.
 * @module
 */
import { EXIT } from "../../ir/ops.ts";
import { TB_FLAG } from "../state.ts";
import type { Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

/** NOPs in a row that make a YIELD: more than any alignment needs. */
const YIELD_NOPS = 8;

/** The vCPU spins: an interleaved one gives way, one on its own thread may (core/smp/give_way.ts). */
function spins(t: Translation): void {
  if ((t.flags & TB_FLAG.PARALLEL) === 0) t.exitToNext(EXIT.YIELD);
  else t.b.callVoid("arm_spin");
}

/** Handlers of the group. */
export const hints: Handlers<"hints"> = {
  // IT{<x>{<y>{<z>}}} <firstcond>
  it: (t, f) => t.it.next = f.k << 4 | f.v,
  // NOP<c>
  nop: (t) => {
    if (t.countNop() === YIELD_NOPS) spins(t);
  },
  // YIELD<c>
  yield: spins,
  // WFE<c>
  wfe: (t) => t.exitToNext(EXIT.WFE),
  // WFI<c>
  wfi: (t) => t.exitToNext(EXIT.WFI),
  // SEV<c>
  sev: (t) => t.b.callVoid("arm_sev"),
  // DBG<c> #<option>
  dbg: () => {},
  // Unallocated hints execute as NOP.
  hint: () => {},
};
