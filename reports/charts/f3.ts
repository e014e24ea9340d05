import { measuresOf } from "../../benches/stats/measure.ts";
import { summariseShares } from "../../benches/stats/summary.ts";
import type { SampleRecord } from "../../benches/results/types.ts";
import type { Tables } from "../data/cells.ts";
import { distinct, memberAt } from "../data/slices.ts";
import { F3 } from "../published/f3.ts";
import { type DotOptions, dotPlot, dotRow } from "./dots.ts";
import {
  dhrystoneGuests,
  figureColumns,
  figureMembers,
  notMeasured,
  publishedRows,
} from "./figure_cells.ts";
import { type Chart, type Drawing, type Missing, SHARE_INTERVAL } from "./types.ts";

const OPTIONS: DotOptions = { value: "processor use in %", format: "d", scale: "linear" };
const VCPUS = 4;
const SUBJECTS = {
  "ours: round-robin": "round-robin",
  "ours: thread-per-vcpu": "thread-per-vcpu",
  "QEMU: single": "QEMU single",
  "QEMU: multi": "QEMU multi",
} as const;

/** Processor use of all watched threads together, in per cent of one core; null if none was seen. */
function processorUse(sample: SampleRecord): number | null {
  const watched = sample.threads.filter((one) => one.windowSeconds > 0);
  if (watched.length === 0) return null;
  return 100 * watched.reduce((sum, one) => sum + one.cpuSeconds / one.windowSeconds, 0);
}

function draw(tables: Tables): Drawing | Missing {
  const guests = dhrystoneGuests(F3).map((guest) => ({
    guest,
    ...figureMembers(tables, F3, guest.workload, guest.experiment),
  }));
  const measured = guests.flatMap(({ guest, members }) =>
    Object.entries(SUBJECTS).flatMap(([who, series]) => {
      const samples = memberAt(members, series, VCPUS)?.cell.samples ?? [];
      const uses = measuresOf(samples, processorUse).map(({ value }) => value);
      if (uses.length === 0) return [];
      return [dotRow("", 0, `${who}${guest.name}`, summariseShares(uses), "", { verdict: "" })];
    })
  );
  if (measured.length === 0) return notMeasured(F3);
  const rows = [...publishedRows(F3, (value) => `published: ${value.series}`), ...measured];
  return {
    rows,
    columns: figureColumns("Processor use in %"),
    read:
      "Further right keeps more of the host's cores busy: 100 % is one core, and this host has " +
      `${tables.run.machine.cores} of them. Counted while the guest measures, not while it boots.`,
    interval: SHARE_INTERVAL,
    alt: "Dot plot of processor use of a four-vCPU guest: published, ours, QEMU here.",
    notes: distinct(guests.flatMap(({ notes }) => notes)),
    spec: (frame) => dotPlot(rows, OPTIONS, frame),
  };
}

/** Processor use. */
export const F3_CHART: Chart = {
  id: "f3-processor-use",
  section: "published",
  title: "F3: processor use of a guest of four busy vCPUs",
  draw,
};
