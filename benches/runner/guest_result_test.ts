import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseRecord } from "../results/schema.ts";
import { CELL } from "../testing/records.ts";
import { parseExpected } from "../../workloads/expected.ts";
import { resultOf } from "./guest_result.ts";
import { failedRun, type RawRun, shortened } from "./raw_run.ts";

const IDENTITY = {
  cell: CELL,
  repeat: 2,
  turn: 2,
  process: 7,
  params: { counters: 1, iterations: 100 },
};
const EXPECTED = parseExpected("[always]\nend lost=0\n", "expected");

function output(end = "check=pass lost=0", more = ""): string {
  return [
    "hello",
    "@mttcg begin workload=atomic-add vcpus=2 freq=1000 counters=1",
    `@mttcg end ticks=500 ops=200 ${end}`,
    "@mttcg vcpu id=0 ticks=400 ops=100 strex_failures=3",
    "@mttcg vcpu id=1 ticks=500 ops=100 strex_failures=4",
    ...(more === "" ? [] : [more]),
    "@mttcg done",
    "",
  ].join("\n");
}

function raw(console: string, more: Partial<RawRun> = {}): RawRun {
  return { ...failedRun("power-off", "", console, 0.6), ...more };
}

function failure(run: RawRun) {
  const record = resultOf(run, IDENTITY, EXPECTED);
  assert(record.kind === "failure");
  assertEquals(parseRecord(JSON.stringify(record), "results", 1), record);
  return record;
}

Deno.test("resultOf makes a sample of a right report", () => {
  const counters = [{ guestInsns: 10, cpuNs: 4e8 }, { guestInsns: 20 }];
  const run = raw(output("check=pass lost=0", "@mttcg outcome name=SB count=5 regs=0,1 weak=1"), {
    vcpuCounters: counters,
  });
  const record = resultOf(run, IDENTITY, EXPECTED);
  assert(record.kind === "sample");
  assertEquals(parseRecord(JSON.stringify(record), "results", 1), record);
  assertEquals([record.ops, record.seconds, record.throughput], [200, 0.5, 400]);
  assertEquals(record.repeat, 2);
  assertEquals(record.vcpus[0], {
    id: 0,
    ops: 100,
    seconds: 0.4,
    cpuSeconds: 0.4,
    guest: { strex_failures: 3 },
    counters: counters[0],
  });
  assertEquals(record.vcpus[1].cpuSeconds, null);
  assertEquals(record.counters, { guestInsns: 30, cpuNs: 4e8 });
  assertEquals(record.guest, { lost: 0 });
  assertEquals(record.outcomes, [{ name: "SB", count: 5, fields: { regs: "0,1", weak: 1 } }]);
  assertEquals(record.warnings, []);
});

Deno.test("resultOf never times a failed self-check but keeps what the guest said", () => {
  const record = failure(raw(output("check=fail lost=7")));
  assertEquals(record.failure, "failed-correctness");
  assertStringIncludes(record.message, "lost=7");
  assertEquals(record.guest, { lost: 7 });
  assert(!("seconds" in record) && !("throughput" in record));
});

Deno.test("resultOf checks the expected output even when the guest says pass", () => {
  const record = failure(raw(output("check=pass lost=2")));
  assertEquals(record.failure, "failed-correctness");
  assertStringIncludes(record.message, "lost=2 where 0 is expected");
});

Deno.test("resultOf refuses a report of another workload or vCPU count", () => {
  const other = output().replace("workload=atomic-add", "workload=loop");
  assertStringIncludes(failure(raw(other)).message, "says it is loop, not atomic-add");
  const alone = output().replace("vcpus=2", "vcpus=1").replace(/@mttcg vcpu id=1.*\n/, "")
    .replace("ops=200", "ops=100");
  assertStringIncludes(failure(raw(alone)).message, "ran 1 vCPUs, not 2");
});

for (
  const [what, console, message] of [
    ["an error of the guest", "@mttcg error out of memory\n", "out of memory"],
    ["a guest that ends early", output().replace("@mttcg done\n", ""), "done"],
    ["silence", "", "begin"],
    ["a garbled line", output().replace("ticks=500", "ticks=5x0"), "ticks=5x0"],
  ] as const
) {
  Deno.test(`resultOf calls ${what} a guest error`, () => {
    const record = failure(raw(console));
    assertEquals(record.failure, "guest-error");
    assertStringIncludes(record.message, message);
  });
}

for (const end of ["timeout", "crash", "unsupported"] as const) {
  Deno.test(`resultOf hands a ${end} on, even with a right report`, () => {
    const record = failure(raw(output(), { end, message: "Because." }));
    assertEquals([record.failure, record.message], [end, "Because."]);
  });
}

Deno.test("resultOf warns of a guest clock that outruns the host's", () => {
  const record = resultOf(raw(output(), { wallSeconds: 0.1 }), IDENTITY, EXPECTED);
  assert(record.kind === "sample");
  assertStringIncludes(record.warnings.join(), "does not follow the host's");
});

Deno.test("resultOf warns of a measured part too short to trust", () => {
  const short = output().replace("freq=1000 ", "freq=10000000 ");
  const record = resultOf(raw(short), IDENTITY, EXPECTED);
  assert(record.kind === "sample");
  assertStringIncludes(record.warnings.join(), "only 50 us long");
});

Deno.test("resultOf keeps the curve of a guest that warms up and warns where it did not settle", () => {
  const warmed = (settled: number) =>
    output(`check=pass count=10 settled=${settled} lost=0`)
      .replace("@mttcg vcpu id=0", "@mttcg segment count=4 ticks=30 span=31\n@mttcg vcpu id=0")
      .replace("ops=100 strex_failures=3", "ops=100 segments=200,200 strex_failures=3")
      .replace("ops=100 strex_failures=4", "ops=100 segments=250,250 strex_failures=4");
  const record = resultOf(raw(warmed(1)), IDENTITY, EXPECTED);
  assert(record.kind === "sample");
  assertEquals(parseRecord(JSON.stringify(record), "results", 1), record);
  assertEquals(record.settled, true);
  assertEquals(record.segments![0], { phase: "warm-up", count: 4, seconds: 0.03 });
  assertEquals(record.segments![1], { phase: "measured", count: 5, seconds: 0.2 });
  assertEquals(record.warnings, []);
  const cold = resultOf(raw(warmed(0)), IDENTITY, EXPECTED);
  assert(cold.kind === "sample");
  assertEquals(cold.settled, false);
  assertStringIncludes(cold.warnings.join(), "had not settled after 0.03 s of warm-up");
});

Deno.test("shortened keeps both ends of a long console", () => {
  const text = shortened("a".repeat(500) + "b".repeat(500), 100);
  assert(text.startsWith("aaa") && text.endsWith("bbb") && text.length < 200);
  assertStringIncludes(text, "900 characters left out");
  assertEquals(shortened("short", 100), "short");
});
