import { assertEquals } from "@std/assert";
import { ARM, CP, reg, TB_FLAG } from "../state.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import {
  bankOf,
  MODE,
  PSR,
  readBankedSp,
  readCpsr,
  readSpsr,
  readUserReg,
  writeBankedSp,
  writeCpsr,
  writeCpsrByInstruction,
  writeSpsr,
  writeUserReg,
} from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import { Fixture } from "./testing/fixture.ts";

const MODES = Object.values(MODE);

Deno.test("cpsr is Supervisor mode with everything masked at reset", () => {
  const f = new Fixture();
  assertEquals(readCpsr(f.views.i32, f.env), 0x1d3);
});

Deno.test("cpsr keeps every bit when it is written and read back", () => {
  const f = new Fixture();
  for (const value of [0x80000010, 0x40000010, 0x20000010, 0x10000010, 0x080f0010, 0x060afe1f]) {
    writeCpsr(f.views.i32, f.env, value, PSR.ALL);
    assertEquals(readCpsr(f.views.i32, f.env) >>> 0, value);
  }
});

Deno.test("cpsr leaves alone what the mask does not name", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  writeCpsr(i32, f.env, 0xf80f01d3, PSR.ALL);
  writeCpsr(i32, f.env, 0, PSR.N | PSR.C | 0x00030000);
  assertEquals(readCpsr(i32, f.env) >>> 0, 0x580c01d3);
});

Deno.test("every mode has its own sp, lr and spsr, and FIQ its own r8 to r12", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  const switchTo = (mode: number) => writeCpsr(i32, f.env, mode, PSR.MODE);
  for (const mode of MODES) {
    switchTo(mode);
    for (let n = 0; n < 15; n++) f.set(reg(n), mode * 100 + n);
    writeSpsr(i32, f.env, 0xf0000000 | mode, PSR.ALL);
  }
  for (const mode of MODES) {
    switchTo(mode);
    const owner = mode === MODE.USR ? MODE.SYS : mode;
    assertEquals(f.get(reg(0)), MODE.SYS * 100, "r0 is shared");
    for (let n = 8; n <= 12; n++) {
      assertEquals(f.get(reg(n)), (mode === MODE.FIQ ? MODE.FIQ : MODE.SYS) * 100 + n);
    }
    assertEquals(f.get(reg(13)), owner * 100 + 13);
    assertEquals(f.get(reg(14)), owner * 100 + 14);
    const spsr = bankOf(mode) === 0 ? 0 : 0xf0000000 | mode;
    assertEquals(readSpsr(i32, f.env), spsr);
  }
});

Deno.test("user registers are reached from every mode", () => {
  for (const mode of MODES) {
    const f = new Fixture();
    const { i32 } = f.views;
    writeCpsr(i32, f.env, MODE.USR, PSR.MODE);
    for (let n = 0; n < 15; n++) f.set(reg(n), 1000 + n);
    writeCpsr(i32, f.env, mode, PSR.MODE);
    for (let n = 0; n < 15; n++) {
      assertEquals(readUserReg(i32, f.env, n), 1000 + n, `r${n} from mode ${mode.toString(16)}`);
      writeUserReg(i32, f.env, n, 2000 + n);
    }
    writeCpsr(i32, f.env, MODE.USR, PSR.MODE);
    for (let n = 0; n < 15; n++) assertEquals(f.get(reg(n)), 2000 + n);
  }
});

Deno.test("banked sp is that of the current mode's slot or of the bank", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  writeBankedSp(i32, f.env, MODE.SVC, 0x111);
  assertEquals(f.get(reg(13)), 0x111);
  writeBankedSp(i32, f.env, MODE.IRQ, 0x222);
  assertEquals(readBankedSp(i32, f.env, MODE.IRQ), 0x222);
  writeCpsr(i32, f.env, MODE.IRQ, PSR.MODE);
  assertEquals(f.get(reg(13)), 0x222);
  assertEquals(readBankedSp(i32, f.env, MODE.SVC), 0x111);
});

Deno.test("cpsr write by instruction changes only flags and E in User mode", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  writeCpsr(i32, f.env, MODE.USR, PSR.ALL);
  writeCpsrByInstruction(i32, f.env, 0xffffffff, 0xffffffff);
  assertEquals(readCpsr(i32, f.env) >>> 0, (0xf80f0200 | MODE.USR) >>> 0);
});

Deno.test("cpsr write by instruction leaves the execution state and unknown modes alone", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  writeCpsrByInstruction(i32, f.env, PSR.T | PSR.J | PSR.IT | 0x16, 0xffffffff);
  assertEquals(readCpsr(i32, f.env), MODE.SVC);
});

Deno.test("block flags follow the cpsr and sctlr", () => {
  const f = new Fixture();
  const { i32 } = f.views;
  const flags = () => f.get(VCPU.TB_FLAGS);
  assertEquals(flags(), 0);
  writeCpsr(i32, f.env, MODE.USR | PSR.T | PSR.E, PSR.MODE | PSR.T | PSR.E);
  assertEquals(flags(), TB_FLAG.USER | TB_FLAG.THUMB | TB_FLAG.BIG_ENDIAN | TB_FLAG.NO_SPSR);
  writeCpsr(i32, f.env, MODE.SYS, PSR.ALL);
  assertEquals(flags(), TB_FLAG.NO_SPSR);
  f.set(CP.SCTLR, SCTLR.A | SCTLR.SW);
  f.set(ARM.FIXED_FLAGS, TB_FLAG.PARALLEL);
  writeCpsr(i32, f.env, MODE.SVC | 0x0400a400, PSR.ALL);
  // IT[1:0] are bits 26-25, IT[7:2] bits 15-10.
  const it = 0b10100110;
  assertEquals(flags(), TB_FLAG.PARALLEL | TB_FLAG.ALIGN | TB_FLAG.SWP | it << TB_FLAG.IT_SHIFT);
});
