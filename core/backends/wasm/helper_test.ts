/**
 * Helpers in IR: what they compute, how they are called, and that both backends agree.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { buildHelperBodies, irHelper } from "../../ir/helper_body.ts";
import { type HelperContext, type HelperDef, HelperTable } from "../../ir/helper.ts";
import { IrBuilder, type V32, type V64 } from "../../ir/builder.ts";
import { EXIT, OP, RMW } from "../../ir/ops.ts";
import { parseBlock } from "../../ir/parser.ts";
import { printBlock } from "../../ir/printer.ts";
import { TEST_HELPERS } from "../../ir/testing/test_helpers.ts";
import { IrVerifyError, verify } from "../../ir/verifier.ts";
import { COUNTER } from "../../memory/counters.ts";
import type { MachineLayout } from "../../memory/machine_layout.ts";
import { MEMOP } from "../../memory/memop.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { InterpRunner } from "../interp/runner.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { helperModule } from "./helper_module.ts";
import { ModuleBuilder, type Unit } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { moduleText } from "./wat.ts";
import { siteOf } from "./testing/units.ts";

const PC = 0x8000;
/** State slots that tests put arguments into and take results from. */
const IN = 0x80;
const OUT = 0xc0;
const CONTEXT = { shared: TEST_LAYOUT.scratch, perVcpu: VCPU.STRATEGY, parallel: true };
const LAYOUT = {} as MachineLayout;

/** A test host whose helpers in IR are `defs`, after those in TypeScript. */
function hostWith(defs: readonly HelperDef[]): TestHost {
  return new TestHost(7, new HelperTable([...TEST_HELPERS, ...defs]));
}

/** What `emit` does with helpers `defs` on both backends, which must be the same. */
function onBoth(
  defs: readonly HelperDef[],
  emit: (b: IrBuilder) => void,
  prepare: (host: TestHost) => void = () => {},
): TestHost {
  const hosts = [hostWith(defs), hostWith(defs)];
  const results = hosts.map((host, n) => {
    prepare(host);
    const { helpers, env } = host;
    const b = new IrBuilder(helpers);
    b.begin(PC);
    b.insn(PC, 4);
    emit(b);
    b.exit(EXIT.LOOKUP);
    const block = b.finish();
    verify(block, { helpers, expanded: true });
    host.enter(block);
    if (n === 0) return new InterpRunner(host).runBlock(env, block);
    const runner = new WasmRunner(host, 4);
    runner.addModule(new ModuleBuilder({ helpers }).build([[siteOf(block, 1)]]), [1]);
    return runner.run(env, 1);
  });
  assertEquals(hosts[1].outcome(results[1]), hosts[0].outcome(results[0]));
  return hosts[1];
}

function word(host: TestHost, offset: number): number {
  return host.views.i32[(host.env + offset) >>> 2];
}

function tell(host: TestHost, offset: number, value: number): void {
  host.views.i32[(host.env + offset) >>> 2] = value;
}

function helper(
  params: readonly ("i32" | "i64")[],
  result: "i32" | "i64" | null,
  emit: (x: HelperContext) => void,
  more: Partial<Parameters<typeof irHelper>[0]> = {},
): HelperDef {
  return irHelper({ name: "in_ir", params, result, emit, ...more });
}

Deno.test("parameters arrive in order and the result comes back", () => {
  const def = helper(["i32", "i32", "i32"], "i32", ({ b }) => {
    b.ret(b.sub(b.add(b.param(0), b.shl(b.param(1), b.const(8))), b.param(2)));
  });
  const host = onBoth([def], (b) => {
    b.set(OUT, b.call("in_ir", b.get(IN), b.get(IN + 4), b.get(IN + 8)));
  }, (h) => [5, 3, 7].forEach((v, n) => tell(h, IN + 4 * n, v)));
  assertEquals(word(host, OUT), 5 + 3 * 256 - 7);
});

