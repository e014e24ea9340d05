import { assertEquals } from "@std/assert";
import { IrBuilder } from "../../core/ir/builder.ts";
import { HelperTable } from "../../core/ir/helper.ts";
import type { IrBlock } from "../../core/ir/block.ts";
import { BARRIER, EXIT, INSN_WORDS, OPS } from "../../core/ir/ops.ts";
import { expandSync } from "../../core/ir/passes/expand.ts";
import { verify } from "../../core/ir/verifier.ts";
import { translateBlock } from "../../core/arm/translate/translate_block.ts";
import { ModuleBuilder } from "../../core/backends/wasm/module.ts";
import { moduleText } from "../../core/backends/wasm/wat.ts";
import { Translator } from "../../core/exec/translator.ts";
import { printBlock } from "../../core/ir/printer.ts";
import { DEFAULT_EXEC } from "../../core/machine/config.ts";
import { machineHelpers } from "../../core/machine/machine_helpers.ts";
import { syncExpansion } from "../../core/machine/vcpu_thread.ts";
import { MEMOP } from "../../core/memory/memop.ts";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import { findAtomics } from "../atomics/registry.ts";
import { plain } from "../atomics/plain.ts";
import { RAM, Rig } from "../testing/rig.ts";
import type { BarrierStrategy } from "../types.ts";
import { fence } from "./fence.ts";
import { HOST_MODEL, type HostModel, TSO, WEAK } from "./host_model.ts";
import { lockedRmw } from "./locked_rmw.ts";
import { none } from "./none.ts";
import { BARRIERS, findBarriers } from "./registry.ts";
import { sequential } from "./sequential.ts";
import { typed, typedExpansion } from "./typed.ts";

const helpers = new HelperTable([]);

/** Operations that a barrier of `kinds` becomes, and the memop of a load beside it. */
function expanded(
  { expansion }: Pick<BarrierStrategy, "expansion">,
  kinds: number,
  parallel = true,
): { ops: string[]; loadOp: number } {
  const b = new IrBuilder(helpers);
  b.begin(0x8000);
  b.insn(0x8000, 4);
  b.set(0, b.guestLoad(b.const(RAM), 2));
  b.memoryBarrier(kinds);
  b.exit(EXIT.LOOKUP);
  const context = { shared: 0, perVcpu: VCPU.STRATEGY, parallel };
  const block: IrBlock = expandSync(b.finish(), helpers, {
    atomics: plain.expansion,
    atomicsContext: context,
    barriers: expansion,
    barriersContext: context,
    leaveAfterLoadExclusive: false,
    leaveAfterStoreExclusive: false,
  });
  verify(block, { helpers, expanded: true });
  const words = Array.from(
    { length: block.code.length / INSN_WORDS },
    (_, n) => block.code.subarray(n * INSN_WORDS, (n + 1) * INSN_WORDS),
  );
  const names = words.map((word) => OPS[word[0]].name);
  const load = words[names.indexOf("guest_load")];
  return { ops: names.slice(names.indexOf("set") + 1, -1), loadOp: load[1] };
}

Deno.test("findBarriers finds every scheme", () => {
  for (const scheme of BARRIERS) assertEquals(findBarriers(scheme.name), scheme);
});

Deno.test("none and sequential emit nothing at a barrier", () => {
  assertEquals(expanded(none, BARRIER.ALL).ops, []);
  assertEquals(expanded(sequential, BARRIER.ALL).ops, []);
});

Deno.test("only sequential changes plain accesses, as declared", () => {
  for (const scheme of BARRIERS) {
    const changed = (expanded(scheme, BARRIER.ALL).loadOp & MEMOP.SEQ_CST) !== 0;
    assertEquals(changed, scheme.constraints.changesPlainAccesses, scheme.name);
  }
});

Deno.test("fence emits one fence for every kind of barrier", () => {
  assertEquals(expanded(fence, BARRIER.ALL).ops, ["fence"]);
  assertEquals(expanded(fence, BARRIER.ST_ST).ops, ["fence"]);
});

Deno.test("typed emits a fence only for what the host does not keep", () => {
  const kinds = [BARRIER.LD_LD, BARRIER.ST_LD, BARRIER.LD_ST, BARRIER.ST_ST, BARRIER.ALL];
  const fences = (model: typeof TSO) =>
    kinds.map((kind) => expanded({ expansion: typedExpansion(model) }, kind).ops.length);
  assertEquals(fences(TSO), [0, 1, 0, 0, 1]);
  assertEquals(fences(WEAK), [1, 1, 1, 1, 1]);
});

