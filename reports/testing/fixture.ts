/**
 * Made-up results of a plausible machine, for the report's tests and for looking at its design
 * without measuring. The numbers come from a seeded model and mean nothing.
 * @module
 */
import {
  type CellRecord,
  type Counters,
  type FailureRecord,
  type Fields,
  type HostConditions,
  NOT_INSTALLED,
  type Outcome,
  type Prediction,
  type ResultRecord,
  type SampleRecord,
  SCHEMA,
  type SegmentSample,
  type Subject,
  type Tiers,
} from "../../benches/results/types.ts";
import {
  type Profile,
  PROFILE_SCHEMA,
  type ProfileSample,
} from "../../core/profile/profile_data.ts";
import { seededRandom } from "../../benches/stats/random.ts";
import { EXPECTATIONS } from "../../workloads/litmus/expectation.ts";

const HOST: HostConditions = {
  started: "2025-01-02T03:04:06.000Z",
  loadAverage: 0.4,
  stolenSeconds: 0,
  busySeconds: 1,
};

/** Speed (operations a second on one vCPU of a counter loop), gain of a second core, traits. */
interface Scheme {
  readonly speed: number;
  readonly gain: number;
  readonly lock: number;
  readonly stop: number;
  readonly abaSafe: boolean;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  "plain": { speed: 90e6, gain: 1.1, lock: 0, stop: 0, abaSafe: false },
  "cmpxchg": { speed: 60e6, gain: 0.8, lock: 0, stop: 0, abaSafe: false },
  "mutex": { speed: 18e6, gain: 0.2, lock: 0.5, stop: 0, abaSafe: false },
  "spinlock": { speed: 24e6, gain: 0.5, lock: 0.3, stop: 0, abaSafe: false },
  "hashed-locks": { speed: 22e6, gain: 0.6, lock: 0.25, stop: 0, abaSafe: false },
  "global-lock": { speed: 6e6, gain: 0.15, lock: 0.7, stop: 0, abaSafe: true },
  "tlb-excl": { speed: 9e6, gain: 0.4, lock: 0.2, stop: 0.05, abaSafe: true },
  "aie": { speed: 20e6, gain: 0.7, lock: 0.15, stop: 0, abaSafe: false },
  "alat": { speed: 30e6, gain: 0.6, lock: 0, stop: 0, abaSafe: false },
  "pico-st": { speed: 0.4e6, gain: 0.1, lock: 0.02, stop: 0.8, abaSafe: true },
  "hst": { speed: 1.1e6, gain: 0.2, lock: 0.02, stop: 0.6, abaSafe: true },
  "hst-weak": { speed: 26e6, gain: 0.7, lock: 0.05, stop: 0, abaSafe: true },
};

const BARRIERS: Readonly<Record<string, number>> = {
  "none": 1,
  "fence": 0.7,
  "locked-rmw": 0.85,
  "typed": 0.93,
  "sequential": 0.35,
};

/** Names of the made-up schemes. */
export const FIXTURE_ATOMICS: readonly string[] = Object.keys(SCHEMES);
const ALL_BARRIERS = Object.keys(BARRIERS);

/** A product of axes, as an experiment's groups are. */
export interface FixtureGroup {
  readonly experiment: string;
  readonly workload: string;
  readonly params?: Fields;
  readonly atomics?: readonly string[];
  readonly barriers?: readonly string[];
  readonly scheduling?: readonly string[];
  readonly backends?: readonly ("wasm" | "interp")[];
  readonly qemu?: readonly ("single" | "multi")[];
  readonly vcpus: readonly number[];
  readonly repeats: number;
  /** Scheme that has an A/A cell. */
  readonly again?: string;
}

/** What to make up. */
export interface FixtureOptions {
  readonly groups: readonly FixtureGroup[];
  readonly qemu: boolean;
  readonly seed: number;
}

function profiled(
  vcpu: number,
  activity: string,
  symbol: string,
  pc: number,
  milliseconds: number,
): ProfileSample {
  const detail = activity === "helper" ? "made_up_helper" : "";
  return { vcpu, activity, detail, symbol, pc, milliseconds, samples: milliseconds };
}

