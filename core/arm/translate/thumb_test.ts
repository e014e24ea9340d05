import { assertEquals } from "@std/assert";
import { InterpRunner } from "../../backends/interp/runner.ts";
import type { TranslateOptions } from "../../exec/guest_cpu.ts";
import type { IrBlock } from "../../ir/block.ts";
import { IrBuilder } from "../../ir/builder.ts";
import { HelperTable } from "../../ir/helper.ts";
import { printBlock } from "../../ir/printer.ts";
import { assertGolden } from "../../ir/testing/golden.ts";
import { verify } from "../../ir/verifier.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { isWide } from "../decode/thumb_decoder.ts";
import { disassembleT16, disassembleT32 } from "../disasm/disassemble.ts";
import { ARM_HELPERS } from "../helpers.ts";
import { ARM_SLOT_NAMES } from "../slot_names.ts";
import { ARM, reg, TB_FLAG } from "../state.ts";
import { itBits, itState, MODE, PSR, readCpsr, readSpsr, writeCpsr } from "../system/psr.ts";
import { SCTLR } from "../system/sctlr.ts";
import { CP } from "../state.ts";
import { DEVICE_BASE, Fixture } from "../system/testing/fixture.ts";
import { translateBlock } from "./translate_block.ts";

const PC = 0x40000100;
const DATA = 0x40001000;
/** Nothing answers there. */
const NOWHERE = 0x20000000;
const HELPERS = new HelperTable(ARM_HELPERS);
const OPTIONS: TranslateOptions = {
  maxInsns: 64,
  leaveAfterLoadExclusive: false,
  leaveAfterStoreExclusive: false,
  countExclusives: false,
};

/** Translates the halfwords at `pc`. */
function translate(halfwords: readonly number[], pc: number, flags: number): IrBlock {
  const b = new IrBuilder(HELPERS);
  b.begin(pc);
  const half = (address: number): number => halfwords[(address - pc) >> 1] ?? 0xbf00;
  const fetch = (address: number): number => (half(address) | half(address + 2) << 16) >>> 0;
  translateBlock(b, pc, flags | TB_FLAG.THUMB, fetch, OPTIONS);
  const block = b.finish();
  verify(block, { helpers: HELPERS });
  return block;
}

/** A vCPU in Supervisor mode and Thumb state at PC. */
class Thumb extends Fixture {
  constructor(cpsr = MODE.SVC | PSR.T) {
    super();
    writeCpsr(this.views.i32, this.env, cpsr, PSR.ALL);
    this.set(ARM.PC, PC);
  }

  /** Runs the block of `halfwords`, which lie at the pc. */
  run(...halfwords: number[]): this {
    const s = this.softmmu();
    this.set(VCPU.BUDGET, 1000);
    this.set(VCPU.LEAVE, 0);
    const runner = new InterpRunner({
      views: this.views,
      helpers: HELPERS,
      helperBodies: HELPERS.defs.map((d) => this.helpers[d.name]),
      slowLoad: s.slowLoad.bind(s),
      slowLoad64: s.slowLoad64.bind(s),
      slowStore: s.slowStore.bind(s),
      slowStore64: s.slowStore64.bind(s),
      slowProbe: s.slowProbe.bind(s),
    });
    runner.runBlock(this.env, translate(halfwords, this.get(ARM.PC), this.get(VCPU.TB_FLAGS)));
    return this;
  }

  /** Sets r0, r1, ... */
  registers(...values: number[]): this {
    for (const [n, value] of values.entries()) this.set(reg(n), value);
    return this;
  }

  get r0(): number {
    return this.get(reg(0));
  }
  get pc(): number {
    return this.get(ARM.PC);
  }
  get mode(): number {
    return this.get(ARM.CPSR) & PSR.MODE;
  }
  /** IT state in the CPSR and in the block flags, which must agree. */
  get it(): number {
    const it = itState(readCpsr(this.views.i32, this.env));
    assertEquals((this.get(VCPU.TB_FLAGS) >>> TB_FLAG.IT_SHIFT) & 0xff, it);
    return it;
  }
  get savedIt(): number {
    return itState(readSpsr(this.views.i32, this.env));
  }
}

const [ITE_EQ, ITETE_EQ, BX_LR, NOP] = [0xbf0c, 0xbf0b, 0x4770, 0xbf00];
const CMP_R0_0 = 0x2800;

Deno.test("an IT block runs one of its arms and leaves no IT state behind", () => {
  for (const [r0, expected] of [[0, 1], [5, 2]]) {
    const f = new Thumb().registers(r0);
    f.run(CMP_R0_0, ITE_EQ, 0x2001, 0x2002, BX_LR); // moveq r0, #1; movne r0, #2
    assertEquals([f.r0, f.it], [expected, 0]);
  }
});

