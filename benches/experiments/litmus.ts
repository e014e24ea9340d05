import { LITMUS_TESTS } from "../../workloads/litmus/shapes.ts";
import { type Experiment, type Group, STANDARD } from "./types.ts";

/** Threads of each shape, by its name. */
const THREADS = new Map(
  LITMUS_TESTS.map(({ shape }) => [shape.name, shape.threads.length] as const),
);

/** Every litmus shape, often enough that a zero says something. */
export const LITMUS_EXPERIMENT: Experiment = {
  name: "litmus",
  title: "Litmus tests",
  question: "Which outcomes that ARMv7 forbids show under which barrier scheme, and how rarely?",
  repeats: 1,
  quickRepeats: 1,
  runsPerProcess: 1,
  checksOnly: true,
  countExclusives: false,
  timeoutSeconds: 600,
  budgetSeconds: null,
  groups: [...THREADS].map(([shape, threads]): Group => ({
    workload: "litmus",
    params: { shape },
    ...STANDARD,
    barriers: "all",
    qemu: ["multi"],
    // A vCPU for each thread: further ones would only take cores away.
    vcpus: [threads],
    size: { kind: "fixed", full: { instances: 10_000_000 }, quick: { instances: 50_000 } },
  })),
};
