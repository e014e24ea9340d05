/**
 * A profile as the boxes of a flame chart: vCPU, what its thread did, symbol, block.
 * @module
 */
import type { Profile, ProfileSample } from "../../core/profile/profile_data.ts";
import type { Row } from "./csv.ts";

/** Levels, from the root on. */
export const FLAME_LEVELS = ["vCPU", "activity", "symbol", "block"] as const;

/** One box. Times of vCPUs are side by side. */
export type FlameRow = Row & {
  /** Heading of the chart that it belongs to. */
  readonly slice: string;
  /** Number of the vCPU. */
  readonly vcpu: number;
  /** One of FLAME_LEVELS. */
  readonly level: (typeof FLAME_LEVELS)[number];
  /** What the thread did; empty for the vCPU itself. */
  readonly activity: string;
  /** What stands on the box. */
  readonly name: string;
  /** Left end in milliseconds. */
  readonly from: number;
  /** Right end in milliseconds. */
  readonly to: number;
  /** Time. */
  readonly milliseconds: number;
  /** Time as a part of all vCPUs' times. */
  readonly share: number;
  /** Samples behind it. */
  readonly samples: number;
};

/** Boxes below this share of the whole are put together. */
const LEAST_SHARE = 0.004;

/** Not shown: it is no time of a thread. */
const OFF = "off";

function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, "0")}`;
}

function nameAt(level: number, one: ProfileSample): string {
  if (level === 0) return `vCPU ${one.vcpu}`;
  if (level === 1) return one.activity;
  if (level === 2) return one.symbol;
  return one.detail === "" ? hex(one.pc) : `${hex(one.pc)} ${one.detail}`;
}

function timeOf(samples: readonly ProfileSample[]): number {
  return samples.reduce((sum, one) => sum + one.milliseconds, 0);
}

/** The boxes of a profile, parents before their children. */
export function flameRows(slice: string, profile: Profile): FlameRow[] {
  const shown = profile.samples.filter((one) => one.activity !== OFF);
  const total = timeOf(shown);
  const rows: FlameRow[] = [];
  const place = (level: number, samples: readonly ProfileSample[], from: number): void => {
    const groups = [...Map.groupBy(samples, (one) => nameAt(level, one))]
      .filter(([name]) => name !== "")
      .map(([name, some]) => ({ name, some, time: timeOf(some) }));
    // vCPUs keep their order; of the rest the longest comes first.
    if (level > 0) groups.sort((a, b) => b.time - a.time);
    const [wide, thin] = [
      groups.filter(({ time }) => time >= total * LEAST_SHARE),
      groups.filter(({ time }) => time < total * LEAST_SHARE),
    ];
    const rest = thin.flatMap(({ some }) => some);
    const others = timeOf(rest) >= total * LEAST_SHARE
      ? [{ name: `${thin.length} others`, some: rest, time: timeOf(rest) }]
      : [];
    let at = from;
    for (const { name, some, time } of [...wide, ...others]) {
      rows.push({
        slice,
        vcpu: some[0].vcpu,
        level: FLAME_LEVELS[level],
        activity: level === 0 ? "" : some[0].activity,
        name,
        from: Math.round(at * 1000) / 1000,
        to: Math.round((at + time) * 1000) / 1000,
        milliseconds: Math.round(time * 1000) / 1000,
        share: Math.round(time / total * 1e5) / 1e5,
        samples: some.reduce((sum, one) => sum + one.samples, 0),
      });
      if (level + 1 < FLAME_LEVELS.length && !name.endsWith(" others")) {
        place(level + 1, some, at);
      }
      at += time;
    }
  };
  if (total > 0) {
    place(0, shown.toSorted((a, b) => a.vcpu - b.vcpu), 0);
  }
  return rows;
}
