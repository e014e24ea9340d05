/**
 * The Linux guest for tests: each boots a whole kernel, so they run only when asked to.
 * @module
 */
import { findLinuxGuest, GUEST_REMEDY, type LinuxGuest } from "../../workloads/linux/layout.ts";

/** Set to 1 to run tests that boot Linux. */
const WANTED = "MTTCG_LINUX";

/** The guest; undefined, with `skipped` and the reason on the console, when it is not to be booted. */
export async function wantedLinuxGuest(skipped: string): Promise<LinuxGuest | undefined> {
  const guest = await findLinuxGuest("armmp");
  const wanted = Deno.env.get(WANTED) === "1";
  if (guest === undefined) console.log(`${skipped}. ${GUEST_REMEDY}.`);
  else if (!wanted) console.log(`${skipped}; set ${WANTED}=1 to run them.`);
  return wanted ? guest : undefined;
}
