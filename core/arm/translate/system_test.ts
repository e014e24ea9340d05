import { assertEquals } from "@std/assert";
import { InterpRunner } from "../../backends/interp/runner.ts";
import type { IrBlock } from "../../ir/block.ts";
import { IrBuilder } from "../../ir/builder.ts";
import { HelperTable } from "../../ir/helper.ts";
import { BARRIER, EXIT, INSN_WORDS, OP } from "../../ir/ops.ts";
import { verify } from "../../ir/verifier.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM_HELPERS } from "../helpers.ts";
import { ARM, CP, reg, TB_FLAG } from "../state.ts";
import { MODE, PSR, readBankedSp, readCpsr, readSpsr, writeCpsr } from "../system/psr.ts";
import { Fixture } from "../system/testing/fixture.ts";
import { translateBlock } from "./translate_block.ts";

const PC = 0x40000100;
const HELPERS = new HelperTable(ARM_HELPERS);

function translate(words: readonly number[], flags: number): IrBlock {
  const b = new IrBuilder(HELPERS);
  b.begin(PC);
  translateBlock(b, PC, flags, (a) => words[(a - PC) >>> 2], {
    maxInsns: words.length,
    leaveAfterLoadExclusive: false,
    leaveAfterStoreExclusive: false,
    countExclusives: false,
  });
  const block = b.finish();
  verify(block, { helpers: HELPERS });
  return block;
}

/** Runs a block of `words` at PC on the fixture's vCPU with the real helpers and softmmu. */
function run(f: Fixture, ...words: number[]): number {
  const s = f.softmmu();
  f.set(VCPU.BUDGET, 1000);
  f.set(VCPU.PC, PC);
  const runner = new InterpRunner({
    views: f.views,
    helpers: HELPERS,
    helperBodies: HELPERS.defs.map((d) => f.helpers[d.name]),
    slowLoad: s.slowLoad.bind(s),
    slowLoad64: s.slowLoad64.bind(s),
    slowStore: s.slowStore.bind(s),
    slowStore64: s.slowStore64.bind(s),
    slowProbe: s.slowProbe.bind(s),
  });
  return runner.runBlock(f.env, translate(words, f.get(VCPU.TB_FLAGS)));
}

function inMode(mode: number): Fixture {
  const f = new Fixture();
  writeCpsr(f.views.i32, f.env, mode, PSR.ALL);
  return f;
}

const mode = (f: Fixture) => f.get(ARM.CPSR) & PSR.MODE;

/** Whether running the instruction in the mode is undefined. */
function isUndefined(word: number, inWhich: number): boolean {
  const f = inMode(inWhich);
  run(f, word);
  return f.left() && mode(f) === MODE.UND && f.get(ARM.PC) === 4 && f.get(reg(14)) === PC + 4;
}

const SVC_3 = 0xef000003;
const SVCEQ_1 = 0x0f000001;
const BKPT = 0xe1200071;
const HVC = 0xe1400070;
const SMC = 0xe1600070;
const ERET = 0xe160006e;
const MRS_R0_CPSR = 0xe10f0000;
const MRS_R1_SPSR = 0xe14f1000;
const MSR_CPSR_C_R2 = 0xe121f002;
const MSR_CPSR_F = 0xe328f20a;
const MSR_SPSR_R3 = 0xe16ff003;
const CPSID_I = 0xf10c0080;
const CPSIE_IF_IRQ = 0xf10a00d2;
const CPS_SYS = 0xf102001f;
const SETEND_BE = 0xf1010200;
const SRSDB_SVC = 0xf96d0513;
const SRSIB_IRQ = 0xf9cd0512;
const RFEIA_SP = 0xf8bd0a00;
const RFEDB_R1 = 0xf9110a00;
const MRS_SP_USR = 0xe1050200;

Deno.test("exception instructions enter their exceptions behind themselves", () => {
  for (const [word, vector, into] of [[SVC_3, 8, MODE.SVC], [BKPT, 12, MODE.ABT]]) {
    const f = inMode(MODE.USR);
    assertEquals(run(f, word), EXIT.LOOKUP);
    assertEquals([f.get(ARM.PC), mode(f), f.get(reg(14))], [vector, into, PC + 4]);
    assertEquals(readSpsr(f.views.i32, f.env), MODE.USR);
  }
  assertEquals(isUndefined(SMC, MODE.SVC), true);
});

Deno.test("a conditional supervisor call is taken only when its condition holds", () => {
  for (const taken of [false, true]) {
    const f = inMode(MODE.USR);
    f.set(ARM.ZF, taken ? 0 : 1);
    run(f, SVCEQ_1);
    assertEquals([f.get(ARM.PC), f.left()], taken ? [8, true] : [PC + 4, false]);
  }
});

Deno.test("a hypervisor call goes on behind the instruction and is undefined to the user", () => {
  const f = inMode(MODE.SVC);
  assertEquals(run(f, HVC), EXIT.LOOKUP);
  assertEquals([f.get(ARM.PC), f.get(reg(0)), f.left()], [PC + 4, 7, false]);
  assertEquals(isUndefined(HVC, MODE.USR), true);
});

