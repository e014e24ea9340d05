/**
 * A/A cells: a cell once more under another label, run as all others are. Whatever tells the two apart
 * is not the scheme, so that their verdicts show how often this session's verdicts are wrong.
 * @module
 */
import { isTimed } from "../../workloads/registry.ts";
import type { PlannedCell } from "./plan.ts";
import { isStandard } from "./types.ts";

/** Number of vCPUs whose cell is repeated, where there is one. */
const VCPUS = 2;

/** How well a cell stands for the others of its group; the higher, the better. */
function fitness({ cell: { subject, vcpus } }: PlannedCell): number {
  return Number(subject.engine === "ours") * 4 + Number(isStandard(subject)) * 2 +
    Number(vcpus === VCPUS);
}

/** The A/A cell of a group; null when the group has no timed cell whose result is right. */
export function againOf(group: readonly PlannedCell[]): PlannedCell | null {
  const timed = group.filter(({ cell }) =>
    cell.subject.engine !== "fake" && isTimed(cell.workload) && cell.prediction.check === "pass"
  );
  if (timed.length === 0) return null;
  const best = timed.reduce((most, one) => fitness(one) > fitness(most) ? one : most);
  const { cell } = best.cell;
  return { ...best, cell: { ...best.cell, cell: `${cell} (again)`, again: cell } };
}