Deno.test("64-bit parameters and results keep both halves", () => {
  const def = helper(["i32", "i64", "i64"], "i64", ({ b }) => {
    b.ret(b.bin64("add64", b.bin64("sub64", b.param64(1), b.param64(2)), b.extendS(b.param(0))));
  });
  const host = onBoth([def], (b) => {
    b.set64(OUT, b.call64("in_ir", b.const(-1), b.const64(0, 5), b.const64(1, 2)));
  });
  assertEquals([word(host, OUT), word(host, OUT + 4)], [-2, 2]);
});

Deno.test("a helper of no parameters and no result works on state and on shared memory", () => {
  const def = helper([], null, ({ b, shared, perVcpu }) => {
    b.set(perVcpu, b.add(b.get(perVcpu), b.const(1)));
    b.atomicRmw(RMW.ADD, b.const(shared), b.const(16), 2);
    b.ret();
  });
  const start = new TestHost(7);
  const before = word(start, VCPU.STRATEGY);
  const host = onBoth([def], (b) => {
    b.callVoid("in_ir");
    b.callVoid("in_ir");
  });
  assertEquals(word(host, VCPU.STRATEGY), before + 2);
  const at = TEST_LAYOUT.scratch >>> 2;
  assertEquals(host.views.i32[at], (start.views.i32[at] + 32) | 0);
});

Deno.test("nested ifs and loops, with variables that start at 0 in every call", () => {
  // How many of 1..n are coprime to 6, by two nested loops, an `if` in an `if` and a break each.
  const def = helper(["i32"], "i32", ({ b }) => {
    const i = b.local();
    const found = b.local();
    const limit = b.add(b.param(0), b.const(0));
    b.loop(() => {
      b.set(OUT + 8, b.add(i.get(), b.const(0)));
      b.if(b.eq(i.get(), limit), () => b.break());
      i.set(b.add(i.get(), b.const(1)));
      const rest = b.local();
      rest.set(i.get());
      b.loop(() =>
        b.if(b.bin("lt_u", rest.get(), b.const(6)), () => b.break(), () => {
          rest.set(b.sub(rest.get(), b.const(6)));
        })
      );
      b.if(b.eq(rest.get(), b.const(1)), () => found.set(b.add(found.get(), b.const(1))), () => {
        b.if(b.eq(rest.get(), b.const(5)), () => found.set(b.add(found.get(), b.const(1))));
      });
    });
    b.ret(found.get());
  });
  const host = onBoth([def], (b) => {
    b.set(OUT, b.call("in_ir", b.const(20)));
    b.set(OUT + 4, b.call("in_ir", b.const(20)));
  });
  assertEquals([word(host, OUT), word(host, OUT + 4)], [7, 7]);
});

Deno.test("what a loop uses from before it lasts for every round", () => {
  const def = helper(["i32", "i64"], "i64", ({ b, perVcpu }) => {
    // A parameter, a sum, a read of state that the loop changes, and a 64-bit value.
    const a = b.param(0);
    const step = b.add(a, b.const(3));
    const once = b.get(perVcpu);
    const wide = b.param64(1);
    const n = b.local();
    const sum = b.local64();
    b.loop(() => {
      const round = b.add(n.get(), b.const(1));
      n.set(round);
      b.set(perVcpu, b.add(once, round));
      const grown = b.extendU(b.bin("mul", round, step));
      sum.set(b.bin64("add64", b.bin64("add64", sum.get(), wide), grown));
      b.if(b.eq(round, b.const(4)), () => b.ret(sum.get()));
    });
  });
  const host = onBoth([def], (b) => {
    b.set64(OUT, b.call64("in_ir", b.const(2), b.const64(1, 1)));
  });
  // 4 x (2^32 + 1) + (1 + 2 + 3 + 4) x 5
  assertEquals([word(host, OUT), word(host, OUT + 4)], [54, 4]);
});

