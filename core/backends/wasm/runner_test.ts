import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { IrBuilder } from "../../ir/builder.ts";
import type { IrBlock } from "../../ir/block.ts";
import { EXIT } from "../../ir/ops.ts";
import { testHelperTable } from "../../ir/testing/test_helpers.ts";
import { MEMOP } from "../../memory/memop.ts";
import {
  EXIT_REQUESTED,
  JUMP_ENTRY,
  jumpCacheOffset,
  tlbOffset,
  VCPU,
} from "../../memory/vcpu_layout.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { ModuleBuilder, type Unit } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { buildModule, linkAll, siteOf } from "./testing/units.ts";
import { LOOP_STATE, loopBlock } from "./testing/loop_block.ts";

const TABLE = 128;
const PC = 0x8000;
const WORD = 2;

function block(pc: number, emit: (b: IrBuilder) => void): IrBlock {
  const b = new IrBuilder(testHelperTable());
  b.begin(pc);
  emit(b);
  return b.finish();
}

/** Adds 1 to r0 and chains to `to`. */
function step(pc: number, to: number): IrBlock {
  return block(pc, (b) => {
    b.insn(pc, 4);
    b.insn(pc + 4, 4);
    b.set(0, b.add(b.get(0), b.const(1)));
    b.gotoTb(0, to);
  });
}

class Fixture {
  readonly host = new TestHost(1);
  readonly runner = new WasmRunner(this.host, TABLE);
  readonly #pcs = new Map<number, number>();

