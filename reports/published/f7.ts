import type { PublishedFigure, PublishedValue } from "./types.ts";

type Range = readonly [number, number];

function value(
  series: string,
  counters: number,
  threads: number,
  amount: number | Range,
): PublishedValue {
  const range = typeof amount === "number" ? null : amount;
  const middle = typeof amount === "number" ? amount : (amount[0] + amount[1]) / 2;
  return { series, part: `counters ${counters}`, threads, value: middle, range };
}

/** A point on the plot's axis: below what the plot can show. */
function unresolved(counters: number, threads: number): PublishedValue {
  return { ...value("stop the world", counters, threads, 1), atMost: true };
}

/** Atomic add over threads, in millions of operations a second, read off plots. */
export const F7: PublishedFigure = {
  id: "F7",
  source: {
    title: "E. G. Cota, message of commit 354161b37c",
    year: 2016,
    place: "QEMU's repository",
    figure: "plots in the message, one for each range of counters, not numbered",
  },
  hardware: "64-core x86",
  workload: "N threads add to 1, 2, 128 or 1024 counters 64 bytes apart",
  values: [
    value("cmpxchg", 1, 1, 7),
    value("cmpxchg", 1, 8, [1, 2]),
    value("cmpxchg", 1, 64, [1, 2]),
    value("stop the world", 1, 1, [1, 2]),
    unresolved(1, 64),
    value("cmpxchg", 2, 2, 12),
    value("cmpxchg", 2, 8, 2),
    value("cmpxchg", 2, 64, 2),
    unresolved(2, 64),
    value("cmpxchg", 128, 1, 10),
    value("cmpxchg", 128, 64, 60),
    unresolved(128, 64),
    value("cmpxchg", 1024, 1, 10),
    value("cmpxchg", 1024, 64, 105),
    unresolved(1024, 64),
  ],
  differs: [
    "Published under user-mode emulation on 64 cores with up to 64 threads; ours is a system with up " +
    "to 8 vCPUs, on the cores named below.",
    "The values are read off plots. A point on the axis is drawn as a bound: the plot could not " +
    "show what is below about a million operations a second.",
    "QEMU stopped all vCPUs at the store-exclusive only, as `hst` does here, whose plain stores pay " +
    "for its table besides.",
  ],
};