const LOAD = 2 | MEMOP.EXCLUSIVE;

/** Gives the word at a guest address through an inline probe. */
const PROBING = helper(["i32"], "i32", ({ b }) => {
  b.ret(b.atomicLoad(b.probe(b.param(0), LOAD), 2));
}, { mayLeave: true });

Deno.test("a probe in a helper hits in the TLB, and misses into the slow path", () => {
  for (const [page, slow] of [[0, 0], [4, 1]]) {
    const address = TEST_LAYOUT.guestBase + page * 4096 + 0x20;
    const host = onBoth([PROBING], (b) => b.set(OUT, b.call("in_ir", b.const(address))));
    assertEquals(host.log.length, slow);
    assertEquals(word(host, OUT), host.views.i32[(TEST_LAYOUT.ram + page * 4096 + 0x20) >>> 2]);
  }
});

Deno.test("a fault in a helper leaves the block with the instruction's address and its state", () => {
  const address = TEST_LAYOUT.guestBase + 7 * 4096;
  const host = onBoth([PROBING], (b) => {
    b.set(IN, b.const(77));
    b.set(OUT, b.call("in_ir", b.const(address)));
    b.set(OUT + 4, b.const(1234));
  });
  assertEquals(host.log.length, 1);
  assert(host.log[0].includes(`fault pc ${PC.toString(16)}`), host.log[0]);
  assertEquals(word(host, VCPU.LEAVE), 1);
  assertEquals(word(host, IN), 77, "what the block had set before is in memory");
  assert(word(host, OUT + 4) !== 1234, "nothing after the call was run");
});

Deno.test("a helper that gives 64 bits or nothing leaves on a fault too", () => {
  const address = TEST_LAYOUT.guestBase + 7 * 4096;
  const wide = helper(["i32"], "i64", ({ b }) => {
    b.ret(b.atomicLoad64(b.probe(b.param(0), 3)));
  }, { mayLeave: true });
  const nothing = helper(["i32"], null, ({ b, perVcpu }) => {
    b.guestStore(b.param(0), b.const(1), 2);
    b.set(perVcpu, b.const(4321));
    b.ret();
  }, { mayLeave: true });
  onBoth([wide], (b) => b.set64(OUT, b.call64("in_ir", b.const(address))));
  const host = onBoth([nothing], (b) => b.callVoid("in_ir", b.const(address)));
  assert(word(host, VCPU.STRATEGY) !== 4321);
});

Deno.test("a helper calls helpers in TypeScript, and leaves when they take an exception", () => {
  const def = helper(["i32"], "i32", ({ b }) => {
    const mixed = b.call("test_mix", b.param(0), b.const(2), b.const(3));
    b.callVoid("test_leave", b.param(0));
    b.ret(b.add(mixed, b.const(1)));
  }, { mayLeave: true, state: "write" });
  for (const leaves of [0, 1]) {
    const host = onBoth([def], (b) => {
      b.set(OUT, b.call("in_ir", b.const(leaves)));
      b.set(OUT + 4, b.const(99));
    });
    assertEquals(host.log.length, 2);
    assertEquals(word(host, OUT + 4) === 99, leaves === 0);
  }
});

Deno.test("state that a helper changes is read anew after the call", () => {
  const def = helper([], null, ({ b }) => {
    b.set(IN, b.add(b.get(IN), b.const(5)));
    b.ret();
  }, { state: "write" });
  const host = onBoth([def], (b) => {
    b.set(IN, b.const(10));
    b.set(OUT, b.get(IN));
    b.callVoid("in_ir");
    b.set(OUT + 4, b.get(IN));
  });
  assertEquals([word(host, OUT), word(host, OUT + 4)], [10, 15]);
});

