import type { PublishedFigure } from "./types.ts";

/** Processor use of an SMP-4 guest: one core at 100 %, then 375 %. */
export const F3: PublishedFigure = {
  id: "F3",
  source: {
    title: "GreenSocs and Linaro, Multi-threaded TCG, slides",
    year: 2015,
    place: "KVM Forum",
    figure: "two pictures of htop, not numbered",
  },
  hardware: "i7 3.4 GHz, 4 cores and 4 hyperthreads",
  workload: "an SMP-4 guest whose vCPUs are all busy",
  values: [
    { series: "one thread", part: "", threads: 4, value: 100, range: null },
    { series: "MTTCG", part: "", threads: 4, value: 375, range: null },
  ],
  differs: [
    "The two published pictures show different guests; ours is one guest under both.",
    "The published host has 4 cores; use above 100 % for each core of the measuring host cannot be " +
    "had.",
  ],
};
