/**
 * Types over the rows of all tables: which handlers there must be.
 * @module
 */
import type { A32Row } from "./a32_decoder.ts";
import type { VfpNeonRow } from "./vfp_neon_decoder.ts";
import type { T16Row, T32Row } from "./thumb_decoder.ts";

/** A row of any table. */
export type ArmRow = A32Row | T16Row | T32Row | VfpNeonRow;

/** The groups of the handlers. */
export type Group = ArmRow[3];

/** Names of the handlers in a group. */
export type HandlerName<G extends Group = Group> = Extract<
  ArmRow,
  readonly [string, string, string, G, ...unknown[]]
>[1];