/** A profile of two vCPUs. */
const PROFILE: Profile = {
  schema: PROFILE_SCHEMA,
  vcpus: 2,
  periodMilliseconds: 1,
  samples: [
    profiled(0, "region", "run", 0x40201000, 300),
    profiled(0, "first tier", "run", 0x40201040, 40),
    profiled(0, "helper", "divide", 0x40202000, 60),
    profiled(0, "idle", "wait", 0x40203000, 100),
    profiled(1, "MMIO", "0x40203000-0x40203fff", 0x40203010, 200),
    profiled(1, "off", "", 0, 300),
  ],
};

const CORES = 2;
const UNITS: Readonly<Record<string, string>> = {
  "dhrystone": "runs",
  "atomic-add": "increments",
  "atomic-stress": "lock acquisitions",
  "memory": "bytes",
  "lock-kinds": "critical sections",
};
const OUTCOME_SHAPES = ["SB", "MP", "LB", "R", "2+2W", "CoRR"];

/** As experiments about scaling have it. */
function coded(group: FixtureGroup, subject: Subject, vcpus: number): Subject {
  const alone = vcpus === 1 && subject.engine === "ours" &&
    subject.scheduling === "thread-per-vcpu" &&
    ["default", "scaling", "F7"].includes(group.experiment);
  return alone ? { ...subject, parallelCode: "forced" } : subject;
}

function subjectsOf(group: FixtureGroup, qemu: boolean): Subject[] {
  const subjects: Subject[] = [];
  for (const atomics of group.atomics ?? ["cmpxchg"]) {
    for (const barriers of group.barriers ?? ["typed"]) {
      for (const scheduling of group.scheduling ?? ["thread-per-vcpu"]) {
        for (const backend of group.backends ?? ["wasm"] as const) {
          subjects.push({ engine: "ours", atomics, barriers, scheduling, backend });
        }
      }
    }
  }
  if (qemu) { for (const thread of group.qemu ?? []) subjects.push({ engine: "qemu", thread }); }
  return subjects;
}

function predictionOf(subject: Subject, workload: string, vcpus: number): Prediction {
  const pass: Prediction = { check: "pass", because: "" };
  if (vcpus === 1) return pass;
  const ours = subject.engine === "ours" ? subject : null;
  if (workload === "store-between" && !(ours && SCHEMES[ours.atomics]?.abaSafe)) {
    return { check: "fail", because: "It compares values." };
  }
  if (workload === "litmus" && ours?.barriers === "none") {
    return { check: "may-fail", because: "The barriers scheme does not keep memory order." };
  }
  if (ours?.atomics === "plain" && /^(atomic|lock|aba)/.test(workload)) {
    return { check: "may-fail", because: "plain is not atomic when vCPUs run in parallel." };
  }
  return pass;
}

function parallelGain(subject: Subject, workload: string, vcpus: number): number {
  const single = subject.engine === "qemu"
    ? subject.thread === "single"
    : subject.engine === "ours" && subject.scheduling === "round-robin";
  if (single || vcpus === 1) return 1;
  const shared = /^(atomic-stress|lock)/.test(workload) || workload === "atomic-add";
  const gain = subject.engine === "ours" && shared ? SCHEMES[subject.atomics]?.gain ?? 0.5 : 0.97;
  const crowd = vcpus > CORES ? 0.95 : 1;
  return (1 + gain * (Math.min(vcpus, CORES) - 1)) * crowd;
}

/** Operations a second that the model gives a cell. */
function speedOf(cell: CellRecord): number {
  const { subject, workload, vcpus, params } = cell;
  const scale = workload === "dhrystone" ? 0.05 : workload === "memory" ? 40 : 1;
  const apart = workload === "atomic-add" && params.counters !== 1 ? 1.6 : 1;
  const gain = parallelGain(subject, workload, vcpus) * (vcpus > 1 ? apart : 1) * scale;
  if (subject.engine === "qemu") return 45e6 * gain;
  if (subject.engine === "fake") return 1e6;
  const scheme = SCHEMES[subject.atomics] ?? SCHEMES.cmpxchg;
  const barrier = BARRIERS[subject.barriers] ?? 1;
  return scheme.speed * barrier * gain * (subject.backend === "interp" ? 0.02 : 1);
}

