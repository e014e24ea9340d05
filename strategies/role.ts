/**
 * What the strategies of a machine make it in a comparison.
 * @module
 */
import type { StrategyRole } from "./types.ts";

/** Whether a ranking ("the fastest is") may name it. */
export function isRanked(role: StrategyRole): boolean {
  return role === "scheme";
}

/** The role of a machine with strategies of these roles: what is wrong in part is wrong. */
export function combinedRole(roles: readonly StrategyRole[]): StrategyRole {
  if (roles.includes("negative-control")) return "negative-control";
  return roles.includes("control") ? "control" : "scheme";
}
