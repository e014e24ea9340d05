/**
 * Reads a guest's code as a vCPU sees it, from outside of the vCPU's thread and without any effect
 * on the guest.
 * @module
 */
import { ACCESS, blankTranslation, type PhysicalBus } from "../../memory/guest_mmu.ts";
import type { Views } from "../../memory/views.ts";
import { CP } from "../state.ts";
import { LongDescriptorWalker } from "./long_descriptor.ts";
import { MODE, PSR, readCpsr } from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import { ShortDescriptorWalker } from "./short_descriptor.ts";
import { usesLongDescriptors } from "./ttbcr.ts";

/**
 * Reads the word at a word-aligned address as vCPU `env` would fetch it; undefined where it has no
 * memory to run from.
 */
export function inspectWord(
  views: Views,
  ramAddress: (physical: number) => number,
  env: number,
  address: number,
): number | undefined {
  const { i32, u32 } = views;
  let physical = address >>> 0;
  if ((i32[(env + CP.SCTLR) >>> 2] & SCTLR.M) !== 0) {
    const bus: PhysicalBus = {
      ramAddress,
      hasDevice: () => false,
      readDevice: () => 0,
      writeDevice: () => {},
    };
    const t = blankTranslation();
    const long = usesLongDescriptors(i32[(env + CP.TTBCR) >>> 2]);
    const walker = long
      ? new LongDescriptorWalker(views, bus)
      : new ShortDescriptorWalker(views, bus);
    const user = (readCpsr(i32, env) & PSR.MODE) === MODE.USR;
    walker.walk(env, physical, ACCESS.FETCH, user, t);
    if (t.fault !== 0) return undefined;
    physical = t.physical;
  }
  const host = ramAddress(physical);
  return host === 0 ? undefined : u32[host >>> 2];
}
