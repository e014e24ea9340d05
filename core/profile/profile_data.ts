/**
 * A profile as it is kept: samples with names instead of numbers.
 * @module
 */
import { ACTIVITY } from "../exec/exec_profile.ts";
import type { RawSample } from "./sampler.ts";
import { SAMPLE_MS } from "./sampler.ts";
import type { SymbolTable } from "./symbols.ts";

/** Value of `schema`. */
export const PROFILE_SCHEMA = "mttcg-profile/1";

/** Samples of one vCPU that are alike. */
export interface ProfileSample {
  /** Number of the vCPU. */
  readonly vcpu: number;
  /** What its thread did, one of {@linkcode ACTIVITY_NAMES}'s values. */
  readonly activity: string;
  /** The helper or the device's page; empty for other activities. */
  readonly detail: string;
  /** The guest's symbol, or its page where there is none; empty where no guest code is concerned. */
  readonly symbol: string;
  /** Guest address: of the instruction for accesses and helpers, of a block otherwise. */
  readonly pc: number;
  /** Time that the samples stand for. */
  readonly milliseconds: number;
  /** How many there were. */
  readonly samples: number;
}

/** Where a guest's time went. */
export interface Profile {
  /** Format and version. */
  readonly schema: typeof PROFILE_SCHEMA;
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Wanted time between samples. */
  readonly periodMilliseconds: number;
  /** In descending order of time. */
  readonly samples: readonly ProfileSample[];
}

/** Names of the activities, as tables show them. */
export const ACTIVITY_NAMES: Readonly<Record<number, string>> = {
  [ACTIVITY.LOOP]: "run loop",
  [ACTIVITY.INTERPRETER]: "interpreter",
  [ACTIVITY.COMPILED]: "compiled code",
  [ACTIVITY.FIRST_TIER]: "first tier",
  [ACTIVITY.REGION]: "region",
  [ACTIVITY.TRANSLATE]: "translation",
  [ACTIVITY.COMPILE]: "compilation",
  [ACTIVITY.HELPER]: "helper",
  [ACTIVITY.SLOW_ACCESS]: "slow access",
  [ACTIVITY.TLB_FILL]: "TLB fill",
  [ACTIVITY.MMIO]: "MMIO",
  [ACTIVITY.LOCK]: "lock wait",
  [ACTIVITY.STOP]: "stop the world",
  [ACTIVITY.CROSS]: "other vCPUs' work",
  [ACTIVITY.IDLE]: "idle",
  [ACTIVITY.TURN]: "turn of others",
  [ACTIVITY.OFF]: "off",
  [ACTIVITY.START]: "start",
};

/** Activities that are not of any guest code. */
const NOWHERE: readonly number[] = [ACTIVITY.OFF, ACTIVITY.START, ACTIVITY.TURN];

const PAGE = 0x1000;

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

/** Names samples; `helpers` are the machine's, by number. */
export function profileOf(
  raw: readonly RawSample[],
  vcpus: number,
  symbols: SymbolTable,
  helpers: readonly string[],
): Profile {
  const detailOf = ({ activity, detail }: RawSample): string => {
    if (activity === ACTIVITY.HELPER) return helpers[detail] ?? `helper ${detail}`;
    return activity === ACTIVITY.MMIO ? `device ${hex(detail)}` : "";
  };
  const symbolOf = ({ activity, pc }: RawSample): string => {
    if (NOWHERE.includes(activity)) return "";
    const page = pc - pc % PAGE;
    return symbols.at(pc)?.name ?? `${hex(page)}-${hex(page + PAGE - 1)}`;
  };
  const samples = raw.map((one): ProfileSample => ({
    vcpu: one.vcpu,
    activity: ACTIVITY_NAMES[one.activity] ?? `activity ${one.activity}`,
    detail: detailOf(one),
    symbol: symbolOf(one),
    pc: one.pc,
    milliseconds: Math.round(one.milliseconds * 1000) / 1000,
    samples: one.samples,
  }));
  return {
    schema: PROFILE_SCHEMA,
    vcpus,
    periodMilliseconds: SAMPLE_MS,
    samples: samples.sort((a, b) => b.milliseconds - a.milliseconds),
  };
}
