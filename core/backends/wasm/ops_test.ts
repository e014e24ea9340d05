/**
 * Every operation that computes, on corner operands, against the interpreter; memory operations in
 * all their variants.
 */
import { assertEquals } from "@std/assert";
import { IrBuilder } from "../../ir/builder.ts";
import type { IrBlock } from "../../ir/block.ts";
import { EXIT, OP, OPS } from "../../ir/ops.ts";
import { MEMOP } from "../../memory/memop.ts";
import { InterpRunner } from "../interp/runner.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { ModuleBuilder } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { siteOf } from "./testing/units.ts";

const CORNERS = [0, 1, 2, 31, 32, 33, 63, 64, 0x7f, 0x80, 0xff, 0x8000, 0xffff, 0x12345678]
  .concat([0x7fffffff, -0x80000000, -0x7fffffff, -1, -2, -8, -256]);
const PC = 0x8000;
/** Slots of the operands (64-bit ones take two) and of the result. */
const A = 0, B = 8, C = 16, RESULT = 24;

/** Both backends on equal hosts. */
class Pair {
  readonly #interpHost = new TestHost(1);
  readonly wasmHost = new TestHost(1);
  readonly #interp = new InterpRunner(this.#interpHost);
  readonly #builder = new ModuleBuilder(this.wasmHost);
  readonly #runner = new WasmRunner(this.wasmHost, 4);

  load(block: IrBlock): void {
    this.#runner.removeAll();
    this.#runner.addModule(this.#builder.build([[siteOf(block, 1)]]), [1]);
  }

  check(block: IrBlock, words: readonly number[], about: string): void {
    const outcomes = [this.#interpHost, this.wasmHost].map((host) => {
      host.reset(1);
      host.views.i32.set(words, host.env >>> 2);
      host.enter(block);
      return host;
    }).map((host) =>
      host.outcome(
        host === this.wasmHost
          ? this.#runner.run(host.env, 1)
          : this.#interp.runBlock(host.env, block),
      )
    );
    assertEquals(outcomes[1], outcomes[0], `${about} on ${words}`);
  }
}

function build(pair: Pair, emit: (b: IrBuilder) => void): IrBlock {
  const b = new IrBuilder(pair.wasmHost.helpers);
  b.begin(PC);
  b.insn(PC, 4);
  emit(b);
  b.exit(EXIT.WFI);
  return b.finish();
}

/** A block that applies one pure operation to the operand slots. */
function apply(pair: Pair, op: number): IrBlock {
  const row = OPS[op];
  return build(pair, (b) => {
    const operands = [A, B, C].map((slot, i) =>
      row.args[i] === undefined ? -1 : row.args[i] === "i64" ? b.get64(slot) : b.get(slot)
    );
    if (row.dst === "i64") {
      const dst = b.temp64();
      b.emit(op, 0, dst, operands[0], operands[1], operands[2]);
      b.set64(RESULT, dst);
    } else {
      const dst = b.temp32();
      b.emit(op, 0, dst, operands[0], operands[1], operands[2]);
      b.set(RESULT, dst);
    }
  });
}

const COMPUTING = OPS.map((_, op) => op).filter((op) =>
  OPS[op].pure && op !== OP.const && op !== OP.const64 && !OPS[op].name.startsWith("vec")
);

for (const op of COMPUTING) {
  Deno.test(`${OPS[op].name} agrees with interp on corner operands`, () => {
    const pair = new Pair();
    const block = apply(pair, op);
    pair.load(block);
    for (const a of CORNERS) {
      for (const b of OPS[op].args.length === 1 ? [0] : CORNERS) {
        // High halves vary along, so that 64-bit operations see carries and signs.
        pair.check(block, [a, b ^ a >> 3, b, a, b ^ a, -1], OPS[op].name);
      }
    }
  });
}

Deno.test("guest accesses agree with interp in every size, sign, order and alignment", () => {
  const pair = new Pair();
  for (let size = 0; size <= 3; size++) {
    for (const flags of [0, MEMOP.SIGN, MEMOP.BIG_ENDIAN, MEMOP.SIGN | MEMOP.BIG_ENDIAN]) {
      for (const extra of [0, 1 << MEMOP.ALIGN_SHIFT, 2 << MEMOP.ALIGN_SHIFT, MEMOP.SEQ_CST]) {
        const memop = size | flags | extra | 1 << MEMOP.MMU_SHIFT;
        const block = build(pair, (b) => {
          const address = b.get(A);
          if (size === 3) {
            b.set64(RESULT, b.guestLoad64(address, memop));
            b.guestStore64(b.add(address, b.const(0x1000)), b.get64(B), memop);
          } else {
            b.set(RESULT, b.guestLoad(address, memop));
            b.guestStore(b.add(address, b.const(0x1000)), b.get(B), memop);
          }
        });
        pair.load(block);
        const step = extra === MEMOP.SEQ_CST ? 1 << size : 1;
        for (let offset = 0; offset < 8; offset += step) {
          for (const at of [0x100, 0xff8, 0x4000, 0x6000]) {
            const address = TEST_LAYOUT.guestBase + at + offset;
            pair.check(block, [address, 0, 0x80c0e0f0, 0x91a2b3c4], `memop ${memop.toString(16)}`);
          }
        }
      }
    }
  }
});

Deno.test("host accesses and atomics agree with interp in every size", () => {
  const pair = new Pair();
  const target = TEST_LAYOUT.scratch + 8;
  for (let size = 0; size <= 2; size++) {
    for (const expected of [0, 1, -1]) {
      const block = build(pair, (b) => {
        const at = b.const(target);
        const fresh = b.get(B);
        b.set(RESULT, b.hostLoad(at, size | 4));
        for (let rmw = 0; rmw <= 5; rmw++) {
          b.set(RESULT + 4 + 4 * rmw, b.atomicRmw(rmw as 0 | 1 | 2 | 3 | 4 | 5, at, fresh, size));
        }
        // Succeeds, or not: only the low bits of the expected value count.
        const old = b.or(b.atomicLoad(at, size), b.shl(b.const(expected), b.const(8 << size)));
        b.set(60, b.atomicCas(at, b.add(old, b.get(C)), b.const(0x5a5a5a5a), size));
        b.atomicStore(b.add(at, b.const(8)), fresh, size);
        b.hostStore(b.add(at, b.const(17)), fresh, size);
      });
      pair.load(block);
      for (const c of [0, 1]) pair.check(block, [0, 0, 0x89abcdef, 0, c], `size ${size}`);
    }
  }
});
