/**
 * The guest's warm-up: its rule on made-up curves, and real guests, on ours and on QEMU, against the rule.
 */
import { assert, assertEquals } from "@std/assert";
import { runMachine } from "../core/machine/machine.ts";
import { WorkerPool } from "../core/machine/worker_pool.ts";
import { type GuestReport, parseGuestOutput } from "./protocol.ts";
import { qemuIsInstalled, runOnQemu } from "./qemu.ts";
import { bootArguments, findWorkload, imageUrl } from "./registry.ts";
import { followWarmUp, type WarmUpBounds } from "./warm_up_model.ts";

const TICK = 1000;
const BOUNDS: WarmUpBounds = {
  frequency: 1000 * TICK,
  mostCount: 4e9,
  mostMilliseconds: 2000,
  mostSegment: 1e9,
};

/** Follows the rule on one vCPU whose operation takes `ticksOf(at, number)` at a time and segment. */
function simulate(
  ticksOf: (milliseconds: number, segment: number) => number,
  bounds: WarmUpBounds = BOUNDS,
) {
  const times: { ticks: number; span: number }[] = [];
  let [count, at] = [1, 0];
  for (;;) {
    const ticks = Math.round(count * ticksOf(at / TICK, times.length));
    times.push({ ticks, span: ticks });
    at += ticks;
    const run = followWarmUp(times, bounds);
    if (run.end !== undefined) return { ...run, milliseconds: at / TICK };
    // The next segment's count, of which its time does not matter.
    count = followWarmUp([...times, { ticks: 0, span: 0 }], bounds).counts.at(-1)!;
  }
}

Deno.test("a steady speed settles as soon as a tenth of a second is over", () => {
  const { end, milliseconds } = simulate(() => 0.5);
  assertEquals(end, "settled");
  assert(milliseconds >= 100 && milliseconds < 150, `${milliseconds} ms`);
});

Deno.test("segments grow from one operation to some milliseconds and no further than needed", () => {
  const { counts } = simulate(() => 1);
  assertEquals(counts.slice(0, 6), [1, 10, 100, 1000, 10_000, 10_000]);
});

Deno.test("an operation that takes longer than a segment is a segment", () => {
  const { end, counts } = simulate(() => 40 * TICK);
  assertEquals(end, "settled");
  assert(counts.every((count) => count === 1));
});

Deno.test("a faster tier that comes late is waited for", () => {
  const { end, milliseconds } = simulate((at) => at < 60 ? 50 : at < 98 ? 9 : 1);
  assertEquals(end, "settled");
  assert(milliseconds > 130, `${milliseconds} ms`);
});

Deno.test("one disturbed segment does not matter, a newest one that is faster does", () => {
  assertEquals(simulate((_at, segment) => segment === 9 ? 1.7 : 1).end, "settled");
  const slow = { ticks: 10 * TICK, span: 10 * TICK };
  const window = Array.from({ length: 12 }, () => slow);
  const start = Array.from({ length: 4 }, () => ({ ticks: TICK, span: TICK }));
  const fast = { ticks: 6 * TICK, span: 6 * TICK };
  assertEquals(followWarmUp([...start, ...window.slice(0, 9), fast], BOUNDS).end, undefined);
});

Deno.test("a speed that never settles ends at the bound, with longer and longer segments", () => {
  const { end, counts, milliseconds } = simulate((_at, segment) => 1 + (segment % 3));
  assertEquals(end, "bound");
  assert(milliseconds >= 2000 && milliseconds < 3000, `${milliseconds} ms`);
  assert(counts.at(-1)! >= 4 * counts[5]);
});

Deno.test("the count bounds a warm-up, to the operation", () => {
  const { end, counts } = simulate(() => 1, { ...BOUNDS, mostCount: 12_345 });
  assertEquals(end, "bound");
  assertEquals(counts.reduce((sum, count) => sum + count, 0), 12_345);
});

interface Setup {
  readonly workload: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly vcpus: number;
  readonly atomics?: string;
  readonly scheduling?: string;
}

