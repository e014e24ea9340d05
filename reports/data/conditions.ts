/**
 * The conditions of a run in words.
 * @module
 */
import type { Tables } from "./cells.ts";

/** One line of a list of conditions. */
export interface Condition {
  /** What it is about. */
  readonly name: string;
  /** How it was in this run. */
  readonly value: string;
}

/** Machine, engine and matrix of the last run. */
export function conditionsOf({ run, results, cells }: Tables): Condition[] {
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
    { name: "Engine", value: `commit ${engine.commit}` },
    { name: "Runtime", value: `Deno ${engine.deno}, V8 ${engine.v8}` },
    { name: "Flags", value: engine.flags.join(" ") || "none" },
    { name: "Peer", value: run.peers.qemu },
    { name: "Experiments", value: run.experiments.join(", ") },
    { name: "Begun", value: run.started },
    {
      name: "Matrix",
      value:
        `${cells.length} cells, ${samples} timed samples, ${results.failures.length} failed runs`,
    },
    { name: "Repeats and seed", value: `${run.repeats}, seed ${run.seed}` },
    { name: "Command", value: run.commandLine.join(" ") },
  ];
}