Deno.test("status registers are read: no SPSR in System and User mode", () => {
  const f = inMode(MODE.IRQ | 0x60000000);
  f.set(ARM.SPSR + 4 * 2, 0x1234001f);
  run(f, MRS_R0_CPSR, MRS_R1_SPSR);
  assertEquals([f.get(reg(0)), f.get(reg(1))], [0x60000012, 0x1234001f]);
  for (const word of [MRS_R1_SPSR, MSR_SPSR_R3, ERET]) {
    assertEquals([isUndefined(word, MODE.SYS), isUndefined(word, MODE.USR)], [true, true]);
  }
  assertEquals(isUndefined(MRS_SP_USR, MODE.SVC), true);
});

Deno.test("MSR writes the fields that it names, and the flags only for the user", () => {
  const f = inMode(MODE.SVC);
  f.set(reg(2), 0xffffff00 | MODE.IRQ);
  run(f, MSR_CPSR_C_R2);
  assertEquals(readCpsr(f.views.i32, f.env), MODE.IRQ);
  f.set(reg(3), 0xf00f03ff);
  run(f, MSR_CPSR_F, MSR_SPSR_R3);
  assertEquals(readCpsr(f.views.i32, f.env), 0xa0000000 | MODE.IRQ);
  assertEquals(readSpsr(f.views.i32, f.env) >>> 0, 0xf00f03ff);
  const user = inMode(MODE.USR);
  user.set(reg(2), MODE.SVC);
  run(user, MSR_CPSR_C_R2);
  run(user, MSR_CPSR_F);
  assertEquals(readCpsr(user.views.i32, user.env), 0xa0000000 | MODE.USR);
});

Deno.test("a CPSR control write ends the block, a flags write does not", () => {
  const f = inMode(MODE.SVC);
  f.set(reg(2), MODE.SVC);
  run(f, MSR_CPSR_C_R2, SVC_3);
  assertEquals([f.get(ARM.PC), f.left()], [PC + 4, false]);
  run(f, MSR_CPSR_F, SVC_3);
  assertEquals([f.get(ARM.PC), f.left()], [8, true]);
});

Deno.test("CPS changes masks and mode, and does nothing in User mode", () => {
  const f = inMode(MODE.SVC | PSR.F);
  run(f, CPSID_I);
  assertEquals(f.get(ARM.CPSR), MODE.SVC | PSR.F | PSR.I);
  run(f, CPSIE_IF_IRQ);
  assertEquals(f.get(ARM.CPSR), MODE.IRQ);
  run(f, CPS_SYS);
  assertEquals(f.get(ARM.CPSR), MODE.SYS);
  const user = inMode(MODE.USR);
  run(user, CPSID_I);
  assertEquals([user.get(ARM.CPSR), user.left(), user.get(ARM.PC)], [MODE.USR, false, PC + 4]);
});

Deno.test("SETEND works in User mode", () => {
  const f = inMode(MODE.USR);
  run(f, SETEND_BE);
  assertEquals(f.get(ARM.CPSR), MODE.USR | PSR.E);
});

Deno.test("SRS stores the return state on the stack of the mode that it names", () => {
  const f = inMode(MODE.SVC);
  const { i32 } = f.views;
  f.set(reg(13), 0x40001000);
  writeCpsr(i32, f.env, MODE.IRQ, PSR.ALL);
  f.set(reg(14), 0x1111);
  f.set(ARM.SPSR + 4 * 2, 0x2222);
  run(f, SRSDB_SVC);
  assertEquals([f.word(0x40000ff8), f.word(0x40000ffc)], [0x1111, 0x2222]);
  assertEquals(readBankedSp(i32, f.env, MODE.SVC), 0x40000ff8);
  f.set(reg(13), 0x40002000);
  run(f, SRSIB_IRQ);
  assertEquals([f.word(0x40002004), f.word(0x40002008)], [0x1111, 0x2222]);
  assertEquals(f.get(reg(13)), 0x40002000, "no write-back");
});

Deno.test("RFE loads the pc and CPSR, writes the old mode's base back", () => {
  const f = inMode(MODE.SVC);
  f.set(reg(13), 0x40001000);
  f.setWord(0x40001000, 0x40003003);
  f.setWord(0x40001004, 0x20000000 | MODE.USR | PSR.T);
  run(f, RFEIA_SP);
  assertEquals([f.get(ARM.PC), readCpsr(f.views.i32, f.env)], [0x40003002, 0x20000030]);
  assertEquals(readBankedSp(f.views.i32, f.env, MODE.SVC), 0x40001008);
  const g = inMode(MODE.SVC);
  g.set(reg(1), 0x40001008);
  g.setWord(0x40001000, 0x40003000);
  g.setWord(0x40001004, MODE.SYS);
  run(g, RFEDB_R1);
  assertEquals([g.get(ARM.PC), mode(g), g.get(reg(1))], [0x40003000, MODE.SYS, 0x40001008]);
  assertEquals(isUndefined(RFEIA_SP, MODE.USR), true);
});

