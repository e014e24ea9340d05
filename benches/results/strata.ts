/**
 * Runs that may be pooled: the same machine, engine, peer and images. Others are strata, and no
 * number is ever made from two of them.
 * @module
 */
import type { Results } from "./collector.ts";
import { ResultsError } from "./results_error.ts";
import type { RunRecord } from "./types.ts";

/** What must be equal, in the words of messages. */
function facts({ machine, engine, peers }: RunRecord): Record<string, string> {
  const { cpuModel, cores, architecture, kernel, governor, smt, cgroup } = machine;
  return {
    "processor": `${cpuModel}, ${cores} cores, ${architecture}`,
    "memory": `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    "kernel": kernel,
    "governor": governor,
    "SMT": smt,
    "CPU limit": cgroup.cpuMax,
    "memory limit": cgroup.memoryMax,
    "engine": `commit ${engine.commit}`,
    "runtime": `Deno ${engine.deno}, V8 ${engine.v8}`,
    "flags": engine.flags.join(" "),
    "peer": `${peers.qemu}${peers.qemuSha256 === null ? "" : `, SHA-256 ${peers.qemuSha256}`}`,
  };
}

/** What differs between two runs, such as `engine: commit abc, then commit def`; empty for nothing. */
export function runDifferences(a: RunRecord, b: RunRecord): string[] {
  const [one, other] = [facts(a), facts(b)];
  const images = Object.keys(a.images).filter((name) =>
    name in b.images && a.images[name] !== b.images[name]
  );
  return [
    ...Object.keys(one).filter((name) => one[name] !== other[name])
      .map((name) => `${name}: ${one[name]}, then ${other[name]}`),
    ...images.map((name) =>
      `image of ${name}: SHA-256 ${a.images[name].slice(0, 12)}, then ${
        b.images[name].slice(0, 12)
      }`
    ),
  ];
}

/** A file holds several strata, and none was chosen. */
export class StrataError extends ResultsError {}

/** Runs that may be pooled. */
export interface Stratum {
  /** In the order of the file. */
  readonly runs: readonly RunRecord[];
  /** What differs from the first stratum; empty for the first. */
  readonly differences: readonly string[];
}

/** The strata of a file, in its order; one for nearly every file. */
export function strataOf(results: Results): Stratum[] {
  const strata: RunRecord[][] = [];
  for (const run of results.runs) {
    const same = strata.find((runs) => runs.every((one) => runDifferences(one, run).length === 0));
    if (same === undefined) strata.push([run]);
    else same.push(run);
  }
  return strata.map((runs) => ({ runs, differences: runDifferences(strata[0][0], runs[0]) }));
}

/**
 * The results to report: all where they are one stratum, else those of the stratum `number`, from 1.
 * @throws {StrataError} listing the strata where one must be chosen, or there is none of that number.
 */
export function chosenStratum(results: Results, number?: number): Results {
  const strata = strataOf(results);
  if (number === undefined && strata.length === 1) return results;
  const chosen = number === undefined ? undefined : strata[number - 1];
  if (chosen !== undefined) return strata.length === 1 ? results : ofStratum(results, chosen);
  const list = strata.map((stratum, at) => {
    const { runs, differences } = stratum;
    const { samples } = ofStratum(results, stratum);
    const begun = runs.map(({ started }) => started).join(", ");
    const words = differences.length === 0 ? "the first" : differences.join("; ");
    return `  ${at + 1}: begun ${begun}, ${samples.length} samples (${words})`;
  });
  throw new StrataError(
    "These results were measured under different conditions, whose numbers must not be pooled; " +
      `choose one of them with --stratum:\n${list.join("\n")}`,
  );
}

/** The records of one stratum alone; cells that it did not measure stay, without samples. */
function ofStratum(results: Results, { runs }: Stratum): Results {
  const own = (record: Results["samples"][number] | Results["failures"][number]) =>
    runs.includes(results.origin.get(record)!);
  return {
    ...results,
    runs,
    ends: runs.flatMap((run) => results.endOf.get(run) ?? []),
    samples: results.samples.filter(own),
    failures: results.failures.filter(own),
    setAside: results.setAside.filter(own),
  };
}
