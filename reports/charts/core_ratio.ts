import { CORE_CASES, corePointOf } from "../../benches/experiments/core_cases.ts";
import { NOT_INSTALLED } from "../../benches/results/types.ts";
import type { Cell, Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { comparedOf } from "../data/verdict.ts";
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
  readonly low: number;
  readonly high: number;
  readonly target: number | null;
};

function rowOf(ours: Cell, qemu: Cell): CoreRow[] {
  const { workload, params, vcpus } = ours.record;
  const found = corePointOf(workload, params, vcpus);
  const compared = comparedOf(ours.throughputs, qemu.throughputs);
  if (found === undefined || compared === null) return [];
  const { one, at } = found;
  return [{
    label: `${one.title}, ${vcpuWords(vcpus)}`,
    work: one.title,
    vcpus,
    value: compared.ratio,
    low: compared.interval.low,
    high: compared.interval.high,
    target: at.target,
    samples: compared.samples,
    ours: ours.throughput!.median,
    qemu: qemu.throughput!.median,
    reference: at.reference,
    verdict: compared.words,
  }];
}

function rowsOf(tables: Tables): CoreRow[] {
  const cells = tables.cells.filter(({ record }) => record.experiment === "core");
  const places = Map.groupBy(
    cells,
    ({ record }) => JSON.stringify([record.workload, record.params, record.vcpus]),
  );
  const rows = [...places.values()].flatMap((some) => {
    const ours = some.find(({ record: { subject } }) =>
      subject.engine === "ours" && subject.backend === "wasm"
    );
    const qemu = some.find(({ record: { subject } }) =>
      subject.engine === "qemu" && subject.thread === "multi"
    );
    return ours && qemu ? rowOf(ours, qemu) : [];
  });
  const order = CORE_CASES.map(({ title }) => title);
  const place = (row: CoreRow) => order.indexOf(String(row.work)) * 16 + Number(row.vcpus);
  return rows.sort((a, b) => place(a) - place(b));
}

function plot(rows: readonly CoreRow[], frame: Frame): Spec {
  const labels = labelWidth(rows.map(({ label }) => label), frame.name === "wide" ? 260 : 150);
  const values = rows.flatMap(({ low, high, target }) => [low, high, target ?? 1]);
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
  const rows = rowsOf(tables);
  if (rows.length === 0) {
    return {
      missing: tables.run.peers.qemu === NOT_INSTALLED
        ? "QEMU was not there: install Debian's package qemu-system-arm and measure again."
        : "The core was not compared with QEMU: run `deno task bench --experiment core`.",
    };
  }
  const short = rows.filter(({ target, high }) => target !== null && high < target);
  const aimed = rows.filter(({ target }) => target !== null).length;
  return {
    rows,
    columns: COLUMNS,
    read: "Right of the line at 1 is faster than QEMU with thread=multi on the very same image, " +
      "left of it slower; the small upright marks are targets. The axis is logarithmic.",
    interval: RATIO_INTERVAL,
    alt: "Dot plot of our throughput over that of QEMU by kind of work, with targets.",
    notes: [
      `Peer: ${tables.run.peers.qemu}. Runs of ours and of QEMU took turns.`,
      "Each run warms up inside the guest, about 0.1 s, until V8 has optimised hot code. A Linux " +
      "boot has no warm-up: it is the time from the machine's start to the first user program.",
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
