/**
 * What a machine is made of, in a form that can be posted to its threads.
 * @module
 */
import type { MarkTexts } from "../devices/console_marks.ts";
import type { MachineLayout } from "../memory/machine_layout.ts";
import type { RawSample } from "../profile/sampler.ts";
import type { TraceConfig } from "../trace/trace_config.ts";
import type { VirtioConfig } from "./virtio_config.ts";

/** How a machine executes guest code. */
export interface ExecConfig {
  /** `interp`: every block by the reference interpreter; `wasm`: warm blocks are compiled. */
  readonly backend: "interp" | "wasm";
  /** Interpreter runs after which a block is queued for compilation; 0: compiled at once. */
  readonly hotRuns: number;
  /** Blocks compiled together. */
  readonly batch: number;
  /** Times a block is found running hot before a region is formed around it; 0: never. */
  readonly regionSamples: number;
  /** Guest instructions between two such findings. */
  readonly sampleInsns: number;
  /**
   * When a thread of its own compiles for the vCPUs: `late`, once there are thousands of blocks;
   * `first`, before any vCPU runs; `never`.
   */
  readonly compileThread: "late" | "first" | "never";
  /** Most guest instructions in a block. */
  readonly maxInsns: number;
  /** Run the IR verifier after every stage. */
  readonly verifyIr: boolean;
  /** Count store-exclusives and their failures; costs two memory updates each. */
  readonly countExclusives: boolean;
}

/** Measured defaults; docs/rationale.md says how. */
export const DEFAULT_EXEC: ExecConfig = {
  backend: "wasm",
  hotRuns: 30,
  batch: 128,
  regionSamples: 8,
  sampleInsns: 100_000,
  compileThread: "late",
  maxInsns: 64,
  verifyIr: false,
  countExclusives: false,
};

/** Names of the strategies a machine runs under. */
export interface StrategyNames {
  /** Name in the registry ATOMICS. */
  readonly atomics: string;
  /** Name in the registry BARRIERS. */
  readonly barriers: string;
  /** Name in the registry SCHEDULING. */
  readonly scheduling: string;
}

/** Everything a thread of the machine needs; structured-cloneable. */
export interface ThreadConfig {
  /** The machine's one shared memory. */
  readonly memory: WebAssembly.Memory;
  /** Where its parts lie. */
  readonly layout: MachineLayout;
  /** URL of the module that exports ATOMICS, BARRIERS and SCHEDULING (strategies/mod.ts). */
  readonly strategies: string;
  /** Strategies to import from there. */
  readonly names: StrategyNames;
  /** How to execute guest code. */
  readonly exec: ExecConfig;
  /** vCPU numbers that this thread runs. */
  readonly vcpus: readonly number[];
  /** Guest instructions a vCPU runs before the next one gets its turn. */
  readonly sliceInsns: number;
  /** Whether vCPUs run in parallel: more than one, on more than one thread. */
  readonly parallel: boolean;
  /** Whether code is made for vCPUs in parallel: where they are, and where it is forced. */
  readonly parallelCode: boolean;
  /** Time is counted in guest instructions instead of host time. */
  readonly virtualTime: boolean;
  /** The virtio devices. */
  readonly virtio: VirtioConfig;
  /** Lines of the console between which the guest measures; none are looked for without. */
  readonly marks?: MarkTexts;
  /** What is traced; nothing without. */
  readonly trace?: TraceConfig;
  /** The words of the profile (core/profile/profile_words.ts); none unless the machine is profiled. */
  readonly profile?: SharedArrayBuffer;
}

/** What a thread posts to the main thread. */
export type ThreadMessage =
  /** About to do its work. */
  | { readonly kind: "ready" }
  /** Something that the user should know; the machine goes on. */
  | { readonly kind: "notice"; readonly message: string }
  | { readonly kind: "done" }
  /** What the sampler saw, at the machine's end. */
  | { readonly kind: "profile"; readonly samples: readonly RawSample[] }
  | { readonly kind: "error"; readonly message: string };

/** What a thread posts when it is about to do its work. */
export const READY: ThreadMessage = { kind: "ready" };
