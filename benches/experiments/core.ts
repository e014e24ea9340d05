import { CORE_CASES, type CoreCase, type CorePoint } from "./core_cases.ts";
import { type Experiment, type Group, STANDARD } from "./types.ts";

/** Longest boot of a Linux guest that is waited for, in seconds. */
const BOOT_SECONDS = 240;

function groupOf(one: CoreCase, at: CorePoint): Group {
  const { workload, params, optional } = one;
  return {
    workload,
    params,
    ...STANDARD,
    qemu: ["multi"],
    vcpus: [at.vcpus],
    ...(optional
      ? {
        optional,
        quickRepeats: 1,
        timeoutSeconds: BOOT_SECONDS,
        size: { kind: "fixed", full: {}, quick: {} },
      }
      : { size: { kind: "timed", seconds: 0.4, quickSeconds: 0.1 } }),
    ...(at.fullOnly ? { fullOnly: true } : {}),
    ...(at.repeats === undefined ? {} : { repeats: at.repeats }),
  };
}

/** The speed of the core itself beside QEMU, by kind of work. */
export const CORE: Experiment = {
  name: "core",
  title: "Speed of the core",
  question: "How fast is translated code, per kind of work, and how far from QEMU?",
  repeats: 5,
  quickRepeats: 2,
  // A process a repeat, ours and QEMU's in turn: what disturbs the machine disturbs both.
  runsPerProcess: 1,
  inPairs: true,
  countExclusives: false,
  timeoutSeconds: 60,
  budgetSeconds: 540,
  quickBudgetSeconds: 105,
  groups: CORE_CASES.flatMap((one) => one.at.map((at) => groupOf(one, at))),
};
