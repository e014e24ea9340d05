/**
 * The scheduling schemes: one line each.
 * @module
 */
import { findByName } from "../registry.ts";
import type { SchedulingStrategy } from "../types.ts";
import { roundRobin } from "./round_robin.ts";
import { threadPerVcpu } from "./thread_per_vcpu.ts";

/** All scheduling schemes. */
export const SCHEDULING: readonly SchedulingStrategy[] = [roundRobin, threadPerVcpu];

/**
 * The scheduling scheme called `name`.
 * @throws RangeError when there is none.
 */
export function findScheduling(name: string): SchedulingStrategy {
  return findByName("scheduling", SCHEDULING, name);
}
