/**
 * Strip-mined loops against the reference interpreter, on random loops with moving addresses.
 */
import { assert, assertEquals } from "@std/assert";
import type { IrBlock } from "../../ir/block.ts";
import { IrBuilder, type V32 } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { testHelperTable } from "../../ir/testing/test_helpers.ts";
import { MEMOP, MMU_INDEX } from "../../memory/memop.ts";
import { EXIT_REQUESTED, PAGE_SIZE, VCPU } from "../../memory/vcpu_layout.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { ModuleBuilder } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { planStrip } from "./strip_plan.ts";
import { Comparison } from "./testing/comparison.ts";
import { siteOf } from "./testing/units.ts";

const PC = 0x8000;
const INSNS = 4;
/** Slots: pointers that move, an offset that does not, a counter, loaded values, a flag. */
const POINTERS = [0, 4, 8];
const OFFSET = 12;
const COUNTER = 16;
const VALUE = 20;
const SUM = 24;
const FLAG = 0x40;

/** A block of INSNS instructions that `body` fills. */
function loopOf(body: (b: IrBuilder) => void): IrBlock {
  const b = new IrBuilder(testHelperTable());
  b.begin(PC);
  for (let i = 0; i < INSNS; i++) b.insn(PC + 4 * i, 4);
  body(b);
  return b.finish();
}

/** Counts down and goes round until 0. */
function goRound(b: IrBuilder): void {
  const left = b.sub(b.get(COUNTER), b.const(1));
  b.set(COUNTER, left);
  b.set(FLAG, b.eqz(left));
  b.if(left, () => b.gotoTb(0, PC));
  b.gotoTb(1, PC + 0x100);
}

/** What a random loop does with memory in a round. */
class RandomLoop {
  readonly #rng: Rng;
  readonly #b: IrBuilder;
  /** Constant part of the address that the pointers stand for so far. */
  readonly #moved = [0, 0, 0];

  constructor(rng: Rng, b: IrBuilder) {
    this.#rng = rng;
    this.#b = b;
  }

  emit(): void {
    const rng = this.#rng;
    const b = this.#b;
    const steps = POINTERS.map(() => rng.pick([0, 1, 1, 1, 2, 4, 4, 8, 12, -1, -4, 32, 100]));
    for (let i = 1 + rng.below(4); i > 0; i--) {
      const pointer = rng.below(POINTERS.length);
      if (rng.chance(0.15)) b.if(b.get(VALUE), () => this.#access(pointer));
      else this.#access(pointer);
      if (rng.chance(0.4)) this.#move(pointer, steps[pointer]);
    }
    for (const [pointer, step] of steps.entries()) this.#move(pointer, step - this.#moved[pointer]);
    if (rng.chance(0.3)) {
      // As a search does; also a way round from inside an arm.
      b.if(b.and(b.get(SUM), b.const(63)), () => goRound(b));
      b.exit(EXIT.LOOKUP);
    } else {
      goRound(b);
    }
  }

  #move(pointer: number, by: number): void {
    const b = this.#b;
    const slot = POINTERS[pointer];
    this.#moved[pointer] += by;
    if (by < 0) b.set(slot, b.sub(b.get(slot), b.const(-by)));
    else if (by > 0) b.set(slot, b.add(b.get(slot), b.const(by)));
  }

  #address(pointer: number): V32 {
    const rng = this.#rng;
    const b = this.#b;
    const base = b.get(POINTERS[pointer]);
    switch (rng.below(5)) {
      case 0:
        return b.add(base, b.get(OFFSET));
      case 1:
        return b.add(base, b.shl(b.get(OFFSET), b.const(2)));
      case 2:
        return b.add(base, b.const(rng.pick([1, 4, 8, -4, -1, 60])));
      default:
        return base;
    }
  }

  #access(pointer: number): void {
    const rng = this.#rng;
    const b = this.#b;
    const size = rng.below(4);
    const align = rng.chance(0.2) ? Math.min(size, 2) << MEMOP.ALIGN_SHIFT : 0;
    const mmu = rng.pick([MMU_INDEX.PRIVILEGED, MMU_INDEX.USER]) << MEMOP.MMU_SHIFT;
    const memop = size | align | mmu;
    const address = this.#address(pointer);
    if (rng.chance(0.5)) {
      if (size === 3) {
        b.set(VALUE, b.lo(b.guestLoad64(address, memop)));
      } else {
        b.set(VALUE, b.guestLoad(address, memop | (rng.chance(0.3) && size < 2 ? MEMOP.SIGN : 0)));
      }
      b.set(SUM, b.add(b.get(SUM), b.get(VALUE)));
    } else if (size === 3) {
      const value = b.concat(b.get(VALUE), b.get(COUNTER));
      b.guestStore64(address, value, memop);
      if (rng.chance(0.3)) b.guestStore64(b.add(address, b.const(8)), value, memop);
    } else if (rng.chance(0.2)) {
      // As schemes that hook stores do it.
      const host = b.probe(address, memop | MEMOP.WRITE | MEMOP.SOFT);
      const value = b.get(COUNTER);
      const store = () => b.guestStore(address, value, memop);
      b.if(host, () => {
        b.hostStore(b.const(TEST_LAYOUT.scratch + 4 * pointer), host, 2);
        b.hostStore(host, value, size);
      }, store);
    } else {
      b.guestStore(address, b.get(rng.pick([VALUE, COUNTER, SUM])), memop);
      if (rng.chance(0.3)) b.guestStore(b.add(address, b.const(1 << size)), b.get(VALUE), memop);
    }
  }
}

