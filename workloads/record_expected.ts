/**
 * Renews the recorded part of `expected/NAME.txt` from runs on QEMU: the checksum of every vCPU under the quick and full
 * arguments of each variant. The hand-written sections above the mark stay as they are.
 *
 * @module
 */

import { parseGuestOutput } from "./protocol.ts";
import { expectedUrl, standardArguments, type Workload, workloads } from "./registry.ts";
import { runOnQemu } from "./qemu.ts";

const MARK = "# Recorded on QEMU by record_expected.ts:\n";
const MOST_VCPUS = 8;

async function record(workload: Workload): Promise<string> {
  let text = "";
  for (const variant of workload.variants) {
    for (const size of ["quick", "full"] as const) {
      const values = standardArguments(workload, size, variant.name);
      const report = parseGuestOutput(await runOnQemu(workload, values, MOST_VCPUS));
      const when = Object.entries(values).map(([key, value]) => `${key}=${value}`).join(" ");
      text += `[${when}]\n`;
      for (const vcpu of report.perVcpu) {
        text += `vcpu id=${vcpu.id} ops=${vcpu.ops} checksum=${vcpu.fields["checksum"]}\n`;
      }
    }
  }
  return text;
}

if (import.meta.main) {
  for (const workload of workloads) {
    const file = expectedUrl(workload);
    const [written, recorded] = (await Deno.readTextFile(file)).split(MARK);
    if (recorded === undefined) continue;
    await Deno.writeTextFile(file, written + MARK + await record(workload));
    console.log(`Recorded ${workload.name}.`);
  }
}
