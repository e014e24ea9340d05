/**
 * Which cells stand for a scheme that one would choose.
 * @module
 */
import { ATOMICS, BARRIERS } from "../../strategies/mod.ts";
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
