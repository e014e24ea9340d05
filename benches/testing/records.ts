/**
 * Small valid records and a small catalogue, for tests.
 * @module
 */
import type { Catalogue } from "../experiments/catalogue.ts";
import {
  type CellRecord,
  type EndRecord,
  type FailureRecord,
  type HostConditions,
  type MachineFingerprint,
  type RunRecord,
  type SampleRecord,
  SCHEMA,
} from "../results/schema.ts";

/** A machine. */
export const MACHINE: MachineFingerprint = {
  cpuModel: "A processor",
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  kernel: "6.1",
  architecture: "x86_64",
  loadAverage: [0.5, 0.25, 0],
  governor: "performance",
  frequencyMhz: 3000,
  smt: "on",
  cgroup: { cpuMax: "max 100000", memoryMax: "max" },
};

/** What went on beside a run. */
export const HOST: HostConditions = {
  started: "2026-01-02T03:04:06.789Z",
  loadAverage: 0.5,
  stolenSeconds: 0,
  busySeconds: 1.25,
};

/** A run header. */
export const RUN: RunRecord = {
  schema: SCHEMA,
  kind: "run",
  started: "2026-01-02T03:04:05.678Z",
  pid: 4321,
  resumed: false,
  retried: [],
  experiments: ["default"],
  seed: 1,
  commandLine: ["--quick"],
  cells: 1,
  repeats: 3,
  quick: true,
  untilClear: false,
  machine: MACHINE,
  engine: { commit: "abc", deno: "2.9.6", v8: "15.0", flags: [] },
  peers: { qemu: "not installed", qemuSha256: null },
  images: { dhrystone: "0".repeat(64) },
};

/** A cell of ours. */
export const CELL: CellRecord = {
  schema: SCHEMA,
  kind: "cell",
  cell: "default/atomic-add(counters=1)/2/cmpxchg+typed+thread-per-vcpu",
  experiment: "default",
  subject: {
    engine: "ours",
    atomics: "cmpxchg",
    barriers: "typed",
    scheduling: "thread-per-vcpu",
    backend: "wasm",
  },
  workload: "atomic-add",
  params: { counters: 1 },
  vcpus: 2,
  memoryMiB: 128,
  unit: "increments",
  prediction: { check: "pass", because: "" },
};

/** A timed repeat of `CELL`. */
export const SAMPLE: SampleRecord = {
  schema: SCHEMA,
  kind: "sample",
  cell: CELL.cell,
  repeat: 0,
  turn: 0,
  process: 0,
  params: { counters: 1, iterations: 1000 },
  unit: "increments",
  ops: 2000,
  seconds: 0.5,
  wallSeconds: 0.7,
  throughput: 4000,
  cpuSeconds: 1.1,
  peakRssBytes: 1e8,
  vcpus: [
    { id: 0, ops: 1000, seconds: 0.5, cpuSeconds: 0.5, guest: { strex_failures: 3 }, counters: {} },
    { id: 1, ops: 1000, seconds: 0.4, cpuSeconds: null, guest: {}, counters: { guestInsns: 5 } },
  ],
  counters: { guestInsns: 5 },
  guest: { lost: 0, checksum: "0x12" },
  outcomes: [{ name: "SB", count: 2, fields: { weak: 1, regs: "0,0" } }],
  threads: [{ name: "CPU 0/TCG", cpuSeconds: 0.4, windowSeconds: 0.5 }],
  warnings: [],
  consoleTail: "@mttcg done\n",
  host: HOST,
};

/** A wrong result of `CELL`. */
export const FAILURE: FailureRecord = {
  schema: SCHEMA,
  kind: "failure",
  cell: CELL.cell,
  repeat: 1,
  turn: 1,
  process: 1,
  params: {},
  failure: "failed-correctness",
  message: "The guest's self-check failed: lost=3",
  guest: { lost: 3 },
  outcomes: [],
  counters: {},
  consoleTail: "",
  host: HOST,
};

/** An end. */
export const END: EndRecord = {
  schema: SCHEMA,
  kind: "end",
  finished: "2026-01-02T03:05:05.678Z",
  reason: "complete",
  message: "",
  cellsDone: 1,
  cellsLeft: 0,
  cellsUnmeasured: 0,
  wallSeconds: 60,
  peakRssBytes: null,
};

const INFO = {
  role: "scheme",
  summary: "A summary.",
  source: "A paper.",
  weaknesses: ["One."],
} as const;
const SCHEME = {
  granule: "word",
  hooksStores: false,
  hooksLoads: false,
  hooksTlbFill: false,
  progress: "lock-free",
} as const;

const STANDARD = { full: { iterations: 100 }, quick: { iterations: 10 } };

/** Three atomics, two barriers and two scheduling schemes over three workloads. */
export const SMALL_CATALOGUE: Catalogue = {
  atomics: [
    {
      ...INFO,
      name: "cmpxchg",
      constraints: { ...SCHEME, abaSafe: "no", correctInParallel: true, stopsTheWorld: [] },
    },
    {
      ...INFO,
      name: "pico-st",
      constraints: {
        ...SCHEME,
        abaSafe: "yes",
        correctInParallel: true,
        stopsTheWorld: ["load-exclusive", "store-exclusive"],
      },
    },
    {
      ...INFO,
      name: "plain",
      role: "negative-control",
      constraints: { ...SCHEME, abaSafe: "no", correctInParallel: false, stopsTheWorld: [] },
    },
  ],
  barriers: [
    {
      ...INFO,
      name: "none",
      role: "negative-control",
      constraints: { correctInParallel: false, changesPlainAccesses: false },
    },
    {
      ...INFO,
      name: "typed",
      constraints: { correctInParallel: true, changesPlainAccesses: false },
    },
  ],
  scheduling: [
    { ...INFO, name: "round-robin", constraints: { parallel: false, deterministic: true } },
    { ...INFO, name: "thread-per-vcpu", constraints: { parallel: true, deterministic: false } },
  ],
  workloads: [
    { name: "atomic-add", summary: "", unit: "increments", minVcpus: 1, standard: STANDARD },
    { name: "store-between", summary: "", unit: "pairs", minVcpus: 2, standard: STANDARD },
    { name: "litmus", summary: "", unit: "instances", minVcpus: 2, standard: STANDARD },
    { name: "aba-stack", summary: "", unit: "nodes", minVcpus: 2, standard: STANDARD },
    { name: "dhrystone", summary: "", unit: "runs", minVcpus: 1, standard: STANDARD },
    { name: "harness", summary: "", unit: "operations", minVcpus: 1, standard: STANDARD },
  ],
};
