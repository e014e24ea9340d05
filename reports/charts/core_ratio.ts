import { CORE_CASES, corePointOf } from "../../benches/experiments/core_cases.ts";
import { NOT_INSTALLED } from "../../benches/results/types.ts";
import type { Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { type Compared, comparisonsOf, ends, judged, type Pair } from "../data/verdict.ts";
import { coloursOf } from "./colours.ts";
import { vcpuWords } from "./dots.ts";
import { labelWidth, logTicks, nameAxis } from "./panels.ts";
import { VERDICT } from "./ratios.ts";
import {
  type Chart,
  type Column,
  type Drawing,
  type Frame,
  type Missing,
  RATIO_INTERVAL,
  type Spec,
} from "./types.ts";

const STEP = 19;

const COLUMNS: readonly Column[] = [
  { field: "work", title: "Work" },
  { field: "vcpus", title: "vCPUs" },
  { field: "value", title: "Ratio to QEMU" },
  { field: "low", title: "95 % from" },
  { field: "high", title: "95 % to" },
  { field: "target", title: "Target" },
  { field: "samples", title: "Samples" },
  { field: "ours", title: "Ours, a second" },
  { field: "qemu", title: "QEMU, a second" },
  { field: "reference", title: "QEMU 7.2 elsewhere, a second" },
  VERDICT,
];

type CoreRow = Row & {
  readonly label: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly target: number | null;
};

function rowOf({ cell: ours, base: qemu }: Pair, compared: Compared): CoreRow {
  const { workload, params, vcpus } = ours.record;
  const { one, at } = corePointOf(workload, params, vcpus)!;
  return {
    label: `${one.title}, ${vcpuWords(vcpus)}`,
    work: one.title,
    vcpus,
    value: compared.ratio,
    ...ends(compared.interval),
    target: at.target,
    samples: compared.samples,
    ours: ours.throughput!.centre,
    qemu: qemu.throughput!.centre,
    reference: at.reference,
    verdict: compared.words,
  };
}

function rowsOf(
  tables: Tables,
): { readonly rows: CoreRow[]; readonly comparisons: readonly Compared[] } {
  const cells = tables.cells.filter(({ record }) =>
    record.experiment === "core" && record.again === undefined
  );
  const places = Map.groupBy(
    cells,
    ({ record }) => JSON.stringify([record.workload, record.params, record.vcpus]),
  );
  const pairs = [...places.values()].flatMap((some): Pair[] => {
    const ours = some.find(({ record: { subject } }) =>
      subject.engine === "ours" && subject.backend === "wasm"
    );
    const qemu = some.find(({ record: { subject } }) =>
      subject.engine === "qemu" && subject.thread === "multi"
    );
    if (ours === undefined || qemu === undefined) return [];
    const { workload, params, vcpus } = ours.record;
    return corePointOf(workload, params, vcpus) ? [{ cell: ours, base: qemu }] : [];
  });
  const results = judged(tables, pairs, (pair) => pair);
  const rows = results.flatMap(({ item, compared }) =>
    compared === null ? [] : [rowOf(item, compared)]
  );
  const order = CORE_CASES.map(({ title }) => title);
  const place = (row: CoreRow) => order.indexOf(String(row.work)) * 16 + Number(row.vcpus);
  return {
    rows: rows.sort((a, b) => place(a) - place(b)),
    comparisons: comparisonsOf(results),
  };
}

function plot(rows: readonly CoreRow[], frame: Frame): Spec {
  const labels = labelWidth(rows.map(({ label }) => label), frame.name === "wide" ? 260 : 150);
  const values = rows.flatMap(({ value, low, high, target }) => [
    value,
    low ?? value,
    high ?? value,
    target ?? 1,
  ]);
  const domain = [Math.min(1, ...values) / 1.2, Math.max(1, ...values) * 1.2] as const;
  const width = frame.width - labels - 20;
  const [colour] = coloursOf(["ours"]);
  const y = {
    field: "label",
    type: "nominal",
    sort: null,
    axis: nameAxis(labels),
  };
  const x = {
    field: "value",
    type: "quantitative",
    scale: { type: "log", domain, nice: false },
    axis: {
      title: "our throughput over QEMU's",
      format: "~r",
      labelFlush: false,
      values: logTicks(domain, width),
    },
  };
  const tooltip = COLUMNS.map(({ field, title }) => ({
    field,
    title,
    type: field === "work" || field === "verdict" ? "nominal" : "quantitative",
    ...(["ours", "qemu", "reference"].includes(field) ? { format: ".3~s" } : {}),
    ...(["value", "low", "high"].includes(field) ? { format: ".3~r" } : {}),
  }));
  return {
    width,
    height: { step: STEP },
    layer: [
      {
        mark: { type: "rule", style: "reference" },
        encoding: { x: { datum: 1, type: "quantitative" } },
      },
      {
        transform: [{ filter: "isValid(datum.target)" }],
        mark: { type: "tick", thickness: 2, size: STEP - 5, style: "trouble" },
        encoding: { x: { ...x, field: "target" }, y, tooltip },
      },
      {
        transform: [{ filter: "isValid(datum.low)" }],
        mark: { type: "rule", strokeWidth: 2.5, strokeCap: "round", opacity: 0.55, color: colour },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, tooltip },
      },
      {
        mark: { type: "point", filled: true, size: 64, opacity: 1, color: colour },
        encoding: { x, y, tooltip },
      },
    ],
  };
}

function draw(tables: Tables): Drawing | Missing {
  const { rows, comparisons } = rowsOf(tables);
  if (rows.length === 0) {
    return {
      missing: tables.run.peers.qemu === NOT_INSTALLED
        ? "QEMU was not there: install Debian's package qemu-system-arm and measure again."
        : "The core was not compared with QEMU: run `deno task bench --experiment core`.",
    };
  }
  const short = rows.filter(({ target, high }) =>
    target !== null && high !== null && high < target
  );
  const aimed = rows.filter(({ target }) => target !== null).length;
  return {
    rows,
    comparisons,
    columns: COLUMNS,
    read: "Right of the line at 1 is faster than QEMU with thread=multi on the very same image, " +
      "left of it slower; the small upright marks are targets. The axis is logarithmic.",
    interval: RATIO_INTERVAL,
    alt: "Dot plot of our throughput over that of QEMU by kind of work, with targets.",
    notes: [
      `Peer: ${tables.run.peers.qemu}. Runs of ours and of QEMU took turns.`,
      "Each run warms up inside the guest until its speed has settled. A Linux boot has no " +
      "warm-up: it is the time from the machine's start to the first user program.",
      `${short.length} of ${aimed} targets are surely missed` +
      (short.length === 0 ? "." : `: ${short.map(({ label }) => label).join("; ")}.`),
    ],
    spec: (frame) => plot(rows, frame),
  };
}

/** The core's speed over QEMU's by kind of work. */
export const CORE_RATIO: Chart = {
  id: "core-ratio",
  section: "resources",
  title: "Speed of the core relative to QEMU (thread=multi)",
  draw,
};
