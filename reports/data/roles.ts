/**
 * What cells stand for: schemes that one would choose, and subjects that use several cores.
 * @module
 */
import type { Subject } from "../../benches/results/types.ts";
import { ATOMICS, BARRIERS, SCHEDULING } from "../../strategies/mod.ts";
import type { Cell } from "./cells.ts";

/**
 * Whether a cell of ours is a scheme's own: neither the A/A cell nor one of a scheme that is there to
 * be wrong, whose speed is bought by that. Schemes that are not registered are believed.
 */
export function isScheme({ record: { subject, again } }: Cell): boolean {
  if (subject.engine !== "ours" || again !== undefined) return false;
  const atomics = ATOMICS.find(({ name }) => name === subject.atomics);
  const barriers = BARRIERS.find(({ name }) => name === subject.barriers);
  return (atomics?.constraints.correctInParallel ?? true) &&
    (barriers?.constraints.correctInParallel ?? true);
}

/** Whether vCPUs of the subject run at the same time. A scheduling that is not registered is believed to. */
export function isParallel(subject: Subject): boolean {
  if (subject.engine === "qemu") return subject.thread === "multi";
  if (subject.engine === "fake") return false;
  return SCHEDULING.find(({ name }) => name === subject.scheduling)?.constraints.parallel ?? true;
}
