/**
 * The conformance table: every atomics scheme, on the whole machine, against every guest program
 * that can tell schemes apart. What a scheme's declared constraints promise must hold.
 */
import { assert, assertEquals } from "@std/assert";
import { runMachine } from "../core/machine/machine.ts";
import { WorkerPool } from "../core/machine/worker_pool.ts";
import { BARRIERS } from "../strategies/mod.ts";
import { EXPECTATIONS } from "../workloads/litmus/expectation.ts";
import { checkExpected, parseExpected } from "../workloads/expected.ts";
import { type GuestReport, parseGuestOutput } from "../workloads/protocol.ts";
import { bootArguments, expectedUrl, findWorkload, imageUrl } from "../workloads/registry.ts";
import { predict } from "./experiments/prediction.ts";
import { CATALOGUE } from "./experiments/registries.ts";

interface Setup {
  readonly workload: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly vcpus: number;
  readonly atomics: string;
  readonly barriers?: string;
  readonly scheduling?: string;
  readonly backend?: "wasm" | "interp";
  readonly tbCount?: number;
  readonly hotRuns?: number;
  readonly regionSamples?: number;
  readonly sampleInsns?: number;
  readonly compileThread?: "first";
  readonly timeoutSeconds?: number;
}

async function run(setup: Setup, workers: WorkerPool): Promise<GuestReport> {
  const workload = findWorkload(setup.workload)!;
  let text = "";
  const result = await runMachine({
    kernel: await Deno.readFile(imageUrl(workload)),
    name: setup.workload,
    append: bootArguments(workload, setup.arguments, setup.vcpus),
    vcpus: setup.vcpus,
    memoryMiB: 64,
    atomics: setup.atomics,
    barriers: setup.barriers ?? "typed",
    scheduling: setup.scheduling ?? "thread-per-vcpu",
    backend: setup.backend ?? "wasm",
    strategies: import.meta.resolve("../strategies/mod.ts"),
    timeoutSeconds: setup.timeoutSeconds ?? 60,
    verifyIr: true,
    workers,
    onConsole: (bytes) => text += new TextDecoder().decode(bytes),
    ...(setup.tbCount === undefined ? {} : { tbCount: setup.tbCount }),
    ...(setup.hotRuns === undefined ? {} : { hotRuns: setup.hotRuns }),
    ...(setup.regionSamples === undefined ? {} : { regionSamples: setup.regionSamples }),
    ...(setup.compileThread === undefined ? {} : { compileThread: setup.compileThread }),
    ...(setup.sampleInsns === undefined ? {} : { sampleInsns: setup.sampleInsns }),
  });
  assertEquals(result.end, "power-off", `${setup.workload}: ${result.message}\n${text}`);
  return parseGuestOutput(text);
}

/** Programs whose self-check depends on the atomics scheme, small enough for a test. */
const TABLE: readonly Pick<Setup, "workload" | "arguments">[] = [
  { workload: "atomic-add", arguments: { counters: "1", iterations: "3000", warmup: "2000" } },
  { workload: "atomic-stress", arguments: { iterations: "1000", warmup: "1000" } },
  { workload: "store-between", arguments: { rounds: "20" } },
  { workload: "aba-stack", arguments: { rounds: "3", batch: "100" } },
  { workload: "monitor", arguments: { rounds: "100" } },
];

for (const { name } of CATALOGUE.atomics) {
  Deno.test(`atomics ${name} keeps its promises on real guests`, async (t) => {
    const workers = new WorkerPool();
    try {
      for (const row of TABLE) {
        for (const vcpus of [1, 2]) {
          await t.step(`${row.workload} on ${vcpus} vCPUs`, async () => {
            const report = await run({ ...row, vcpus, atomics: name }, workers);
            const subject = {
              engine: "ours",
              backend: "wasm",
              atomics: name,
              barriers: "typed",
              scheduling: "thread-per-vcpu",
            } as const;
            const { check, because } = predict(subject, row.workload, vcpus, CATALOGUE);
            if (check === "may-fail") return;
            assertEquals(report.check, check, `predicted because: ${because || "it must"}`);
          });
        }
      }
    } finally {
      workers.close();
    }
  });
}

Deno.test("atomics plain loses counts when vCPUs run in parallel", async () => {
  const workers = new WorkerPool();
  try {
    // One run may be lucky; the vCPUs would have to miss each other in every one of these.
    for (let attempt = 0; attempt < 20; attempt++) {
      const setup = {
        workload: "atomic-add",
        arguments: { counters: "1", iterations: "300000" },
        vcpus: 2,
        atomics: "plain",
      };
      if ((await run(setup, workers)).check === "fail") return;
    }
  } finally {
    workers.close();
  }
  throw new Error("plain counted right 20 times: is it still without atomics?");
});

Deno.test("atomics plain is exact under round-robin scheduling", async () => {
  const workers = new WorkerPool();
  try {
    const report = await run({
      workload: "atomic-add",
      arguments: { counters: "1", iterations: "20000" },
      vcpus: 4,
      atomics: "plain",
      scheduling: "round-robin",
    }, workers);
    assertEquals(report.check, "pass");
  } finally {
    workers.close();
  }
});

