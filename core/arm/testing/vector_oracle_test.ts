/** VFP and Advanced SIMD against the oracle, on both backends. */
import { assertEquals } from "@std/assert";
import { VFP_NEON_DECODER } from "../decode/vfp_neon_decoder.ts";
import { unicornInstalled } from "./unicorn.ts";
import { runVectorCampaign } from "./vector_campaign.ts";

const installed = unicornInstalled();
const COUNTS = { interp: 8000, wasm: 4000 } as const;

for (const backend of ["interp", "wasm"] as const) {
  Deno.test({
    name: `VFP and Advanced SIMD on ${backend} do what the oracle does` +
      (installed ? "" : " (skipped: libunicorn not installed)"),
    ignore: !installed,
    fn: () => {
      const result = runVectorCampaign({ count: COUNTS[backend], seed: 11, backend });
      assertEquals(result.failures.map((f) => `${f.handler} x${f.count}\n${f.example}`), []);
      const missing = VFP_NEON_DECODER.encodings.map((e) => e.row[1])
        .filter((name) => !result.perHandler.has(name));
      assertEquals(missing, []);
    },
  });

  Deno.test({
    name: `sequences of vector instructions on ${backend} do what the oracle does` +
      (installed ? "" : " (skipped: libunicorn not installed)"),
    ignore: !installed,
    fn: () => {
      const { failures } = runVectorCampaign({
        count: COUNTS[backend] / 2,
        seed: 12,
        backend,
        length: 6,
        wanted: (_handler, group) => /^(vfp|neon_(integer|lengths|shifts|permute))$/.test(group),
      });
      assertEquals(failures.map((f) => `${f.handler} x${f.count}\n${f.example}`), []);
    },
  });
}
