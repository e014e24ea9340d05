/**
 * Hint instructions. The waiting hints leave translated code, so that the run loop can let another
 * vCPU have the host thread or put this one to sleep.
 * @module
 */
import { EXIT } from "../../ir/ops.ts";
import { TB_FLAG } from "../state.ts";
import type { Handlers } from "./handler.ts";

/** Handlers of the group. */
export const hints: Handlers<"hints"> = {
  // IT{<x>{<y>{<z>}}} <firstcond>
  it: (t, f) => t.it.next = f.k << 4 | f.v,
  // NOP<c>
  nop: () => {},
  // YIELD<c>
  yield: (t) => {
    // On a thread of its own a vCPU has nobody to give way to.
    if ((t.flags & TB_FLAG.PARALLEL) === 0) t.exitToNext(EXIT.YIELD);
  },
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
