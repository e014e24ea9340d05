import { type Experiment, type Group, STANDARD } from "./types.ts";

const ALL_ATOMICS = {
  ...STANDARD,
  atomics: "all",
  qemu: ["multi"],
  vcpus: [1, 2, 4],
} as const;

function fixed(full: number, quick: number, parameter = "iterations"): Group["size"] {
  return { kind: "fixed", full: { [parameter]: full }, quick: { [parameter]: quick } };
}

/** Every atomics scheme against every test that can tell schemes apart. */
export const CORRECTNESS: Experiment = {
  name: "correctness",
  title: "Correctness matrix",
  question: "Which scheme gives right results where, and do wrong ones fail as they predict?",
  repeats: 5,
  quickRepeats: 1,
  runsPerProcess: 5,
  checksOnly: true,
  countExclusives: true,
  timeoutSeconds: 60,
  budgetSeconds: null,
  groups: [
    {
      workload: "atomic-add",
      params: { counters: 1 },
      ...ALL_ATOMICS,
      size: fixed(50_000, 5_000),
    },
    {
      workload: "atomic-add",
      params: { counters: 128 },
      ...ALL_ATOMICS,
      size: fixed(50_000, 5_000),
    },
    { workload: "atomic-stress", ...ALL_ATOMICS, size: fixed(20_000, 2_000) },
    {
      workload: "lock-kinds",
      params: { kind: "llsc" },
      ...ALL_ATOMICS,
      size: fixed(20_000, 2_000),
    },
    { workload: "lock-kinds", params: { kind: "wfe" }, ...ALL_ATOMICS, size: fixed(20_000, 2_000) },
    { workload: "store-between", ...ALL_ATOMICS, size: fixed(200, 20, "rounds") },
    {
      workload: "aba-stack",
      ...ALL_ATOMICS,
      size: {
        kind: "fixed",
        full: { rounds: 50, batch: 200 },
        quick: { rounds: 5, batch: 100 },
      },
    },
    {
      workload: "litmus",
      params: { shape: "SB" },
      ...STANDARD,
      barriers: "all",
      qemu: ["multi"],
      vcpus: [2],
      size: fixed(200_000, 50_000, "instances"),
    },
    { workload: "monitor", ...ALL_ATOMICS, size: fixed(2_000, 200, "rounds") },
    {
      workload: "lock-kinds",
      params: { kind: "none" },
      negativeControl: "Increments without a lock lose counts.",
      ...STANDARD,
      qemu: ["multi"],
      vcpus: [2, 4],
      size: fixed(500_000, 100_000),
    },
  ],
};
