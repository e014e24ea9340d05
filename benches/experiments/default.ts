import { type Experiment, STANDARD } from "./types.ts";

/** Contended cells seldom settle: what does not within this time says so, and the others have theirs. */
const TIMED = { kind: "timed", seconds: 0.15, quickSeconds: 0.05, warmUpSeconds: 0.4 } as const;

/**
 * A little of every question, within two minutes on two cores: so few cells that each gets the
 * processes that a verdict needs. What is checked only runs once. Groups whose cells many others are
 * compared with stand first: they get their repeats where the time does not do for all.
 */
export const DEFAULT_EXPERIMENT: Experiment = {
  name: "default",
  title: "Overview",
  question: "How do all atomics, barriers and scheduling schemes compare on one machine?",
  repeats: 5,
  quickRepeats: 1,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 10,
  budgetSeconds: 107,
  groups: [
    {
      workload: "dhrystone",
      ...STANDARD,
      scheduling: ["round-robin", "thread-per-vcpu"],
      qemu: ["single", "multi"],
      vcpus: [2],
      size: TIMED,
    },
    {
      workload: "lock-kinds",
      params: { kind: "llsc" },
      ...STANDARD,
      barriers: ["none", "typed", "sequential"],
      qemu: [],
      vcpus: [2],
      size: TIMED,
    },
    {
      workload: "atomic-add",
      params: { owner: "private" },
      ...STANDARD,
      atomics: ["cmpxchg", "mutex"],
      qemu: ["multi"],
      vcpus: [2],
      size: TIMED,
    },
    {
      workload: "atomic-add",
      params: { counters: 1 },
      ...STANDARD,
      atomics: "all",
      qemu: ["multi"],
      vcpus: [2],
      size: TIMED,
      again: true,
    },
    {
      workload: "litmus",
      params: { shape: "SB" },
      ...STANDARD,
      barriers: ["none", "typed"],
      qemu: ["multi"],
      vcpus: [2],
      size: { kind: "fixed", full: { instances: 200_000 }, quick: { instances: 50_000 } },
      repeats: 1,
    },
    {
      workload: "store-between",
      ...STANDARD,
      atomics: ["cmpxchg", "pico-st"],
      qemu: ["multi"],
      vcpus: [2],
      size: { kind: "fixed", full: { rounds: 50 }, quick: { rounds: 10 } },
      repeats: 1,
    },
    {
      workload: "lock-kinds",
      params: { kind: "none" },
      negativeControl: "Increments without a lock lose counts.",
      ...STANDARD,
      qemu: [],
      vcpus: [2],
      size: { kind: "fixed", full: { iterations: 1_000_000 }, quick: { iterations: 300_000 } },
      repeats: 1,
    },
  ],
};
