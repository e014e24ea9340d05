import { assert, assertEquals } from "@std/assert";
import { type GuestReport, parseGuestOutput } from "../../workloads/protocol.ts";
import { changeOf, settlingOf } from "./settling.ts";

/** A run whose vCPUs took these ticks for each segment of the measured part. */
function report(settled: 0 | 1, ...vcpus: readonly (readonly number[])[]): GuestReport {
  const ticks = vcpus.map((segments) => segments.reduce((sum, one) => sum + one, 0));
  return parseGuestOutput([
    `@mttcg begin workload=loop vcpus=${vcpus.length} freq=1000`,
    `@mttcg end ticks=${Math.max(...ticks)} ops=${100 * vcpus.length} check=pass count=100 ` +
    `settled=${settled}`,
    "@mttcg segment count=1 ticks=2 span=3",
    "@mttcg segment count=5 ticks=10 span=12",
    ...vcpus.map((segments, id) =>
      `@mttcg vcpu id=${id} ticks=${ticks[id]} ops=100 segments=${segments.join(",")}`
    ),
    "@mttcg done",
  ].join("\n"));
}

const STEADY = Array.from({ length: 10 }, () => 20);

Deno.test("settlingOf gives the curve: the warm-up, then the measured part", () => {
  const { segments, settled, warnings } = settlingOf(report(1, STEADY))!;
  assertEquals(segments.slice(0, 3), [
    { phase: "warm-up", count: 1, seconds: 0.002 },
    { phase: "warm-up", count: 5, seconds: 0.01 },
    { phase: "measured", count: 10, seconds: 0.02 },
  ]);
  assertEquals(segments.length, 12);
  assertEquals([settled, warnings], [true, []]);
});

Deno.test("settlingOf tells of a warm-up that ended at its bound", () => {
  const { settled, warnings } = settlingOf(report(0, STEADY))!;
  assertEquals(settled, false);
  assertEquals(warnings, ["The speed had not settled after 0.01 s of warm-up."]);
});

Deno.test("settlingOf tells of a speed that changed while it was measured", () => {
  const slowThenFast = STEADY.map((ticks, at) => at < 4 ? 3 * ticks : ticks);
  const { settled, warnings } = settlingOf(report(1, slowThenFast))!;
  assertEquals(settled, false);
  assertEquals(warnings, ["The speed changed by 3.0 times within the measured part."]);
});

Deno.test("settlingOf forgives what disturbs one vCPU, and one segment of all", () => {
  const disturbed = STEADY.map((ticks, at) => at > 6 ? 2 * ticks : ticks);
  assert(settlingOf(report(1, STEADY, disturbed))!.settled);
  assert(settlingOf(report(1, STEADY.map((ticks, at) => at === 8 ? 90 : ticks)))!.settled);
});

Deno.test("settlingOf leaves out what a vCPU did while others had ended", () => {
  // With its rival gone the second one is four times as fast, which says nothing of being warm.
  const slow = STEADY.map((ticks, at) => at < 6 ? 2 * ticks : ticks / 2);
  const { segments, settled } = settlingOf(report(1, STEADY, slow))!;
  assertEquals(segments.filter(({ phase }) => phase === "measured").length, 5);
  assert(settled);
});

Deno.test("settlingOf says nothing of a guest that did not warm up", () => {
  const text = "@mttcg begin workload=loop vcpus=1 freq=1000\n" +
    "@mttcg end ticks=5 ops=1 check=pass\n@mttcg vcpu id=0 ticks=5 ops=1\n@mttcg done\n";
  assertEquals(settlingOf(parseGuestOutput(text)), null);
  const cold = text.replace("pass", "pass count=1 settled=0").replace(
    "ops=1\n@mttcg d",
    "ops=1 segments=4\n@mttcg d",
  );
  assertEquals(settlingOf(parseGuestOutput(cold)), null);
});

Deno.test("changeOf says nothing where segments are too few to tell", () => {
  const segment = (seconds: number) => ({ phase: "measured", count: 1, seconds }) as const;
  assertEquals(changeOf([1, 1, 1, 3, 3].map(segment)), 1);
  assertEquals(changeOf([1, 1, 1, 3, 3, 3].map(segment)), 3);
});
