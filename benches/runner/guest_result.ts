/**
 * What a run's console says: a sample's numbers, or why there are none.
 * @module
 */
import { checkExpected, type ExpectedSection } from "../../workloads/expected.ts";
import { type GuestReport, parseGuestOutput } from "../../workloads/protocol.ts";
import {
  type CellRecord,
  type Counters,
  type FailureKind,
  type FailureRecord,
  type Fields,
  type FieldValue,
  type Outcome,
  type SampleRecord,
  SCHEMA,
} from "../results/types.ts";
import type { RawRun } from "./raw_run.ts";
import { settlingOf } from "./settling.ts";
import { tiersOf } from "./tiers.ts";

/** Which run of which cell it was. */
export interface RunIdentity {
  /** The cell. */
  readonly cell: Pick<CellRecord, "cell" | "workload" | "vcpus" | "unit" | "subject">;
  /** Its number. */
  readonly repeat: number;
  /** Of the session. */
  readonly turn: number;
  /** Within the file. */
  readonly process: number;
  /** Given to the guest. */
  readonly params: Fields;
}

/** Characters of the console kept in a record. */
const TAIL = 2000;

/** Guest-measured time may exceed the process's own by this much before it is called wrong. */
const CLOCK_TOLERANCE = 1.05;

/** A run shorter than this is measured in few counter ticks and scheduler slices. */
const SHORT_SECONDS = 0.001;

function fieldValue(text: string): FieldValue {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

function typed(fields: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, fieldValue(text)]));
}

function summed(counters: readonly Counters[]): Counters {
  const sums: Record<string, number> = {};
  for (const one of counters) {
    for (const [name, value] of Object.entries(one)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

function outcomesOf(report: GuestReport): Outcome[] {
  return report.outcomes.map(({ name, count, fields }) => ({ name, count, fields: typed(fields) }));
}

function wrongReport(
  report: GuestReport,
  { cell }: RunIdentity,
  sections: readonly ExpectedSection[],
): string {
  if (report.workload !== cell.workload) {
    return `The guest says it is ${report.workload}, not ${cell.workload}.`;
  }
  if (report.vcpus !== cell.vcpus) return `The guest ran ${report.vcpus} vCPUs, not ${cell.vcpus}.`;
  if (report.check === "fail") {
    const words = Object.entries(report.fields).map(([key, value]) => `${key}=${value}`);
    return `The guest's self-check failed: ${words.join(" ")}`;
  }
  return checkExpected(report, sections).join(" ");
}

function warningsOf(report: GuestReport, raw: RawRun): string[] {
  const warnings: string[] = [];
  if (report.seconds > raw.wallSeconds * CLOCK_TOLERANCE) {
    warnings.push(
      `The guest measured ${report.seconds.toFixed(3)} s, the whole run took ` +
        `${raw.wallSeconds.toFixed(3)} s: the guest's clock does not follow the host's.`,
    );
  }
  if (report.ops > 0 && report.seconds < SHORT_SECONDS) {
    warnings.push(`The measured part is only ${(report.seconds * 1e6).toFixed(0)} us long.`);
  }
  return warnings;
}

function sampleOf(report: GuestReport, raw: RawRun, identity: RunIdentity): SampleRecord {
  const timed = report.ops > 0 && report.ticks > 0;
  const settling = settlingOf(report);
  return {
    schema: SCHEMA,
    kind: "sample",
    cell: identity.cell.cell,
    repeat: identity.repeat,
    turn: identity.turn,
    process: identity.process,
    params: identity.params,
    unit: identity.cell.unit,
    ops: report.ops,
    seconds: report.seconds,
    wallSeconds: raw.wallSeconds,
    throughput: timed ? report.ops / report.seconds : 0,
    cpuSeconds: raw.cpuSeconds,
    peakRssBytes: raw.peakRssBytes,
    vcpus: report.perVcpu.map((vcpu) => {
      const counters = raw.vcpuCounters[vcpu.id] ?? {};
      return {
        id: vcpu.id,
        ops: vcpu.ops,
        seconds: vcpu.ticks / report.frequency,
        cpuSeconds: counters.cpuNs ? counters.cpuNs / 1e9 : null,
        guest: typed(vcpu.fields),
        counters,
      };
    }),
    counters: summed(raw.vcpuCounters),
    ...tiersOf(raw.tierCounts),
    guest: typed(report.fields),
    outcomes: outcomesOf(report),
    threads: raw.threads,
    ...(settling && { segments: settling.segments, settled: settling.settled }),
    warnings: [...warningsOf(report, raw), ...settling?.warnings ?? []],
    consoleTail: raw.console.slice(-TAIL),
    ...(raw.profile === undefined ? {} : { profile: raw.profile }),
    ...(raw.startSeconds === undefined ? {} : { startSeconds: raw.startSeconds }),
    host: raw.host,
  };
}

/** The record of a run; `sections` is the workload's expected output. */
export function resultOf(
  raw: RawRun,
  identity: RunIdentity,
  sections: readonly ExpectedSection[],
): SampleRecord | FailureRecord {
  const failure = (kind: FailureKind, message: string, report?: GuestReport): FailureRecord => ({
    schema: SCHEMA,
    kind: "failure",
    cell: identity.cell.cell,
    repeat: identity.repeat,
    turn: identity.turn,
    process: identity.process,
    params: identity.params,
    failure: kind,
    message,
    guest: report ? typed(report.fields) : {},
    outcomes: report ? outcomesOf(report) : [],
    counters: summed(raw.vcpuCounters),
    consoleTail: raw.console.slice(-TAIL),
    host: raw.host,
  });
  if (raw.end !== "power-off" && raw.end !== "guest-error") return failure(raw.end, raw.message);
  let report: GuestReport;
  try {
    report = parseGuestOutput(raw.console);
  } catch (error) {
    const words = (error as Error).message;
    return failure("guest-error", raw.message === "" ? words : `${raw.message} ${words}`);
  }
  if (raw.end === "guest-error") return failure("guest-error", raw.message, report);
  const wrong = wrongReport(report, identity, sections);
  if (wrong !== "") return failure("failed-correctness", wrong, report);
  return sampleOf(report, raw, identity);
}
