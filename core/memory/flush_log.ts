/**
 * Lists in a vCPU's state of what was filled, so that a flush looks at that and not at whole tables.
 * A list that overflows says so: the flush then looks through the table.
 * @module
 */
import { FLUSH_LOG_ENTRIES, VCPU } from "./vcpu_layout.ts";

/** One log, by its number. */
export type FlushLog = (typeof FLUSH_LOG)[keyof typeof FLUSH_LOG];

/** The logs; those of one address space have what belongs to it only, the others the rest. */
export const FLUSH_LOG = {
  /** Fills of the TLB, packed into a word each (core/memory/tlb.ts). */
  TLB: 0,
  TLB_NON_GLOBAL: 1,
  /** Guest addresses of the blocks that entered the jump cache. */
  JUMPS: 2,
  JUMPS_NON_GLOBAL: 3,
} as const;

/** Index of the word that holds the log's length. */
function lengthIndex(env: number, log: FlushLog): number {
  return ((env + VCPU.FLUSH_LOG_COUNTS) >>> 2) + log;
}

/** Index of the log's first entry. */
function firstIndex(env: number, log: FlushLog): number {
  return ((env + VCPU.FLUSH_LOGS) >>> 2) + FLUSH_LOG_ENTRIES * log;
}

/** Adds a value. What a log names may have been dropped since, and it may name it twice. */
export function logFill(i32: Int32Array, env: number, log: FlushLog, value: number): void {
  const at = lengthIndex(env, log);
  const length = i32[at];
  if (length > FLUSH_LOG_ENTRIES) return;
  i32[at] = length + 1;
  if (length < FLUSH_LOG_ENTRIES) i32[firstIndex(env, log) + length] = value;
}

/** Says that anything may have been filled. */
export function overflowLog(i32: Int32Array, env: number, log: FlushLog): void {
  i32[lengthIndex(env, log)] = FLUSH_LOG_ENTRIES + 1;
}

/** Empties the log into `visit`; false, with nothing visited, when it had overflowed. */
export function takeLog(
  i32: Int32Array,
  env: number,
  log: FlushLog,
  visit: (value: number) => void,
): boolean {
  const at = lengthIndex(env, log);
  const length = i32[at];
  i32[at] = 0;
  if (length > FLUSH_LOG_ENTRIES) return false;
  const first = firstIndex(env, log);
  for (let n = first; n < first + length; n++) visit(i32[n]);
  return true;
}
