import { notesIn } from "../data/cell_notes.ts";
import { NOT_INSTALLED } from "../../benches/results/types.ts";
import type { Tables } from "../data/cells.ts";
import { fullestOf, groupsOf } from "../data/slices.ts";
import { familyNotes } from "../data/verdict.ts";
import { dotColumns, type DotOptions, dotPlot } from "./dots.ts";
import { ratios, VERDICT } from "./ratios.ts";
import { type Chart, type Drawing, type Missing, RATIO_INTERVAL } from "./types.ts";

const BASE = "QEMU multi";
const OPTIONS: DotOptions = {
  value: "throughput relative to QEMU",
  format: "~r",
  scale: "log",
  reference: 1,
};

function draw(tables: Tables): Drawing | Missing {
  const groups = fullestOf(groupsOf(tables.cells));
  const { rows, comparisons } = ratios(
    tables,
    groups.map(({ label, ours, peers }) => ({ slice: label, members: ours, bases: peers })),
    { base: BASE, of: "throughput" },
  );
  if (rows.length === 0) {
    return {
      missing: tables.run.peers.qemu === NOT_INSTALLED
        ? "QEMU was not there: install Debian's package qemu-system-arm and measure again."
        : "QEMU (thread=multi) was not timed on any workload of this run.",
    };
  }
  const withBase = new Set(rows.map((row) => row.slice));
  const without = groups
    .filter((group) => group.ours.some(({ cell }) => cell.throughput !== null))
    .map((group) => group.label).filter((label) => !withBase.has(label));
  return {
    rows,
    comparisons,
    columns: dotColumns("Ratio to QEMU", [VERDICT, ...notesIn(rows)]),
    read:
      "Right of the line at 1 is faster than QEMU with thread=multi on the very same image and " +
      "number of vCPUs, left of it slower; the axis is logarithmic.",
    interval: RATIO_INTERVAL,
    alt: "Dot plots of our throughput over that of QEMU with one thread a vCPU.",
    notes: [
      `Peer: ${tables.run.peers.qemu}.`,
      ...(without.length > 0 ? [`Not timed under QEMU: ${without.join("; ")}.`] : []),
      ...familyNotes(comparisons),
    ],
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Our throughput over QEMU's on the same image. */
export const RELATIVE_QEMU: Chart = {
  id: "relative-qemu",
  section: "atomics",
  title: "Throughput relative to QEMU (thread=multi) on the same image",
  draw,
};