/** A state in which the loop's pointers are near page ends of all kinds of pages. */
function prepare(rng: Rng): (host: TestHost) => void {
  const near = () => rng.pick([0, 0, -1, -3, -4, -17, -64, -300, -2000, 4, 7]) - 4 * rng.below(4);
  const pointers = POINTERS.map(() =>
    TEST_LAYOUT.guestBase + (1 + rng.below(7)) * PAGE_SIZE + near()
  );
  const offset = rng.pick([0, 0, 1, 4, -8, 40]);
  const count = rng.pick([1, 2, 3, 4, 5, 20, 100, 1000, 5000]);
  return (host) => {
    const { i32 } = host.views;
    const at = host.env >>> 2;
    for (const [i, slot] of POINTERS.entries()) i32[at + (slot >>> 2)] = pointers[i];
    i32[at + (OFFSET >>> 2)] = offset;
    i32[at + (COUNTER >>> 2)] = count;
  };
}

Deno.test("strip-mined loops do what interp does", () => {
  const comparison = new Comparison();
  let planned = 0;
  for (let seed = 1; seed <= 1500; seed++) {
    const rng = new Rng(seed);
    const block = loopOf((b) => new RandomLoop(rng, b).emit());
    if (planStrip(block) !== null) planned++;
    const site = siteOf(block, 1);
    const budget = rng.pick([0, 3, 4, 15, 16, 17, 100, 4000, 16000, 100_000]);
    comparison.check(seed, [site], [[site]], budget, true, prepare(rng));
  }
  assert(planned > 700, `${planned} planned`);
});

Deno.test("copies do what interp does at every offset in a page", () => {
  const comparison = new Comparison();
  const block = loopOf((b) => {
    const [from, to] = POINTERS;
    b.set(VALUE, b.guestLoad(b.get(from), 0));
    b.guestStore(b.get(to), b.get(VALUE), 0);
    for (const slot of [from, to]) b.set(slot, b.add(b.get(slot), b.const(1)));
    goRound(b);
  });
  const site = siteOf(block, 1);
  for (let offset = 0; offset < PAGE_SIZE; offset += 151) {
    // From the last pages that hit into those that miss and those that fault; overlapping or not.
    for (const distance of [1, 5, -3, 3 * PAGE_SIZE + 11]) {
      comparison.check(offset, [site], [[site]], 30_000, true, ({ env, views }) => {
        const from = TEST_LAYOUT.guestBase + 2 * PAGE_SIZE + offset;
        views.i32[(env + POINTERS[0]) >>> 2] = from;
        views.i32[(env + POINTERS[1]) >>> 2] = from + distance;
        views.i32[(env + COUNTER) >>> 2] = 6000;
      });
    }
  }
});

Deno.test("a strip-mined loop sees an exit request when it leaves a page", () => {
  const host = new TestHost(1);
  const { views, env } = host;
  const request = env + VCPU.EXIT_REQUEST;
  const block = loopOf((b) => {
    // What another thread does: a round asks the vCPU to leave.
    b.hostStore(b.const(request), b.const(EXIT_REQUESTED), 2);
    b.guestStore(b.get(POINTERS[0]), b.get(COUNTER), 0);
    b.set(POINTERS[0], b.add(b.get(POINTERS[0]), b.const(1)));
    goRound(b);
  });
  const runner = new WasmRunner(host, 8);
  runner.addModule(new ModuleBuilder({ helpers: host.helpers }).build([[siteOf(block, 1)]]), [1]);
  const start = TEST_LAYOUT.guestBase + 100;
  views.i32[(env + VCPU.PC) >>> 2] = PC;
  views.i32[(env + POINTERS[0]) >>> 2] = start;
  views.i32[(env + COUNTER) >>> 2] = 100_000;
  const budget = views.i32[(env + VCPU.BUDGET) >>> 2];
  assertEquals(runner.run(env, 1) & 0x7f, EXIT.INTERRUPTED);
  const rounds = views.i32[(env + POINTERS[0]) >>> 2] - start;
  assertEquals(rounds, PAGE_SIZE - 100);
  assertEquals(views.i32[(env + VCPU.BUDGET) >>> 2], budget - rounds * INSNS);
});

Deno.test("loops that cannot be strip-mined have no plan", () => {
  const [from, to] = POINTERS;
  const step = (b: IrBuilder, slot: number) => b.set(slot, b.add(b.get(slot), b.const(1)));
  const plans = {
    "a moving address": loopOf((b) => {
      b.guestStore(b.get(from), b.get(VALUE), 0);
      step(b, from);
      goRound(b);
    }),
    "an address out of memory": loopOf((b) => {
      b.set(from, b.guestLoad(b.get(from), 2));
      goRound(b);
    }),
    "no address that moves": loopOf((b) => {
      b.set(VALUE, b.guestLoad(b.get(from), 2));
      goRound(b);
    }),
    "a step on one way only": loopOf((b) => {
      b.guestStore(b.get(from), b.get(VALUE), 0);
      step(b, to);
      b.guestStore(b.get(to), b.get(VALUE), 0);
      b.if(b.get(VALUE), () => step(b, from));
      goRound(b);
    }),
    "a helper": loopOf((b) => {
      b.guestStore(b.get(from), b.get(VALUE), 0);
      step(b, from);
      b.callVoid("test_note", b.get(from), b.get(to));
      goRound(b);
    }),
    "a sequentially consistent access": loopOf((b) => {
      b.guestStore(b.get(from), b.get(VALUE), MEMOP.SEQ_CST);
      step(b, from);
      goRound(b);
    }),
  };
  const planned = Object.entries(plans).filter(([, block]) => planStrip(block) !== null);
  assertEquals(planned.map(([name]) => name), ["a moving address"]);
});
