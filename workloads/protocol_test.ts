import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { GuestOutputError, parseGuestOutput, parseProtocolLine } from "./protocol.ts";

const GOOD = [
  "Some console text",
  "@mttcg begin workload=atomic-add vcpus=2 freq=62500000 iterations=10 counters=1",
  "@mttcg end ticks=31250000 ops=20 check=pass lost=0",
  "@mttcg vcpu id=0 ticks=31250000 ops=10 strex_failures=3",
  "@mttcg vcpu id=1 ticks=31000000 ops=10 strex_failures=4",
  "@mttcg outcome name=SB dmb=0 regs=0,0 count=7 weak=1 allowed=1",
  "@mttcg done",
  "",
];

function failure(lines: readonly string[]): GuestOutputError {
  try {
    parseGuestOutput(lines.join("\n"));
  } catch (error) {
    assertInstanceOf(error, GuestOutputError);
    return error;
  }
  throw new Error("The output was accepted.");
}

/** The good output with the line that starts with `start` replaced. */
function replaced(start: string, ...lines: string[]): string[] {
  return GOOD.flatMap((line) => line.startsWith(start) ? lines : [line]);
}

Deno.test("parseGuestOutput reads every line of a good run", () => {
  assertEquals(parseGuestOutput(GOOD.join("\n")), {
    workload: "atomic-add",
    vcpus: 2,
    frequency: 62500000,
    parameters: { iterations: "10", counters: "1" },
    ticks: 31250000,
    seconds: 0.5,
    ops: 20,
    check: "pass",
    count: null,
    settled: null,
    warmUp: [],
    fields: { lost: "0" },
    perVcpu: [
      { id: 0, ticks: 31250000, ops: 10, segments: [], fields: { strex_failures: "3" } },
      { id: 1, ticks: 31000000, ops: 10, segments: [], fields: { strex_failures: "4" } },
    ],
    outcomes: [
      { name: "SB", count: 7, fields: { dmb: "0", regs: "0,0", weak: "1", allowed: "1" } },
    ],
  });
});

/** A run that warmed up, with its lines in the order of a guest. */
const WARMED = [
  ...GOOD.slice(0, 2),
  "@mttcg end ticks=100 ops=20 check=pass count=10 settled=1 lost=0",
  "@mttcg segment count=1 ticks=7 span=9",
  "@mttcg segment count=5 ticks=20 span=21",
  "@mttcg vcpu id=0 ticks=90 ops=10 segments=40,50",
  "@mttcg vcpu id=1 ticks=100 ops=10 segments=45,54",
  "@mttcg done",
];

Deno.test("parseGuestOutput reads the warm-up and the segments of the measured part", () => {
  const report = parseGuestOutput(WARMED.join("\n"));
  assertEquals(report.settled, true);
  assertEquals(report.warmUp, [{ count: 1, ticks: 7, span: 9 }, { count: 5, ticks: 20, span: 21 }]);
  assertEquals(report.perVcpu.map(({ segments }) => segments), [[40, 50], [45, 54]]);
  assertEquals([report.count, report.fields], [10, { lost: "0" }]);
  const unsettled = WARMED.join("\n").replace("settled=1", "settled=0");
  assertEquals(parseGuestOutput(unsettled).settled, false);
});

Deno.test("parseGuestOutput names line and field where segments are wrong", () => {
  const cases: readonly [string, string, number, string][] = [
    ["settled=1", "settled=yes", 3, "settled=yes of the end line is not 0 or 1"],
    ["count=10 settled", "settled", 3, "end line lacks the field count"],
    ["count=5 ticks=20", "count=5 ticks=2.5", 5, "ticks=2.5 of the segment line is not a count"],
    ["count=1 ticks=7", "ticks=7", 4, "lacks the field count"],
    ["segments=40,50", "segments=40,x", 6, "segments=x of the vcpu line is not a count"],
    ["segments=45,54", "segments=45,56", 7, "vCPU 1 add up to 101 ticks"],
    ["segments=45,54", "segments=45", 3, "differ in their number of segments"],
  ];
  for (const [from, to, line, wanted] of cases) {
    const error = failure(WARMED.join("\n").replace(from, to).split("\n"));
    assertEquals([error.reason, error.lineNumber], ["malformed", line], error.message);
    assertEquals(error.message.includes(wanted), true, error.message);
  }
});

