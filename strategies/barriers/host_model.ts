/**
 * What the host's processor keeps in order by itself, between plain accesses.
 * @module
 */
import { BARRIER } from "../../core/ir/ops.ts";

/** A host memory model. */
export interface HostModel {
  /** Total store order, or nothing promised. */
  readonly name: "tso" | "weak";
  /** Mask of the BARRIER kinds that plain accesses keep without a fence. */
  readonly keeps: number;
  /** Whether it orders accesses by dependencies between them, so that they must stay in its code. */
  readonly usesDependencies: boolean;
}

/** x86: only a store and a later load change places. */
export const TSO: HostModel = {
  name: "tso",
  keeps: BARRIER.ALL & ~BARRIER.ST_LD,
  usesDependencies: false,
};
/** AArch64 and everything else: nothing is kept but what depends on a load. */
export const WEAK: HostModel = { name: "weak", keeps: 0, usesDependencies: true };

/** The model of the host this runs on. */
export const HOST_MODEL: HostModel = Deno.build.arch === "x86_64" ? TSO : WEAK;
