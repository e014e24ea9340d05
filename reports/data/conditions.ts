/**
 * The conditions of a run in words.
 * @module
 */
import type { SampleRecord } from "../../benches/results/types.ts";
import { NOT_MEASURED, type Tables } from "./cells.ts";

/** One line of a list of conditions. */
export interface Condition {
  /** What it is about. */
  readonly name: string;
  /** How it was in this run. */
  readonly value: string;
}

/** Load and stolen time beside the runs. */
function loadWords(samples: readonly SampleRecord[]): string {
  const known = (name: "loadAverage" | "stolenSeconds") =>
    samples.flatMap(({ host }) => host[name] ?? []).sort((a, b) => a - b);
  const load = known("loadAverage"), stolen = known("stolenSeconds");
  const words = [
    load.length === 0
      ? "load not told"
      : `load ${load[load.length >>> 1].toFixed(2)} in the median, ${
        load.at(-1)!.toFixed(2)
      } at most`,
    stolen.length === 0
      ? "stolen time not told"
      : `${stolen.reduce((sum, one) => sum + one, 0).toFixed(1)} s stolen by a hypervisor`,
  ];
  return words.join("; ");
}

/** How much of the plan was measured, such as `47 of 101 cells`. */
export function matrixWords({ run, cells }: Tables): string {
  const measured = cells.filter(({ trouble }) => trouble !== NOT_MEASURED).length;
  return `${measured} of ${Math.max(run.cells, cells.length)} cells`;
}

/** Machine, engine and matrix of the last run. */
export function conditionsOf(tables: Tables): Condition[] {
  const { run, results } = tables;
  const { machine, engine } = run;
  const samples = results.samples.length;
  return [
    { name: "Processor", value: `${machine.cpuModel}, ${machine.cores} cores` },
    { name: "Memory", value: `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB` },
    { name: "System", value: `${machine.kernel}, ${machine.architecture}` },
    {
      name: "Load when begun",
      value: machine.loadAverage.map((load) => load.toFixed(2)).join(", "),
    },
    {
      name: "Frequency",
      value: `governor ${machine.governor}, ` +
        (machine.frequencyMhz === null ? "not told" : `${machine.frequencyMhz.toFixed(0)} MHz`),
    },
    { name: "SMT", value: machine.smt },
    {
      name: "Limits",
      value: `cpu.max ${machine.cgroup.cpuMax}, memory.max ${machine.cgroup.memoryMax}`,
    },
    { name: "During the runs", value: loadWords(results.samples) },
    { name: "Engine", value: `commit ${engine.commit}` },
    { name: "Runtime", value: `Deno ${engine.deno}, V8 ${engine.v8}` },
    { name: "Flags", value: engine.flags.join(" ") || "none" },
    { name: "Peer", value: run.peers.qemu },
    { name: "Experiments", value: run.experiments.join(", ") },
    { name: "Begun", value: run.started },
    {
      name: "Matrix",
      value: `${matrixWords(tables)}, ${samples} timed samples, ` +
        `${results.failures.length} failed runs`,
    },
    { name: "Repeats and seed", value: `${run.repeats}, seed ${run.seed}` },
    { name: "Command", value: run.commandLine.join(" ") },
  ];
}
