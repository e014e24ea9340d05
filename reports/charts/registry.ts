/**
 * The registry of charts: one line each, in the order of the page.
 * @module
 */
import { BARRIER_COST } from "./barrier_cost.ts";
import { CORE_RATIO } from "./core_ratio.ts";
import { CORE_SPEED } from "./core_speed.ts";
import { CORRECTNESS } from "./correctness.ts";
import { F1_CHART } from "./f1.ts";
import { F2_CHART } from "./f2.ts";
import { F3_CHART } from "./f3.ts";
import { F7_CHART } from "./f7.ts";
import { LITMUS, LITMUS_TEST_CHART } from "./litmus.ts";
import { PEAK_MEMORY } from "./peak_memory.ts";
import { PROFILE } from "./profile.ts";
import { RELATIVE_CMPXCHG } from "./relative_cmpxchg.ts";
import { RELATIVE_QEMU } from "./relative_qemu.ts";
import { SCALING_ATOMICS } from "./scaling_atomics.ts";
import { SCALING_SCHEDULING } from "./scaling_scheduling.ts";
import { SETTLING } from "./settling.ts";
import { STREX_FAILURES } from "./strex_failures.ts";
import { THROUGHPUT_ATOMICS } from "./throughput_atomics.ts";
import type { Chart } from "./types.ts";
import { WAIT_SHARE } from "./wait_share.ts";

/** All charts. */
export const CHARTS: readonly Chart[] = [
  THROUGHPUT_ATOMICS,
  RELATIVE_CMPXCHG,
  RELATIVE_QEMU,
  STREX_FAILURES,
  WAIT_SHARE,
  SCALING_SCHEDULING,
  SCALING_ATOMICS,
  BARRIER_COST,
  LITMUS,
  LITMUS_TEST_CHART,
  CORRECTNESS,
  F1_CHART,
  F2_CHART,
  F3_CHART,
  F7_CHART,
  CORE_RATIO,
  CORE_SPEED,
  PEAK_MEMORY,
  SETTLING,
  PROFILE,
];
