/**
 * What the kernel tells of this machine: processor, frequency, threads of a core, limits.
 *
 * Deno gives /proc and /sys only to processes with every permission, hence a shell.
 * @module
 */
import type { MachineFingerprint } from "../results/types.ts";

/** Prints `NAME VALUE` lines; a file that cannot be read gives a line without a value. */
export const HOST_FACTS_SCRIPT = `exec 2>/dev/null
cpu=/sys/devices/system/cpu
echo "model $(grep -m1 'model name' /proc/cpuinfo)"
echo "mhz $(grep -m1 'cpu MHz' /proc/cpuinfo)"
echo "governor $(cat $cpu/cpu0/cpufreq/scaling_governor)"
echo "khz $(cat $cpu/cpu0/cpufreq/scaling_cur_freq)"
echo "smt $(cat $cpu/smt/control)"
up() { at=$2; while :; do
echo "$4 $(cat $(for file in $3; do echo "$1$at/$file"; done) | tr '\\n' ' ')"
case $at in ''|/) break;; esac; at=\${at%/*}; done; }
groups=/proc/self/cgroup; top=/sys/fs/cgroup
unified=$top; [ -d $top/unified ] && unified=$top/unified
up $unified "$(sed -n 's/^0:://p' $groups)" cpu.max cpu
up $unified "$(sed -n 's/^0:://p' $groups)" memory.max memory
up $top/cpu "$(sed -nE 's/^[0-9]+:([^:]*,)?cpu(,[^:]*)?://p' $groups)" 'cpu.cfs_quota_us cpu.cfs_period_us' cpu
up $top/memory "$(sed -nE 's/^[0-9]+:([^:]*,)?memory(,[^:]*)?://p' $groups)" memory.limit_in_bytes memory`;

/** The facts that the script finds. */
export type HostFacts = Pick<
  MachineFingerprint,
  "cpuModel" | "governor" | "frequencyMhz" | "smt" | "cgroup"
>;

/** The first version of control groups writes "no limit" as a number of about this size. */
const NO_MEMORY_LIMIT = 2 ** 60;

function tightestCpu(lines: readonly string[]): string {
  const limits = lines.filter((line) => /^(max|-?\d+) \d+$/.test(line));
  if (limits.length === 0) return "unknown: no control group of this process tells it";
  const share = (line: string) => {
    const [quota, period] = line.split(" ").map(Number);
    return quota > 0 ? quota / period : Infinity;
  };
  const least = limits.reduce((best, line) => share(line) < share(best) ? line : best);
  return share(least) === Infinity ? "max" : least;
}

function tightestMemory(lines: readonly string[]): string {
  const limits = lines.filter((line) => /^(max|\d+)$/.test(line));
  if (limits.length === 0) return "unknown: no control group of this process tells it";
  const bytes = (line: string) =>
    line === "max" || Number(line) >= NO_MEMORY_LIMIT ? Infinity : Number(line);
  const least = limits.reduce((best, line) => bytes(line) < bytes(best) ? line : best);
  return bytes(least) === Infinity ? "max" : least;
}

/** Reads the script's output. */
export function parseHostFacts(text: string): HostFacts {
  const values = Map.groupBy(text.split("\n"), (line) => line.split(" ", 1)[0]);
  const all = (name: string) =>
    (values.get(name) ?? []).map((line) => line.slice(name.length + 1).trim());
  const one = (name: string) => all(name)[0] ?? "";
  const afterColon = (name: string) => one(name).replace(/^[^:]*:\s*/, "");
  const mhz = Number(one("khz")) / 1000 || Number(afterColon("mhz"));
  return {
    cpuModel: afterColon("model") || "unknown",
    governor: one("governor") || "unknown: the kernel shows no cpufreq for the first processor",
    frequencyMhz: Number.isFinite(mhz) && mhz > 0 ? mhz : null,
    smt: one("smt") || "unknown: the kernel shows no smt/control",
    cgroup: { cpuMax: tightestCpu(all("cpu")), memoryMax: tightestMemory(all("memory")) },
  };
}
