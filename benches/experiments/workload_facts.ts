/**
 * What the planner knows of each workload: the parameter that makes a run longer, and what its
 * self-check depends on.
 * @module
 */

/** What the self-check needs of the machine. */
export type CheckDepends =
  /** No vCPU reads what another one writes. */
  | "nothing"
  /** Store-exclusives that never both succeed. */
  | "exclusives"
  /** A store-exclusive that fails after another vCPU's store, whatever the value. */
  | "reservation"
  /** The same, but only in an unlucky moment. */
  | "aba"
  /** The guest's memory ordering. */
  | "ordering";

/** Facts of one workload. */
export interface WorkloadFacts {
  /** The parameter that scales the measured part; null when the time is not the point. */
  readonly size: {
    readonly parameter: string;
    /** Value of the warm-up run: short on the slowest subject. */
    readonly pilot: number;
    readonly most: number;
  } | null;
  /** What the self-check needs. */
  readonly check: CheckDepends;
}

const FACTS: Readonly<Record<string, WorkloadFacts>> = {
  "dhrystone": {
    size: { parameter: "iterations", pilot: 10_000, most: 2_000_000_000 },
    check: "nothing",
  },
  "dhrystone-thumb": {
    size: { parameter: "iterations", pilot: 10_000, most: 2_000_000_000 },
    check: "nothing",
  },
  "loop": {
    size: { parameter: "iterations", pilot: 1_000_000, most: 4_000_000_000 },
    check: "nothing",
  },
  "memory": { size: { parameter: "iterations", pilot: 40, most: 100_000_000 }, check: "nothing" },
  "calls": {
    size: { parameter: "iterations", pilot: 20_000, most: 400_000_000 },
    check: "nothing",
  },
  "mmio": { size: { parameter: "iterations", pilot: 2_000, most: 400_000_000 }, check: "nothing" },
  "vfp": { size: { parameter: "iterations", pilot: 50_000, most: 400_000_000 }, check: "nothing" },
  "tlb": { size: { parameter: "rounds", pilot: 100, most: 100_000_000 }, check: "nothing" },
  "ipi": { size: { parameter: "rounds", pilot: 100, most: 100_000_000 }, check: "nothing" },
  "atomic-add": {
    size: { parameter: "iterations", pilot: 50_000, most: 400_000_000 },
    check: "exclusives",
  },
  "atomic-stress": {
    size: { parameter: "iterations", pilot: 20_000, most: 400_000_000 },
    check: "exclusives",
  },
  "lock-kinds": {
    size: { parameter: "iterations", pilot: 20_000, most: 400_000_000 },
    check: "exclusives",
  },
  "linux-dhrystone": {
    size: { parameter: "iterations", pilot: 500_000, most: 2_000_000_000 },
    check: "nothing",
  },
  "linux-atomic-stress": {
    size: { parameter: "iterations", pilot: 50_000, most: 400_000_000 },
    check: "exclusives",
  },
  "monitor": { size: null, check: "exclusives" },
  "aba-stack": { size: null, check: "aba" },
  "store-between": { size: null, check: "reservation" },
  "litmus": { size: null, check: "ordering" },
};

/** Facts of a workload; one that is not listed has no size and an independent check. */
export function factsOf(workload: string): WorkloadFacts {
  return FACTS[workload] ?? { size: null, check: "nothing" };
}

/** How much smaller the warm-up run is for a scheme that stops every vCPU at each operation. */
export const STOPPING_PILOT = 0.01;
