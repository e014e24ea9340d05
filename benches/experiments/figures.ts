/**
 * Experiments that repeat published figures on our own machine. The published values themselves are
 * shown beside them by the report.
 * @module
 */
import { LINUX_RUNS, TIMED_DHRYSTONE } from "./linux.ts";
import { type Experiment, STANDARD } from "./types.ts";

const COMMON = {
  repeats: 7,
  quickRepeats: 3,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 120,
  budgetSeconds: null,
} as const;

const BOTH_SCHEDULES = {
  ...STANDARD,
  scheduling: ["round-robin", "thread-per-vcpu"],
  qemu: ["single", "multi"],
} as const;

/** Dual Dhrystone: two instances of ten million runs at once. */
export const F1: Experiment = {
  ...COMMON,
  name: "F1",
  title: "Dual Dhrystone, single thread against one thread a vCPU",
  question: "How much faster do two Dhrystones end when each vCPU has its own thread?",
  groups: [{
    workload: "dhrystone",
    ...BOTH_SCHEDULES,
    vcpus: [2],
    size: {
      kind: "fixed",
      full: { iterations: 10_000_000 },
      quick: { iterations: 500_000 },
    },
  }],
};

/** F1 with its own guest: an SMP Linux whose two Dhrystones start together. */
export const F1_LINUX: Experiment = {
  ...LINUX_RUNS,
  name: "F1-linux",
  title: "Dual Dhrystone in a Linux guest, single thread against one thread a vCPU",
  question: "How much faster do two Dhrystones of a Linux guest end with a thread for each vCPU?",
  groups: [{ ...BOTH_SCHEDULES, ...TIMED_DHRYSTONE, vcpus: [2] }],
};

/** Atomic stress test, a futex mutex against a spinlock around each exclusive. */
export const F2: Experiment = {
  ...COMMON,
  name: "F2",
  title: "Atomic stress test, mutex against spinlock",
  question: "How much does a spinlock gain over a mutex in the emulation of exclusives?",
  groups: [{
    workload: "atomic-stress",
    ...STANDARD,
    atomics: ["mutex", "spinlock", "cmpxchg"],
    qemu: ["multi"],
    vcpus: [2, 4],
    size: { kind: "timed", seconds: 2, quickSeconds: 0.3 },
  }],
};

/** Use of the host's processors by a guest of four busy vCPUs. */
export const F3: Experiment = {
  ...COMMON,
  name: "F3",
  title: "Processor use of a four-vCPU guest",
  question: "How many host processors does a guest of four busy vCPUs keep busy?",
  groups: [{
    workload: "dhrystone",
    ...BOTH_SCHEDULES,
    vcpus: [4],
    size: { kind: "timed", seconds: 3, quickSeconds: 0.7 },
  }],
};

/** F3 with its own guest: four Dhrystones of an SMP Linux. */
export const F3_LINUX: Experiment = {
  ...LINUX_RUNS,
  name: "F3-linux",
  title: "Processor use of a four-vCPU Linux guest",
  question: "How many host processors does a Linux guest of four busy vCPUs keep busy?",
  groups: [{ ...BOTH_SCHEDULES, ...TIMED_DHRYSTONE, vcpus: [4] }],
};

const F7_COMMON = {
  workload: "atomic-add",
  ...STANDARD,
  // The published "old" emulation stopped all vCPUs at the store-exclusive; `hst` does so here.
  atomics: ["cmpxchg", "hst"],
  qemu: ["multi"],
  vcpus: [1, 2, 4, 8],
  // The published program was a Linux process with threads: code for threads from its first one on.
  parallelCodeAlone: true,
  size: { kind: "timed", seconds: 1, quickSeconds: 0.2 },
} as const;

/** Atomic additions on 1, 2, 128 and 1024 counters over vCPUs. */
export const F7: Experiment = {
  ...COMMON,
  repeats: 5,
  name: "F7",
  title: "Atomic add, contention sweep",
  question: "How do stopping the world and compare-exchange scale with contention?",
  groups: [
    { ...F7_COMMON, params: { counters: 1 } },
    { ...F7_COMMON, params: { counters: 2 } },
    { ...F7_COMMON, params: { counters: 128 } },
    { ...F7_COMMON, params: { counters: 1024 } },
  ],
};
