/**
 * The few sentences at the head of a report.
 * @module
 */
import { FEWEST_MEASURES } from "../../benches/stats/summary.ts";
import { againWords } from "./again.ts";
import type { Tables } from "./cells.ts";
import { correctnessMatrix } from "./correctness.ts";
import { fastestOf } from "./fastest.ts";
import { litmusControl, litmusFields, silentControl } from "./litmus.ts";
import { distinct, fullestOf, memberAt, slicesOf, vcpuCounts } from "./slices.ts";
import { type Compared, judged } from "./verdict.ts";

function ratioWords({ ratio, interval, words }: Compared): string {
  const digits = (value: number) => value.toPrecision(3);
  const range = interval === null ? "" : ` [${digits(interval.low)}, ${digits(interval.high)}]`;
  return `${digits(ratio)} ×${range}, ${words}`;
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
  const control = litmusControl(tables);
  if (control === null) return [];
  const silent = silentControl(control);
  if (silent !== "") return [`Memory order: no evidence. ${silent}`];
  const fields = litmusFields(tables);
  const subjects = (status: string) =>
    distinct(fields.filter((one) => one.status === status).map((one) => one.subject));
  const forbidden = subjects("forbidden, seen"), relaxed = subjects("allowed, seen");
  return [
    "Memory order: forbidden outcomes were seen under " +
    `${quoted(forbidden)}; allowed relaxed ones under ${quoted(relaxed)}.`,
  ];
}

function atomicsWords(tables: Tables): string[] {
  return fullestOf(slicesOf(tables.cells, "atomics")).flatMap((slice) => {
    const vcpus = vcpuCounts(slice.ours.filter(({ cell }) => cell.measures.length > 0)).at(-1);
    if (vcpus === undefined) return [];
    const members = slice.ours.filter(({ cell }) => cell.record.vcpus === vcpus);
    const place = `Atomics on ${slice.label} with ${vcpus} vCPUs`;
    const found = fastestOf(tables, members);
    if (found === null) {
      return [`${place}: no scheme has the ${FEWEST_MEASURES} processes that a verdict needs.`];
    }
    const { first, tied, lead, unranked } = found;
    if (lead === null) return [];
    const left = unranked.length === 0
      ? ""
      : ` Too few processes to rank ${quoted(unranked.map(({ series }) => series))}.`;
    return [
      tied.length > 0
        ? `${place}: ${quoted([first, ...tied].map(({ series }) => series))} ` +
          `cannot be told apart at the top (the first over the next ${ratioWords(lead)}).${left}`
        : `${place}: fastest is \`${first.series}\`, over the next ${ratioWords(lead)}.${left}`,
    ];
  });
}

function schedulingWords(tables: Tables): string[] {
  const slices = fullestOf(slicesOf(tables.cells, "scheduling"));
  return judged(tables, slices, ({ ours }) => {
    const cell = memberAt(ours, "thread-per-vcpu", 2)?.cell;
    const base = memberAt(ours, "round-robin", 2)?.cell;
    return cell && base ? { cell, base } : null;
  }).flatMap(({ item: { label }, compared }) =>
    compared === null ? [] : [
      `Scheduling on ${label} with 2 vCPUs: \`thread-per-vcpu\` over ` +
      `\`round-robin\` ${ratioWords(compared)}.`,
    ]
  );
}

/** The findings, each one sentence. */
export function findingsOf(tables: Tables): string[] {
  return [
    ...correctnessWords(tables),
    ...litmusWords(tables),
    ...schedulingWords(tables),
    ...atomicsWords(tables),
    ...againWords(tables),
  ];
}
