import { assertEquals } from "@std/assert";
import { UNGUARDED } from "../devices/access_guard.ts";
import { planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_OFF, POWER_ON, POWER_PENDING, VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { BOARD } from "./board.ts";
import { END, endOf } from "./end_state.ts";
import { PSCI, Psci, PSCI_0_1 } from "./psci.ts";

interface Bench {
  readonly views: ReturnType<typeof viewsOf>;
  readonly layout: ReturnType<typeof planMachine>;
  readonly psci: Psci;
  readonly kicks: number[];
  readonly word: (vcpu: number, offset: number) => number;
  /** r0 after a call by vCPU 0. */
  readonly value: (fn: number, r1?: number, r2?: number, r3?: number) => number;
}

/** Three vCPUs of which the first is on. */
function bench(): Bench {
  const ramBase = BOARD.ram.base;
  const sizes = { vcpus: 3, ramBase, ramBytes: 65536, strategyBytes: 0, tbCount: 1, codeCaches: 1 };
  const layout = planMachine(sizes, () => 0);
  const views = viewsOf(allocateShared(layout.totalBytes));
  const kicks: number[] = [];
  const psci = new Psci(views, layout, UNGUARDED, (vcpu) => kicks.push(vcpu));
  views.i32[(vcpuBase(layout, 0) + VCPU.POWER) >>> 2] = POWER_ON;
  return {
    views,
    layout,
    psci,
    kicks,
    word: (vcpu, offset) => views.i32[(vcpuBase(layout, vcpu) + offset) >>> 2],
    value: (fn, r1 = 0, r2 = 0, r3 = 0) => psci.call(0, fn, r1, r2, r3).value,
  };
}

/** Calls and answers read on QEMU 7.2 with -smp 3. */
const ANSWERS: readonly (readonly [fn: number, r1: number, r2: number, answer: number])[] = [
  [PSCI.VERSION, 0, 0, 0x10001],
  [PSCI.MIGRATE_INFO_TYPE, 0, 0, 2],
  [PSCI.FEATURES, 0x80000000, 0, -1],
  [PSCI.FEATURES, PSCI.VERSION, 0, 0],
  [PSCI.FEATURES, PSCI.CPU_SUSPEND, 0, 0],
  [PSCI.FEATURES, PSCI.CPU_OFF, 0, 0],
  [PSCI.FEATURES, PSCI.CPU_ON, 0, 0],
  [PSCI.FEATURES, PSCI.AFFINITY_INFO, 0, 0],
  [PSCI.FEATURES, PSCI.MIGRATE, 0, -1],
  [PSCI.FEATURES, PSCI.MIGRATE_INFO_TYPE, 0, 0],
  [PSCI.FEATURES, 0x84000007, 0, -1],
  [PSCI.FEATURES, PSCI.SYSTEM_OFF, 0, 0],
  [PSCI.FEATURES, PSCI.SYSTEM_RESET, 0, 0],
  [PSCI.FEATURES, PSCI.FEATURES, 0, 0],
  [PSCI.FEATURES, 0x8400000e, 0, -1],
  [PSCI.FEATURES, 0x84000012, 0, -1],
  [PSCI.FEATURES, 0xc4000003 | 0, 0, -1],
  [0x80000000, 0, 0, -1],
  [PSCI.MIGRATE, 1, 0, -1],
  [PSCI.AFFINITY_INFO, 0, 0, 0],
  [PSCI.AFFINITY_INFO, 1, 0, 1],
  [PSCI.AFFINITY_INFO, 1, 1, 0],
  [PSCI.AFFINITY_INFO, 0, 4, 0],
  [PSCI.AFFINITY_INFO, 9, 0, -2],
  [PSCI.CPU_ON, 9, 0x40200000, -2],
  [PSCI.CPU_ON, 0, 0x40200000, -4],
  [PSCI.CPU_ON, 0x101, 0x40200000, -2],
  [PSCI.FEATURES, PSCI_0_1.CPU_SUSPEND, 0, 0],
  [PSCI.FEATURES, PSCI_0_1.CPU_ON, 0, 0],
  [PSCI_0_1.CPU_ON, 9, 0x40200000, -2],
  [PSCI_0_1.CPU_ON, 0, 0x40200000, -4],
  [PSCI_0_1.CPU_ON, 1, 0x40200000, 0],
  [PSCI_0_1.MIGRATE, 1, 0, -1],
  [PSCI_0_1.CPU_SUSPEND, 0x20000, 0, -2],
  [0x95c1ba62, 0, 0, -1],
  [0x84000099 | 0, 0, 0, -1],
  [0x12345, 0, 0, -1],
];

Deno.test("psci answers as QEMU does", () => {
  const { value } = bench();
  for (const [fn, r1, r2, answer] of ANSWERS) {
    assertEquals(value(fn, r1, r2), answer, `${fn.toString(16)} ${r1.toString(16)} ${r2}`);
  }
});

Deno.test("psci CPU_ON hands over entry and context once", () => {
  const { value, word, kicks, views, layout } = bench();
  assertEquals(value(PSCI.CPU_ON, 2, 0x40201001, 0x1234), 0);
  assertEquals(word(2, VCPU.POWER), POWER_PENDING);
  assertEquals(word(2, VCPU.POWER_ENTRY), 0x40201001);
  assertEquals(word(2, VCPU.POWER_CONTEXT), 0x1234);
  assertEquals(kicks, [2]);
  assertEquals(value(PSCI.AFFINITY_INFO, 2), 2);
  assertEquals(value(PSCI.CPU_ON, 2, 0x50000000, 1), -5);
  assertEquals(word(2, VCPU.POWER_ENTRY), 0x40201001);
  views.i32[(vcpuBase(layout, 2) + VCPU.POWER) >>> 2] = POWER_ON;
  assertEquals(value(PSCI.AFFINITY_INFO, 2), 0);
  assertEquals(value(PSCI.CPU_ON, 2, 0x50000000, 1), -4);
});

Deno.test("psci CPU_OFF switches the caller off for good", () => {
  const { psci, word, value, kicks } = bench();
  assertEquals(psci.call(0, PSCI.CPU_OFF, 0, 0, 0).then, "off");
  assertEquals(word(0, VCPU.POWER), POWER_OFF);
  assertEquals(kicks, [0]);
  assertEquals(value(PSCI.CPU_ON, 0, 0x40200000), 0);
});

Deno.test("psci CPU_SUSPEND waits for an interrupt and refuses reserved bits", () => {
  const { psci } = bench();
  assertEquals(psci.call(0, PSCI.CPU_SUSPEND, 0x10000, 0, 0), { then: "wait", value: 0 });
  assertEquals(psci.call(0, PSCI.CPU_SUSPEND, 0x20000, 0, 0), { then: "return", value: -2 });
});

Deno.test("psci SYSTEM_OFF and SYSTEM_RESET end the machine", () => {
  for (const [fn, cause] of [[PSCI.SYSTEM_OFF, END.POWER_OFF], [PSCI.SYSTEM_RESET, END.RESET]]) {
    const { psci, views, layout } = bench();
    assertEquals(psci.call(1, fn, 0, 0, 0).then, "off");
    assertEquals(endOf(views, layout)?.cause, cause);
  }
});
