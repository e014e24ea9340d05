/**
 * Divide instructions. A division by zero gives 0, as with SCTLR.DZ clear and on the A profile.
 * @module
 */
import type { Handlers } from "./handler.ts";

/** Handlers of the group. */
export const divide: Handlers<"divide"> = {
  // SDIV<c> <Rd>, <Rn>, <Rm>
  sdiv: (t, f) => t.setReg(f.d, t.b.bin("div_s", t.reg(f.n), t.reg(f.m))),
  // UDIV<c> <Rd>, <Rn>, <Rm>
  udiv: (t, f) => t.setReg(f.d, t.b.bin("div_u", t.reg(f.n), t.reg(f.m))),
};
