import { assertEquals } from "@std/assert";
import { InterpRunner } from "../../backends/interp/runner.ts";
import { TEST_LAYOUT, TestHost } from "../../backends/testing/host.ts";
import { IrBuilder } from "../../ir/builder.ts";
import { HelperTable } from "../../ir/helper.ts";
import { EXIT } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM_HELPERS } from "../helpers.ts";
import { ARM, reg, TB_FLAG } from "../state.ts";
import { translateBlock } from "./translate_block.ts";

const PC = 0x8000;
/** First address of the last page that is RAM in the TLB, and of the page that always faults. */
const RAM = TEST_LAYOUT.guestBase;
const FAULTING = RAM + 7 * 0x1000;

/** Runs one block of `words` from the given registers on the interpreter. */
class Machine {
  readonly host: TestHost = new TestHost(1, new HelperTable(ARM_HELPERS));
  readonly #words: Int32Array = this.host.views.i32;
  exit = -1;

  set(offset: number, value: number): this {
    this.#words[(this.host.env + offset) >>> 2] = value;
    return this;
  }
  get(offset: number): number {
    return this.#words[(this.host.env + offset) >>> 2] >>> 0;
  }
  /** Sets r0, r1, ... */
  registers(...values: number[]): this {
    for (const [n, value] of values.entries()) this.set(reg(n), value);
    return this;
  }
  /** N, Z, C, V as a string of letters, upper case when set. */
  get nzcv(): string {
    const set = [
      this.get(ARM.NF) >>> 31 === 1,
      this.get(ARM.ZF) === 0,
      this.get(ARM.CF) === 1,
      this.get(ARM.VF) >>> 31 === 1,
    ];
    return [..."nzcv"].map((l, i) => set[i] ? l.toUpperCase() : l).join("");
  }
  run(words: readonly number[], flags = 0): this {
    const b = new IrBuilder(this.host.helpers);
    b.begin(PC);
    translateBlock(b, PC, flags, (a) => words[(a - PC) >>> 2], {
      maxInsns: words.length,
      leaveAfterLoadExclusive: false,
      leaveAfterStoreExclusive: false,
      countExclusives: false,
    });
    const block = b.finish();
    this.host.enter(block);
    this.exit = new InterpRunner(this.host).runBlock(this.host.env, block);
    return this;
  }
  /** Names of the helpers that were called, with their first two arguments. */
  get calls(): string[] {
    return this.host.log.filter((l) => l.startsWith("call ")).map((l) =>
      l.split(" ").slice(1, 4).join(" ")
    );
  }
}

Deno.test("adds sets carry and overflow as the sum demands", () => {
  const adds = 0xe0902001; // adds r2, r0, r1
  assertEquals(new Machine().registers(0x7fffffff, 1).run([adds]).nzcv, "NzcV");
  assertEquals(new Machine().registers(-1, 1).run([adds]).nzcv, "nZCv");
  assertEquals(new Machine().registers(-0x80000000, -0x80000000).run([adds]).nzcv, "nZCV");
});

Deno.test("sbcs with a borrow subtracts one more and clears the carry", () => {
  const m = new Machine().registers(5, 5).set(ARM.CF, 0).run([0xe0d02001]); // sbcs r2, r0, r1
  assertEquals([m.get(reg(2)), m.nzcv], [0xffffffff, "Nzcv"]);
});

Deno.test("shift by register takes counts of 0, 32 and more from the low byte", () => {
  const movs = 0xe1b00231; // lsrs r0, r1, r2
  const shifted = (count: number) => {
    const m = new Machine().registers(0, 0x80000001, count).set(ARM.CF, 1).run([movs]);
    return [m.get(reg(0)), m.nzcv[2]];
  };
  assertEquals(shifted(0x100), [0x80000001, "C"]);
  assertEquals(shifted(1), [0x40000000, "C"]);
  assertEquals(shifted(32), [0, "C"]);
  assertEquals(shifted(33), [0, "c"]);
});

