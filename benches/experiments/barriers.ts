import { type Experiment, STANDARD } from "./types.ts";

const ALL_BARRIERS = { ...STANDARD, barriers: "all", qemu: ["multi"] } as const;
const TIMED = { kind: "timed", seconds: 0.5, quickSeconds: 0.1 } as const;

/** What each barrier scheme costs and which outcomes it lets through. */
export const BARRIERS_EXPERIMENT: Experiment = {
  name: "barriers",
  title: "Barriers",
  question: "What does each barrier scheme cost, and which litmus outcomes show under it?",
  repeats: 7,
  quickRepeats: 3,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 60,
  budgetSeconds: null,
  groups: [
    {
      workload: "litmus",
      params: { shape: "all" },
      ...ALL_BARRIERS,
      vcpus: [2, 4],
      size: { kind: "fixed", full: { instances: 20_000 }, quick: { instances: 2_000 } },
      repeats: 3,
    },
    { workload: "atomic-stress", ...ALL_BARRIERS, vcpus: [1, 2], size: TIMED, again: true },
    {
      workload: "lock-kinds",
      params: { kind: "llsc" },
      ...ALL_BARRIERS,
      vcpus: [1, 2],
      size: TIMED,
      again: true,
    },
    {
      workload: "memory",
      params: { kind: "memcpy" },
      ...ALL_BARRIERS,
      vcpus: [1, 2],
      size: TIMED,
      again: true,
    },
    { workload: "dhrystone", ...ALL_BARRIERS, vcpus: [1, 2], size: TIMED, again: true },
  ],
};
