/**
 * Speed of the wasm backend: encoding, compiling, running. `deno bench` this file.
 */
import { EXIT } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { ModuleBuilder, type Unit } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { linkAll, siteOf } from "./testing/units.ts";
import { LOOP_STATE, loopBlock } from "./testing/loop_block.ts";

const ITERATIONS = 1_000_000;
const TABLE = 65536;
const host = new TestHost(1);
const builder = new ModuleBuilder({ helpers: host.helpers });
const word = (offset: number): number => (TEST_LAYOUT.env + offset) >>> 2;

/** `count` units of one block each, with ids from `first` and code that differs by its pc. */
function units(count: number, first: number): Unit[] {
  return Array.from({ length: count }, (_, i) => {
    const pc = 0x8000 + 32 * (first + i);
    return [siteOf(loopBlock(host.helpers, pc, pc + 64), first + i)];
  });
}

for (const count of [1, 16, 64]) {
  const made = units(count, 1);
  Deno.bench({
    name: `encode a module of ${count}`,
    group: "encode",
    fn: () => void builder.build(made),
  });
}

for (const count of [1, 16, 64]) {
  const runner = new WasmRunner(host, TABLE);
  let next = 1;
  Deno.bench({
    name: `encode, compile and instantiate a module of ${count}`,
    group: "compile",
    n: 200,
    warmup: 20,
    fn: () => {
      const made = units(count, next);
      runner.addModule(builder.build(made), made.map((unit) => unit[0].id));
      next = (next + count) % (TABLE - 100) + 1;
    },
  });
}

function prepare(): void {
  host.reset(1);
  const { i32 } = host.views;
  const { r } = LOOP_STATE;
  i32[word(r(0))] = TEST_LAYOUT.guestBase;
  i32[word(r(2))] = ITERATIONS;
  i32[word(r(5))] = 0xff8;
  i32[word(r(6))] = TEST_LAYOUT.guestBase;
  i32[word(VCPU.BUDGET)] = 0x7fff_ffff;
}

function benchLoop(name: string, made: readonly Unit[]): void {
  const runner = new WasmRunner(host, TABLE);
  runner.addModule(builder.build(made), made.map((unit) => unit[0].id));
  Deno.bench({
    name: `${ITERATIONS} iterations, ${name}`,
    group: "loop",
    fn: () => {
      prepare();
      linkAll(host, made.flat());
      const code = runner.run(host.env, 1);
      if ((code & 0x7f) !== EXIT.CHAIN) throw new Error(`exit ${code}`);
    },
  });
}

const PC = [0x8000, 0x8100] as const;
const pair = PC.map((pc, i) => siteOf(loopBlock(host.helpers, pc, PC[1 - i]), i + 1));
benchLoop("chained blocks", pair.map((site) => [site]));
benchLoop("one block as a loop", [[siteOf(loopBlock(host.helpers, PC[0]), 1)]]);
benchLoop("region of two blocks", [pair]);
