/**
 * Every run as one line of `results.csv`, failures included.
 * @module
 */
import type { CellRecord, Fields } from "../../benches/results/types.ts";
import type { Tables } from "./cells.ts";
import { type Row, toCsv } from "./csv.ts";

function words(fields: Fields): string {
  return Object.entries(fields).map(([key, value]) => `${key}=${value}`).join(" ");
}

function coordinates(cell: CellRecord): Row {
  const { subject } = cell;
  const ours = subject.engine === "ours" ? subject : null;
  return {
    cell: cell.cell,
    experiment: cell.experiment,
    engine: subject.engine,
    thread: subject.engine === "qemu" ? subject.thread : null,
    atomics: ours?.atomics ?? null,
    barriers: ours?.barriers ?? null,
    scheduling: ours?.scheduling ?? null,
    backend: ours?.backend ?? null,
    workload: cell.workload,
    vcpus: cell.vcpus,
    memory_mib: cell.memoryMiB,
    unit: cell.unit,
    predicted_check: cell.prediction.check,
    again: cell.again ?? null,
    parallel_code: ours?.parallelCode ?? null,
    same_code_as: [cell.sameCodeAs?.atomics, cell.sameCodeAs?.barriers]
      .filter((name) => name !== undefined).join(" "),
  };
}

/** The text of `results.csv`. Times are seconds, sizes bytes, `throughput` is in `unit` a second. */
export function samplesCsv(tables: Tables): string {
  const { cells, samples, failures } = tables.results;
  const rows: Row[] = samples.map((one) => ({
    ...coordinates(cells.get(one.cell)!),
    parameters: words(one.params),
    repeat: one.repeat,
    turn: one.turn,
    process: one.process,
    settled: one.settled ?? null,
    result: "right",
    message: one.warnings.join(" "),
    ops: one.ops,
    seconds: one.seconds,
    throughput: one.throughput,
    wall_seconds: one.wallSeconds,
    cpu_seconds: one.cpuSeconds,
    peak_rss_bytes: one.peakRssBytes,
    started: one.host.started,
    load_average: one.host.loadAverage,
    stolen_seconds: one.host.stolenSeconds,
    guest: words(one.guest),
    measured_insns: one.tiers?.insns ?? null,
    interpreter_share: one.tiers?.interpreter ?? null,
    first_tier_share: one.tiers?.first ?? null,
    region_share: one.tiers?.region ?? null,
    compile_seconds: one.tiers?.compileSeconds ?? null,
    ...one.counters,
  }));
  for (const one of failures) {
    rows.push({
      ...coordinates(cells.get(one.cell)!),
      parameters: words(one.params),
      repeat: one.repeat,
      turn: one.turn,
      process: one.process,
      result: one.failure,
      message: one.message,
      guest: words(one.guest),
      ...one.counters,
    });
  }
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  return toCsv([...columns], rows);
}
