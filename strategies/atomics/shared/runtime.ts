/**
 * Run-time halves that several schemes share.
 * @module
 */
import { VCPU } from "../../../core/memory/vcpu_layout.ts";
import type { AtomicsRuntime, StrategyHost } from "../../types.ts";

/** Run-time half of a scheme that is all inline and keeps its reservation in the local monitor. */
export function clearMonitor(host: StrategyHost): AtomicsRuntime {
  const { i32 } = host.views;
  return {
    helpers: {},
    clear: (env) => {
      i32[(env + VCPU.EXCL_SIZE) >>> 2] = 0;
    },
  };
}
