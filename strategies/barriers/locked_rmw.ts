import { RMW } from "../../core/ir/ops.ts";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import type { BarrierStrategy } from "../types.ts";
import { HOST_MODEL } from "./host_model.ts";

/** Every guest barrier is a locked read-modify-write of a word that only its vCPU uses. */
export const lockedRmw: BarrierStrategy = {
  name: "locked-rmw",
  role: "scheme",
  summary: "a locked read-modify-write on a private word per guest barrier",
  source: "QEMU's x86 back end (lock orl $0 on the stack)",
  weaknesses: ["A full barrier on x86 only: elsewhere an atomic read-modify-write orders less."],
  constraints: { correctInParallel: HOST_MODEL.name === "tso", changesPlainAccesses: false },
  expansion: {
    sequentialAccesses: false,
    keepsDependencies: HOST_MODEL.usesDependencies,
    memoryBarrier: ({ b }) => {
      const word = b.add(b.get(VCPU.SELF), b.const(VCPU.BARRIER_WORD));
      b.atomicRmw(RMW.OR, word, b.const(0), 2);
    },
  },
};