Deno.test("a condition after a compare sees its operands, also across a flag change", () => {
  // cmp r0, r1; movlo r2, #1; cmpne r0, #1; movge r3, #1
  const words = [0xe1500001, 0x33a02001, 0x13500001, 0xa3a03001];
  const m = new Machine().registers(2, 3, 0, 0).run(words);
  assertEquals([m.get(reg(2)), m.get(reg(3))], [1, 1]);
  const n = new Machine().registers(-5, 3, 0, 0).run(words);
  assertEquals([n.get(reg(2)), n.get(reg(3))], [0, 0]);
});

Deno.test("ldm that faults in the middle changes no register", () => {
  // ldmia r0!, {r1, r2}; the second word lies in the faulting page
  const m = new Machine().registers(FAULTING - 4, 11, 22).run([0xe8b00006]);
  assertEquals([0, 1, 2].map((n) => m.get(reg(n))), [FAULTING - 4, 11, 22]);
  assertEquals([m.exit, m.get(VCPU.LEAVE)], [EXIT.LOOKUP, 1]);
});

Deno.test("ldr with write-back that faults keeps its base", () => {
  const m = new Machine().registers(FAULTING, 11).run([0xe4901004]); // ldr r1, [r0], #4
  assertEquals([m.get(reg(0)), m.get(reg(1))], [FAULTING, 11]);
});

Deno.test("strd and ldrd keep the order of the words in either endianness", () => {
  for (const flags of [0, TB_FLAG.BIG_ENDIAN]) {
    // strd r2, r3, [r0]; ldr r4, [r0]; ldr r5, [r0, #4]; ldrd r6, r7, [r0]
    const m = new Machine().registers(RAM + 4, 0, 0x11223344, 0x55667788)
      .run([0xe1c020f0, 0xe5904000, 0xe5905004, 0xe1c060d0], flags);
    assertEquals(
      [4, 5, 6, 7].map((n) => m.get(reg(n))),
      [0x11223344, 0x55667788, 0x11223344, 0x55667788],
    );
  }
});

Deno.test("push stores in ascending order below the stack pointer", () => {
  const m = new Machine().set(reg(13), RAM + 0x100).set(reg(4), 4).set(reg(14), 14)
    .run([0xe92d4010]); // push {r4, lr}
  const at = (TEST_LAYOUT.ram + 0xf8) >>> 2;
  assertEquals([...m.host.views.i32.subarray(at, at + 2)], [4, 14]);
  assertEquals(m.get(reg(13)), RAM + 0xf8);
});

Deno.test("bx to an even address branches inline, to an odd one through arm_set_thumb", () => {
  const even = new Machine().registers(0x9000).run([0xe12fff10]);
  assertEquals([even.get(ARM.PC), even.calls], [0x9000, []]);
  const odd = new Machine().registers(0x9001).run([0xe12fff10]);
  assertEquals(odd.calls, ["arm_set_thumb 36865 0"]);
});

Deno.test("an instruction whose condition fails does nothing, even when undefined", () => {
  const m = new Machine().set(ARM.ZF, 1).run([0x07f000f0]); // udfeq
  assertEquals([m.calls, m.get(ARM.PC)], [[], PC + 4]);
});

Deno.test("subs pc in User mode is undefined, in other modes an exception return", () => {
  const subs = 0xe25ef004; // subs pc, lr, #4
  assertEquals(new Machine().set(reg(14), 0x104).run([subs], TB_FLAG.USER).calls, [
    "arm_undefined 0 0",
  ]);
  const m = new Machine().set(reg(14), 0x104).run([subs]);
  assertEquals([m.calls, m.exit], [["arm_exception_return 256 0"], EXIT.LOOKUP]);
});

Deno.test("ldrt uses the TLB of unprivileged accesses in privileged code", () => {
  const m = new Machine().registers(FAULTING).run([0xe4b01000]); // ldrt r1, [r0]
  assertEquals(m.host.log.map((l) => l.split(" ").slice(0, 4).join(" ")), [
    `slow load ${FAULTING.toString(16)} mmu2`,
  ]);
});

Deno.test("uadd8 sets the GE flags that sel chooses by", () => {
  // uadd8 r2, r0, r1; sel r3, r0, r1
  const m = new Machine().registers(0xff01ff01, 0x01020102).run([0xe6502f91, 0xe6803fb1]);
  assertEquals([m.get(reg(2)), m.get(ARM.GE), m.get(reg(3))], [0x00030003, 10, 0xff02ff02]);
});
