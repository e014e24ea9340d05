/// <reference lib="deno.worker" />
/**
 * A vCPU that takes a scheme's lock once, in a helper in IR; see lock_sharing_test.ts.
 * @module
 */
import { findAtomics } from "../atomics/registry.ts";
import { RAM, Rig } from "./rig.ts";

/** What the Worker is told. */
export interface LockOrder {
  readonly memory: WebAssembly.Memory;
  readonly scheme: string;
  readonly backend: "interp" | "wasm";
}

self.onmessage = ({ data }: MessageEvent<LockOrder>) => {
  const { memory, scheme, backend } = data;
  const atomics = findAtomics(scheme);
  const rig = new Rig({ atomics, backend, parallel: true, vcpus: 1, part: { memory, index: 0 } });
  rig.loadExclusive(0, RAM + 0x1000, 4);
  self.postMessage("done");
};
