/**
 * The domain access control register and what a change of it makes stale in the TLBs.
 *
 * Linux's software PAN writes it around every access to user memory and at every entry from user
 * mode and return to it. So only what loses rights goes (an entry with too few rights sends the
 * access to the slow path, which walks again), and the TLB of user code is looked at only when user
 * code is entered: by then the register usually holds what it held before.
 * @module
 */
import { flushDomains, flushUserDomains } from "../../memory/tlb.ts";
import { CP } from "../state.ts";
import type { ArmContext } from "./services.ts";

/** Rights of a DACR field as a rank: none, client, reserved (none), manager. */
const RANK: readonly number[] = [0, 1, 0, 2];

/** Mask of the domains that have fewer rights in `next` than in `old`. */
function narrowedDomains(old: number, next: number): number {
  let narrowed = 0;
  for (let domain = 0; domain < 16; domain++) {
    const before = RANK[(old >>> (2 * domain)) & 3];
    const after = RANK[(next >>> (2 * domain)) & 3];
    if (after < before) narrowed |= 1 << domain;
  }
  return narrowed;
}

/** Writes DACR. */
export function writeDacr(cx: ArmContext, env: number, value: number): void {
  const { i32 } = cx.views;
  const at = (env + CP.DACR) >>> 2;
  const old = i32[at];
  if (old === value) return;
  i32[at] = value;
  const narrowed = narrowedDomains(old, value);
  if (narrowed !== 0) flushDomains(cx.views, env, narrowed);
}

/** The vCPU has entered User mode. */
export function enterUser(cx: ArmContext, env: number): void {
  const { i32 } = cx.views;
  const known = (env + CP.USER_DACR) >>> 2;
  const now = i32[(env + CP.DACR) >>> 2];
  if (i32[known] === now) return;
  const narrowed = narrowedDomains(i32[known], now);
  i32[known] = now;
  if (narrowed !== 0) flushUserDomains(cx.views, env, narrowed);
}
