import type { BarrierStrategy } from "../types.ts";

/** Every guest access is a sequentially consistent host atomic, so barriers have nothing to add. */
export const sequential: BarrierStrategy = {
  name: "sequential",
  role: "scheme",
  summary: "every guest access is a sequentially consistent atomic",
  source: "PQEMU (Ding et al., 2011), strong on weak by brute force",
  weaknesses: [
    "Every guest store costs a locked instruction.",
    "Unaligned accesses stay plain, and have no order.",
  ],
  constraints: { correctInParallel: true, changesPlainAccesses: true },
  expansion: { sequentialAccesses: true, memoryBarrier: () => {} },
};
