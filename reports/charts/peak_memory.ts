import { summarise } from "../../benches/stats/summary.ts";
import type { Tables } from "../data/cells.ts";
import { distinct, groupsOf } from "../data/slices.ts";
import { dotColumns, type DotOptions, dotPlot, dotRow } from "./dots.ts";
import type { Chart, Drawing, Missing } from "./types.ts";

const MIB = 2 ** 20;
const OPTIONS: DotOptions = { value: "peak resident size in MiB", format: "~r", scale: "linear" };

function draw(tables: Tables): Drawing | Missing {
  const members = groupsOf(tables.cells).flatMap((group) => [...group.ours, ...group.peers]);
  const workloads = distinct(members.map(({ cell }) => cell.record.workload));
  const rows = workloads.flatMap((workload) => {
    const some = members.filter(({ cell }) => cell.record.workload === workload);
    const bySubject = Map.groupBy(some, ({ series, cell }) => `${cell.record.vcpus} ${series}`);
    return [...bySubject.values()].flatMap((same) => {
      const sizes = same.flatMap(({ cell }) => cell.samples)
        .flatMap((one) => one.peakRssBytes === null ? [] : [one.peakRssBytes / MIB]);
      if (sizes.length === 0) return [];
      const { series, cell } = same[0];
      return [dotRow(workload, cell.record.vcpus, series, summarise(sizes), "")];
    });
  });
  if (rows.length === 0) return { missing: "The host did not tell resident sizes." };
  const whole = Math.max(0, ...tables.results.ends.map((end) => end.peakRssBytes ?? 0)) / MIB;
  return {
    rows,
    columns: dotColumns("Peak resident size in MiB"),
    read:
      "Further right is more memory: the largest resident size of a cell's whole process tree, " +
      "guest RAM included.",
    interval:
      "Points are medians; bars are bootstrap 95 % intervals of the median over the repeats.",
    alt: "Dot plots of peak memory by subject, a panel for each number of vCPUs.",
    notes: whole > 0
      ? [`Harness and children together never held more than ${whole.toFixed(0)} MiB.`]
      : [],
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Memory of each subject. */
export const PEAK_MEMORY: Chart = {
  id: "peak-memory",
  section: "resources",
  title: "Peak memory",
  draw,
};
