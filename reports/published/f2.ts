import type { PublishedFigure } from "./types.ts";

/** Atomic stress test: 30 s with a mutex around the exclusives, 6 s with a spinlock. */
export const F2: PublishedFigure = {
  id: "F2",
  source: {
    title: "F. Konrad, Multithread TCG, RFC V6, cover letter",
    year: 2015,
    place: "QEMU developers' mailing list",
    figure: "two times in the text, no figure",
  },
  hardware: "not stated",
  workload: "every vCPU takes one spinlock in turn and checks an invariant",
  values: [{ series: "spinlock over mutex", part: "", threads: null, value: 30 / 6, range: null }],
  differs: [
    "The published number of vCPUs is not stated, and the measuring host may have fewer cores.",
    "Our mutex spins for a moment before it sleeps in `Atomics.wait`, and our spinlock naps when a " +
    "holder seems to have lost its core; a plain futex and a plain spinlock, as published, differ more " +
    "from each other on an idle host.",
  ],
};
