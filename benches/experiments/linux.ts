/**
 * Experiments with a real guest: Debian's kernel with our programs under it, on ours and on QEMU.
 * @module
 */
import { ATOMICS } from "../../strategies/mod.ts";
import { type Experiment, STANDARD } from "./types.ts";

/** Fields of every experiment with the Linux guest. */
export const LINUX_RUNS = {
  repeats: 5,
  quickRepeats: 1,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 600,
  budgetSeconds: null,
} as const;

/** A Dhrystone a vCPU. */
export const TIMED_DHRYSTONE = {
  workload: "linux-dhrystone",
  size: { kind: "fixed", full: { iterations: 10_000_000 }, quick: { iterations: 2_000_000 } },
} as const;

/** Every scheme that is right in parallel: a kernel does not live long under another. */
const LINUX_ATOMICS = ATOMICS.filter(({ constraints }) => constraints.correctInParallel)
  .map(({ name }) => name);

/** From the machine's start to the first user program. */
export const LINUX_BOOT: Experiment = {
  ...LINUX_RUNS,
  name: "linux-boot",
  title: "Boot of a Linux distribution's kernel",
  question:
    "How long does Debian's kernel take from the machine's start to its first user program?",
  groups: [{
    workload: "linux-boot",
    ...STANDARD,
    atomics: LINUX_ATOMICS,
    qemu: ["multi"],
    vcpus: [2],
    size: { kind: "fixed", full: {}, quick: {} },
  }, {
    workload: "linux-boot",
    ...STANDARD,
    qemu: ["multi"],
    vcpus: [1, 4, 8],
    size: { kind: "fixed", full: {}, quick: {} },
  }],
};

/** What the barriers of a kernel and a C library cost. */
const BARRIER_SWEEP = {
  ...STANDARD,
  ...TIMED_DHRYSTONE,
  barriers: "all",
  qemu: ["multi"],
  vcpus: [2],
} as const;

/** Dhrystones at once under an SMP kernel: the shape of figures F1 (two) and F3 (four). */
export const LINUX_DHRYSTONE: Experiment = {
  ...LINUX_RUNS,
  name: "linux-dhrystone",
  title: "Dhrystones at once in an SMP Linux guest",
  question: "How fast are Dhrystones, one a vCPU, as threads of a Linux guest?",
  groups: [{
    ...STANDARD,
    ...TIMED_DHRYSTONE,
    qemu: ["multi"],
    vcpus: [1, 2, 4],
  }, BARRIER_SWEEP],
};

/** Threads that take one spinlock in turn. */
export const LINUX_ATOMIC_STRESS: Experiment = {
  ...LINUX_RUNS,
  name: "linux-atomic-stress",
  title: "Atomic stress test in an SMP Linux guest",
  question: "Do threads of a Linux guest keep their invariant under each scheme, and how fast?",
  groups: [{
    workload: "linux-atomic-stress",
    ...STANDARD,
    atomics: LINUX_ATOMICS,
    qemu: ["multi"],
    vcpus: [2],
    size: { kind: "fixed", full: { iterations: 1_000_000 }, quick: { iterations: 50_000 } },
  }],
};
