/**
 * What a record says twice must agree: values that follow from others are checked when it is read.
 * @module
 */
import type { CellRecord, Counters, EndRecord, Fields, RunRecord, SampleRecord } from "./types.ts";

/** Rounding of sums and quotients of doubles. */
const TOLERANCE = 1e-6;

/** A value that contradicts others. */
export interface Contradiction {
  /** Path of the field, such as `vcpus.0.id`. */
  readonly field: string;
  /** What is so and what should be. */
  readonly words: string;
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function missingParameter(cell: CellRecord, params: Fields): Contradiction[] {
  return Object.entries(cell.params).flatMap(([name, value]) =>
    params[name] === value ? [] : [{
      field: `params.${name}`,
      words: `the cell was defined with ${name}=${value}, the run had ${params[name] ?? "none"}`,
    }]
  );
}

function wrongSums(sample: SampleRecord): Contradiction[] {
  const told = sample.vcpus.filter(({ counters }) => Object.keys(counters).length > 0);
  if (told.length === 0) return [];
  return Object.entries(sample.counters).flatMap(([name, value]) => {
    const sum = told.reduce(
      (all, { counters }) => all + (counters[name as keyof Counters] ?? 0),
      0,
    );
    if (!differ(value, sum)) return [];
    return [{ field: `counters.${name}`, words: `is ${value}, its vCPUs have ${sum}` }];
  });
}

/** What contradicts itself in a right run of `cell`; the first is the gravest. */
export function sampleContradictions(sample: SampleRecord, cell: CellRecord): Contradiction[] {
  const found: Contradiction[] = [];
  const { ops, seconds, throughput, vcpus } = sample;
  const rate = ops > 0 && seconds > 0 ? ops / seconds : 0;
  if (differ(throughput, rate)) {
    found.push({
      field: "throughput",
      words: `is ${throughput}, but ops / seconds is ${ops} / ${seconds} = ${rate}`,
    });
  }
  if (sample.unit !== cell.unit) {
    found.push({ field: "unit", words: `is "${sample.unit}", its cell has "${cell.unit}"` });
  }
  vcpus.forEach(({ id, seconds: own }, at) => {
    if (id >= cell.vcpus) {
      found.push({ field: `vcpus.${at}.id`, words: `is ${id}, its cell has ${cell.vcpus} vCPUs` });
    }
    if (vcpus.findIndex((one) => one.id === id) < at) {
      found.push({ field: `vcpus.${at}.id`, words: `is ${id}, as an earlier one's` });
    }
    if (own > seconds && differ(own, seconds)) {
      found.push({ field: `vcpus.${at}.seconds`, words: `is ${own}, the whole run's ${seconds}` });
    }
  });
  if (vcpus.length === cell.vcpus) {
    const sum = vcpus.reduce((all, one) => all + one.ops, 0);
    if (differ(sum, ops)) found.push({ field: "ops", words: `is ${ops}, its vCPUs have ${sum}` });
  }
  return [...found, ...wrongSums(sample), ...missingParameter(cell, sample.params)];
}

/** The same for a run's end. */
export function endContradictions(end: EndRecord, run: RunRecord): Contradiction[] {
  const found: Contradiction[] = [];
  const { cellsDone, cellsLeft, cellsUnmeasured, reason } = end;
  if (cellsDone + cellsLeft !== run.cells) {
    const words = `is ${cellsLeft}, with ${cellsDone} done of ${run.cells}`;
    found.push({ field: "cellsLeft", words });
  }
  if (cellsUnmeasured > cellsLeft) {
    const words = `is ${cellsUnmeasured}, but only ${cellsLeft} cells are left`;
    found.push({ field: "cellsUnmeasured", words });
  }
  if (reason === "complete" && cellsLeft > 0) {
    found.push({ field: "reason", words: `is complete, but ${cellsLeft} cells are left` });
  }
  return found;
}