Deno.test("in a region, state kept in locals is in memory during the call and stale after it", () => {
  const def = helper(["i32"], "i32", ({ b }) => {
    const seen = b.get(IN);
    b.set(IN + 4, b.add(b.get(IN + 4), seen));
    b.ret(b.add(seen, b.param(0)));
  }, { state: "write" });
  const [interp, wasm] = [hostWith([def]), hostWith([def])].map((host, n) => {
    const { helpers, env } = host;
    tell(host, IN, 0);
    tell(host, IN + 4, 0);
    const b = new IrBuilder(helpers);
    b.begin(PC);
    b.insn(PC, 4);
    b.set(IN, b.add(b.get(IN), b.const(1)));
    b.set(OUT, b.call("in_ir", b.get(IN + 4)));
    b.if(b.eq(b.get(IN), b.const(10)), () => b.exit(EXIT.WFI));
    b.gotoTb(0, PC);
    const block = b.finish();
    verify(block, { helpers, expanded: true });
    if (n === 0) {
      const runner = new InterpRunner(host);
      let result = 0;
      do result = runner.runBlock(env, block); while ((result & 127) === EXIT.CHAIN);
      return host.outcome(result);
    }
    const unit: Unit = [siteOf(block, 1)];
    const runner = new WasmRunner(host, 4);
    const bytes = new ModuleBuilder({ helpers }).build([unit]);
    assert(moduleText(bytes, helpers).includes("loop"), "the block loops inside its function");
    runner.addModule(bytes, [1]);
    const result = runner.run(env, 1);
    assertEquals(word(host, IN + 4), 55);
    return host.outcome(result);
  });
  assertEquals(wasm, interp);
});

Deno.test("waiting and waking: a word that differs, a time-out, nobody to wake", () => {
  const def = helper(["i32", "i64"], "i32", ({ b, shared }) => {
    const at = b.const(shared);
    b.atomicStore(at, b.const(5), 2);
    const woken = b.atomicNotify(at, b.const(-1));
    b.spinHint();
    b.ret(b.add(b.atomicWait(at, b.param(0), b.param64(1)), b.shl(woken, b.const(8))));
  });
  const host = onBoth([def], (b) => {
    b.set(OUT, b.call("in_ir", b.const(4), b.const64(-1, -1)));
    b.set(OUT + 4, b.call("in_ir", b.const(5), b.const64(1000, 0)));
  });
  assertEquals([word(host, OUT), word(host, OUT + 4)], [1, 2]);
});

Deno.test("count adds one to the vCPU's counter", () => {
  const def = helper([], null, ({ b }) => {
    b.count(COUNTER.lockContended);
    b.ret();
  });
  const at = (host: TestHost) => ((host.env + VCPU.COUNTERS) >>> 3) + COUNTER.lockContended;
  const host = onBoth([def], (b) => {
    b.callVoid("in_ir");
    b.callVoid("in_ir");
  }, (h) => h.views.f64[at(h)] = 40);
  assertEquals(host.views.f64[at(host)], 42);
});

Deno.test("bodies print and parse", () => {
  const def = helper(["i32", "i64"], "i64", ({ b }) => {
    const n = b.local();
    const w = b.local64();
    b.loop(() => {
      b.if(b.eqz(n.get()), () => b.break(), () => w.set(b.param64(1)));
      b.loop(() => b.break());
    });
    b.atomicWait(b.param(0), n.get(), w.get());
    b.count(12);
    b.ret(w.get());
  });
  const quiet = helper([], null, ({ b }) => b.ret(), { name: "quiet" });
  const helpers = new HelperTable([def, quiet]);
  for (const body of buildHelperBodies(helpers, { ...CONTEXT, layout: LAYOUT })) {
    const text = printBlock(body!, { helpers });
    assertEquals(parseBlock(text, { helpers }), body);
  }
  assertThrows(() => parseBlock("block 0x0 insns=0 bytes=0 temps=0 {\n break\n}"), SyntaxError);
});