  add(...sites: Parameters<typeof buildModule>[0]): void {
    for (const { id, block } of sites) this.#pcs.set(id, block.pc);
    this.runner.addModule(buildModule(sites, this.host), sites.map((site) => site.id));
  }
  /** Adds a unit of several blocks. */
  addUnit(unit: Unit): void {
    this.#pcs.set(unit[0].id, unit[0].block.pc);
    const builder = new ModuleBuilder(this.host);
    this.runner.addModule(builder.build([unit]), [unit[0].id]);
  }
  word(offset: number): number {
    return this.host.views.i32[(this.host.env + offset) >>> 2];
  }
  setWord(offset: number, value: number): void {
    this.host.views.i32[(this.host.env + offset) >>> 2] = value;
  }
  /** Runs a block as if it had been looked up at the pc that it was made with. */
  run(id: number): number {
    this.setWord(VCPU.PC, this.#pcs.get(id) ?? PC);
    return this.runner.run(this.host.env, id);
  }
}

Deno.test("run of an entry that was never filled asks for a look-up and keeps the budget", () => {
  const f = new Fixture();
  f.setWord(VCPU.BUDGET, 123);
  assertEquals(f.run(7), EXIT.LOOKUP);
  assertEquals(f.word(VCPU.BUDGET), 123);
  assert(!f.runner.has(7));
});

Deno.test("goto_tb through an unlinked slot reports block and slot, with the pc stored", () => {
  const f = new Fixture();
  f.add(siteOf(step(PC, PC + 0x40), 9));
  f.setWord(0, 5);
  f.setWord(VCPU.BUDGET, 10);
  assertEquals(f.run(9), EXIT.CHAIN | 9 << 8);
  assertEquals([f.word(0), f.word(VCPU.PC), f.word(VCPU.BUDGET)], [6, PC + 0x40, 8]);
});

Deno.test("chained blocks run by tail calls until the budget is spent, to the instruction", () => {
  const f = new Fixture();
  const sites = [siteOf(step(PC, PC + 0x40), 1), siteOf(step(PC + 0x40, PC), 2)];
  f.add(...sites);
  linkAll(f.host, sites);
  f.setWord(0, 0);
  f.setWord(VCPU.BUDGET, 2_000_001);
  assertEquals(f.run(1), EXIT.INTERRUPTED);
  assertEquals([f.word(0), f.word(VCPU.PC), f.word(VCPU.BUDGET)], [1_000_000, PC, 1]);
});

Deno.test("a chain to a block that this thread has not compiled falls into the miss stub", () => {
  const f = new Fixture();
  const here = siteOf(step(PC, PC + 0x40), 1);
  f.add(here);
  linkAll(f.host, [here, siteOf(step(PC + 0x40, PC), 2)]);
  f.setWord(VCPU.BUDGET, 100);
  assertEquals(f.run(1), EXIT.LOOKUP);
  assertEquals([f.word(VCPU.PC), f.word(VCPU.BUDGET)], [PC + 0x40, 98]);
});

Deno.test("an exit request stops a block at its head, before anything is run", () => {
  const f = new Fixture();
  f.add(siteOf(step(PC, PC), 1));
  f.setWord(0, 5);
  f.setWord(VCPU.BUDGET, 100);
  f.setWord(VCPU.EXIT_REQUEST, EXIT_REQUESTED);
  assertEquals(f.run(1), EXIT.INTERRUPTED);
  assertEquals([f.word(0), f.word(VCPU.PC), f.word(VCPU.BUDGET)], [5, PC, 100]);
});

Deno.test("an exit request from a helper stops a self-loop at its next head", () => {
  const f = new Fixture();
  const bodies = [...f.host.helperBodies];
  const note = f.host.helpers.indexOf("test_note");
  bodies[note] = (env) => {
    f.host.views.i32[(env + VCPU.EXIT_REQUEST) >>> 2] = EXIT_REQUESTED;
    return 0;
  };
  const host = Object.assign(Object.create(f.host), { helperBodies: bodies });
  const runner = new WasmRunner(host, TABLE);
  const loop = block(PC, (b) => {
    b.insn(PC, 4);
    const next = b.add(b.get(0), b.const(1));
    b.set(0, next);
    b.if(b.eq(next, b.const(1000)), () => b.callVoid("test_note", next, next));
    b.gotoTb(0, PC);
  });
  runner.addModule(buildModule([siteOf(loop, 1)], f.host), [1]);
  f.setWord(0, 0);
  f.setWord(VCPU.PC, PC);
  f.setWord(VCPU.BUDGET, 5000);
  assertEquals(runner.run(f.host.env, 1), EXIT.INTERRUPTED);
  assertEquals([f.word(0), f.word(VCPU.PC), f.word(VCPU.BUDGET)], [1000, PC, 4000]);
});

Deno.test("a slow path inside a self-loop sees every set before it and none after it", () => {
  const f = new Fixture();
  const seen: number[][] = [];
  const host = Object.assign(Object.create(f.host), {
    slowLoad: () => {
      seen.push([f.word(0), f.word(4), f.word(8)]);
      return 40;
    },
  });
  const runner = new WasmRunner(host, TABLE);
  const loop = block(PC, (b) => {
    b.insn(PC, 4);
    b.set(0, b.add(b.get(0), b.const(1)));
    b.if(b.and(b.get(0), b.const(1)), () => b.set(4, b.add(b.get(4), b.const(10))));
    // Page 6 is a device: always the slow path.
    const loaded = b.guestLoad(b.const(TEST_LAYOUT.guestBase + 0x6000), WORD);
    b.set(8, b.add(b.get(8), loaded));
    b.gotoTb(0, PC);
  });
  runner.addModule(buildModule([siteOf(loop, 1)], f.host), [1]);
  for (const slot of [0, 4, 8]) f.setWord(slot, 0);
  f.setWord(VCPU.BUDGET, 3);
  assertEquals(runner.run(f.host.env, 1), EXIT.INTERRUPTED);
  assertEquals(seen, [[1, 10, 0], [2, 10, 40], [3, 20, 80]]);
  assertEquals([f.word(0), f.word(4), f.word(8)], [3, 20, 120]);
});

Deno.test("a state word read before an if keeps its value when an arm with effects is skipped", () => {
  const f = new Fixture();
  const uncached = VCPU.STRATEGY;
  const skipping = block(PC, (b) => {
    b.insn(PC, 4);
    const early = b.get(uncached);
    b.if(b.get(0), () => b.callVoid("test_note", b.const(1), b.const(2)));
    b.set(uncached, b.const(9));
    b.set(4, early);
    b.exit(EXIT.WFI);
  });
  f.add(siteOf(skipping, 1));
  for (const taken of [0, 1]) {
    f.setWord(0, taken);
    f.setWord(4, 0);
    f.setWord(uncached, 77);
    f.run(1);
    assertEquals([f.word(4), f.word(uncached)], [77, 9], `taken ${taken}`);
  }
});

Deno.test("goto_ptr goes on where the jump cache says, and looks up on a mismatch", () => {
  const f = new Fixture();
  const target = 0x1_2344;
  const jump = block(PC, (b) => {
    b.insn(PC, 4);
    b.set(VCPU.PC, b.get(0));
    b.gotoPtr();
  });
  const there = block(target, (b) => {
    b.insn(target, 4);
    b.exit(EXIT.WFI);
  });
  f.add(siteOf(jump, 1), siteOf(there, 2));
  const flags = 0x55;
  f.setWord(VCPU.TB_FLAGS, flags);
  const entry = jumpCacheOffset(target);
  const cases: [pc: number, flags: number, index: number, exit: number][] = [
    [target, flags, 2, EXIT.WFI],
    [target, flags, 0, EXIT.LOOKUP],
    [target, flags ^ 1, 2, EXIT.LOOKUP],
    [target ^ 0x1000, flags, 2, EXIT.LOOKUP],
  ];
  for (const [pc, tag, index, exit] of cases) {
    f.setWord(entry, pc);
    f.setWord(entry + 4, tag);
    f.setWord(entry + 8, index);
    f.setWord(0, target);
    f.setWord(VCPU.BUDGET, 10);
    assertEquals(f.run(1), exit);
    assertEquals(f.word(VCPU.PC), target);
    assertEquals(f.word(VCPU.BUDGET), exit === EXIT.WFI ? 8 : 9);
  }
});

Deno.test("a guest exception leaves with the state that the helper left", () => {
  const f = new Fixture();
  const leaving = block(PC, (b) => {
    b.insn(PC, 4);
    b.set(0, b.const(1));
    b.callVoid("test_leave", b.const(1));
    b.set(0, b.const(2));
    b.exit(EXIT.WFI);
  });
  f.add(siteOf(leaving, 1));
  assertEquals(f.run(1), EXIT.LOOKUP);
  assertEquals([f.word(0), f.word(VCPU.PC) >>> 0], [1, 0xffff0004]);
});

Deno.test("removeAll forgets blocks, and their ids can be used again", () => {
  const f = new Fixture();
  f.add(siteOf(step(PC, PC + 0x40), 1));
  assert(f.runner.has(1));
  f.runner.removeAll();
  assert(!f.runner.has(1));
  assertEquals(f.run(1), EXIT.LOOKUP);
  f.add(siteOf(block(PC, (b) => b.exit(EXIT.WFE)), 1));
  assertEquals(f.run(1), EXIT.WFE);
});

Deno.test("a loop over more state slots than are kept in locals counts in each of them", () => {
  const f = new Fixture();
  const slots = Array.from({ length: 45 }, (_, i) => 0x80 + 4 * i);
  const loop = block(PC, (b) => {
    b.insn(PC, 4);
    for (const slot of slots) b.set(slot, b.add(b.get(slot), b.const(slot)));
    b.if(b.and(b.get(slots[0]), b.const(0x80)), () => {
      b.set(slots[44], b.add(b.get(slots[44]), b.const(1)));
      b.set(slots[1], b.add(b.get(slots[1]), b.const(1)));
    });
    b.gotoTb(0, PC);
  });
  f.add(siteOf(loop, 1));
  for (const slot of slots) f.setWord(slot, 0);
  f.setWord(VCPU.BUDGET, 10);
  assertEquals(f.run(1), EXIT.INTERRUPTED);
  const expected = slots.map((slot) => slot * 10);
  expected[1] += 5;
  expected[44] += 5;
  assertEquals(slots.map((slot) => f.word(slot)), expected);
});

Deno.test("a region follows a jump to where it is expected, and only there", () => {
  const callee = PC + 0x100;
  const back = PC + 0x10;
  const [wrongPc, wrongFlags, evicted] = [{ r1: PC }, { flags: 1 }, { cached: 0 }];
  for (const change of [{}, wrongPc, wrongFlags, evicted]) {
    const { r1, flags, cached } = { r1: back, flags: 0, cached: 3, ...change };
    const f = new Fixture();
    const call = siteOf(block(PC, (b) => b.gotoTb(0, callee)), 1);
    const jump = siteOf(
      block(callee, (b) => {
        b.set(VCPU.PC, b.get(4));
        b.gotoPtr();
      }),
      2,
    );
    const end = siteOf(block(back, (b) => b.exit(EXIT.WFE)), 3);
    const guard = { flags: 0, otherPage: true, id: 3 };
    f.addUnit([
      { ...call, edges: [{ pc: callee, node: 1, guard: null }] },
      { ...jump, edges: [{ pc: back, node: 2, guard }] },
      { ...end, edges: [] },
    ]);
    f.setWord(4, r1);
    f.setWord(VCPU.TB_FLAGS, flags);
    const entry = jumpCacheOffset(back);
    f.setWord(entry + JUMP_ENTRY.PC, back);
    f.setWord(entry + JUMP_ENTRY.FLAGS, 0);
    f.setWord(entry + JUMP_ENTRY.ID, cached);
    const expected = r1 === back && flags === 0 && cached === 3;
    assertEquals(f.run(1), expected ? EXIT.WFE : EXIT.LOOKUP);
    assertEquals(f.word(VCPU.PC), r1);
  }
});

Deno.test("a region says that it was interrupted", () => {
  const f = new Fixture();
  const loop = siteOf(step(PC, PC), 5);
  f.addUnit([{ ...loop, edges: [{ pc: PC, node: 0, guard: null }] }]);
  assertEquals(f.run(5), EXIT.INTERRUPTED | 5 << 8);
});

Deno.test("a region counts its instructions, however it is left", () => {
  const away = PC + 0x100;
  // Goes round while r0 is below 5, then by `leave`.
  const looping = (leave: (b: IrBuilder) => void) =>
    block(PC, (b) => {
      b.insn(PC, 4);
      b.insn(PC + 4, 4);
      b.set(0, b.add(b.get(0), b.const(1)));
      b.if(b.xor(b.get(0), b.const(5)), () => b.gotoTb(0, PC));
      leave(b);
    });
  const ways: readonly [string, number, (b: IrBuilder) => void][] = [
    ["chained", 3, (b) => b.gotoTb(1, away)],
    ["by the jump cache", 3, (b) => {
      b.set(VCPU.PC, b.const(away));
      b.gotoPtr();
    }],
    ["returns", 0, (b) => b.exit(EXIT.WFE)],
    ["an exception", 0, (b) => {
      b.callVoid("test_leave", b.const(1));
      b.exit(EXIT.WFI);
    }],
  ];
  for (const [how, after, leave] of ways) {
    const f = new Fixture();
    const region = { ...siteOf(looping(leave), 5), edges: [{ pc: PC, node: 0, guard: null }] };
    const other = siteOf(
      block(away, (b) => {
        for (let n = 0; n < 3; n++) b.insn(away + 4 * n, 4);
        b.exit(EXIT.WFE);
      }),
      6,
    );
    f.addUnit([region]);
    f.add(other);
    linkAll(f.host, [region, other]);
    const entry = jumpCacheOffset(away);
    for (const [n, word] of [away, 0, 6, 6].entries()) f.setWord(entry + 4 * n, word);
    f.setWord(VCPU.TB_FLAGS, 0);
    f.setWord(0, 0);
    f.setWord(VCPU.BUDGET, 1000);
    f.setWord(VCPU.REGION_INSNS, 0);
    f.run(5);
    assertEquals(1000 - f.word(VCPU.BUDGET), 10 + after, how);
    assertEquals(f.word(VCPU.REGION_INSNS), 10, how);
  }
});

Deno.test("ids of a module need not follow one another", () => {
  const f = new Fixture();
  const codes = new Map([[3, EXIT.WFI], [4, EXIT.WFE], [90, EXIT.LOOKUP], [20, EXIT.YIELD]]);
  f.add(...[...codes].map(([id, code]) => siteOf(block(PC + id * 16, (b) => b.exit(code)), id)));
  for (const [id, code] of codes) assertEquals(f.run(id), code);
  assertEquals(f.run(5), EXIT.LOOKUP);
});

Deno.test("one module serves vCPUs at different addresses", () => {
  const f = new Fixture();
  const other = f.host.env - 0x10000;
  f.add(siteOf(step(PC, PC + 0x40), 1));
  const { i32 } = f.host.views;
  i32[other >>> 2] = 70;
  i32[(other + VCPU.BUDGET) >>> 2] = 4;
  f.setWord(0, 1);
  f.runner.run(other, 1);
  assertEquals([i32[other >>> 2], f.word(0)], [71, 1]);
});

Deno.test("a misaligned sequentially consistent access takes the slow path", () => {
  const f = new Fixture();
  const load = block(PC, (b) => {
    b.insn(PC, 4);
    b.set(4, b.guestLoad(b.get(0), WORD | MEMOP.SEQ_CST));
    b.exit(EXIT.WFI);
  });
  f.add(siteOf(load, 1));
  for (const [offset, slow] of [[0, 0], [2, 1]]) {
    f.host.log.length = 0;
    f.setWord(0, TEST_LAYOUT.guestBase + offset);
    assertEquals(f.run(1), EXIT.WFI);
    assertEquals(f.host.log.length, slow);
    assertEquals(f.word(4), f.host.views.data.getInt32(TEST_LAYOUT.ram + offset, true));
  }
});

Deno.test("an access whose last byte lies in the next page takes the slow path", () => {
  const f = new Fixture();
  const load = block(PC, (b) => {
    b.insn(PC, 4);
    b.set(4, b.guestLoad(b.get(0), WORD));
    b.exit(EXIT.WFI);
  });
  f.add(siteOf(load, 1));
  for (const [offset, slow] of [[0xffc, 0], [0xffd, 1], [0xfff, 1], [0x1000, 0]]) {
    f.host.log.length = 0;
    f.setWord(0, TEST_LAYOUT.guestBase + offset);
    f.run(1);
    assertEquals(f.host.log.length, slow, `offset ${offset}`);
    assertEquals(f.word(4), f.host.views.data.getInt32(TEST_LAYOUT.ram + offset, true));
  }
});

Deno.test("a TLB entry of the same index but another page does not match", () => {
  const f = new Fixture();
  const address = TEST_LAYOUT.guestBase + (1 << 22);
  const load = block(PC, (b) => {
    b.insn(PC, 4);
    b.set(4, b.guestLoad(b.const(address), WORD));
    b.exit(EXIT.WFI);
  });
  assertEquals(tlbOffset(0, address), tlbOffset(0, TEST_LAYOUT.guestBase));
  f.add(siteOf(load, 1));
  assertEquals(f.run(1), EXIT.LOOKUP);
  assertEquals(f.host.log.length, 1);
});

Deno.test("the salt changes the bytes and nothing else", () => {
  const host = new TestHost(1);
  const sites = [siteOf(loopBlock(host.helpers, PC), 1)];
  const [plain, one, two] = [undefined, 1, 2].map((salt) =>
    buildModule(sites, salt === undefined ? host : { helpers: host.helpers, salt })
  );
  assertNotEquals(one, two);
  assertNotEquals(one, plain);
  const custom = (bytes: Uint8Array<ArrayBuffer>) =>
    WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "salt").length;
  assertEquals([plain, one, two].map(custom), [0, 1, 1]);
});

