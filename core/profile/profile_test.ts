import { assert, assertEquals, assertGreater } from "@std/assert";
import { ACTIVITY } from "../exec/exec_profile.ts";
import { ACTIVITY_NAMES, type Profile } from "./profile_data.ts";
import { type MachineOptions, runMachine } from "../machine/machine.ts";

const BASE = 0x40200000;

/** An ELF file with one segment of `words` and a symbol table. */
function elf(
  words: readonly number[],
  symbols: readonly (readonly [string, number])[],
): Uint8Array {
  const names = symbols.map(([name]) => `${name}\0`);
  const strings = new TextEncoder().encode("\0" + names.join(""));
  const code = 0x80, table = code + 4 * words.length;
  const stringsAt = table + 16 * symbols.length;
  const sections = (stringsAt + strings.length + 3) & ~3;
  const file = new Uint8Array(sections + 3 * 40);
  const data = new DataView(file.buffer);
  const put = (at: number, ...values: readonly number[]) =>
    values.forEach((value, n) => data.setUint32(at + 4 * n, value, true));
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  put(16, 2 | 40 << 16, 1, BASE, 52, sections, 0x05000000, 52 | 32 << 16, 1 | 40 << 16, 3);
  put(52, 1, code, BASE, BASE, 4 * words.length, 4 * words.length, 5, 4);
  put(code, ...words);
  let name = 1;
  symbols.forEach(([text, word], n) => {
    put(table + 16 * n, name, BASE + 4 * word, 0, 0x12 | 1 << 16);
    name += text.length + 1;
  });
  file.set(strings, stringsAt);
  put(sections + 40, 0, 2, 0, 0, table, 16 * symbols.length, 2);
  put(sections + 80, 0, 3, 0, 0, stringsAt, strings.length);
  return file;
}

const POWER_OFF = [0xe3a00321, 0xe3800008, 0xe1400070] as const; // mov r0, #0x84000000; orr r0, #8; hvc 0

/** cold: a few instructions; hot: a long loop; then off. */
const HOT = elf(
  [0xe3a01000, 0xe3a02010, 0xe1a02c02, 0xe2811001, 0xe2522001, 0x1afffffc, ...POWER_OFF],
  [["cold", 0], ["hot", 3], ["off", 6]],
);

/** No interrupt ever comes: the vCPU waits until the machine is stopped. */
const ASLEEP = elf([0xe320f003, 0xeafffffd], [["asleep", 0]]);

function run(kernel: Uint8Array, options: Partial<MachineOptions>) {
  return runMachine({
    kernel,
    name: "test",
    vcpus: 1,
    memoryMiB: 64,
    atomics: "cmpxchg",
    barriers: "typed",
    scheduling: "thread-per-vcpu",
    strategies: new URL("../../strategies/mod.ts", import.meta.url).href,
    timeoutSeconds: 30,
    ...options,
  });
}

function timeBy(profile: Profile, key: "symbol" | "activity"): [string, number][] {
  const sums = new Map<string, number>();
  for (const one of profile.samples) {
    if (one.activity === "start") continue;
    sums.set(one[key], (sums.get(one[key]) ?? 0) + one.milliseconds);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

Deno.test("a profile has the symbol of the hot loop on top, in compiled code", async () => {
  const { end, profile } = await run(HOT, { profile: {} });
  assertEquals(end, "power-off");
  assert(profile !== undefined);
  assertEquals(timeBy(profile, "symbol")[0][0], "hot");
  const tiers = new Set(
    profile.samples.filter((one) => one.symbol === "hot")
      .map((one) => one.activity),
  );
  assert(tiers.has("region") || tiers.has("first tier"), [...tiers].join());
});

Deno.test("a profile of the interpreter names no compiled code", async () => {
  const { profile } = await run(HOT, { profile: {}, backend: "interp", timeoutSeconds: 2 });
  const activities = profile!.samples.map((one) => one.activity);
  assert(activities.includes("interpreter"), activities.join());
  assert(!activities.includes("region") && !activities.includes("first tier"), activities.join());
});

Deno.test("a profile shows a guest that sleeps in WFI as idle", async () => {
  const { profile } = await run(ASLEEP, { profile: {}, timeoutSeconds: 3 });
  const [[first, idle], ...others] = timeBy(profile!, "activity");
  assertEquals(first, "idle");
  assertGreater(idle, others.reduce((sum, [, time]) => sum + time, 0));
});

Deno.test("a profile shows vCPUs that were never switched on as off", async () => {
  const { profile } = await run(ASLEEP, { profile: {}, vcpus: 2, timeoutSeconds: 2 });
  const second = profile!.samples.filter((one) => one.vcpu === 1);
  assertEquals(new Set(second.map((one) => one.activity)), new Set(["off"]));
});

Deno.test("a machine that is not profiled has no sampler and no profile", async () => {
  const { profile } = await run(HOT, {});
  assertEquals(profile, undefined);
});

Deno.test("every activity has a name", () => {
  assertEquals(new Set(Object.values(ACTIVITY_NAMES)).size, Object.keys(ACTIVITY).length);
});
