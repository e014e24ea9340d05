/**
 * A profile as tables for the terminal.
 * @module
 */
import type { Profile, ProfileSample } from "../../core/profile/profile_data.ts";
import { aligned } from "./summary_table.ts";

/** Lines of the lists of symbols and places. */
const MOST = 15;

function sums(
  samples: readonly ProfileSample[],
  key: (one: ProfileSample) => string,
): [string, number][] {
  const times = new Map<string, number>();
  for (const one of samples) times.set(key(one), (times.get(key(one)) ?? 0) + one.milliseconds);
  return [...times].sort((a, b) => b[1] - a[1]);
}

function percent(part: number, whole: number): string {
  return `${(100 * part / whole).toFixed(1)} %`;
}

/** What a vCPU's thread did, a column a vCPU. */
function activities({ samples, vcpus }: Profile): string[] {
  const numbers = Array.from({ length: vcpus }, (_, vcpu) => vcpu);
  const wholes = numbers.map((vcpu) =>
    samples.reduce((sum, one) => sum + (one.vcpu === vcpu ? one.milliseconds : 0), 0)
  );
  const rows = sums(samples, (one) => one.activity).map(([activity]) => [
    activity,
    ...numbers.map((vcpu) => {
      const time = samples.reduce(
        (sum, one) => sum + (one.vcpu === vcpu && one.activity === activity ? one.milliseconds : 0),
        0,
      );
      return time === 0 ? "" : `${time.toFixed(0)} ms (${percent(time, wholes[vcpu])})`;
    }),
  ]);
  return aligned([["", ...numbers.map((vcpu) => `vCPU ${vcpu}`)], ...rows]);
}

function top(title: string, rows: readonly [string, number][], whole: number): string[] {
  const shown = rows.slice(0, MOST).map(([name, time]) => [
    `${time.toFixed(0)} ms`,
    percent(time, whole),
    name,
  ]);
  return [`${title}:`, ...aligned([["time", "share", ""], ...shown]).map((line) => `  ${line}`)];
}

/** Where the time went: activities by vCPU, symbols, single places of the guest. */
export function profileText(profile: Profile): string {
  const placed = profile.samples.filter((one) => one.symbol !== "" && one.activity !== "idle");
  const whole = placed.reduce((sum, one) => sum + one.milliseconds, 0);
  const place = ({ activity, detail, symbol, pc }: ProfileSample) =>
    [symbol, `0x${pc.toString(16).padStart(8, "0")}`, activity, detail]
      .filter((word) => word !== "").join("  ");
  return [
    "What the vCPUs' threads did:",
    ...activities(profile).map((line) => `  ${line}`),
    "",
    ...(whole === 0 ? ["The guest ran nothing that was sampled."] : [
      ...top(
        "Symbols or pages of the guest, without idle time",
        sums(placed, (o) => o.symbol),
        whole,
      ),
      "",
      ...top("Blocks and instructions", sums(placed, place), whole),
    ]),
    "",
  ].join("\n");
}
