/**
 * Flags that are put off, against the reference interpreter: in random regions that set them in all
 * ways, read them, and show the state to slow paths and helpers.
 */
import { assert, assertEquals } from "@std/assert";
import { ARM } from "../../arm/state.ts";
import type { IrBlock } from "../../ir/block.ts";
import { IrBuilder, type V32 } from "../../ir/builder.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { testHelperTable } from "../../ir/testing/test_helpers.ts";
import { FLAG_PAIR } from "../../memory/vcpu_layout.ts";
import { TEST_LAYOUT } from "../testing/host.ts";
import { FLAGS, flagsAtHeads, planFlags } from "./flag_plan.ts";
import { unitEdges } from "./region_plan.ts";
import { Comparison } from "./testing/comparison.ts";
import { siteOf } from "./testing/units.ts";

const { carry: C, overflow: V } = FLAG_PAIR;
const REGISTERS = [0, 4, 8, 12, 16];
const NEGATIVE = 0x40;
const PC = 0x8000;
const HELPERS = testHelperTable();

/** Sets both flags as the front end does for x - y; gives the difference. */
function subtract(b: IrBuilder, x: V32, y: V32): V32 {
  const r = b.sub(x, y);
  b.set(C, b.bin("le_u", y, x));
  b.set(V, b.and(b.xor(x, y), b.xor(x, r)));
  return r;
}

/** The same for x + y. */
function add(b: IrBuilder, x: V32, y: V32): V32 {
  const r = b.add(x, y);
  b.set(C, b.bin("lt_u", r, x));
  b.set(V, b.and(b.xor(x, r), b.xor(y, r)));
  return r;
}

function blockOf(pc: number, body: (b: IrBuilder) => void): IrBlock {
  const b = new IrBuilder(HELPERS);
  b.begin(pc);
  b.insn(pc, 4);
  body(b);
  return b.finish();
}

/** Random statements about flags. */
class RandomFlags {
  readonly #rng: Rng;
  readonly #b: IrBuilder;

  constructor(rng: Rng, b: IrBuilder) {
    this.#rng = rng;
    this.#b = b;
  }

  emit(targets: readonly number[]): void {
    const rng = this.#rng;
    const b = this.#b;
    for (let n = rng.below(6); n > 0; n--) this.#statement(0);
    const condition = rng.chance(0.5) ? this.#flag() : this.#register();
    if (rng.chance(0.3)) this.#difference();
    b.if(b.and(condition, b.const(rng.pick([1, -0x80000000, 6]))), () => {
      if (rng.chance(0.2)) this.#statement(1);
      b.gotoTb(0, rng.pick(targets));
    });
    if (rng.chance(0.3)) this.#statement(0);
    b.gotoTb(1, rng.pick(targets));
  }

