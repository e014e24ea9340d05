import type { BarrierExpansion } from "../../core/ir/expansion.ts";
import type { BarrierStrategy } from "../types.ts";
import { HOST_MODEL, type HostModel } from "./host_model.ts";

/** The expansion for one host memory model: a fence only for kinds that the host does not keep. */
export function typedExpansion(model: HostModel): BarrierExpansion {
  return {
    sequentialAccesses: false,
    memoryBarrier: (x, kinds) => {
      if ((kinds & ~model.keeps) !== 0) x.b.fence();
    },
  };
}

/** Barriers carry kinds; a fence is emitted only for those that the host does not keep anyway. */
export const typed: BarrierStrategy = {
  name: "typed",
  role: "scheme",
  summary: "a host fence only for the kinds of order that the host does not keep",
  source: "QEMU's TCG_MO kinds of barriers (Karandikar, 2016)",
  weaknesses: [
    "Where no fence is emitted, order also depends on the WebAssembly engine not moving plain accesses.",
  ],
  constraints: { correctInParallel: true, changesPlainAccesses: false },
  expansion: typedExpansion(HOST_MODEL),
};
