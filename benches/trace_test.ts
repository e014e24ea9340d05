/**
 * Traces of whole machines: every category with what a guest of a few words must leave in it, and
 * every filter.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type MachineOptions, type MachineResult, runMachine } from "../core/machine/machine.ts";
import { WorkerPool } from "../core/machine/worker_pool.ts";
import type { TraceCategory, TraceConfig } from "../core/trace/trace_config.ts";
import { TRACE_CATEGORIES } from "../core/trace/trace_config.ts";
import { runTiny, type TinyGuest } from "./testing/tiny_guest.ts";

const ALL = Object.keys(TRACE_CATEGORIES) as TraceCategory[];
const MIB = 1024 * 1024;

/** Counts to 100, writes A to the UART, calls its supervisor and switches off. */
const GUEST: TinyGuest = {
  words: [
    0xe28f30f8, // 00 add r3, pc, #248: the vectors
    0xee0c3f10, // 04 mcr p15, 0, r3, c12, c0, 0: VBAR
    0xe1934f9f, // 08 ldrex r4, [r3]
    0xe3a00000, // 0c mov r0, #0
    0xe2800001, // 10 add r0, r0, #1
    0xe3500064, // 14 cmp r0, #100
    0x1afffffc, // 18 bne 10
    0xe3a01409, // 1c mov r1, #0x09000000
    0xe3a02041, // 20 mov r2, #65
    0xe5812000, // 24 str r2, [r1]
    0xef000001, // 28 svc #1
    0xe3a00321, // 2c mov r0, #0x84000000
    0xe3800008, // 30 orr r0, r0, #8
    0xe1400070, // 34 hvc #0
  ],
  more: { 0x108: [0xe1b0f00e] }, // movs pc, lr
};

async function traced(
  filters: Partial<TraceConfig>,
  run: (options: Partial<MachineOptions>) => Promise<MachineResult>,
): Promise<{ text: string; result: MachineResult }> {
  const file = await Deno.makeTempFile({ prefix: "mttcg-trace-" });
  try {
    const trace = { categories: ALL, vcpus: [], ranges: [], modes: [], limitBytes: 64 * MIB };
    const result = await run({ trace: { ...trace, ...filters, file } });
    return { text: await Deno.readTextFile(file), result };
  } finally {
    await Deno.remove(file);
  }
}

/** Records of a category: their heads, each with its further lines. */
function records(text: string, category: TraceCategory): string[] {
  return text.split(/\n(?=cpu)/).filter((record) =>
    new RegExp(`^cpu\\d+ ${category}: `).test(record)
  );
}

Deno.test("a trace of a small guest", async (t) => {
  const workers = new WorkerPool();
  const tiny = (filters: Partial<TraceConfig>, options: Partial<MachineOptions> = {}) =>
    traced(
      filters,
      (trace) =>
        runTiny(GUEST, {
          hotRuns: 5,
          batch: 1,
          timeoutSeconds: 120,
          workers,
          ...options,
          ...trace,
        }),
    );
  const { text, result } = await tiny({});
  assertEquals([result.end, result.message], ["power-off", ""]);
  const has = (category: TraceCategory, ...parts: string[]): void => {
    const found = records(text, category);
    const record = found.find((one) => parts.every((part) => one.includes(part)));
    assert(record !== undefined, `no ${category} with ${parts}:\n${found.join("\n")}`);
  };

  await t.step("in_asm lists the instructions of a block", () => {
    has("in_asm", "cpu0 in_asm: 0x40010010 A32, 3 instructions", "40010010  e2800001  add r0,");
    has("in_asm", "e1934f9f  ldrex r4, [r3]");
  });
  await t.step("op has the front end's operations, op_opt those of the strategy", () => {
    has("op", "block 0x40010010 insns=3", "set r0, ");
    has("op", "load_exclusive");
    has("op_opt", "block 0x40010010 insns=3", "goto_tb 0x40010010");
    assertEquals(records(text, "op_opt").filter((one) => one.includes("load_exclusive")), []);
  });
  await t.step("wasm has the function of the hot block", () => {
    has("wasm", "cpu0 wasm: 0x40010010 (table ", "i32.add", "local.get budget");
  });
  await t.step("int has call, return and hypervisor call", () => {
    const [call, back, off] = records(text, "int");
    assertStringIncludes(
      call,
      "supervisor call at 0x40010028 in svc mode, to 0x40010108 in svc mode",
    );
    assertStringIncludes(back, "return to 0x4001002c in svc mode, from svc mode");
    assertStringIncludes(off, "hypervisor call (0x84000008");
  });
  await t.step("mmu has the translations", () => {
    has("mmu", "privileged fetch 0x40010000 -> 0x40010000 rwx domain 0");
    has("mmu", "privileged write 0x09000000 -> 0x09000000 rwx domain 0");
  });
  await t.step("mmio has the device, the register and the value", () => {
    assertEquals(records(text, "mmio").map((one) => one.trim()), [
      "cpu0 mmio: write 4 0x09000000 pl011+0x0 <- 0x00000041",
    ]);
  });
  await t.step("exec has every block that ran, in either tier", () => {
    const blocks = records(text, "exec").map((one) => {
      const match = /exec: (0x[0-9a-f]+) A32 svc (\d+) by (interp|wasm); r0 /.exec(one);
      assert(match !== null, one);
      return { pc: match[1], insns: Number(match[2]), tier: match[3] };
    });
    const insns = blocks.reduce((sum, block) => sum + block.insns, 0);
    assertEquals(insns, result.counters[0].guestInsns);
    const loop = blocks.filter(({ pc }) => pc === "0x40010010");
    assertEquals(loop.length, 99);
    assert(loop.some(({ tier }) => tier === "wasm") && loop.some(({ tier }) => tier === "interp"));
  });

  await t.step("categories filter", async () => {
    const { text } = await tiny({ categories: ["mmio", "int"] });
    assertEquals(text.match(/^cpu0 \w+/gm), ["cpu0 mmio", "cpu0 int", "cpu0 int", "cpu0 int"]);
  });
  await t.step("ranges filter by block, virtual and physical address", async () => {
    const { text } = await tiny({
      ranges: [{ first: 0x40010010, last: 0x40010018 }, { first: 0x09000000, last: 0x09000fff }],
    });
    const heads = new Set(text.match(/^cpu0 \w+: (?:\w+ )*?0x[0-9a-f]+/gm));
    for (const head of heads) assertMatch(head, /0x40010010$|0x09000000$/);
    assertEquals(records(text, "int"), []);
    assertEquals(records(text, "in_asm").length, 1);
    assertEquals(records(text, "mmio").length, 1);
  });
  await t.step("vCPUs and modes filter", async () => {
    assertEquals((await tiny({ vcpus: [1] })).text, "");
    assertEquals((await tiny({ modes: ["usr"] })).text, "");
    assertEquals(records((await tiny({ vcpus: [0], modes: ["svc"] })).text, "int").length, 3);
  });
  await t.step("the limit ends the trace and not the guest", async () => {
    const { text, result } = await tiny({ limitBytes: 1000 });
    assertEquals(result.end, "power-off");
    assert(text.length <= 1000 + 40 && text.endsWith("\ntrace: the limit is reached\n"), text);
  });
  await t.step("the interpreter alone shows the same blocks", async () => {
    const same = await tiny({ categories: ["exec"] }, { backend: "interp" });
    const pcs = (trace: string) => records(trace, "exec").map((one) => one.slice(0, 30));
    assertEquals(pcs(same.text), pcs(text));
  });
  workers.close();
});

