import type { Cell, Tables } from "../data/cells.ts";
import { flameRows } from "../data/flame.ts";
import { workloadLabel } from "../data/slices.ts";
import { vcpuWords } from "./dots.ts";
import { FLAME_COLUMNS, flameSpec } from "./flame.ts";
import type { Chart, Drawing, Missing } from "./types.ts";

/** Profiles that are drawn; the others are in the results. */
const MOST = 12;

function headingOf(cell: Cell): string {
  const { subject, vcpus } = cell.record;
  const scheme = subject.engine === "ours"
    ? `${subject.atomics}, ${subject.barriers}, ${subject.scheduling}, ${subject.backend}`
    : "";
  return `${workloadLabel(cell)}, ${vcpuWords(vcpus)}: ${scheme}`;
}

function draw(tables: Tables): Drawing | Missing {
  const profiled = tables.cells.flatMap((cell) => {
    const sample = cell.samples.find(({ profile }) => profile !== undefined);
    return sample === undefined ? [] : [{ cell, profile: sample.profile! }];
  });
  const rows = profiled.slice(0, MOST)
    .flatMap(({ cell, profile }) => flameRows(headingOf(cell), profile));
  if (rows.length === 0) {
    return { missing: "Nothing was profiled: measure with `--profile`." };
  }
  return {
    rows,
    columns: FLAME_COLUMNS,
    read: "Each box is as wide as its time; below a vCPU stands what its thread did, below that " +
      "for which of the guest's symbols or pages, and for which block.",
    interval: "",
    alt: "Flame charts of where the time of profiled runs went.",
    notes: [
      "Samples are taken a thousand times a second. Compiled code tells its place at the next block " +
      "head only: within a region that is the head of a loop.",
      "A profiled run is a little slower: do not compare its times with others.",
      ...(profiled.length > MOST
        ? [`${profiled.length - MOST} more profiles are in the raw samples.`]
        : []),
    ],
    spec: (frame) => flameSpec(rows, frame),
  };
}

/** Where the time of profiled runs went. */
export const PROFILE: Chart = {
  id: "profile",
  section: "resources",
  title: "Where the time goes",
  draw,
};
