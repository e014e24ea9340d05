import type { PublishedFigure } from "./types.ts";

/** Dual Dhrystone: 18 s on one thread, 10 s with a thread a vCPU. */
export const F1: PublishedFigure = {
  id: "F1",
  source: "cover letter of Konrad's multi-threaded TCG RFC V6",
  hardware: "not stated",
  workload: "two Dhrystones of 10,000,000 runs at once in an SMP-2 Linux guest",
  values: [
    { series: "MTTCG over single thread", part: "", threads: 2, value: 18 / 10, range: null },
  ],
  differs:
    "The published guest is Linux with two processes; ours is bare metal with one Dhrystone " +
    "on each vCPU, or Linux with two threads. The published ratio is of run times, ours of throughput.",
};
