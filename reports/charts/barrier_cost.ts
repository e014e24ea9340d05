import { notesIn } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import { distinct, fullestOf, slicesOf } from "../data/slices.ts";
import { familyNotes } from "../data/verdict.ts";
import { dotColumns, type DotOptions, dotPlot } from "./dots.ts";
import { ratios, VERDICT } from "./ratios.ts";
import { type Chart, type Drawing, type Missing, RATIO_INTERVAL } from "./types.ts";

const BASE = "none";
const OPTIONS: DotOptions = {
  value: "time relative to no barriers",
  format: "~r",
  scale: "auto",
  reference: 1,
};

function draw(tables: Tables): Drawing | Missing {
  const { rows, comparisons } = ratios(
    tables,
    fullestOf(slicesOf(tables.cells, "barriers"))
      .map(({ label, ours }) => ({ slice: label, members: ours, bases: ours })),
    { base: BASE, of: "time" },
  );
  const timed = new Set(rows.filter((row) => row.value !== null).map((row) => row.slice));
  const shown = rows.filter((row) => timed.has(row.slice));
  if (shown.length === 0) {
    return { missing: `No workload was timed under \`${BASE}\` and another barriers scheme.` };
  }
  return {
    rows: shown,
    comparisons,
    columns: dotColumns("Time relative to none", [VERDICT, ...notesIn(shown)]),
    read:
      "Further right is a higher cost: the time of one operation over its time when guest barriers " +
      `are ignored (\`${BASE}\`), for ${distinct(shown.map((row) => row.slice)).length} workloads.`,
    interval: RATIO_INTERVAL,
    alt: "Dot plots of the time an operation takes under each barriers scheme, relative to none.",
    notes: familyNotes(comparisons),
    spec: (frame) => dotPlot(shown, OPTIONS, frame),
  };
}

/** What each barriers scheme costs. */
export const BARRIER_COST: Chart = {
  id: "barrier-cost",
  section: "barriers",
  title: "Cost of each barriers strategy",
  draw,
};
