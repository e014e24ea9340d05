/**
 * The few sentences at the head of a report.
 * @module
 */
import type { Tables } from "./cells.ts";
import { correctnessMatrix } from "./correctness.ts";
import { litmusFields } from "./litmus.ts";
import {
  distinct,
  fullestOf,
  type Member,
  memberAt,
  type Slice,
  slicesOf,
  vcpuCounts,
} from "./slices.ts";
import { type Compared, comparedOf } from "./verdict.ts";

function ratioWords({ ratio, interval, words }: Compared): string {
  const digits = (value: number) => value.toPrecision(3);
  const range = `[${digits(interval.low)}, ${digits(interval.high)}]`;
  return `${digits(ratio)} × ${range}, ${words}`;
}

function correctnessWords(tables: Tables): string[] {
  const fields = correctnessMatrix(tables).filter((field) => field.status !== "not run");
  if (fields.length === 0) return [];
  const count = (status: string) => fields.filter((field) => field.status === status).length;
  const wrong = fields.filter((field) => field.status === "wrong");
  return [
    `Correctness: of ${fields.length} scheme and test pairs ${count("pass")} pass, ` +
    `${count("fails as predicted")} fail as the scheme predicts, ${wrong.length} are wrong` +
    (wrong.length > 0
      ? ` (${wrong.slice(0, 4).map((one) => `${one.subject} on ${one.test}`).join("; ")}).`
      : "."),
  ];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ") || "no scheme";
}

function litmusWords(tables: Tables): string[] {
  const fields = litmusFields(tables);
  if (fields.length === 0) return [];
  const subjects = (status: string) =>
    distinct(fields.filter((one) => one.status === status).map((one) => one.subject));
  const forbidden = subjects("forbidden, seen"), relaxed = subjects("allowed, seen");
  return [
    "Memory order: forbidden outcomes were seen under " +
    `${quoted(forbidden)}; allowed relaxed ones under ${quoted(relaxed)}.`,
  ];
}

function fastest(slice: Slice, vcpus: number): Member | undefined {
  return slice.ours
    .filter(({ cell }) => cell.record.vcpus === vcpus && cell.throughput !== null)
    .sort((a, b) => b.cell.throughput!.median - a.cell.throughput!.median)[0];
}

function atomicsWords(tables: Tables): string[] {
  return fullestOf(slicesOf(tables.cells, "atomics")).flatMap((slice) => {
    const vcpus = vcpuCounts(slice.ours).at(-1)!;
    const best = fastest(slice, vcpus);
    if (best === undefined) return [];
    const base = memberAt(slice.ours, "cmpxchg", vcpus)?.cell;
    const compared = best.series === "cmpxchg"
      ? null
      : comparedOf(best.cell.throughputs, base?.throughputs ?? []);
    const beside = compared === null ? "" : `: ${ratioWords(compared)} against \`cmpxchg\``;
    return [
      `Atomics on ${slice.label} with ${vcpus} vCPUs: fastest is \`${best.series}\`${beside}.`,
    ];
  });
}

function schedulingWords(tables: Tables): string[] {
  return fullestOf(slicesOf(tables.cells, "scheduling")).flatMap((slice) => {
    const compared = comparedOf(
      memberAt(slice.ours, "thread-per-vcpu", 2)?.cell.throughputs ?? [],
      memberAt(slice.ours, "round-robin", 2)?.cell.throughputs ?? [],
    );
    if (compared === null) return [];
    return [
      `Scheduling on ${slice.label} with 2 vCPUs: \`thread-per-vcpu\` over ` +
      `\`round-robin\` ${ratioWords(compared)}.`,
    ];
  });
}

/** The findings, each one sentence. */
export function findingsOf(tables: Tables): string[] {
  return [
    ...correctnessWords(tables),
    ...litmusWords(tables),
    ...schedulingWords(tables),
    ...atomicsWords(tables),
  ];
}
