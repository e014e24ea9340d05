/**
 * The zod schema of a results file and the parser of one line. The types, with their units, are in
 * types.ts and come with this module.
 * @module
 */
import { z } from "zod";
import { COUNTER, type CounterName } from "../../core/memory/counters.ts";
import { PROFILE_SCHEMA } from "../../core/profile/profile_data.ts";
import { repairRemedy } from "./collector.ts";
import { ResultsError } from "./results_error.ts";
import { type ResultRecord, SCHEMA } from "./types.ts";

export { ResultsError };
export * from "./types.ts";

/** Above it lies no count, size or rate of any machine: such a value is a mistake. */
const MOST = 1e18;
/** Three hundred years. */
const MOST_SECONDS = 1e10;

const amount = (most: number = MOST) => z.number().nonnegative().max(most);
const count = () => amount().describe("count");
const seconds = () => amount(MOST_SECONDS).describe("seconds");
const bytes = () => amount().describe("bytes");
/** Names stand in tables and in paths of charts. */
const name = z.string().min(1).max(500).regex(
  /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u,
  "has control characters",
);
const index = () => z.number().int().nonnegative();
const fields = z.record(
  z.string(),
  z.union([z.string(), z.number().min(-MOST).max(MOST)]),
);
const counters = z.partialRecord(
  z.enum(Object.keys(COUNTER) as CounterName[]),
  z.number().min(-MOST).max(MOST),
);
const outcomes = z.array(z.strictObject({ name: z.string(), count: count(), fields }));
const schema = z.literal(SCHEMA);
const moment = z.iso.datetime().describe("ISO 8601, UTC");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256");
const host = z.strictObject({
  started: moment,
  loadAverage: amount().nullable(),
  stolenSeconds: seconds().nullable(),
  busySeconds: seconds().nullable(),
});

const run = z.strictObject({
  schema,
  kind: z.literal("run"),
  started: moment,
  pid: index(),
  resumed: z.boolean(),
  retried: z.array(name),
  experiments: z.array(z.string()),
  seed: z.number().int(),
  commandLine: z.array(z.string()),
  cells: count(),
  repeats: count(),
  quick: z.boolean(),
  untilClear: z.boolean(),
  machine: z.strictObject({
    cpuModel: z.string(),
    cores: count(),
    memoryBytes: bytes(),
    kernel: z.string(),
    architecture: z.string(),
    loadAverage: z.tuple([amount(), amount(), amount()]),
    governor: z.string(),
    frequencyMhz: amount().nullable().describe("MHz"),
    smt: z.string(),
    cgroup: z.strictObject({ cpuMax: z.string(), memoryMax: z.string() }),
  }),
  engine: z.strictObject({
    commit: z.string(),
    deno: z.string(),
    v8: z.string(),
    flags: z.array(z.string()),
  }),
  peers: z.strictObject({ qemu: z.string(), qemuSha256: sha256.nullable() }),
  images: z.record(z.string(), sha256),
});

const subject = z.discriminatedUnion("engine", [
  z.strictObject({
    engine: z.literal("ours"),
    atomics: name,
    barriers: name,
    scheduling: name,
    backend: z.enum(["wasm", "interp"]),
    parallelCode: z.exactOptional(z.literal("forced")),
  }),
  z.strictObject({ engine: z.literal("qemu"), thread: z.enum(["single", "multi"]) }),
  z.strictObject({ engine: z.literal("fake"), behaviour: name }),
]);

const cell = z.strictObject({
  schema,
  kind: z.literal("cell"),
  cell: name,
  experiment: name,
  subject,
  workload: name,
  params: fields,
  vcpus: z.number().int().positive(),
  memoryMiB: z.number().int().positive().describe("MiB"),
  unit: name,
  prediction: z.strictObject({
    check: z.enum(["pass", "fail", "may-fail"]),
    because: z.string(),
  }),
  role: z.exactOptional(z.enum(["scheme", "control", "negative-control"])),
  again: z.exactOptional(z.string().min(1)),
  sameCodeAs: z.exactOptional(z.strictObject({
    atomics: z.exactOptional(z.string()),
    barriers: z.exactOptional(z.string()),
  })),
});

const profile = z.strictObject({
  schema: z.literal(PROFILE_SCHEMA),
  vcpus: count(),
  periodMilliseconds: amount(),
  samples: z.array(z.strictObject({
    vcpu: index(),
    activity: z.string(),
    detail: z.string(),
    symbol: z.string(),
    pc: count(),
    milliseconds: amount(),
    samples: count(),
  })),
});

const share = () => z.number().min(0).max(1).describe("share");

const tiers = z.strictObject({
  insns: count(),
  interpreter: share(),
  first: share(),
  region: share(),
  compileSeconds: seconds(),
});

