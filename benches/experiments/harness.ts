import type { Experiment } from "./types.ts";

/** Made-up subjects that end in every way a run can end: checks the harness, measures nothing. */
export const HARNESS: Experiment = {
  name: "harness",
  title: "Check of the harness",
  question: "Does the harness record every kind of ending? (Made-up subjects, no machine runs.)",
  repeats: 3,
  quickRepeats: 1,
  runsPerProcess: 2,
  checksOnly: true,
  countExclusives: false,
  timeoutSeconds: 2,
  budgetSeconds: null,
  groups: [
    {
      workload: "harness",
      atomics: [],
      barriers: [],
      scheduling: [],
      qemu: [],
      fake: ["steady", "wrong-result", "guest-error", "crash", "silent"],
      vcpus: [1, 2],
      size: { kind: "fixed", full: { milliseconds: 100 }, quick: { milliseconds: 20 } },
    },
    {
      workload: "harness",
      atomics: [],
      barriers: [],
      scheduling: [],
      qemu: [],
      fake: ["hang"],
      vcpus: [1],
      size: { kind: "fixed", full: {}, quick: {} },
      repeats: 1,
    },
  ],
};
