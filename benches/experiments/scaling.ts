import { type Experiment, STANDARD } from "./types.ts";

const TIMED = { kind: "timed", seconds: 1, quickSeconds: 0.2 } as const;

/** Every atomics scheme from one vCPU to more vCPUs than the machine has cores. */
export const SCALING: Experiment = {
  name: "scaling",
  title: "Scaling",
  question: "How does the throughput of each scheme change with the number of vCPUs?",
  repeats: 5,
  quickRepeats: 3,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 60,
  budgetSeconds: null,
  groups: [
    {
      workload: "atomic-add",
      params: { counters: 1 },
      ...STANDARD,
      atomics: "all",
      qemu: ["multi"],
      vcpus: [1, 2, 4, 8],
      parallelCodeAlone: true,
      size: TIMED,
      again: true,
    },
    {
      workload: "atomic-add",
      params: { counters: 1024 },
      ...STANDARD,
      atomics: "all",
      qemu: ["multi"],
      vcpus: [1, 2, 4, 8],
      parallelCodeAlone: true,
      size: TIMED,
      again: true,
    },
    {
      workload: "atomic-stress",
      ...STANDARD,
      atomics: "all",
      qemu: ["multi"],
      vcpus: [1, 2, 4, 8],
      parallelCodeAlone: true,
      size: TIMED,
      again: true,
    },
    {
      workload: "dhrystone",
      ...STANDARD,
      scheduling: "all",
      qemu: ["single", "multi"],
      vcpus: [1, 2, 4, 8],
      parallelCodeAlone: true,
      size: TIMED,
      again: true,
    },
  ],
};
