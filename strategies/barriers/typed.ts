import type { BarrierExpansion } from "../../core/ir/expansion.ts";
import type { BarrierStrategy } from "../types.ts";
import { HOST_MODEL, type HostModel } from "./host_model.ts";

/** The expansion for one host memory model: a fence only for kinds that the host does not keep. */
export function typedExpansion(model: HostModel): BarrierExpansion {
  return {
    sequentialAccesses: false,
    keepsDependencies: model.usesDependencies,
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
  source:
    "QEMU's operation mb with its kinds TCG_MO_LD_LD, ST_LD, LD_ST and ST_ST (2016; today in " +
    "tcg/tcg-mo.h and docs/devel/tcg-ops.rst); its x86 back end acts on ST_LD only",
  weaknesses: [
    "QEMU's ARM front end asks for every kind at each DMB and DSB; here the ST options ask for less.",
    "Where no fence is emitted, order also depends on the WebAssembly engine not moving plain accesses.",
  ],
  constraints: { correctInParallel: true, changesPlainAccesses: false },
  expansion: typedExpansion(HOST_MODEL),
};
