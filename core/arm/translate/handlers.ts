/**
 * The one place where the groups' handlers come together.
 * @module
 */
import type { HandlerName } from "../decode/tables.ts";
import { bits } from "./bits.ts";
import { branch } from "./branch.ts";
import { coprocessor } from "./coprocessor.ts";
import { dataProcessing } from "./data_processing.ts";
import { divide } from "./divide.ts";
import type { Handler } from "./handler.ts";
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

/** The handler of every row of every table. */
export const HANDLERS: Readonly<Record<HandlerName, Handler>> = {
  ...dataProcessing,
  ...hints,
  ...multiply,
  ...divide,
  ...saturating,
  ...parallel,
  ...packing,
  ...bits,
  ...loadStore,
  ...loadStoreMultiple,
  ...sync,
  ...branch,
  ...system,
  ...coprocessor,
  ...vfp,
  ...vfpConvert,
  ...vfpTransfer,
  ...vfpMemory,
  ...neon,
  ...neonLoadStore,
};