Deno.test("a data abort in an IT block saves the state of its instruction and restarts it", () => {
  // itete eq; ldreq r0, [r1]; ldrne r0, [r2]; addeq r0, #1; addne r0, #2
  const code = [CMP_R0_0, ITETE_EQ, 0x6808, 0x6810, 0x3001, 0x3002, BX_LR];
  for (const [r0, at, it] of [[0, 4, 0x0b], [1, 6, 0x16]]) {
    const f = new Thumb().registers(r0, NOWHERE, NOWHERE);
    f.run(...code);
    assertEquals([f.left(), f.mode, f.get(reg(14)), f.savedIt], [true, MODE.ABT, PC + at + 8, it]);
    assertEquals([f.it, f.r0], [0, r0]);
    // The handler mends the address and returns.
    f.setWord(DATA, 40);
    f.registers(r0, DATA, DATA);
    f.call("arm_exception_return", 0, PC + at);
    assertEquals([f.pc, f.it, f.mode], [PC + at, it, MODE.SVC]);
    f.run(...code.slice(at / 2));
    assertEquals([f.r0, f.it], [r0 === 0 ? 41 : 42, 0]);
  }
});

Deno.test("an undefined instruction in an IT block is skipped or saves its own state", () => {
  const f = new Thumb().registers(1).run(CMP_R0_0, ITE_EQ, 0xde00, 0x2002, BX_LR); // udfeq
  assertEquals([f.left(), f.pc, f.it], [false, PC + 6, 0x18]);
  const g = new Thumb().registers(0).run(CMP_R0_0, ITE_EQ, 0xde00, 0x2002, BX_LR);
  assertEquals([g.left(), g.mode, g.savedIt, g.get(reg(14))], [true, MODE.UND, 0x0c, PC + 6]);
});

Deno.test("a supervisor call in an IT block returns behind itself in its state there", () => {
  const f = new Thumb().registers(0).run(CMP_R0_0, ITE_EQ, 0xdf01, 0x2002); // svceq #1
  assertEquals([f.left(), f.mode, f.get(reg(14)), f.savedIt], [true, MODE.SVC, PC + 6, 0x18]);
});

Deno.test("a block that ends in an IT block hands its state on", () => {
  // An ISB ends the block between the two arms.
  const f = new Thumb().registers(0).run(CMP_R0_0, ITE_EQ, 0xf3bf, 0x8f6f, 0x2002);
  assertEquals([f.pc, f.it], [PC + 8, 0x18]);
  f.run(0x2002, BX_LR); // movne r0, #2
  assertEquals([f.r0, f.it], [0, 0]);
});

Deno.test("the pc reads four bytes ahead, aligned for literals and ADR", () => {
  const f = new Thumb();
  f.set(ARM.PC, PC + 2);
  f.setWord(PC + 8, 0x1234);
  // ldr r1, [pc, #4]; adr r2, #4; mov r3, pc; add r4, pc
  f.run(0x4901, 0xa201, 0x467b, 0x447c);
  assertEquals([1, 2, 3, 4].map((n) => f.get(reg(n))), [0x1234, PC + 12, PC + 10, PC + 12]);
});

Deno.test("branches change state by bit 0, and calls return to Thumb", () => {
  const toArm = new Thumb().registers(0x40000201 - 1).run(0x4700); // bx r0
  assertEquals([toArm.pc, toArm.get(ARM.CPSR) & PSR.T], [0x40000200, 0]);
  const stays = new Thumb().registers(0x40000201).run(0x4780); // blx r0
  assertEquals([stays.pc, stays.get(reg(14))], [0x40000200, PC + 3]);
  const far = new Thumb().run(0xf000, 0xe802); // blx . + 8
  assertEquals([far.pc, far.get(reg(14)), far.get(ARM.CPSR) & PSR.T], [PC + 8, PC + 5, 0]);
  const moved = new Thumb().registers(0x40000200).run(0x4687); // mov pc, r0
  assertEquals([moved.pc, moved.get(ARM.CPSR) & PSR.T], [0x40000200, PSR.T]);
});

Deno.test("POP loads the pc with the state in bit 0", () => {
  const f = new Thumb();
  f.set(reg(13), DATA);
  f.setWord(DATA, 0x40000300);
  f.run(0xbd00); // pop {pc}
  assertEquals([f.pc, f.get(ARM.CPSR) & PSR.T, f.get(reg(13))], [0x40000300, 0, DATA + 4]);
});

Deno.test("table branches add twice the entry to the pc", () => {
  const f = new Thumb().registers(DATA, 2);
  f.setWord(DATA, 0x00070000);
  f.run(0xe8d0, 0xf001); // tbb [r0, r1]
  assertEquals(f.pc, PC + 4 + 14);
  const g = new Thumb().registers(DATA, 1);
  g.setWord(DATA, 0x01000000);
  g.run(0xe8d0, 0xf011); // tbh [r0, r1, lsl #1]
  assertEquals(g.pc, PC + 4 + 0x200);
});

Deno.test("CBZ and CBNZ leave the flags alone", () => {
  const flags = PSR.N | PSR.C;
  for (const [halfword, r0, taken] of [[0xb108, 0, 1], [0xb108, 1, 0], [0xb908, 7, 1]]) {
    const f = new Thumb((MODE.SVC | PSR.T | flags) >>> 0).registers(r0).run(halfword);
    assertEquals(f.pc, taken ? PC + 6 : PC + 2);
    assertEquals(readCpsr(f.views.i32, f.env) & (PSR.N | PSR.Z | PSR.C | PSR.V), flags | 0);
  }
});