Deno.test("parseGuestOutput accepts carriage returns before line ends", () => {
  assertEquals(parseGuestOutput(GOOD.join("\r\n")), parseGuestOutput(GOOD.join("\n")));
});

Deno.test("parseGuestOutput passes on the guest's own error with its line", () => {
  const error = failure([GOOD[1]!, "@mttcg error exception type=data-abort pc=0x40201000"]);
  assertEquals(error.reason, "reported");
  assertEquals(error.lineNumber, 2);
  assertEquals(error.message, "Guest output line 2: exception type=data-abort pc=0x40201000");
});

Deno.test("parseGuestOutput names the missing line when a run ended early", () => {
  assertEquals(failure([]).message.includes("no begin line"), true);
  assertEquals(failure(GOOD.slice(0, 2)).message.includes("no end line"), true);
  const error = failure(GOOD.slice(0, 6));
  assertEquals(error.message.includes("no done line"), true);
  assertEquals([error.reason, error.lineNumber], ["incomplete", 0]);
});

Deno.test("parseGuestOutput names field and line for a malformed field", () => {
  const cases: readonly [string[], string][] = [
    [replaced("@mttcg end", "@mttcg end ticks=x ops=20 check=pass"), "ticks=x"],
    [replaced("@mttcg end", "@mttcg end ticks=-5 ops=20 check=pass"), "ticks=-5"],
    [replaced("@mttcg end", "@mttcg end ticks=1 ops=20 check=maybe"), "check=maybe"],
    [replaced("@mttcg end", "@mttcg end ticks=1 check=pass"), "lacks the field ops"],
    [replaced("@mttcg end", "@mttcg end ticks=1 ops=20 ops=21 check=pass"), "stands twice"],
    [replaced("@mttcg end", "@mttcg end ticks=1 ops=20 check=pass lost"), '"lost" is not'],
  ];
  for (const [lines, wanted] of cases) {
    const error = failure(lines);
    assertEquals([error.reason, error.lineNumber], ["malformed", 3]);
    assertEquals(error.message.includes(wanted), true, error.message);
  }
});

Deno.test("parseGuestOutput rejects a kind of line it does not know", () => {
  const error = failure(replaced("@mttcg done", "@mttcg don"));
  assertEquals(error.message.includes('"don" is not a known kind'), true);
});

Deno.test("parseGuestOutput rejects lines out of order", () => {
  assertEquals(failure([GOOD[2]!, ...GOOD]).lineNumber, 1);
  assertEquals(failure([...GOOD.slice(0, 7), GOOD[5]!]).lineNumber, 8);
  assertEquals(failure([GOOD[1]!, GOOD[1]!]).lineNumber, 2);
});

Deno.test("parseGuestOutput rejects vCPU lines that do not fit the others", () => {
  const missing = failure(replaced("@mttcg vcpu id=1"));
  assertEquals(missing.message.includes("vcpu lines are for 0"), true, missing.message);
  const sum = failure(replaced("@mttcg vcpu id=1", "@mttcg vcpu id=1 ticks=3 ops=9"));
  assertEquals(sum.message.includes("add up to 19"), true, sum.message);
});

Deno.test("parseProtocolLine ignores text without the mark", () => {
  assertEquals(parseProtocolLine("hello", 1), undefined);
  assertEquals(parseProtocolLine("@mttcgbegin", 1), undefined);
  assertThrows(() => parseProtocolLine("@mttcg", 1), GuestOutputError);
});
