import { assertEquals } from "@std/assert";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM, CP, reg } from "../state.ts";
import type { ExceptionName } from "./exception_kinds.ts";
import { pendingInterrupt, takeException, takeInterrupt } from "./exceptions.ts";
import { lastException } from "./last_exception.ts";
import { MODE, PSR, readCpsr, readSpsr, writeCpsr } from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import { Fixture } from "./testing/fixture.ts";

const PC = 0x40001000;

/** Name, vector, mode, bits set besides I, LR offset from ARM and from Thumb state. */
const MATRIX: readonly [ExceptionName, number, number, number, number, number][] = [
  ["undefined", 0x04, 0x1b, 0, 4, 2],
  ["supervisorCall", 0x08, 0x13, 0, 4, 2],
  ["prefetchAbort", 0x0c, 0x17, 0x100, 4, 4],
  ["dataAbort", 0x10, 0x17, 0x100, 8, 8],
  ["irq", 0x18, 0x12, 0x100, 4, 4],
  ["fiq", 0x1c, 0x11, 0x140, 4, 4],
];

for (const [name, vector, mode, masks, lrArm, lrThumb] of MATRIX) {
  Deno.test(`${name} is entered with its vector, mode, masks and return address`, () => {
    for (const from of [MODE.USR, MODE.SVC, mode]) {
      for (const thumb of [false, true]) {
        const f = new Fixture();
        const { i32 } = f.views;
        const old = 0xa8050200 | from | (thumb ? PSR.T : 0);
        writeCpsr(i32, f.env, old, PSR.ALL);
        f.set(CP.VBAR, 0x40002000);
        takeException(f.cx, f.env, name, PC);
        assertEquals(f.get(ARM.PC), 0x40002000 + vector);
        assertEquals(f.get(reg(14)), PC + (thumb ? lrThumb : lrArm));
        assertEquals(readCpsr(i32, f.env), (0xa8050080 | mode | masks) | 0);
        assertEquals(readSpsr(i32, f.env), old | 0);
        assertEquals(f.log, ["clearExclusive"]);
        assertEquals(f.counter("exceptions"), 1);
      }
    }
  });

  Deno.test(`${name} is entered in the state that SCTLR chooses, high vectors`, () => {
    const f = new Fixture();
    f.set(CP.SCTLR, SCTLR.V | SCTLR.TE | SCTLR.EE);
    f.set(CP.VBAR, 0x40002000);
    writeCpsr(f.views.i32, f.env, MODE.USR | 0x0600fc00, PSR.ALL);
    takeException(f.cx, f.env, name, PC);
    assertEquals(f.get(ARM.PC) >>> 0, 0xffff0000 + vector);
    assertEquals(readCpsr(f.views.i32, f.env), PSR.T | PSR.E | PSR.I | mode | masks);
  });
}

Deno.test("exception return restores the interrupted state and mode", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  writeCpsr(i32, f.env, 0x60000010, PSR.ALL);
  f.set(reg(13), 0x1234);
  takeException(f.cx, f.env, "irq", PC);
  f.log.length = 0;
  f.call("arm_exception_return", 0xffff0018, PC + 3);
  assertEquals(readCpsr(i32, f.env), 0x60000010);
  assertEquals(f.get(reg(13)), 0x1234);
  assertEquals(f.get(ARM.PC), PC);
  assertEquals(f.left(), true);
  assertEquals(f.log, ["clearExclusive"]);
});

Deno.test("return from exception goes to Thumb state and drops bit 0 only", () => {
  const f = new Fixture();
  f.call("arm_rfe", PC, 0x40003003, MODE.USR | PSR.T);
  assertEquals(f.get(ARM.PC), 0x40003002);
  assertEquals(readCpsr(f.views.i32, f.env), MODE.USR | PSR.T);
});

Deno.test("an exception return that unmasks an asserted line tells the engine", () => {
  const f = new Fixture();
  f.set(VCPU.IRQ_LINES, 1);
  f.call("arm_rfe", PC, PC, MODE.SVC | PSR.I);
  assertEquals(f.log.includes("interruptsChanged"), false);
  f.call("arm_write_cpsr", PC, 0, PSR.I);
  assertEquals(f.log.at(-1), "interruptsChanged");
});

Deno.test("interrupts are pending unless masked, FIQ before IRQ", () => {
  const f = new Fixture();
  const state = (lines: number, cpsr: number) => {
    f.set(VCPU.IRQ_LINES, lines);
    writeCpsr(f.views.i32, f.env, cpsr | MODE.SVC, PSR.ALL);
    return pendingInterrupt(f.cx, f.env);
  };
  assertEquals(state(0, 0), null);
  assertEquals(state(1, 0), "irq");
  assertEquals(state(1, PSR.I), null);
  assertEquals(state(1, PSR.F), "irq");
  assertEquals(state(2, 0), "fiq");
  assertEquals(state(3, 0), "fiq");
  assertEquals(state(3, PSR.F), "irq");
  assertEquals(state(3, PSR.F | PSR.I), null);
});

