import type { PublishedFigure } from "./types.ts";

/** Dual Dhrystone: 18 s on one thread, 10 s with a thread a vCPU. */
export const F1: PublishedFigure = {
  id: "F1",
  source: {
    title: "F. Konrad, Multithread TCG, RFC V6, cover letter",
    year: 2015,
    place: "QEMU developers' mailing list",
    figure: "two times in the text, no figure",
  },
  hardware: "not stated",
  workload: "two Dhrystones of 10,000,000 runs at once in an SMP-2 Linux guest",
  values: [
    { series: "MTTCG over single thread", part: "", threads: 2, value: 18 / 10, range: null },
  ],
  differs: [
    "The published guest is Linux with two processes on a board that is not stated; ours is bare " +
    "metal with one instance on each vCPU, or Linux with two threads, on QEMU's `virt` board.",
    "The published program is Dhrystone; ours is a program of our own with the same mix of work, " +
    "whose results are checked, so a run of it is not a Dhrystone run.",
    "The published ratio is of run times with start-up, ours of throughput once warm.",
  ],
};