  #register(): V32 {
    return this.#b.get(this.#rng.pick(REGISTERS));
  }

  #flag(): V32 {
    const b = this.#b;
    // V is the sign of its word.
    return this.#rng.chance(0.5) ? b.get(C) : b.shrS(b.get(V), b.const(31));
  }

  #constant(): V32 {
    return this.#b.const(this.#rng.pick([0, 1, 2, 255, -1, 0x7fffffff, -0x80000000]));
  }

  #difference(): void {
    const rng = this.#rng;
    const b = this.#b;
    const y = rng.chance(0.5) ? this.#constant() : this.#register();
    const r = subtract(b, this.#register(), y);
    b.set(NEGATIVE, r);
    if (rng.chance(0.4)) b.set(rng.pick(REGISTERS), r);
  }

  #statement(depth: number): void {
    const rng = this.#rng;
    const b = this.#b;
    switch (rng.below(depth === 0 ? 11 : 9)) {
      case 0:
      case 1:
        return this.#difference();
      case 2:
        return b.set(
          rng.pick(REGISTERS),
          add(b, this.#register(), rng.chance(0.7) ? this.#constant() : this.#register()),
        );
      case 3:
        b.set(C, b.const(1));
        return b.set(V, b.const(0));
      case 4:
        return b.set(rng.pick([C, V]), b.and(this.#register(), b.const(1)));
      case 5:
        return b.set(rng.pick(REGISTERS), b.xor(this.#register(), this.#flag()));
      case 6:
      case 7:
        return this.#access();
      case 8:
        b.call(rng.pick(["test_read", "test_write"]), this.#register(), this.#constant());
        return;
      default:
        return b.if(this.#register(), () => this.#statement(1));
    }
  }

  #access(): void {
    const rng = this.#rng;
    const b = this.#b;
    const mask = b.const(TEST_LAYOUT.guestMask & ~3);
    const address = b.add(b.and(this.#register(), mask), b.const(TEST_LAYOUT.guestBase));
    if (rng.chance(0.5)) b.set(rng.pick(REGISTERS), b.guestLoad(address, 2));
    else b.guestStore(address, this.#register(), 2);
  }
}

function randomBlocks(seed: number, count: number): IrBlock[] {
  const rng = new Rng(seed);
  const pcs = Array.from({ length: count }, (_, i) => PC + 0x20 * i);
  return pcs.map((pc) => blockOf(pc, (b) => new RandomFlags(rng, b).emit([...pcs, 0x9000])));
}

Deno.test("flags that are put off are what interp has", () => {
  const comparison = new Comparison();
  let operands = 0;
  let either = 0;
  for (let seed = 1; seed <= 3000; seed++) {
    const sites = randomBlocks(seed, 1 + seed % 5).map((block, i) => siteOf(block, i + 1));
    const units = [sites, ...sites.slice(1).map((site) => [site])];
    const plans = sites.map(({ block }) => planFlags(block, HELPERS.defs));
    const heads = flagsAtHeads(unitEdges(sites), plans);
    if (heads.includes(FLAGS.OPERANDS)) operands++;
    if (heads.includes(FLAGS.EITHER)) either++;
    comparison.check(seed, sites, units, seed % 40);
  }
  assert(operands > 100, `${operands} regions have blocks that begin with operands`);
  assert(either > 500, `${either} regions have blocks that begin with either`);
});

Deno.test("planFlags takes subtractions, and additions of constants, for what they are", () => {
  const found = (body: (b: IrBuilder) => void) =>
    planFlags(blockOf(PC, (b) => (body(b), b.gotoTb(0, PC))), HELPERS.defs);
  const sources = (body: (b: IrBuilder) => void) => found(body).sources.size;
  assertEquals(sources((b) => subtract(b, b.get(0), b.get(4))), 1);
  assertEquals(sources((b) => subtract(b, b.get(0), b.const(7))), 1);
  assertEquals(sources((b) => add(b, b.get(0), b.const(7))), 1);
  assertEquals(sources((b) => add(b, b.get(0), b.get(4))), 0);
  // x + 0 never carries, and the negative of the least number is itself.
  assertEquals(sources((b) => add(b, b.get(0), b.const(0))), 0);
  assertEquals(sources((b) => add(b, b.get(0), b.const(-0x80000000))), 0);
  assertEquals(
    sources((b) => {
      b.set(C, b.bin("le_u", b.get(4), b.get(0)));
      b.set(V, b.get(8));
    }),
    0,
  );
  assertEquals(
    sources((b) => {
      const [x, y, r] = [b.get(0), b.get(4), b.get(8)];
      b.set(C, b.bin("le_u", y, x));
      b.set(V, b.and(b.xor(x, y), b.xor(x, r)));
    }),
    0,
  );
});

Deno.test("planFlags says what the flags' locals hold at each way out", () => {
  const exits = (body: (b: IrBuilder) => void) =>
    planFlags(blockOf(PC, body), HELPERS.defs).exits.map(({ flags }) => flags);
  assertEquals(exits((b) => b.gotoTb(0, PC)), [null]);
  assertEquals(
    exits((b) => {
      b.if(b.get(0), () => b.gotoTb(1, PC + 8));
      subtract(b, b.get(0), b.get(4));
      b.if(b.get(0), () => b.gotoTb(0, PC));
      b.set(C, b.get(8));
      b.gotoPtr();
    }),
    [null, FLAGS.OPERANDS, FLAGS.VALUES],
  );
  assertEquals(
    exits((b) => {
      subtract(b, b.get(0), b.get(4));
      b.if(b.get(0), () => {
        subtract(b, b.get(8), b.get(4));
      });
      b.gotoTb(0, PC);
    }),
    [FLAGS.VALUES],
  );
});

Deno.test("the front end's flags are the pair", () => {
  assertEquals([ARM.CF, ARM.VF], [FLAG_PAIR.carry, FLAG_PAIR.overflow]);
});