Deno.test("abstract operations are refused with the remedy", () => {
  const host = new TestHost(1);
  const abstract = block(PC, (b) => {
    b.insn(PC, 4);
    b.clearExclusive();
    b.exit(EXIT.LOOKUP);
  });
  const builder = new ModuleBuilder(host);
  assertThrows(
    () => builder.build([[siteOf(abstract, 1)]]),
    TypeError,
    "clear_exclusive; run the expansion pass",
  );
});

Deno.test("the measured loop gives the same result as chained blocks, loop and region", () => {
  const { r } = LOOP_STATE;
  const results = [];
  const at = [PC, PC + 0x100];
  for (const shape of ["chained", "loop", "region"]) {
    const f = new Fixture();
    const pair = at.map((pc, i) => siteOf(loopBlock(f.host.helpers, pc, at[1 - i]), i + 1));
    const units = shape === "chained"
      ? pair.map((site) => [site])
      : shape === "region"
      ? [pair]
      : [[siteOf(loopBlock(f.host.helpers, PC), 1)]];
    f.runner.addModule(new ModuleBuilder(f.host).build(units), units.map((unit) => unit[0].id));
    linkAll(f.host, units.flat());
    f.setWord(r(1), 0);
    f.setWord(r(2), 5000);
    f.setWord(r(5), 0xff8);
    f.setWord(r(6), TEST_LAYOUT.guestBase);
    f.setWord(VCPU.BUDGET, 35_100);
    assertEquals(f.run(1) & 0x7f, EXIT.CHAIN);
    results.push([r(0), r(1), r(2), r(3), VCPU.BUDGET].map((offset) => f.word(offset)));
  }
  assertEquals(results[1], results[0]);
  assertEquals(results[2], results[0]);
  assertEquals(results[0][2], 0);
  assertEquals(results[0][4], 100);
});