function countersOf(cell: CellRecord, ops: number, seconds: number, noise: number): Counters {
  if (cell.subject.engine !== "ours") return {};
  const scheme = SCHEMES[cell.subject.atomics] ?? SCHEMES.cmpxchg;
  const busy = cell.vcpus > 1 ? noise : 0;
  const time = seconds * cell.vcpus * 1e9;
  return {
    guestInsns: ops * 7,
    strexAttempts: Math.round(ops * 1.1),
    strexFailures: Math.round(ops * 1.1 * busy * 0.06 * scheme.gain * Math.log2(cell.vcpus + 1)),
    lockWaitNs: Math.round(time * scheme.lock * busy * 0.8),
    stopTheWorldNs: Math.round(time * scheme.stop * busy),
  };
}

function outcomesOf(cell: CellRecord, noise: number): Outcome[] {
  if (cell.workload !== "litmus") return [];
  const { subject } = cell;
  const ordered = subject.engine !== "ours" || subject.barriers !== "none";
  const brute = subject.engine === "ours" && subject.barriers === "sequential";
  return EXPECTATIONS.filter((one) => OUTCOME_SHAPES.includes(one.shape)).flatMap((one) => {
    const forbidden = one.forbidden.length > 0;
    const outcome = [...one.forbidden, ...one.relaxed][0]!;
    const shown = forbidden ? one.shownByTso.length > 0 && !ordered : one.shape === "SB";
    const weak = shown && !brute ? Math.round(400 * noise) : 0;
    const usual = { regs: outcome.replaceAll("0", "1"), weak: 0, allowed: 1, of: one.of };
    const seen = { regs: outcome, weak: 1, allowed: forbidden ? 0 : 1, of: one.of };
    return [
      { name: one.test, count: 5120 - weak, fields: usual },
      ...(weak > 0 ? [{ name: one.test, count: weak, fields: seen }] : []),
    ];
  });
}

function tiersOf({ subject }: CellRecord): Tiers {
  const interpreted = subject.engine === "ours" && subject.backend === "interp";
  const [interpreter, first, region] = interpreted ? [1, 0, 0] : [0.01, 0.04, 0.95];
  return { insns: 1e9, interpreter, first, region, compileSeconds: 0.01 };
}

function sampleOf(cell: CellRecord, repeat: number, random: () => number): SampleRecord {
  const noise = 1 + 0.06 * (random() + random() - 1) + (random() < 0.03 ? -0.3 : 0);
  const throughput = cell.workload === "store-between" ? 0 : speedOf(cell) * noise;
  const seconds = 0.5;
  const ops = Math.round(throughput * seconds);
  const parallel = parallelGain(cell.subject, "dhrystone", cell.vcpus) > 1;
  const use = (parallel ? Math.min(cell.vcpus, CORES) : 1) * (0.95 + 0.04 * random());
  return {
    schema: SCHEMA,
    kind: "sample",
    cell: cell.cell,
    repeat,
    turn: repeat,
    process: 0,
    params: cell.params,
    unit: cell.unit,
    ops,
    seconds: ops > 0 ? ops / throughput : seconds,
    wallSeconds: seconds + 0.4,
    throughput,
    cpuSeconds: use * seconds,
    peakRssBytes: Math.round((190 + 22 * cell.vcpus + 6 * random()) * 2 ** 20),
    vcpus: [],
    counters: countersOf(cell, ops, seconds, noise),
    ...(cell.subject.engine === "ours" ? { tiers: tiersOf(cell) } : {}),
    guest: {},
    outcomes: outcomesOf(cell, noise),
    threads: [{ name: "vcpu", cpuSeconds: use * seconds, windowSeconds: seconds }],
    warnings: [],
    ...settlingOf(cell, repeat),
    consoleTail: "",
    host: HOST,
    ...(cell.experiment === "core" && cell.subject.engine === "ours" ? { profile: PROFILE } : {}),
  };
}

/** A guest that was still getting faster when its measured part began. */
function settlingOf({ subject, workload, vcpus }: CellRecord, repeat: number) {
  const cold = workload === "atomic-add" && vcpus === 2 && repeat === 1 &&
    subject.engine === "ours" && subject.atomics === "hst";
  if (!cold) return {};
  const segment = (phase: SegmentSample["phase"], count: number, seconds: number) =>
    ({ phase, count, seconds }) as const;
  return {
    segments: [
      ...[9, 8, 4, 4, 4].map((time) => segment("warm-up", 1000, time / 1000)),
      ...[40, 40, 40, 20, 20, 20].map((time) => segment("measured", 10_000, time / 1000)),
    ],
    settled: false,
    warnings: ["The speed changed by 2.0 times within the measured part."],
  };
}

