/**
 * What the planner knows of each workload: whether it is timed, and what its self-check depends on.
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
  /** Whether it warms up and finds its own size from `milliseconds`; not so where time is not the point. */
  readonly timed: boolean;
  /** What the self-check needs. */
  readonly check: CheckDepends;
}

function timed(check: CheckDepends): WorkloadFacts {
  return { timed: true, check };
}

function untimed(check: CheckDepends): WorkloadFacts {
  return { timed: false, check };
}

const FACTS: Readonly<Record<string, WorkloadFacts>> = {
  "dhrystone": timed("nothing"),
  "dhrystone-thumb": timed("nothing"),
  "loop": timed("nothing"),
  "memory": timed("nothing"),
  "calls": timed("nothing"),
  "mmio": timed("nothing"),
  "vfp": timed("nothing"),
  "tlb": timed("nothing"),
  "ipi": timed("nothing"),
  "atomic-add": timed("exclusives"),
  "atomic-stress": timed("exclusives"),
  "lock-kinds": timed("exclusives"),
  "linux-dhrystone": timed("nothing"),
  "linux-atomic-stress": timed("exclusives"),
  "monitor": untimed("exclusives"),
  "aba-stack": untimed("aba"),
  "store-between": untimed("reservation"),
  "litmus": untimed("ordering"),
};

/** Facts of a workload; one that is not listed is not timed and has an independent check. */
export function factsOf(workload: string): WorkloadFacts {
  return FACTS[workload] ?? untimed("nothing");
}