async function runOnOurs(setup: Setup): Promise<GuestReport> {
  const workload = findWorkload(setup.workload)!;
  const workers = new WorkerPool();
  let text = "";
  try {
    const result = await runMachine({
      kernel: await Deno.readFile(imageUrl(workload)),
      name: setup.workload,
      append: bootArguments(workload, setup.arguments, setup.vcpus),
      vcpus: setup.vcpus,
      memoryMiB: 64,
      atomics: setup.atomics ?? "cmpxchg",
      barriers: "typed",
      scheduling: setup.scheduling ?? "thread-per-vcpu",
      backend: "wasm",
      strategies: import.meta.resolve("../strategies/mod.ts"),
      timeoutSeconds: 60,
      workers,
      onConsole: (bytes) => text += new TextDecoder().decode(bytes),
    });
    assertEquals(result.end, "power-off", `${result.message}\n${text}`);
  } finally {
    workers.close();
  }
  return parseGuestOutput(text);
}

/** The guest did what the rule says, and its measured part is what was asked. */
function checkRun({ arguments: values, vcpus }: Setup, report: GuestReport): void {
  assertEquals(report.check, "pass");
  const run = followWarmUp(report.warmUp, {
    frequency: report.frequency,
    mostCount: Number(values.warmup ?? 4e9),
    mostMilliseconds: Number(values.warmup_ms ?? 2000),
    mostSegment: 1e8,
  });
  assertEquals(report.warmUp.map(({ count }) => count), run.counts);
  assertEquals(report.settled, run.end === "settled");
  assert(run.end !== undefined, "it ended before it was settled or at a bound");
  // What it chose is what it says, what every vCPU did, and what the check was made of.
  const count = report.count!;
  assertEquals(report.parameters.iterations, `${count}`);
  if (values.iterations !== undefined) assertEquals(values.iterations, `${count}`);
  assertEquals(report.ops, count * vcpus);
  for (const { segments } of report.perVcpu) {
    assertEquals(segments.length, Math.min(10, count));
  }
}

const SETUPS: readonly Setup[] = [
  ...[1, 2, 4].map((vcpus) => ({
    workload: "atomic-add",
    arguments: { counters: "16", milliseconds: "30", warmup_ms: "400" },
    vcpus,
  })),
  { workload: "dhrystone", arguments: { milliseconds: "20", warmup_ms: "300" }, vcpus: 2 },
  { workload: "calls", arguments: { kind: "svc", milliseconds: "20" }, vcpus: 1 },
  { workload: "atomic-stress", arguments: { iterations: "777", warmup: "1234" }, vcpus: 2 },
  { workload: "mmio", arguments: { iterations: "3", warmup_ms: "7" }, vcpus: 1 },
];

function title({ workload, arguments: values, vcpus, atomics, scheduling }: Setup): string {
  const words = Object.entries(values).map(([key, value]) => `${key}=${value}`).join(" ");
  return [workload, words, `on ${vcpus} vCPUs`, atomics, scheduling].filter(Boolean).join(" ");
}

const OURS_ONLY: readonly Setup[] = [
  {
    workload: "atomic-add",
    arguments: { milliseconds: "20", warmup_ms: "300" },
    vcpus: 2,
    atomics: "pico-st",
  },
  {
    workload: "dhrystone",
    arguments: { milliseconds: "20", warmup_ms: "300" },
    vcpus: 2,
    scheduling: "round-robin",
  },
];

for (const setup of [...SETUPS, ...OURS_ONLY]) {
  Deno.test(`ours warms up by the rule: ${title(setup)}`, async () => {
    checkRun(setup, await runOnOurs(setup));
  });
}

const ignore = !(await qemuIsInstalled());

for (const setup of SETUPS) {
  Deno.test({
    name: `QEMU warms up by the rule: ${title(setup)}`,
    ignore,
    fn: async () => {
      const workload = findWorkload(setup.workload)!;
      const text = await runOnQemu(workload, setup.arguments, setup.vcpus);
      checkRun(setup, parseGuestOutput(text));
    },
  });
}

Deno.test("a guest that is to find its size without a warm-up says what is wrong", async () => {
  const values = { milliseconds: "20", warmup: "0" };
  const error = await runOnOurs({ workload: "loop", arguments: values, vcpus: 1 }).catch((one) =>
    one as Error
  );
  assert(error instanceof Error && error.message.includes("milliseconds=20 needs a warm-up"));
});

Deno.test("without a warm-up there are no segments of one, and nothing is called settled", async () => {
  const values = { iterations: "1000", warmup: "0" };
  const report = await runOnOurs({ workload: "dhrystone", arguments: values, vcpus: 1 });
  assertEquals([report.warmUp, report.settled], [[], false]);
});