function failureOf(cell: CellRecord, repeat: number, random: () => number): FailureRecord {
  return {
    schema: SCHEMA,
    kind: "failure",
    cell: cell.cell,
    repeat,
    turn: repeat,
    process: 0,
    params: cell.params,
    failure: "failed-correctness",
    message: "The guest's self-check failed: lost=17 <script>",
    guest: { lost: 17 },
    outcomes: outcomesOf(cell, 1 + random() / 10),
    counters: {},
    consoleTail: "",
    host: HOST,
  };
}

function cellsOf(group: FixtureGroup, qemu: boolean): CellRecord[] {
  const params = group.params ?? {};
  const cells = group.vcpus.flatMap((vcpus) =>
    subjectsOf(group, qemu).map((one) => coded(group, one, vcpus)).map((subject): CellRecord => ({
      schema: SCHEMA,
      kind: "cell",
      cell: [
        group.experiment,
        group.workload,
        JSON.stringify(params),
        vcpus,
        ...Object.values(subject),
      ]
        .join("/"),
      experiment: group.experiment,
      subject,
      workload: group.workload,
      params,
      vcpus,
      memoryMiB: 128,
      unit: UNITS[group.workload] ?? "operations",
      prediction: predictionOf(subject, group.workload, vcpus),
      ...(group.experiment === "barriers" && vcpus === 1 && subject.engine === "ours" &&
          subject.barriers !== "none"
        ? { sameCodeAs: { barriers: "none" } }
        : {}),
    }))
  );
  const again = cells.filter(({ subject }) =>
    subject.engine === "ours" && subject.atomics === group.again
  );
  return [
    ...cells,
    ...again.map((cell) => ({ ...cell, cell: `${cell.cell} (again)`, again: cell.cell })),
  ];
}

/** The records of a made-up results file. */
export function fixtureRecords(options: FixtureOptions): ResultRecord[] {
  const random = seededRandom(options.seed);
  const cells = new Map<string, { readonly cell: CellRecord; readonly repeats: number }>();
  for (const group of options.groups) {
    for (const cell of cellsOf(group, options.qemu)) {
      cells.set(cell.cell, { cell, repeats: group.repeats });
    }
  }
  const records: ResultRecord[] = [{
    schema: SCHEMA,
    kind: "run",
    started: "2025-01-02T03:04:05.000Z",
    pid: 4321,
    retried: [],
    resumed: false,
    experiments: [...new Set(options.groups.map((group) => group.experiment))],
    seed: options.seed,
    commandLine: ["deno", "task", "bench"],
    cells: cells.size,
    repeats: 5,
    quick: false,
    untilClear: false,
    machine: {
      cpuModel: "Made-up CPU & <Co>",
      cores: CORES,
      memoryBytes: 16 * 2 ** 30,
      kernel: "Linux 6.1",
      architecture: "x86_64",
      loadAverage: [0.2, 0.1, 0.1],
      governor: "performance",
      frequencyMhz: 3200,
      smt: "off",
      cgroup: { cpuMax: "max", memoryMax: "max" },
    },
    engine: { commit: "0123456789ab+changes", deno: "2.9.6", v8: "15.0", flags: [] },
    peers: {
      qemu: options.qemu ? "QEMU emulator version 7.2.0" : NOT_INSTALLED,
      qemuSha256: options.qemu ? "1".repeat(64) : null,
    },
    images: {},
  }];
  let process = 0;
  for (const { cell, repeats } of cells.values()) {
    records.push(cell);
    const { check } = cell.prediction;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const fails = check === "fail" || (check === "may-fail" && random() < 0.8);
      records.push({ ...(fails ? failureOf : sampleOf)(cell, repeat, random), process: process++ });
    }
  }
  records.push({
    schema: SCHEMA,
    kind: "end",
    finished: "2025-01-02T03:14:05.000Z",
    reason: "complete",
    message: "",
    cellsDone: cells.size,
    cellsLeft: 0,
    cellsUnmeasured: 0,
    wallSeconds: 600,
    peakRssBytes: 700 * 2 ** 20,
  });
  return records;
}

/** The text of a made-up results file. */
export function fixtureText(options: FixtureOptions): string {
  return fixtureRecords(options).map((record) => JSON.stringify(record) + "\n").join("");
}

const SCALES = [1, 2, 4, 8];

