import type { SchedulingStrategy } from "../types.ts";

/** Each vCPU has a host thread of its own. */
export const threadPerVcpu: SchedulingStrategy = {
  name: "thread-per-vcpu",
  role: "scheme",
  summary: "one thread per vCPU",
  source: "Multi-threaded TCG (Konrad, Greensocs, Virtual Open Systems; QEMU 2.9)",
  weaknesses: ["Runs differ from one another; guest atomics and barriers must be real."],
  constraints: { parallel: true, deterministic: false },
  threads: (vcpus) => Array.from({ length: vcpus }, (_, vcpu) => [vcpu]),
  // Nobody waits for a turn: the budget only sets how often the counters are brought up to date.
  sliceInsns: 10_000_000,
};
