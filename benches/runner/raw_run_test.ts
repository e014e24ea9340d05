import { assertEquals, assertStringIncludes } from "@std/assert";
import { endedEarly, failedRun, received } from "./raw_run.ts";

Deno.test("received puts the times of another process into this one's, whatever the wall clock did", () => {
  const raw = failedRun("power-off", "");
  const sent = { ...raw, began: 1000, measuredPart: { from: 1500, to: 1900 }, clock: 2000 };
  const { began, measuredPart } = received(sent, 52_000);
  assertEquals([began, measuredPart], [51_000, { from: 51_500, to: 51_900 }]);
  const never = received({ ...raw, began: 0, clock: 2000 }, 52_000);
  assertEquals([never.began, never.measuredPart, "clock" in never], [0, null, false]);
});

Deno.test("endedEarly tells a signal from outside from a process that broke", () => {
  const status = (code: number, signal: Deno.Signal | null) => ({ success: false, code, signal });
  for (const signal of ["SIGKILL", "SIGTERM", "SIGHUP"] as const) {
    const { end, message } = endedEarly("It", status(128, signal), "");
    assertEquals(end, "interrupted");
    assertStringIncludes(message, signal);
  }
  for (const signal of ["SIGSEGV", "SIGABRT", "SIGTRAP", null] as const) {
    assertEquals(endedEarly("It", status(70, signal), "words\n").end, "crash");
  }
  assertEquals(
    endedEarly("It", status(70, null), "words\n").message,
    "It ended with exit code 70: words",
  );
});
