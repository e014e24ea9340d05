import type { PublishedFigure, PublishedValue } from "./types.ts";

function value(
  series: string,
  counters: number,
  threads: number,
  amount: number,
  range: readonly [number, number] | null = null,
): PublishedValue {
  return { series, part: `counters ${counters}`, threads, value: amount, range };
}

/** Atomic add over threads, in millions of operations a second, read off plots by the source. */
export const F7: PublishedFigure = {
  id: "F7",
  source: "message of QEMU's commit 354161b37c",
  hardware: "64-core x86",
  workload: "N threads add to 1, 128 or 1024 counters 64 bytes apart",
  values: [
    value("cmpxchg", 1, 1, 7),
    value("cmpxchg", 1, 8, 1.5, [1, 2]),
    value("cmpxchg", 1, 64, 1.5, [1, 2]),
    value("stop the world", 1, 1, 2),
    value("stop the world", 1, 64, 0),
    value("cmpxchg", 128, 1, 10),
    value("cmpxchg", 128, 64, 60),
    value("stop the world", 128, 1, 0),
    value("stop the world", 128, 64, 0),
    value("cmpxchg", 1024, 1, 10),
    value("cmpxchg", 1024, 64, 105),
    value("stop the world", 1024, 1, 0),
    value("stop the world", 1024, 64, 0),
  ],
  differs:
    "Published under user-mode emulation on 64 cores with up to 64 threads; ours is a system " +
    "with up to 8 vCPUs, on the cores named below. The values are approximate; a published 0 has no " +
    "place on the logarithmic axis and stands in the table only.",
};
