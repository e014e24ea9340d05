/**
 * The registry of experiments: one line each.
 * @module
 */
import { BARRIERS_EXPERIMENT } from "./barriers.ts";
import { CORE } from "./core.ts";
import { CORRECTNESS } from "./correctness.ts";
import { DEFAULT_EXPERIMENT } from "./default.ts";
import { F1, F1_LINUX, F2, F3, F3_LINUX, F7 } from "./figures.ts";
import { HARNESS } from "./harness.ts";
import { LINUX_ATOMIC_STRESS, LINUX_BOOT, LINUX_DHRYSTONE } from "./linux.ts";
import { LITMUS_EXPERIMENT } from "./litmus.ts";
import { SCALING } from "./scaling.ts";
import type { Experiment } from "./types.ts";

export type { Experiment } from "./types.ts";

/** All experiments, in the order of lists. */
export const EXPERIMENTS: readonly Experiment[] = [
  DEFAULT_EXPERIMENT,
  CORRECTNESS,
  BARRIERS_EXPERIMENT,
  LITMUS_EXPERIMENT,
  SCALING,
  CORE,
  F1,
  F2,
  F3,
  F7,
  F1_LINUX,
  F3_LINUX,
  LINUX_BOOT,
  LINUX_DHRYSTONE,
  LINUX_ATOMIC_STRESS,
  HARNESS,
];
