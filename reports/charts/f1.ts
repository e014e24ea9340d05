import type { Tables } from "../data/cells.ts";
import { distinct, memberAt } from "../data/slices.ts";
import { F1 } from "../published/f1.ts";
import { type DotOptions, dotPlot } from "./dots.ts";
import {
  dhrystoneGuests,
  figureColumns,
  figureMembers,
  measuredRows,
  notMeasured,
  publishedRows,
} from "./figure_cells.ts";
import { type Chart, type Drawing, type Missing, RATIO_INTERVAL } from "./types.ts";

const OPTIONS: DotOptions = { value: "speed-up", format: "~r", scale: "linear", reference: 1 };
const VCPUS = 2;
const PAIRS = [
  ["ours", "thread-per-vcpu", "round-robin"],
  ["QEMU here", "QEMU multi", "QEMU single"],
] as const;

function draw(tables: Tables): Drawing | Missing {
  const guests = dhrystoneGuests(F1).map((guest) => ({
    guest,
    ...figureMembers(tables, F1, guest.workload, guest.experiment),
  }));
  const items = guests.flatMap(({ guest, members }) =>
    PAIRS.map(([who, parallel, single]) => ({
      name: `${who}${guest.name}`,
      cell: memberAt(members, parallel, VCPUS)?.cell,
      base: memberAt(members, single, VCPUS)?.cell,
    }))
  );
  const { rows: measured, comparisons } = measuredRows(tables, items);
  if (measured.length === 0) return notMeasured(F1);
  const rows = [...publishedRows(F1), ...measured];
  return {
    rows,
    comparisons,
    columns: figureColumns("Speed-up"),
    read: "Further right is a larger gain of one thread a vCPU over one thread for all, with two " +
      "vCPUs; 2 is the most to be had.",
    interval: RATIO_INTERVAL,
    alt: "Dot plot of the dual Dhrystone's speed-up: published, ours, QEMU here.",
    notes: distinct(guests.flatMap(({ notes }) => notes)),
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Dual Dhrystone. */
export const F1_CHART: Chart = {
  id: "f1-dual-dhrystone",
  section: "published",
  title: "F1: dual Dhrystone, single thread against a thread a vCPU",
  draw,
};
