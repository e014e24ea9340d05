import type { BarrierStrategy } from "../types.ts";

/** Guest barriers do nothing: the negative control. */
export const none: BarrierStrategy = {
  name: "none",
  role: "negative-control",
  summary: "guest barriers do nothing",
  source: "QEMU before multi-threaded TCG; PQEMU (Ding et al., 2011)",
  weaknesses: ["Stores are seen after later loads: mutual exclusion by plain accesses breaks."],
  constraints: { correctInParallel: false, changesPlainAccesses: false },
  expansion: { sequentialAccesses: false, memoryBarrier: () => {} },
};
