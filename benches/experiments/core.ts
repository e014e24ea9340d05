import { type Experiment, type Group, STANDARD } from "./types.ts";

const TIMED = { kind: "timed", seconds: 1, quickSeconds: 0.2 } as const;

function bothBackends(workload: string, params: Group["params"] = {}): Group {
  return {
    workload,
    params,
    ...STANDARD,
    backends: ["wasm", "interp"],
    qemu: ["multi"],
    vcpus: [1],
    size: TIMED,
  };
}

/** The speed of the core itself, on one vCPU. */
export const CORE: Experiment = {
  name: "core",
  title: "Speed of the core",
  question: "How fast is translated code, per kind of work, and how far from QEMU?",
  repeats: 7,
  quickRepeats: 3,
  runsPerProcess: 1,
  warmUp: true,
  countExclusives: false,
  timeoutSeconds: 60,
  budgetSeconds: null,
  groups: [
    bothBackends("loop"),
    bothBackends("dhrystone"),
    bothBackends("memory", { kind: "memcpy" }),
    bothBackends("memory", { kind: "memset" }),
    bothBackends("memory", { kind: "bytes" }),
    bothBackends("memory", { kind: "chase" }),
    bothBackends("calls", { kind: "indirect" }),
    bothBackends("calls", { kind: "svc" }),
    bothBackends("mmio", { kind: "pl031" }),
    bothBackends("mmio", { kind: "gic" }),
  ],
};