Deno.test("an interrupt returns to the instruction at the pc by subs pc, lr, #4", () => {
  const f = new Fixture();
  writeCpsr(f.views.i32, f.env, MODE.USR, PSR.ALL);
  f.set(ARM.PC, PC);
  f.set(VCPU.IRQ_LINES, 1);
  assertEquals(takeInterrupt(f.cx, f.env), true);
  assertEquals(f.get(reg(14)) - 4, PC);
  assertEquals(takeInterrupt(f.cx, f.env), false, "masked now");
  assertEquals(f.counter("interrupts"), 1);
});

Deno.test("helpers raise their exceptions and leave translated code", () => {
  const cases: readonly [string, number, number][] = [
    ["arm_undefined", MODE.UND, 4],
    ["arm_svc", MODE.SVC, 8],
    ["arm_bkpt", MODE.ABT, 12],
    ["arm_smc", MODE.UND, 4],
  ];
  for (const [helper, mode, vector] of cases) {
    const f = new Fixture();
    f.call(helper, PC);
    assertEquals([f.left(), f.get(ARM.CPSR) & PSR.MODE, f.get(ARM.PC)], [true, mode, vector]);
  }
});

Deno.test("a breakpoint shows as debug event in IFSR", () => {
  const f = new Fixture();
  f.call("arm_bkpt", PC);
  assertEquals(f.get(CP.IFSR), 2);
});

Deno.test("a hypervisor call is answered, undefined from User mode or without an answer", () => {
  const f = new Fixture();
  f.set(ARM.PC, PC + 4);
  f.call("arm_hvc", PC);
  assertEquals([f.left(), f.get(ARM.PC), f.get(reg(0))], [false, PC + 4, 7]);
  f.answersCalls = false;
  f.call("arm_hvc", PC);
  assertEquals([f.left(), f.get(ARM.PC)], [true, 4]);
  f.answersCalls = true;
  writeCpsr(f.views.i32, f.env, MODE.USR, PSR.MODE);
  f.call("arm_hvc", PC);
  assertEquals([f.left(), f.get(ARM.PC)], [true, 4]);
});

Deno.test("set thumb takes the state from bit 0 and aligns the pc to it", () => {
  const f = new Fixture();
  f.call("arm_set_thumb", PC, 0x40000003);
  assertEquals([f.get(ARM.PC), f.get(ARM.CPSR) & PSR.T], [0x40000002, PSR.T]);
  f.call("arm_set_thumb", PC, 0x40000002);
  assertEquals([f.get(ARM.PC), f.get(ARM.CPSR) & PSR.T], [0x40000000, 0]);
});

Deno.test("a handler that faults in its own mode for ever is reported once, with what led there kept", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  f.set(CP.VBAR, 0x40002000);
  writeCpsr(i32, f.env, MODE.USR, PSR.ALL);
  takeException(f.cx, f.env, "undefined", PC);
  const handler = 0x40003000;
  for (let n = 0; n < 20_000; n++) takeException(f.cx, f.env, "undefined", handler);
  assertEquals(f.log.filter((note) => note.startsWith("faultLoop")), ["faultLoop 40003000"]);
  const last = lastException(i32, f.env);
  assertEquals([last?.name, last?.pc, last?.cpsr], ["undefined", PC, MODE.USR]);
});

Deno.test("faults at many places, or from another mode, are no loop", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  for (let n = 0; n < 20_000; n++) {
    takeException(f.cx, f.env, "undefined", PC + 4 * (n & 1));
  }
  for (let n = 0; n < 20_000; n++) {
    writeCpsr(i32, f.env, MODE.SVC, PSR.ALL);
    takeException(f.cx, f.env, "dataAbort", PC);
  }
  for (let n = 0; n < 20_000; n++) {
    writeCpsr(i32, f.env, MODE.IRQ, PSR.ALL);
    takeException(f.cx, f.env, "irq", PC);
  }
  assertEquals(f.log.filter((note) => note.startsWith("faultLoop")), []);
});

Deno.test("the last exception keeps an abort's fault status and address", () => {
  const f = new Fixture();
  assertEquals(lastException(f.views.i32, f.env), null);
  f.set(CP.DFSR, 0x817);
  f.set(CP.DFAR, -4096);
  takeException(f.cx, f.env, "dataAbort", PC);
  const last = lastException(f.views.i32, f.env);
  assertEquals([last?.name, last?.fsr, last?.far], ["dataAbort", 0x817, 0xfffff000]);
});