Deno.test("every barrier vanishes when no vCPU runs in parallel", () => {
  for (const scheme of BARRIERS) {
    const { ops, loadOp } = expanded(scheme, BARRIER.ALL, false);
    assertEquals([ops, loadOp & MEMOP.SEQ_CST], [[], 0], scheme.name);
  }
});

/** A block of guest code where `typed` expands barriers for `model`, and the helpers that it may call. */
function translatedFor(model: HostModel, code: readonly number[], parallel = true) {
  const strategies = {
    atomics: findAtomics("cmpxchg"),
    barriers: { ...typed, expansion: typedExpansion(model) },
  };
  const machine = machineHelpers(strategies.atomics);
  const sync = syncExpansion(strategies, { strategy: 0 }, parallel);
  const translator = new Translator(machine, sync, { ...DEFAULT_EXEC, ...sync }, true);
  const toItself = 0xeafffffe;
  const fetch = (address: number) => code[(address - 0x8000) >>> 2] ?? toItself;
  const { optimised } = translator.stages({ translate: translateBlock }, 0x8000, 0, fetch);
  return { block: optimised, helpers: machine };
}

Deno.test("an address dependency stays in the code for a weak host and is folded for a TSO host", () => {
  // ldr r1, [r0]; eor r2, r1, r1; ldr r3, [r4, r2]
  const dependent = [0xe5901000, 0xe0212001, 0xe7943002];
  const compiled = (model: HostModel, parallel: boolean) => {
    const { block, helpers } = translatedFor(model, dependent, parallel);
    const site = { block, id: 1, chainSlots: 0x1000, flags: 0 };
    const text = moduleText(new ModuleBuilder({ helpers }).build([[site]]), helpers, ["0x8000"]);
    return text.split("\n").map((line) => line.trim());
  };
  // A word that is always 0, loaded anew: no compiler can know the sum, and no processor guess it.
  const zero = `i32.load offset=0x${VCPU.BARRIER_WORD.toString(16)}`;
  const dependencies = (lines: string[]) => lines.filter((line) => line === zero).length;
  const weak = compiled(WEAK, true);
  assertEquals(dependencies(weak), 1);
  assertEquals(weak[weak.indexOf(zero) + 1], "i32.and");
  assertEquals(dependencies(compiled(TSO, true)), 0);
  assertEquals(dependencies(compiled(WEAK, false)), 0);
});

Deno.test("every scheme that keeps order by fences keeps dependencies where the host needs them", () => {
  for (const { name, constraints, expansion } of BARRIERS) {
    // locked-rmw keeps order on TSO hosts only, but is no worse for keeping what it can elsewhere.
    const fences = name !== "none" && !constraints.changesPlainAccesses;
    const needed = HOST_MODEL.usesDependencies && fences;
    assertEquals(expansion.keepsDependencies ?? false, needed, name);
  }
});

Deno.test("DMB ST asks for the order of stores only, so that typed does nothing for it on TSO", () => {
  const [dmbIshst, dmbIsh] = [0xf57ff05a, 0xf57ff05b];
  const fences = (model: HostModel, barrier: number) => {
    const { block, helpers } = translatedFor(model, [barrier]);
    return printBlock(block, { helpers }).split("\n").filter((line) => line.trim() === "fence")
      .length;
  };
  assertEquals([fences(TSO, dmbIshst), fences(TSO, dmbIsh)], [0, 1]);
  assertEquals([fences(WEAK, dmbIshst), fences(WEAK, dmbIsh)], [1, 1]);
});

for (const barriers of BARRIERS) {
  for (const backend of ["interp", "wasm"] as const) {
    Deno.test(`${barriers.name} runs on ${backend} and changes nothing of the guest's`, () => {
      const rig = new Rig({ atomics: plain, barriers, backend, parallel: true });
      rig.poke(RAM, 4, 5n);
      rig.run(0, (b) => {
        b.memoryBarrier(BARRIER.ALL);
        b.guestStore(b.const(RAM), b.add(b.guestLoad(b.const(RAM), 2), b.const(1)), 2);
        b.memoryBarrier(BARRIER.ALL | BARRIER.DSB);
      });
      assertEquals(rig.peek(RAM, 4), 6n);
      assertEquals(rig.views.i32[(rig.layout.vcpu + VCPU.BARRIER_WORD) >>> 2], 0);
    });
  }
}

Deno.test("locked-rmw works on the vCPU's own barrier word", () => {
  const { ops } = expanded(lockedRmw, BARRIER.ALL);
  assertEquals(ops, ["get", "const", "add", "const", "atomic_rmw"]);
});
