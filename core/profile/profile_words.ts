/**
 * The words that a profiled vCPU and the sampler share. They lie in a buffer of their own, which is
 * there only while a machine is profiled.
 * @module
 */
import { ACTIVITY } from "../exec/exec_profile.ts";

/** Word offsets from a vCPU's first one. */
export const WORD = {
  /** Its activity: one of ACTIVITY. */
  ACTIVITY: 0,
  /** Guest address that goes with it. */
  PC: 1,
  /** Number of a helper, or physical page of a device. */
  DETAIL: 2,
  /** See ASK. */
  ASK: 3,
  /** Answer: guest address at which compiled code was left. */
  ANSWER_PC: 4,
  /** Answer: FIRST_TIER or REGION. */
  ANSWER_TIER: 5,
} as const;

/** States of the word ASK: the sampler asks, the vCPU answers, the sampler takes the answer. */
export const ASK = { NOTHING: 0, ASKED: 1, ANSWERED: 2 } as const;

/** Words a vCPU: a cache line. */
export const WORDS = 16;

/** The buffer of a machine with `vcpus` vCPUs, whose threads have not begun. */
export function profileBuffer(vcpus: number): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(vcpus * WORDS * 4);
  const words = new Int32Array(buffer);
  for (let vcpu = 0; vcpu < vcpus; vcpu++) words[vcpu * WORDS + WORD.ACTIVITY] = ACTIVITY.START;
  return buffer;
}
