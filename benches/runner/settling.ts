/**
 * Whether a guest was warm when it was timed: the curve of its speed, and what it says.
 * @module
 */
import type { GuestReport } from "../../workloads/protocol.ts";
import type { SegmentSample } from "../results/types.ts";
import { median } from "simple-statistics";

/** A measured part whose halves differ by more than this factor was not of one speed. */
const STEADY = 1.25;

/** A half needs segments enough for one disturbed one not to matter. */
const LEAST_SEGMENTS = 6;

/** What a sample says of a workload that warms up. */
export interface Settling {
  /** The warm-up, then the measured part. */
  readonly segments: readonly SegmentSample[];
  /** Whether the speed had settled before the measured part and stayed so in it. */
  readonly settled: boolean;
  /** Why not, a sentence each. */
  readonly warnings: readonly string[];
}

/** When each of the segments ended, counted from the first one's start. */
function endsOf(segments: readonly number[]): number[] {
  let end = 0;
  return segments.map((ticks) => end += ticks);
}

/** Segments of the measured part in which every vCPU ran: those that ended before the first vCPU did. */
function measuredSegments({ perVcpu, count, frequency }: GuestReport) {
  const working = perVcpu.filter(({ ops }) => ops > 0);
  if (working.length === 0) return [];
  const ends = working.map(({ segments }) => endsOf(segments));
  const firstEnd = Math.min(...ends.map((own) => own.at(-1) ?? 0));
  const total = count!;
  const length = working[0].segments.length;
  return Array.from({ length }, (_, at): SegmentSample => ({
    phase: "measured",
    count: Math.floor(total / length) + (at < total % length ? 1 : 0),
    seconds: Math.min(...working.map(({ segments }) => segments[at])) / frequency,
  })).filter((_, at) => ends.every((own) => own[at] <= firstEnd));
}

/** How much faster or slower the later half of some segments was than the earlier one, at least 1. */
export function changeOf(segments: readonly SegmentSample[]): number {
  if (segments.length < LEAST_SEGMENTS) return 1;
  const speeds = segments.map(({ count, seconds }) => count / Math.max(seconds, 1e-9));
  const half = Math.floor(speeds.length / 2);
  const [early, late] = [median(speeds.slice(0, half)), median(speeds.slice(-half))];
  return Math.max(early, late) / Math.min(early, late);
}

/** Null for a workload that does not warm up, and for one that was told not to. */
export function settlingOf(report: GuestReport): Settling | null {
  const { settled, warmUp, frequency } = report;
  if (settled === null || warmUp.length === 0) return null;
  const before = warmUp.map(({ count, ticks }): SegmentSample => ({
    phase: "warm-up",
    count,
    seconds: ticks / frequency,
  }));
  const measured = measuredSegments(report);
  const warnings: string[] = [];
  if (!settled) {
    const seconds = warmUp.reduce((sum, { span }) => sum + span, 0) / frequency;
    warnings.push(`The speed had not settled after ${seconds.toFixed(2)} s of warm-up.`);
  }
  const change = changeOf(measured);
  if (change > STEADY) {
    warnings.push(`The speed changed by ${change.toFixed(1)} times within the measured part.`);
  }
  return { segments: [...before, ...measured], settled: warnings.length === 0, warnings };
}
