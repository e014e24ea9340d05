/**
 * The barrier schemes: one line each, from the negative control to the upper bound of cost.
 * @module
 */
import { findByName } from "../registry.ts";
import type { BarrierStrategy } from "../types.ts";
import { fence } from "./fence.ts";
import { lockedRmw } from "./locked_rmw.ts";
import { none } from "./none.ts";
import { sequential } from "./sequential.ts";
import { typed } from "./typed.ts";

/** All barrier schemes. */
export const BARRIERS: readonly BarrierStrategy[] = [
  none,
  typed,
  lockedRmw,
  fence,
  sequential,
];

/**
 * The barrier scheme called `name`.
 * @throws RangeError when there is none.
 */
export function findBarriers(name: string): BarrierStrategy {
  return findByName("barriers", BARRIERS, name);
}
