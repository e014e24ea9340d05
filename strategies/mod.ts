/**
 * The strategies, by kind.
 * @module
 */
export { ATOMICS, findAtomics } from "./atomics/registry.ts";
export { BARRIERS, findBarriers } from "./barriers/registry.ts";
export { combinedRole, isRanked } from "./role.ts";
export { findScheduling, SCHEDULING } from "./scheduling/registry.ts";
export type * from "./types.ts";