Deno.test("SUBS PC, LR returns from an exception, into an IT block too", () => {
  const f = new Thumb(MODE.IRQ | PSR.T);
  f.call("arm_write_spsr", 0, (MODE.SVC | PSR.T | itBits(0x18)) >>> 0, PSR.ALL);
  f.set(reg(14), PC + 0x44);
  f.run(0xf3de, 0x8f04); // subs pc, lr, #4
  assertEquals([f.pc, f.mode, f.it], [PC + 0x40, MODE.SVC, 0x18]);
});

Deno.test("exceptions are taken in Thumb state when SCTLR.TE is set", () => {
  const f = new Thumb();
  f.set(CP.SCTLR, f.get(CP.SCTLR) | SCTLR.TE);
  f.run(0xdf00); // svc #0
  assertEquals([f.pc, f.get(ARM.CPSR) & PSR.T], [8, PSR.T]);
  assertEquals(f.get(VCPU.TB_FLAGS) & TB_FLAG.THUMB, TB_FLAG.THUMB);
});

Deno.test("MRS shows no IT state, and CPS in an IT block keeps it", () => {
  // ite al would be UNPREDICTABLE; cmp; ite eq; mrseq r0, cpsr
  const f = new Thumb().registers(0).run(CMP_R0_0, ITE_EQ, 0xf3ef, 0x8000, 0x2002, BX_LR);
  assertEquals(f.r0 & (PSR.IT | PSR.T), 0);
  // MSR cpsr_c changes the mode and makes the block flags anew.
  const g = new Thumb().registers(0, MODE.SYS | PSR.I);
  g.run(CMP_R0_0, ITE_EQ, 0xf381, 0x8100, 0x2002, BX_LR); // msreq cpsr_c, r1
  assertEquals([g.mode, g.it, g.pc], [MODE.SYS, 0x18, PC + 8]);
});

Deno.test("an exclusive access has an offset, in Thumb only", () => {
  const block = translate([0xe851, 0x0f02], PC, 0); // ldrex r0, [r1, #8]
  const text = printBlock(block, { helpers: HELPERS, slots: ARM_SLOT_NAMES });
  assertEquals(/const 8\n.*add.*\n.*load_exclusive/.test(text), true, text);
});

Deno.test("a wide instruction that ends on the next page is a block of its own", () => {
  const last = 0x40000ffc;
  const before = translate([NOP, 0xf240, 0x0001], last, 0);
  assertEquals([before.guestInsns, before.guestBytes], [1, 2]);
  const across = translate([0xf240, 0x0001, NOP], last + 2, 0); // movw r0, #1
  assertEquals([across.guestInsns, across.guestBytes], [1, 4]);
  const narrow = translate([NOP, NOP, NOP], last, 0);
  assertEquals([narrow.guestInsns, narrow.guestBytes], [2, 4]);
});

Deno.test("a device load under IT is done only when its condition holds", () => {
  const code = [CMP_R0_0, 0xbf08, 0x680a, BX_LR]; // it eq; ldreq r2, [r1]
  const f = new Thumb().registers(1, DEVICE_BASE, 9);
  f.device[0] = 77;
  assertEquals(f.run(...code).get(reg(2)), 9);
  assertEquals(f.registers(0).run(...code).get(reg(2)), 77);
});

const GOLDEN: Readonly<Record<string, { readonly code: number[]; readonly it?: number }>> = {
  thumb_it_moves: { code: [CMP_R0_0, ITE_EQ, 0x2001, 0x2002, BX_LR] },
  thumb_it_loads: { code: [CMP_R0_0, ITETE_EQ, 0x6808, 0x6810, 0x3001, 0x3002, BX_LR] },
  thumb_it_return: { code: [0xbf18, BX_LR, 0x3001, 0xe7fb] },
  thumb_in_it_block: { code: [0x2001, 0x3101, 0xe7fc], it: 0x14 },
  thumb_table_branch: { code: [0xe8df, 0xf000] },
  thumb_compare_and_branch: { code: [0x3801, 0xb108, 0xe7fc] },
};

for (const [name, { code, it }] of Object.entries(GOLDEN)) {
  Deno.test(`translateBlock gives the golden IR of ${name}`, async () => {
    const block = translate(code, 0x8000, (it ?? 0) << TB_FLAG.IT_SHIFT);
    const lines: string[] = [];
    for (let i = 0; i < code.length; i++) {
      lines.push(
        isWide(code[i])
          ? disassembleT32((code[i] << 16 | code[++i]) >>> 0, 0x8000 + 2 * i - 2)
          : disassembleT16(code[i], 0x8000 + 2 * i),
      );
    }
    await assertGolden(
      new URL(`testdata/${name}.ir`, import.meta.url),
      lines.map((line) => `; ${line}\n`).join("") +
        printBlock(block, { helpers: HELPERS, slots: ARM_SLOT_NAMES }),
    );
  });
}
