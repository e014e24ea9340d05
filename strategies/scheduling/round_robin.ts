import type { SchedulingStrategy } from "../types.ts";

/** One host thread runs all vCPUs in turn. */
export const roundRobin: SchedulingStrategy = {
  name: "round-robin",
  role: "scheme",
  summary: "one thread runs all vCPUs in turn, by a budget of instructions",
  source: "QEMU before multi-threaded TCG (2015)",
  weaknesses: ["Uses one host CPU, whatever the number of vCPUs."],
  constraints: { parallel: false, deterministic: true },
  threads: (vcpus) => [Array.from({ length: vcpus }, (_, vcpu) => vcpu)],
  sliceInsns: 100_000,
};