/** About what all experiments together give. */
export const FULL_FIXTURE: FixtureOptions = {
  seed: 7,
  qemu: true,
  groups: [
    ...[1, 1024].map((counters): FixtureGroup => ({
      experiment: "scaling",
      workload: "atomic-add",
      params: { counters },
      atomics: FIXTURE_ATOMICS,
      qemu: ["multi"],
      vcpus: SCALES,
      repeats: 5,
    })),
    {
      experiment: "scaling",
      workload: "atomic-stress",
      atomics: FIXTURE_ATOMICS,
      qemu: ["multi"],
      vcpus: SCALES,
      repeats: 5,
    },
    {
      experiment: "scaling",
      workload: "dhrystone",
      scheduling: ["round-robin", "thread-per-vcpu"],
      qemu: ["single", "multi"],
      vcpus: SCALES,
      repeats: 5,
    },
    ...["store-between", "aba-stack", "monitor"].map((workload): FixtureGroup => ({
      experiment: "correctness",
      workload,
      atomics: FIXTURE_ATOMICS,
      qemu: ["multi"],
      vcpus: [2, 4],
      repeats: 5,
    })),
    {
      experiment: "barriers",
      workload: "litmus",
      params: { shape: "all" },
      barriers: ALL_BARRIERS,
      qemu: ["multi"],
      vcpus: [2],
      repeats: 3,
    },
    ...["memory", "lock-kinds"].map((workload): FixtureGroup => ({
      experiment: "barriers",
      workload,
      params: { kind: workload === "memory" ? "memcpy" : "llsc" },
      barriers: ALL_BARRIERS,
      qemu: ["multi"],
      vcpus: [1, 2],
      repeats: 7,
    })),
    {
      experiment: "F1",
      workload: "dhrystone",
      scheduling: ["round-robin", "thread-per-vcpu"],
      qemu: ["single", "multi"],
      vcpus: [2],
      repeats: 7,
    },
    {
      experiment: "F2",
      workload: "atomic-stress",
      atomics: ["mutex", "spinlock", "cmpxchg"],
      qemu: ["multi"],
      vcpus: [2, 4],
      repeats: 7,
    },
    {
      experiment: "F3",
      workload: "dhrystone",
      scheduling: ["round-robin", "thread-per-vcpu"],
      qemu: ["single", "multi"],
      vcpus: [4],
      repeats: 7,
    },
    ...[1, 2, 128, 1024].map((counters): FixtureGroup => ({
      experiment: "F7",
      workload: "atomic-add",
      params: { counters },
      atomics: ["cmpxchg", "hst"],
      qemu: ["multi"],
      vcpus: SCALES,
      repeats: 5,
    })),
    ...["loop", "calls", "memory"].map((workload): FixtureGroup => ({
      experiment: "core",
      workload,
      backends: ["wasm", "interp"],
      qemu: ["multi"],
      vcpus: [1],
      repeats: 7,
    })),
  ],
};

/** A few cells that fill every chart; the golden specs are of this one. */
export const SMALL_FIXTURE: FixtureOptions = {
  seed: 3,
  qemu: true,
  groups: [
    {
      experiment: "F7",
      workload: "atomic-add",
      params: { counters: 1 },
      atomics: ["plain", "cmpxchg", "hst"],
      qemu: ["multi"],
      vcpus: [1, 2],
      repeats: 5,
    },
    {
      experiment: "F2",
      workload: "atomic-stress",
      atomics: ["mutex", "spinlock"],
      vcpus: [2],
      repeats: 3,
    },
    {
      experiment: "F3",
      workload: "dhrystone",
      scheduling: ["round-robin", "thread-per-vcpu"],
      qemu: ["single", "multi"],
      vcpus: [1, 2, 4],
      repeats: 5,
    },
    {
      experiment: "correctness",
      workload: "store-between",
      atomics: ["cmpxchg", "pico-st"],
      vcpus: [2],
      repeats: 2,
    },
    {
      experiment: "barriers",
      workload: "litmus",
      params: { shape: "all" },
      barriers: ["none", "typed"],
      vcpus: [2],
      repeats: 1,
    },
    {
      experiment: "barriers",
      workload: "memory",
      params: { kind: "memcpy" },
      barriers: ["none", "typed"],
      vcpus: [2],
      repeats: 5,
    },
    {
      experiment: "core",
      workload: "loop",
      backends: ["wasm", "interp"],
      qemu: ["multi"],
      vcpus: [1],
      repeats: 5,
    },
  ],
};
