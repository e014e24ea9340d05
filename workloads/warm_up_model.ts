/**
 * The warm-up's rule of runtime/timed.c once more: what a guest must have done, given the times of its segments. Tests
 * compare the two, on ours and on QEMU.
 *
 * @module
 */

import type { WarmUpSegment } from "./protocol.ts";

/** What bounds a warm-up: the guest's parameters and its counter. */
export interface WarmUpBounds {
  /** Frequency of the guest's counter in Hz. */
  readonly frequency: number;
  /** Operations of a vCPU at most. */
  readonly mostCount: number;
  /** Milliseconds at most. */
  readonly mostMilliseconds: number;
  /** Operations of a segment at most: those that the workload can do in its measured part. */
  readonly mostSegment: number;
}

/** What the rule makes of a warm-up. */
export interface WarmUpRun {
  /** The count that it chooses for each segment. */
  readonly counts: readonly number[];
  /** How it ends; undefined while it goes on. */
  readonly end: "settled" | "bound" | undefined;
}

const SEGMENT_MS = 5;
const LEAST_MS = 100;
const WINDOW = 5;
const TOLERANCE = 0.1;
const MOST_GROWTH = 10;
const MOST_SEGMENTS = 96;

/** Whether the times of a window agree, the slowest left out. */
export function agree(ticks: readonly number[]): boolean {
  const sorted = ticks.toSorted((a, b) => a - b);
  return sorted.at(-2)! - sorted[0]! <= sorted[0]! * TOLERANCE;
}

function growth(ticks: number, tick: number): number {
  if (ticks === 0) return MOST_GROWTH;
  return Math.min(Math.max(Math.floor(2 * SEGMENT_MS * tick / ticks), 2), MOST_GROWTH);
}

/** Follows the rule over segments that took these times, as far as they go. */
export function followWarmUp(
  times: readonly Pick<WarmUpSegment, "ticks" | "span">[],
  bounds: WarmUpBounds,
): WarmUpRun {
  const tick = Math.floor(bounds.frequency / 1000);
  const counts: number[] = [];
  let [count, repeats, done, worked, elapsed] = [1, 0, 0, 0, 0];
  for (const [index, { ticks, span }] of times.entries()) {
    counts.push(count);
    [repeats, done, worked, elapsed] = [repeats + 1, done + count, worked + ticks, elapsed + span];
    const window = counts.slice(-WINDOW);
    const alike = window.length === WINDOW && window.every((one) => one === count);
    const recent = times.slice(0, index + 1).slice(-WINDOW).map((one) => one.ticks);
    if (alike && worked >= LEAST_MS * tick && agree(recent)) return { counts, end: "settled" };
    const bound = done >= bounds.mostCount || elapsed >= bounds.mostMilliseconds * tick;
    if (bound || counts.length === MOST_SEGMENTS) return { counts, end: "bound" };
    const short = ticks < SEGMENT_MS * tick;
    if (short) count *= growth(ticks, tick);
    else if (repeats === 2 * WINDOW) count *= 2;
    if (short || repeats === 2 * WINDOW) repeats = 0;
    count = Math.min(count, bounds.mostCount - done, bounds.mostSegment);
  }
  return { counts, end: undefined };
}