Deno.test("the module's text names what it calls", () => {
  const helpers = hostWith([PROBING]).helpers;
  const bodies = buildHelperBodies(helpers, { ...CONTEXT, layout: LAYOUT });
  const text = moduleText(helperModule(helpers, bodies)!, helpers);
  assert(text.includes("call slow_probe"), text);
  assertEquals(helperModule(helpers, bodies.map(() => undefined)), null);
});

const BAD: Readonly<Record<string, [HelperDef, string]>> = {
  "a parameter that it has not": [
    helper(["i32"], null, ({ b }) => {
      b.param(1);
      b.ret();
    }),
    "no such parameter",
  ],
  "a parameter of another type": [
    helper(["i64"], null, ({ b }) => {
      b.param(0);
      b.ret();
    }),
    "no such parameter",
  ],
  "a result of another type": [
    helper([], "i64", ({ b }) => b.ret(b.const(0))),
    "gives i64",
  ],
  "no result": [helper([], "i32", ({ b }) => b.ret()), "gives a value"],
  "a result that nobody asked for": [
    helper([], null, ({ b }) => b.ret(b.const(0))),
    "gives nothing",
  ],
  "a path without return": [
    helper([], null, ({ b }) => b.if(b.const(1), () => b.ret())),
    "fall off its end",
  ],
  "a block's exit": [helper([], null, ({ b }) => b.exit(EXIT.LOOKUP)), "no place in the body"],
  "an abstract operation": [
    helper([], null, ({ b }) => {
      b.clearExclusive();
      b.ret();
    }),
    "no place in the body",
  ],
  "a variable of two types": [
    helper([], null, ({ b }) => {
      b.local().set(b.const(0));
      b.emit(OP.set_local, 0, -1, b.const64(0, 0), 0, -1);
      b.ret();
    }),
    "variable 0 is i32",
  ],
  "a temporary of a loop after it": [
    helper([], "i32", ({ b }) => {
      let inside: V32 | undefined = undefined;
      b.loop(() => {
        inside = b.const(0);
        b.break();
      });
      b.ret(inside!);
    }),
    "arm that is over",
  ],
  "something after an endless loop": [
    helper([], null, ({ b }) => {
      b.loop(() => {});
      b.ret();
    }),
    "unreachable",
  ],
  "a call of itself": [
    helper([], null, ({ b }) => {
      b.callVoid("in_ir");
      b.ret();
    }),
    "no helper in IR calls another",
  ],
};

for (const [what, [def, message]] of Object.entries(BAD)) {
  Deno.test(`the verifier rejects a helper with ${what}`, () => {
    const helpers = new HelperTable([def]);
    assertThrows(
      () => buildHelperBodies(helpers, { ...CONTEXT, layout: LAYOUT }),
      IrVerifyError,
      message,
    );
  });
}

Deno.test("the verifier rejects a helper's operations in a block, and arguments of another type", () => {
  const def = helper(["i64"], "i64", ({ b }) => b.ret(b.param64(0)));
  const helpers = new HelperTable([def]);
  const check = (emit: (b: IrBuilder) => void, message: string) => {
    const b = new IrBuilder(helpers);
    b.begin(PC);
    b.insn(PC, 4);
    emit(b);
    b.exit(EXIT.LOOKUP);
    assertThrows(() => verify(b.finish(), { helpers }), IrVerifyError, message);
  };
  check((b) => b.param(0), "body of a helper only");
  check((b) => b.call64("in_ir", b.const(0)), "argument 1 must be i64");
  check((b) => b.call("in_ir", b.const64(0, 0)), "returns i64");
  const narrow: (b: IrBuilder) => V64 = (b) => b.call64("in_ir");
  check(narrow, "takes 1 arguments");
  assertThrows(
    () => helper(["i32", "i32", "i32", "i32"], null, ({ b }) => b.ret()),
    RangeError,
    "more than three",
  );
  assertThrows(() => new IrBuilder(helpers).break(), RangeError, "no loop");
});