Deno.test("a fault of RFE leaves base and mode as they were", () => {
  const f = inMode(MODE.SVC);
  f.set(reg(13), 0x100);
  run(f, RFEIA_SP);
  assertEquals([f.get(ARM.PC), mode(f), f.get(CP.DFAR)], [0x10, MODE.ABT, 0x100]);
  assertEquals(readBankedSp(f.views.i32, f.env, MODE.SVC), 0x100);
});

const MRC_R0_TPIDRURO = 0xee1d0f70;
const MRC_R0_MIDR = 0xee100f10;
const MRC_APSR_TPIDRPRW = 0xee1dff90;
const MCR_TPIDRPRW_R0 = 0xee0d0f90;
const MCR_SCTLR_R0 = 0xee010f10;
const MCR_DACR_R0 = 0xee030f10;
const MCR_DMB = 0xee070fba;
const MCR_ISB = 0xee070f95;
const MCR_DCCIMVAC = 0xee070f3e;
const MRRC_R2_R3_CNTVCT = 0xec532f1e;
const MCRR_CNTV_CVAL = 0xec432f3e;
const CDP_P7 = 0xee110762;
const LDC_P14 = 0xecb05e01;

/** Operation codes of a block. */
function ops(block: IrBlock): number[] {
  return [...block.code].filter((_, i) => i % INSN_WORDS === 0);
}

Deno.test("plain coprocessor registers are accessed without a call", () => {
  const block = translate([MRC_R0_TPIDRURO, MRC_R0_MIDR, MCR_TPIDRPRW_R0, MCR_DCCIMVAC], 0);
  assertEquals(ops(block).includes(OP.call), false);
  const f = inMode(MODE.SVC);
  f.set(CP.TPIDRURO, 0x5a5a);
  run(f, MRC_R0_TPIDRURO, MCR_TPIDRPRW_R0);
  assertEquals([f.get(reg(0)), f.get(CP.TPIDRPRW)], [0x5a5a, 0x5a5a]);
  run(f, MRC_R0_MIDR);
  assertEquals(f.get(reg(0)), 0x414fc0f0);
});

Deno.test("coprocessor registers are undefined to a mode without rights", () => {
  assertEquals(isUndefined(MRC_R0_TPIDRURO, MODE.USR), false);
  for (const word of [MRC_R0_MIDR, MCR_TPIDRPRW_R0, MCR_SCTLR_R0, MRRC_R2_R3_CNTVCT]) {
    assertEquals(isUndefined(word, MODE.USR), true, word.toString(16));
  }
  for (const word of [CDP_P7, LDC_P14]) assertEquals(isUndefined(word, MODE.SVC), true);
});

Deno.test("MRC to the flags takes the top four bits", () => {
  const f = inMode(MODE.SVC);
  for (const value of [0x90000000, 0x60000000, 0xf0000000, 0x0fffffff]) {
    f.set(CP.TPIDRPRW, value);
    run(f, MRC_APSR_TPIDRPRW);
    assertEquals(readCpsr(f.views.i32, f.env) >>> 28, value >>> 28);
  }
});

Deno.test("writes that change translation end the block, a DACR write does not", () => {
  const f = inMode(MODE.SVC);
  assertEquals(run(f, MCR_SCTLR_R0, SVC_3), EXIT.LOOKUP);
  assertEquals([f.get(ARM.PC), f.left()], [PC + 4, false]);
  f.set(reg(0), 0x55555555);
  run(f, MCR_DACR_R0, SVC_3);
  assertEquals([f.get(ARM.PC), f.get(CP.DACR)], [8, 0x55555555]);
});

Deno.test("64-bit registers move two words", () => {
  const f = inMode(MODE.SVC);
  f.ticks = 0x7_0000_0009;
  run(f, MRRC_R2_R3_CNTVCT, MCRR_CNTV_CVAL);
  assertEquals([f.get(reg(2)), f.get(reg(3))], [9, 7]);
  assertEquals(f.log, ["cval 0 700000009"]);
});

Deno.test("barriers written as registers become barriers, the instruction one ends the block", () => {
  const dmb = translate([MCR_DMB], 0);
  const at = ops(dmb).indexOf(OP.memory_barrier);
  assertEquals(dmb.code[at * INSN_WORDS + 1], BARRIER.ALL);
  assertEquals(translate([MCR_ISB, SVC_3], 0).guestInsns, 1);
});

Deno.test("YIELD and a run of NOPs tell that the vCPU spins", () => {
  const f = inMode(MODE.SVC);
  const nops = (count: number) => Array<number>(count).fill(0xe320f000);
  const spins = (words: readonly number[]): number => {
    f.log.length = 0;
    f.set(VCPU.TB_FLAGS, f.get(VCPU.TB_FLAGS) | TB_FLAG.PARALLEL);
    run(f, ...words);
    return f.log.filter((entry) => entry === "spins").length;
  };
  assertEquals(spins([0xe320f001]), 1);
  assertEquals(spins(nops(7)), 0);
  assertEquals(spins([...nops(7), 0xe1a00000, ...nops(7)]), 0, "with a MOV between");
  assertEquals(spins(nops(10)), 1, "Linux's cpu_relax");
});
