import { assertEquals } from "@std/assert";
import { CELL, END, FAILURE, RUN, SAMPLE } from "../testing/records.ts";
import { parseResults } from "./reader.ts";
import { byCell, judge } from "./verdict.ts";
import type { Prediction } from "./types.ts";

function predicted(check: Prediction["check"]) {
  return { ...CELL, prediction: { check, because: check === "pass" ? "" : "A reason." } };
}

Deno.test("judge passes right results and counts the runs", () => {
  const { verdict, runs, failed } = judge(CELL, [SAMPLE, { ...SAMPLE, repeat: 1 }], []);
  assertEquals([verdict, runs, failed], ["pass", 2, 0]);
});

Deno.test("judge calls wrong results wrong only where right ones were promised", () => {
  assertEquals(judge(predicted("pass"), [SAMPLE], [FAILURE]).verdict, "wrong");
  assertEquals(judge(predicted("fail"), [], [FAILURE]).verdict, "fails as predicted");
  assertEquals(judge(predicted("may-fail"), [SAMPLE], [FAILURE]).verdict, "fails as predicted");
});

Deno.test("judge notices a pass where failing was certain", () => {
  assertEquals(judge(predicted("fail"), [SAMPLE], []).verdict, "passes against prediction");
  assertEquals(judge(predicted("may-fail"), [SAMPLE], []).verdict, "pass");
});

Deno.test("judge lets no prediction excuse a timeout, a crash or a guest error", () => {
  for (const failure of ["timeout", "crash", "guest-error"] as const) {
    const { verdict } = judge(predicted("fail"), [], [FAILURE, { ...FAILURE, failure }]);
    assertEquals(verdict, failure.replace("-", " "));
  }
});

Deno.test("judge calls a cell wrong for one wrong run, and not run without any", () => {
  assertEquals(judge(CELL, [SAMPLE], []).verdict, "pass");
  assertEquals(judge(CELL, [SAMPLE], [FAILURE]).verdict, "wrong");
  assertEquals(judge(CELL, [], []).verdict, "not run");
});

Deno.test("byCell gives no throughput to a cell that ever gave a wrong result", () => {
  const text = (records: readonly unknown[]) =>
    records.map((record) => JSON.stringify(record) + "\n").join("");
  const right = byCell(parseResults(text([RUN, CELL, SAMPLE, END]), "f"));
  assertEquals(right[0].measures, [{ turn: 0, value: SAMPLE.throughput }]);
  const wrong = byCell(parseResults(text([RUN, CELL, SAMPLE, FAILURE, END]), "f"));
  assertEquals(wrong[0].measures, []);
});
