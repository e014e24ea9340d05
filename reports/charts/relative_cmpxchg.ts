import { notesIn } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import { fullestOf, slicesOf } from "../data/slices.ts";
import { familyNotes } from "../data/verdict.ts";
import { dotColumns, type DotOptions, dotPlot } from "./dots.ts";
import { ratios, VERDICT } from "./ratios.ts";
import { type Chart, type Drawing, type Missing, RATIO_INTERVAL } from "./types.ts";

const BASE = "cmpxchg";
const OPTIONS: DotOptions = {
  value: "throughput relative to cmpxchg",
  format: "~r",
  scale: "log",
  reference: 1,
};

function draw(tables: Tables): Drawing | Missing {
  const { rows, comparisons } = ratios(
    tables,
    fullestOf(slicesOf(tables.cells, "atomics"))
      .map(({ label, ours }) => ({ slice: label, members: ours, bases: ours })),
    { base: BASE, of: "throughput" },
  );
  if (rows.length === 0) {
    return { missing: `Nothing was timed beside ${BASE}: add it to \`--atomics\`.` };
  }
  return {
    rows,
    comparisons,
    columns: dotColumns("Ratio to cmpxchg", [VERDICT, ...notesIn(rows)]),
    read:
      "Right of the line at 1 is faster than `cmpxchg` with the same number of vCPUs, left of it " +
      "slower; the axis is logarithmic.",
    interval: RATIO_INTERVAL,
    alt: "Dot plots of each atomics scheme's throughput over that of cmpxchg.",
    notes: familyNotes(comparisons),
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Throughput of each atomics scheme over that of `cmpxchg`. */
export const RELATIVE_CMPXCHG: Chart = {
  id: "relative-cmpxchg",
  section: "atomics",
  title: "Throughput relative to cmpxchg",
  draw,
};
