/**
 * The one place where the groups' handlers come together.
 * @module
 */
import type { ArmRow, Group } from "../decode/tables.ts";
import { bits } from "./bits.ts";
import { branch } from "./branch.ts";
import { coprocessor } from "./coprocessor.ts";
import { dataProcessing } from "./data_processing.ts";
import { divide } from "./divide.ts";
import type { Handler, Handlers } from "./handler.ts";
import { hints } from "./hints.ts";
import { loadStore } from "./load_store.ts";
import { loadStoreMultiple } from "./load_store_multiple.ts";
import { multiply } from "./multiply.ts";
import { neon } from "./neon.ts";
import { neonLoadStore } from "./neon_memory.ts";
import { packing } from "./packing.ts";
import { parallel } from "./parallel.ts";
import { saturating } from "./saturating.ts";
import { sync } from "./sync.ts";
import { system } from "./system.ts";
import { vfp } from "./vfp.ts";
import { vfpConvert } from "./vfp_convert.ts";
import { vfpMemory } from "./vfp_memory.ts";
import { vfpTransfer } from "./vfp_transfer.ts";

/** The handlers of every group. */
const HANDLERS: { readonly [G in Group]: Handlers<G> } = {
  data_processing: dataProcessing,
  hints,
  multiply,
  divide,
  saturating,
  parallel,
  packing,
  bits,
  load_store: loadStore,
  load_store_multiple: loadStoreMultiple,
  sync,
  branch,
  system,
  coprocessor,
  vfp,
  vfp_convert: vfpConvert,
  vfp_transfer: vfpTransfer,
  vfp_memory: vfpMemory,
  neon_integer: neon,
  neon_lengths: neon,
  neon_shifts: neon,
  neon_permute: neon,
  neon_float: neon,
  neon_load_store: neonLoadStore,
};

/** The handler of a row of any table. */
export function handlerOf(row: ArmRow): Handler {
  const group: Readonly<Record<string, Handler>> = HANDLERS[row[3]];
  return group[row[1]];
}
