import { measuresOf } from "../../benches/stats/measure.ts";
import { summarise } from "../../benches/stats/summary.ts";
import type { Tables } from "../data/cells.ts";
import { groupsOf, workloadLabel } from "../data/slices.ts";
import { dotColumns, type DotOptions, dotPlot, dotRow } from "./dots.ts";
import { type Chart, type Drawing, MEAN_INTERVAL, type Missing } from "./types.ts";

const MIB = 2 ** 20;
const OPTIONS: DotOptions = { value: "peak resident size in MiB", format: "~r", scale: "linear" };

function draw(tables: Tables): Drawing | Missing {
  const members = groupsOf(tables.cells).flatMap((group) => [...group.ours, ...group.peers]);
  const bySubject = Map.groupBy(members, (one) => `${one.cell.record.vcpus} ${one.series}`);
  const rows = [...bySubject.values()].flatMap((same) => {
    const summaries = same.flatMap(({ cell }) => {
      const sizes = measuresOf(
        cell.samples,
        ({ peakRssBytes }) =>
          peakRssBytes === null || peakRssBytes === 0 ? null : peakRssBytes / MIB,
      ).map(({ value }) => value);
      return sizes.length === 0 ? [] : [{ cell, summary: summarise(sizes) }];
    });
    if (summaries.length === 0) return [];
    const largest = summaries.reduce((most, one) =>
      one.summary.centre > most.summary.centre ? one : most
    );
    const { series, cell } = same[0];
    return [
      dotRow("", cell.record.vcpus, series, largest.summary, "", {
        workload: workloadLabel(largest.cell),
      }),
    ];
  });
  if (rows.length === 0) return { missing: "The host did not tell resident sizes." };
  const whole = Math.max(0, ...tables.results.ends.map((end) => end.peakRssBytes ?? 0)) / MIB;
  return {
    rows,
    columns: dotColumns("Peak resident size in MiB", [{ field: "workload", title: "On" }]),
    read:
      "Further right is more memory: the largest resident size of a cell's whole process tree, " +
      "guest RAM included, on the workload that takes most.",
    interval: MEAN_INTERVAL,
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
