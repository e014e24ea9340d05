/**
 * What is known of the code that cells run: schemes that differ in name only, and one vCPU that runs
 * the code of several.
 * @module
 */
import type { CellRecord } from "../../benches/results/types.ts";

/** What a reader of a cell's value should know of its code; empty for most cells. */
export function codeWords({ subject, sameCodeAs }: CellRecord): string {
  const words: string[] = [];
  if (sameCodeAs?.atomics !== undefined) words.push(`same code as ${sameCodeAs.atomics}`);
  if (sameCodeAs?.barriers !== undefined) {
    words.push(`same code as barriers ${sameCodeAs.barriers}`);
  }
  if (subject.engine === "ours" && subject.parallelCode !== undefined) {
    words.push("code as for vCPUs in parallel");
  }
  return words.join("; ");
}

/** Whether two cells of ours run the same code although their schemes have different names. */
export function runSameCode(a: CellRecord, b: CellRecord): boolean {
  const [one, other] = [a, b].map(({ subject, sameCodeAs, workload, params, vcpus }) =>
    subject.engine !== "ours" ? null : JSON.stringify([
      { ...subject, atomics: sameCodeAs?.atomics ?? subject.atomics, barriers: "" },
      sameCodeAs?.barriers ?? subject.barriers,
      workload,
      params,
      vcpus,
    ])
  );
  return one !== null && one === other && JSON.stringify(a.subject) !== JSON.stringify(b.subject);
}

/** Whether scaling may be told from a cell: one vCPU that runs the code of several. */
export function isScalingBase({ subject, vcpus }: CellRecord): boolean {
  return vcpus === 1 && subject.engine === "ours" && subject.parallelCode === "forced";
}