/** Programs that every configuration must pass, with their expected output. */
const EVERYWHERE: readonly Pick<Setup, "workload" | "arguments">[] = [
  { workload: "dhrystone", arguments: { iterations: "300", warmup: "10" } },
  { workload: "dhrystone-thumb", arguments: { iterations: "300", warmup: "10" } },
  { workload: "thumb-pages", arguments: { rounds: "3" } },
  { workload: "page-faults", arguments: { kind: "short" } },
  { workload: "page-faults", arguments: { kind: "long" } },
  { workload: "page-faults", arguments: { kind: "alignment" } },
  { workload: "system-registers", arguments: {} },
  { workload: "smc", arguments: { rounds: "30" } },
  { workload: "tlb", arguments: { rounds: "30", warmup: "10" } },
  { workload: "ipi", arguments: { rounds: "30", warmup: "10" } },
  { workload: "timer", arguments: { ticks: "10" } },
];

const CONFIGURATIONS: readonly (Omit<Setup, "workload" | "arguments"> & { title: string })[] = [
  { title: "interpreter only", backend: "interp", vcpus: 2, atomics: "cmpxchg" },
  { title: "round-robin", scheduling: "round-robin", vcpus: 2, atomics: "cmpxchg" },
  { title: "a code cache of 64 blocks", tbCount: 64, vcpus: 2, atomics: "cmpxchg" },
  { title: "a code cache of 64 blocks, stop-the-world", tbCount: 64, vcpus: 2, atomics: "pico-st" },
  { title: "everything compiled at once", hotRuns: 0, vcpus: 2, atomics: "cmpxchg" },
  {
    title: "regions everywhere",
    hotRuns: 1,
    regionSamples: 1,
    sampleInsns: 300,
    vcpus: 2,
    atomics: "cmpxchg",
  },
  {
    title: "regions everywhere by a thread that compiles",
    compileThread: "first",
    hotRuns: 1,
    regionSamples: 1,
    sampleInsns: 300,
    vcpus: 2,
    atomics: "cmpxchg",
  },
  {
    title: "a thread that compiles and a code cache of 64 blocks",
    compileThread: "first",
    hotRuns: 2,
    regionSamples: 1,
    sampleInsns: 300,
    tbCount: 64,
    vcpus: 2,
    atomics: "cmpxchg",
  },
  { title: "4 vCPUs", vcpus: 4, atomics: "hst-weak" },
];

for (const { title, ...configuration } of CONFIGURATIONS) {
  Deno.test(`guests give the expected output with ${title}`, async (t) => {
    const workers = new WorkerPool();
    try {
      for (const row of EVERYWHERE) {
        await t.step(row.workload, async () => {
          const report = await run({ ...row, ...configuration }, workers);
          const url = expectedUrl(findWorkload(row.workload)!);
          const expected = parseExpected(await Deno.readTextFile(url), url.pathname);
          assertEquals(checkExpected(report, expected), []);
          assertEquals(report.check, "pass");
        });
      }
    } finally {
      workers.close();
    }
  });
}

/** Its vCPUs never sleep while they wait for each other, which takes long where others want the cores. */
const LITMUS_SECONDS = 300;

for (const { name, constraints } of BARRIERS) {
  Deno.test(`barriers ${name} shows no outcome that ARM forbids when it says so`, async () => {
    const workers = new WorkerPool();
    try {
      const report = await run({
        workload: "litmus",
        arguments: { shape: "all", instances: "1", batch: "256" },
        vcpus: 2,
        atomics: "cmpxchg",
        barriers: name,
        timeoutSeconds: LITMUS_SECONDS,
      }, workers);
      assert(report.outcomes.length > 0, "no outcomes were reported");
      const forbidden = report.outcomes.filter(({ fields, count }) =>
        fields.allowed === "0" && count !== 0
      );
      if (constraints.correctInParallel) assertEquals(forbidden, []);
      const expected = new Set(
        EXPECTATIONS.filter((one) => one.threads <= 2).map((one) => one.test),
      );
      assertEquals(new Set(report.outcomes.map((one) => one.name)), expected);
    } finally {
      workers.close();
    }
  });
}

Deno.test("barriers none is seen to pass a load by an earlier store across a DMB", async () => {
  const workers = new WorkerPool();
  try {
    // One run may never have both vCPUs on cores at once; all of these have not.
    for (let attempt = 0; attempt < 10; attempt++) {
      const report = await run({
        workload: "litmus",
        arguments: { shape: "SB", instances: "200000" },
        vcpus: 2,
        atomics: "cmpxchg",
        barriers: "none",
        timeoutSeconds: LITMUS_SECONDS,
      }, workers);
      const shown = report.outcomes.find((one) =>
        one.name === "SB+dmbs" && one.fields.weak === "1"
      );
      if (shown !== undefined && report.check === "fail") return;
    }
  } finally {
    workers.close();
  }
  throw new Error("none showed no relaxed SB+dmbs in 10 runs: can this test fail on this host?");
});
