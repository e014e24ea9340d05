import { assertEquals, assertStringIncludes } from "@std/assert";
import { WorkerPool } from "../core/machine/worker_pool.ts";
import { runTiny, type TinyGuest } from "./testing/tiny_guest.ts";

const UDF = 0xe7f000f0;
/** VBAR becomes the address of offset 0x100. */
const SET_VBAR = [0xe28f30f8, 0xee0c3f10];

interface Case {
  readonly name: string;
  readonly guest: TinyGuest;
  readonly end: string;
  readonly says: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "an undefined instruction without vectors",
    guest: { words: [UDF] },
    end: "guest-error",
    says: [
      "vCPU 0 faulted and its exception vector at 0x0000000c is no memory",
      "undefined instruction at 0x40010000 in svc mode",
      "The instruction there is udf #0 (e7f000f0)",
      "abt mode",
    ],
  },
  {
    name: "a vector that is undefined itself",
    guest: { words: [...SET_VBAR, UDF], more: { 0x100: [UDF, UDF, UDF, UDF] } },
    end: "guest-error",
    says: [
      "vCPU 0 faults for ever in its own exception handler, at 0x40010104: udf #0 (e7f000f0)",
      "It began with this: undefined instruction at 0x40010008 in svc mode",
      "pc 0x40010104, und mode",
    ],
  },
  {
    name: "a data abort handler that aborts",
    // mov r1, #0x50000000; ldr r0, [r1]
    guest: {
      words: [...SET_VBAR, 0xe3a01205, 0xe5910000],
      more: { 0x110: [0xe5910000] },
    },
    end: "guest-error",
    says: [
      "handler, at 0x40010110: ldr r0, [r1] (e5910000)",
      "data abort at 0x4001000c in svc mode: external abort, nothing answers there, " +
      "read of 0x50000000 (DFSR 0x00000008)",
    ],
  },
  {
    name: "a loop without end",
    guest: { words: [0xe3a00000, 0xeafffffe] },
    end: "timeout",
    says: [
      "still running after 2 s",
      "vCPU 0: pc 0x40010004, svc mode, ARM instruction b 0x40010004 (eafffffe)",
    ],
  },
  {
    name: "a loop without end in Thumb code",
    // add r0, pc, #1; bx r0; b .
    guest: { words: [0xe28f0001, 0xe12fff10, 0xe7fee7fe] },
    end: "timeout",
    says: ["vCPU 0: pc 0x40010008, svc mode, Thumb instruction b 0x40010008 (e7fe)"],
  },
  {
    name: "a wait for an interrupt that never comes",
    // wfi; b to it
    guest: { words: [0xe320f003, 0xeafffffd] },
    end: "timeout",
    says: ["It waits for an interrupt."],
  },
  {
    name: "a panic",
    // Writes the text at 0x20 to the UART, then loops.
    guest: {
      words: [
        ...[0xe3a01409, 0xe28f2014, 0xe4d20001, 0xe3500000],
        ...[0x15810000, 0x1afffffb, 0xeafffffe],
      ],
      more: { 0x20: "Kernel panic - not syncing: a test\n\0" },
    },
    end: "guest-error",
    says: [
      "Kernel panic - not syncing: a test\n",
      "vCPU 0: pc 0x40010018, svc mode, ARM instruction b 0x40010018 (eafffffe)",
    ],
  },
];

Deno.test("a fault report names vCPU, pc, mode, instruction and cause of", async (t) => {
  const workers = new WorkerPool();
  for (const { name, guest, end, says } of CASES) {
    await t.step(name, async () => {
      // The first guest, which ends by itself, waits for its threads to load; the others need not.
      const timeoutSeconds = end === "timeout" ? 2 : 60;
      const options = { panicText: "Kernel panic", timeoutSeconds, workers };
      const result = await runTiny(guest, options);
      assertEquals(result.end, end, result.message);
      for (const text of says) assertStringIncludes(result.message, text);
    });
  }
  workers.close();
});

Deno.test("a fault report of an error in the translator names the block and the vCPU", async () => {
  // ldrex r4, [r3] with an atomics strategy that throws.
  const result = await runTiny({ words: [0xe28f3c02, 0xe1934f9f, 0xeafffffe] }, {
    strategies: new URL("./testing/broken_strategies.ts", import.meta.url).href,
    atomics: "broken",
  });
  assertEquals(result.end, "vcpu-error");
  assertStringIncludes(result.message, "The thread of vCPU 0 failed.");
  assertStringIncludes(result.message, "vCPU 0: pc 0x40010000, svc mode, ARM instruction add");
  assertStringIncludes(result.message, "This strategy has no load-exclusive");
});

Deno.test("a guest whose handler faults once and then returns is not taken for dead", async () => {
  // 20,000 times: udf, handled by movs pc, lr; then power-off. More than what counts as hopeless.
  const result = await runTiny({
    words: [
      ...[...SET_VBAR, 0xe3a05c4e, 0xe7f000f0, 0xe2555001, 0x1afffffc],
      ...[0xe3a00321, 0xe3800008, 0xe1400070],
    ],
    more: { 0x104: [0xe1b0f00e] },
  });
  assertEquals([result.end, result.message], ["power-off", ""]);
});
