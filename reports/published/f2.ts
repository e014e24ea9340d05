import type { PublishedFigure } from "./types.ts";

/** Atomic stress test: 30 s with a mutex around the exclusives, 6 s with a spinlock. */
export const F2: PublishedFigure = {
  id: "F2",
  source: "cover letter of Konrad's multi-threaded TCG RFC V6",
  hardware: "not stated",
  workload: "every vCPU takes one spinlock in turn and checks an invariant",
  values: [{ series: "spinlock over mutex", part: "", threads: null, value: 30 / 6, range: null }],
  differs: "The published number of vCPUs and hardware are not stated; our mutex is a futex on " +
    "Atomics.wait and the host may have fewer cores.",
};