const sample = z.strictObject({
  schema,
  kind: z.literal("sample"),
  cell: z.string(),
  repeat: index(),
  turn: index(),
  process: index(),
  params: fields,
  unit: z.string(),
  ops: count(),
  seconds: seconds(),
  wallSeconds: seconds(),
  throughput: amount().describe("ops per second"),
  cpuSeconds: seconds().nullable(),
  peakRssBytes: bytes().nullable(),
  vcpus: z.array(z.strictObject({
    id: index(),
    ops: count(),
    seconds: seconds(),
    cpuSeconds: seconds().nullable(),
    guest: fields,
    counters,
  })),
  counters,
  tiers: z.exactOptional(tiers),
  guest: fields,
  outcomes,
  threads: z.array(z.strictObject({
    name: z.string(),
    cpuSeconds: seconds(),
    windowSeconds: seconds(),
  })),
  segments: z.exactOptional(z.array(z.strictObject({
    phase: z.enum(["warm-up", "measured"]),
    count: count(),
    seconds: seconds(),
  }))),
  settled: z.exactOptional(z.boolean()),
  warnings: z.array(z.string()),
  consoleTail: z.string(),
  profile: z.exactOptional(profile),
  startSeconds: z.exactOptional(seconds()),
  host,
});

const failure = z.strictObject({
  schema,
  kind: z.literal("failure"),
  cell: z.string(),
  repeat: index(),
  turn: index(),
  process: index(),
  params: fields,
  failure: z.enum([
    "failed-correctness",
    "guest-error",
    "timeout",
    "crash",
    "unsupported",
    "interrupted",
  ]),
  message: z.string(),
  guest: fields,
  outcomes,
  counters,
  consoleTail: z.string(),
  host,
});

const end = z.strictObject({
  schema,
  kind: z.literal("end"),
  finished: moment,
  reason: z.enum(["complete", "budget", "interrupted", "error"]),
  message: z.string(),
  cellsDone: count(),
  cellsLeft: count(),
  cellsUnmeasured: count(),
  wallSeconds: seconds(),
  peakRssBytes: bytes().nullable(),
  startSeconds: z.exactOptional(seconds()),
});

/** The schema of one line. */
const recordSchema: z.ZodType<ResultRecord> = z.discriminatedUnion("kind", [
  run,
  cell,
  sample,
  failure,
  end,
]);

/** JSON Schema of one line, for readers in other languages. */
export function recordJsonSchema(): unknown {
  return z.toJSONSchema(recordSchema);
}

/** The first field that the schema refuses; null for a right record. */
export function recordFault(
  value: unknown,
): { readonly path: readonly PropertyKey[]; readonly message: string } | null {
  const { success, error } = recordSchema.safeParse(value);
  return success ? null : error.issues[0];
}

/** Which version wrote a record of another schema; undefined when none of ours did. */
function otherSchema(value: unknown, where: string): string | undefined {
  const { schema, engine } = (value ?? {}) as { schema?: unknown; engine?: { commit?: unknown } };
  if (typeof schema !== "string" || !/^mttcg-bench\/\d+$/.test(schema)) return undefined;
  const commit = engine?.commit;
  const named = typeof commit === "string" && /^[0-9a-f]{7,40}(\+changes)?$/.test(commit);
  const writer = named ? `the version at commit ${commit}` : "another version";
  const lacks = schema === "mttcg-bench/1"
    ? ": its samples do not say in which process and turn they were measured, nor in which tier " +
      "the guest's code ran, so today's comparisons cannot be made from them"
    : "";
  return `${where} has schema ${schema}, which ${writer} wrote; this version reads ${SCHEMA}` +
    `${lacks}. Measure again into another out directory, or read the file with ${
      named
        ? `that version (git checkout ${commit.replace("+changes", "")})`
        : "the one that wrote it"
    }`;
}

/**
 * Parses one line of a results file.
 * @throws {ResultsError} naming file, line and the first wrong field.
 */
export function parseRecord(line: string, file: string, lineNumber: number): ResultRecord {
  const where = `${file}, line ${lineNumber}`;
  const foreign = `${where} is not a mttcg-bench record (no "schema": "${SCHEMA}"): ` +
    "name another out directory, or move the file away";
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const words = `${where} is not JSON: ${(error as Error).message}. ${repairRemedy(file)}`;
    throw new ResultsError(lineNumber === 1 ? foreign : words);
  }
  const found = (value as { schema?: unknown } | null)?.schema;
  if (found !== SCHEMA) throw new ResultsError(otherSchema(value, where) ?? foreign);
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = issue.path.length > 0 ? `field ${issue.path.join(".")}` : "the record";
  throw new ResultsError(`${where}, ${field}: ${issue.message}. ${repairRemedy(file)}`);
}
