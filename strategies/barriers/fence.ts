import type { BarrierStrategy } from "../types.ts";
import { HOST_MODEL } from "./host_model.ts";

/** Every guest barrier is one sequentially consistent host fence. */
export const fence: BarrierStrategy = {
  name: "fence",
  role: "scheme",
  summary: "one host fence per guest barrier",
  source: "The multi-threaded TCG design document: one barrier operation (tcg_memory_barrier)",
  weaknesses: ["Pays for the full fence where the host would keep the order by itself."],
  constraints: { correctInParallel: true, changesPlainAccesses: false },
  expansion: {
    sequentialAccesses: false,
    keepsDependencies: HOST_MODEL.usesDependencies,
    memoryBarrier: (x) => x.b.fence(),
  },
};