Deno.test("a trace has TLB maintenance: where, and what it drops", async () => {
  const maintenance = [
    0xee080f17, // mcr p15, 0, r0, c8, c7, 0: TLBIALL
    0xee080f13, // mcr p15, 0, r0, c8, c3, 0: TLBIALLIS
    0xee083f37, // mcr p15, 0, r3, c8, c7, 1: TLBIMVA
    0xee080f57, // mcr p15, 0, r0, c8, c7, 2: TLBIASID
  ];
  const words = [0xe3a03a05, ...maintenance, 0xe3a00321, 0xe3800008, 0xe1400070];
  const { text } = await traced(
    { categories: ["mmu"] },
    (trace) => runTiny({ words }, { timeoutSeconds: 120, ...trace }),
  );
  assertEquals(text.match(/(?<=TLB maintenance on ).*/g), [
    "this vCPU: drops everything",
    "every vCPU: drops everything",
    "this vCPU: drops the page 0x00005000",
    "this vCPU: drops what is not global",
  ]);
});

Deno.test("a trace of two vCPUs on two threads never mixes their lines", async () => {
  const kernel = await Deno.readFile(
    new URL("../workloads/images/atomic-add.elf", import.meta.url),
  );
  const { text, result } = await traced(
    {
      categories: ["exec", "int", "op"],
      // Without the loop that clears memory at the start.
      ranges: [{ first: 0x4020_0100, last: 0x4fff_ffff }],
      limitBytes: 8 * MIB,
    },
    (trace) =>
      runMachine({
        ...{ kernel, name: "atomic-add", append: "iterations=500", vcpus: 2, memoryMiB: 128 },
        ...{ atomics: "cmpxchg", barriers: "typed", scheduling: "thread-per-vcpu" },
        strategies: new URL("../strategies/mod.ts", import.meta.url).href,
        timeoutSeconds: 120,
        ...trace,
      }),
  );
  assertEquals(result.end, "power-off", result.message);
  for (const line of text.trimEnd().split("\n")) {
    assertMatch(line, /^(cpu[01] (exec|int|op): .+| +\S.*|trace: the limit is reached)$/);
  }
  for (const exec of records(text, "exec")) {
    assertMatch(exec.trim(), /^cpu[01] exec: 0x.* lr 0x[0-9a-f]{8}(\ntrace: .*)?$/);
  }
  assert(text.includes("cpu0 exec") && text.includes("cpu1 exec"));
});

Deno.test("a trace has everything up to the instruction that a guest dies of", async () => {
  const { text, result } = await traced(
    { categories: ["int", "exec"] },
    (trace) => runTiny({ words: [0xe3a00001, 0xe7f000f0] }, { timeoutSeconds: 120, ...trace }),
  );
  assertEquals(result.end, "guest-error");
  assertStringIncludes(text, "cpu0 exec: 0x40010000 A32 svc 2 by interp");
  assertStringIncludes(
    text,
    "cpu0 int: undefined instruction at 0x40010004 in svc mode, to 0x00000004 in und mode",
  );
  assertStringIncludes(
    text,
    "cpu0 int: prefetch abort at 0x00000004 in und mode, to 0x0000000c in abt mode: external " +
      "abort, nothing answers there, fetch from 0x00000004 (IFSR 0x00000008)",
  );
});

Deno.test("a trace to a file that cannot be written is refused before the start", async () => {
  let message = "";
  await runTiny(GUEST, {
    trace: {
      ...{ categories: ALL, vcpus: [], ranges: [], modes: [], limitBytes: MIB },
      file: "/nonexistent/trace",
    },
  }).catch((error: Error) => message = error.message);
  assertStringIncludes(message, "/nonexistent/trace: cannot be written");
  assertStringIncludes(message, "--trace-file");
});
