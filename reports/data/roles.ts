/**
 * What cells stand for: schemes that one would choose, and subjects that use several cores.
 * @module
 */
import type { CellRecord, Subject } from "../../benches/results/types.ts";
import { ATOMICS, BARRIERS, combinedRole, isRanked, SCHEDULING } from "../../strategies/mod.ts";
import type { StrategyInfo, StrategyRole } from "../../strategies/types.ts";
import type { Cell } from "./cells.ts";

/**
 * Whether a cell of ours is a scheme's own: neither the A/A cell nor one of a control, which nobody
 * would choose, or of a scheme that is there to be wrong, whose speed is bought by that.
 */
export function isScheme({ record }: Cell): boolean {
  const role = roleOf(record);
  return role !== null && record.again === undefined && isRanked(role);
}

/**
 * What a cell of ours is in a comparison; null for other subjects. Where the record does not say, the
 * registries do; schemes that are not registered are believed.
 */
export function roleOf({ subject, role }: CellRecord): StrategyRole | null {
  if (subject.engine !== "ours") return null;
  const known = (list: readonly StrategyInfo[], name: string) =>
    list.find((one) => one.name === name)?.role ?? "scheme";
  return role ??
    combinedRole([known(ATOMICS, subject.atomics), known(BARRIERS, subject.barriers)]);
}

/** Whether vCPUs of the subject run at the same time. A scheduling that is not registered is believed to. */
export function isParallel(subject: Subject): boolean {
  if (subject.engine === "qemu") return subject.thread === "multi";
  if (subject.engine === "fake") return false;
  return SCHEDULING.find(({ name }) => name === subject.scheduling)?.constraints.parallel ?? true;
}
