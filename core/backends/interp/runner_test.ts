import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InterpRunner } from "./runner.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import type { IrBlock } from "../../ir/block.ts";
import { IrBuilder } from "../../ir/builder.ts";
import { EXIT, OP, OPS } from "../../ir/ops.ts";
import { parseBlock } from "../../ir/parser.ts";
import { verify } from "../../ir/verifier.ts";
import { EXIT_REQUESTED, VCPU } from "../../memory/vcpu_layout.ts";

const host = new TestHost(1);
const runner = new InterpRunner(host);
const { env, scratch, ram, guestBase } = TEST_LAYOUT;
const { i32, u8 } = host.views;

function block(lines: string, head = "insns=0 bytes=0"): IrBlock {
  const text = `block 0x8000 ${head} temps=20 {\n${lines}\n}`;
  const parsed = parseBlock(text, { helpers: host.helpers });
  verify(parsed, { helpers: host.helpers, expanded: true });
  return parsed;
}

/** Runs a block from its head. */
function runBlock(block: IrBlock): number {
  host.enter(block);
  return runner.runBlock(env, block);
}

/** Runs lines that leave their result in v9 or w9; returns it unsigned. */
function value(lines: string, wide = false): bigint {
  const set = wide ? "set64 state[0x0], w9" : "set state[0x0], v9";
  assertEquals(runBlock(block(`${lines}\n${set}\ngoto_ptr`)), EXIT.LOOKUP);
  const low = BigInt(i32[env >>> 2] >>> 0);
  return wide ? low | BigInt(i32[(env >>> 2) + 1] >>> 0) << 32n : low;
}

function temps(values: readonly (bigint | number)[], types: readonly string[]): string {
  return values.map((x, i) =>
    types[i] === "i64"
      ? `w${i} = const64 0x${BigInt.asUintN(64, BigInt(x)).toString(16)}`
      : `v${i} = const 0x${BigInt.asUintN(32, BigInt(x)).toString(16)}`
  ).join("\n");
}

/** One pure operation on constants. */
function pure(name: string, args: readonly (bigint | number)[]): bigint {
  const row = OPS[OP[name]];
  const operands = row.args.map((t, i) => `${t === "i64" ? "w" : "v"}${i}`).join(", ");
  const wide = row.dst === "i64";
  const line = `${wide ? "w" : "v"}9 = ${name} ${operands}`;
  return value(`${temps(args, row.args)}\n${line}`, wide);
}

const MIN = 0x80000000, MAX = 0x7fffffff, ALL = 0xffffffff;
const PURE: readonly [string, readonly (number | bigint)[], number | bigint][] = [
  ["select", [1, 7, 8], 7],
  ["select", [0, 7, 8], 8],
  ["select", [MIN, 7, 8], 7],
  ["add", [ALL, 2], 1],
  ["sub", [1, 2], ALL],
  ["mul", [0x12345678, 0x9abcdef0], 0x242d2080],
  ["div_u", [ALL, 2], MAX],
  ["div_u", [5, 0], 0],
  ["div_s", [-7, 2], 0xfffffffd],
  ["div_s", [5, 0], 0],
  ["div_s", [MIN, -1], MIN],
  ["and", [0xff00ff00, 0x0ff00ff0], 0x0f000f00],
  ["or", [0xf0, 0x0f], 0xff],
  ["xor", [0xff, 0x0f], 0xf0],
  ["shl", [1, 31], MIN],
  ["shl", [1, 33], 2],
  ["shr_u", [MIN, 31], 1],
  ["shr_u", [ALL, 32], ALL],
  ["shr_s", [MIN, 31], ALL],
  ["shr_s", [MIN, 63], ALL],
  ["rotr", [0x80000001, 1], 0xc0000000],
  ["rotr", [0x12345678, 0], 0x12345678],
  ["rotr", [0x12345678, 36], 0x81234567],
  ["clz", [0], 32],
  ["clz", [1], 31],
  ["clz", [MIN], 0],
  ["sext8", [0x17f], 0x7f],
  ["sext8", [0x80], 0xffffff80],
  ["sext16", [0x18000], 0xffff8000],
  ["sext16", [0x7fff], 0x7fff],
  ["bswap", [0x12345678], 0x78563412],
  ["bswap", [0x000000ff], 0xff000000],
  ["eqz", [0], 1],
  ["eqz", [MIN], 0],
  ["eq", [5, 5], 1],
  ["eq", [5, 6], 0],
  ["ne", [5, 5], 0],
  ["ne", [5, 6], 1],
  ["lt_u", [1, ALL], 1],
  ["lt_u", [ALL, 1], 0],
  ["lt_u", [1, 1], 0],
  ["lt_s", [-1, 1], 1],
  ["lt_s", [MAX, MIN], 0],
  ["le_u", [1, 1], 1],
  ["le_u", [ALL, 1], 0],
  ["le_s", [MIN, MAX], 1],
  ["le_s", [1, -1], 0],
  ["le_s", [3, 3], 1],
  ["concat", [0x11111111, 0xf2222222], 0xf222222211111111n],
  ["lo", [0xf222222211111111n], 0x11111111],
  ["hi", [0xf222222211111111n], 0xf2222222],
  ["extend_u", [-1], 0xffffffffn],
  ["extend_s", [-1], 0xffffffffffffffffn],
  ["extend_s", [MAX], 0x7fffffffn],
  ["eq64", [1n << 32n, 1n << 32n], 1],
  ["eq64", [1n << 32n, 0n], 0],
  ["lt_s64", [-1n, 0n], 1],
  ["lt_s64", [1n << 32n, 0xffffffffn], 0],
  ["lt_s64", [0xffffffffn, 1n << 32n], 1],
];

for (const [name, args, expected] of PURE) {
  const show = args.map((x) => x.toString(16)).join(", ");
  Deno.test(`interp ${name} of ${show} is right`, () => {
    assertEquals(pure(name, args), BigInt(expected));
  });
}

Deno.test("interp 64-bit arithmetic agrees with BigInt", () => {
  const reference: Record<string, (a: bigint, b: bigint) => bigint> = {
    add64: (a, b) => a + b,
    sub64: (a, b) => a - b,
    mul64: (a, b) => a * b,
    and64: (a, b) => a & b,
    or64: (a, b) => a | b,
    xor64: (a, b) => a ^ b,
    shl64: (a, b) => a << (b & 63n),
    shr_u64: (a, b) => BigInt.asUintN(64, a) >> (b & 63n),
    shr_s64: (a, b) => BigInt.asIntN(64, a) >> (b & 63n),
    lt_s64: (a, b) => BigInt.asIntN(64, a) < BigInt.asIntN(64, b) ? 1n : 0n,
  };
  const corner = fc.constantFrom(
    0n,
    1n,
    31n,
    32n,
    33n,
    63n,
    -1n,
    1n << 63n,
    0xffffffffn,
    1n << 32n,
  );
  const word = fc.oneof(corner, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));
  for (const [name, expected] of Object.entries(reference)) {
    fc.assert(
      fc.property(word, word, (a, b) => {
        assertEquals(pure(name, [a, b]), BigInt.asUintN(64, expected(a, b)), name);
      }),
      { numRuns: 60 },
    );
  }
});

Deno.test("interp constants keep all their bits", () => {
  assertEquals(value("v9 = const 0x80000001"), 0x80000001n);
  assertEquals(value("w9 = const64 0x8000000180000002", true), 0x8000000180000002n);
});

Deno.test("interp get, set, get64 and set64 use the state slots", () => {
  host.reset(1);
  runner.runBlock(
    env,
    block(
      "w0 = const64 0x1122334455667788\nset64 state[0x10], w0\nv1 = get state[0x14]\n" +
        "set state[0x18], v1\nw2 = get64 state[0x14]\nset64 state[0x20], w2\ngoto_ptr",
    ),
  );
  const words = [0x10, 0x14, 0x18, 0x20, 0x24].map((o) => i32[(env + o) >>> 2]);
  assertEquals(words, [0x55667788, 0x11223344, 0x11223344, 0x11223344, 0x11223344]);
});

Deno.test("interp if runs the right arm", () => {
  const lines = (cond: number) =>
    `v0 = const ${cond}\nv1 = const 10\nset state[0x8], v1\nif v0 {\nv2 = const 20\n` +
    `set state[0x4], v2\n} else {\nv3 = const 30\nset state[0x4], v3\n}\n` +
    `v4 = eqz v0\nif v4 {\nv5 = const 40\nset state[0x8], v5\n}\nv9 = get state[0x4]`;
  assertEquals(value(lines(1)), 20n);
  assertEquals(i32[(env + 8) >>> 2], 10);
  assertEquals(value(lines(0)), 30n);
  assertEquals(i32[(env + 8) >>> 2], 40);
});

Deno.test("interp terminators give their EXIT codes", () => {
  assertEquals(runBlock(block("goto_ptr")), EXIT.LOOKUP);
  assertEquals(runBlock(block("exit WFI")), EXIT.WFI);
  assertEquals(runBlock(block("goto_tb 0x8010, 0")), EXIT.CHAIN);
  assertEquals(i32[(env + VCPU.PC) >>> 2], 0x8010);
  assertEquals(runBlock(block("goto_tb 0x8020, 1")), EXIT.CHAIN | 1 << 7);
  assertEquals(i32[(env + VCPU.PC) >>> 2], 0x8020);
  const early = "v0 = const 1\nif v0 {\nexit YIELD\n}\nexit WFE";
  assertEquals(runBlock(block(early)), EXIT.YIELD);
});

Deno.test("interp prologue counts the budget and honours exit requests", () => {
  host.reset(1);
  const two = block("insn 0x8000, 4, 0\ninsn 0x8004, 4, 0\nexit WFI", "insns=2 bytes=8");
  const budget = (env + VCPU.BUDGET) >>> 2;
  i32[budget] = 2;
  assertEquals(runBlock(two), EXIT.WFI);
  assertEquals(i32[budget], 0);
  i32[budget] = 1;
  assertEquals(runBlock(two), EXIT.INTERRUPTED);
  assertEquals([i32[budget], i32[(env + VCPU.PC) >>> 2]], [1, 0x8000]);
  i32[budget] = 100;
  i32[(env + VCPU.EXIT_REQUEST) >>> 2] = EXIT_REQUESTED;
  assertEquals(runBlock(two), EXIT.INTERRUPTED);
  assertEquals(i32[budget], 100);
  host.reset(1);
});

Deno.test("interp host accesses have every size, sign and alignment", () => {
  host.reset(2);
  i32[scratch >>> 2] = 0x80828486 | 0;
  i32[(scratch >>> 2) + 1] = 0x11223344;
  const at = (offset: number, op: string) => value(`v0 = const ${scratch + offset}\nv9 = ${op} v0`);
  assertEquals(at(1, "host_load.u8"), 0x84n);
  assertEquals(at(1, "host_load.s8"), 0xffffff84n);
  assertEquals(at(2, "host_load.u16"), 0x8082n);
  assertEquals(at(2, "host_load.s16"), 0xffff8082n);
  assertEquals(at(3, "host_load.u16"), 0x4480n);
  assertEquals(at(3, "host_load.s16"), 0x4480n);
  assertEquals(at(0, "host_load.u32"), 0x80828486n);
  assertEquals(at(1, "host_load.u32"), 0x44808284n);
  assertEquals(at(3, "atomic_load.u8"), 0x80n);
  assertEquals(at(2, "atomic_load.u16"), 0x8082n);
  assertEquals(at(0, "atomic_load.u32"), 0x80828486n);
  const wide = (offset: number, op: string) =>
    value(`v0 = const ${scratch + offset}\nw9 = ${op}.u64 v0`, true);
  assertEquals(wide(0, "host_load64"), 0x1122334480828486n);
  assertEquals(wide(0, "atomic_load64"), 0x1122334480828486n);
  i32[(scratch >>> 2) + 2] = 0x55;
  assertEquals(wide(1, "host_load64"), 0x5511223344808284n);
});

Deno.test("interp host stores write exactly their bytes", () => {
  const bytes = (op: string, offset: number) => {
    u8.fill(0, scratch, scratch + 16);
    value(
      `v0 = const ${scratch + offset}\nv1 = const 0x91929394\nw2 = const64 0xa1a2a3a4a5a6a7a8\n` +
        `${op}\nv9 = const 0`,
    );
    return Array.from(u8.slice(scratch, scratch + 10));
  };
  const w = [0xa8, 0xa7, 0xa6, 0xa5, 0xa4, 0xa3, 0xa2, 0xa1];
  for (const kind of ["host", "atomic"]) {
    assertEquals(bytes(`${kind}_store.u8 v0, v1`, 1), [0, 0x94, 0, 0, 0, 0, 0, 0, 0, 0]);
    assertEquals(bytes(`${kind}_store.u16 v0, v1`, 2), [0, 0, 0x94, 0x93, 0, 0, 0, 0, 0, 0]);
    assertEquals(bytes(`${kind}_store.u32 v0, v1`, 4), [
      ...[0, 0, 0, 0, 0x94, 0x93, 0x92, 0x91, 0, 0],
    ]);
    assertEquals(bytes(`${kind}_store64.u64 v0, w2`, 0), [...w, 0, 0]);
  }
  assertEquals(bytes("host_store.u16 v0, v1", 3), [0, 0, 0, 0x94, 0x93, 0, 0, 0, 0, 0]);
  assertEquals(bytes("host_store.u32 v0, v1", 1), [0, 0x94, 0x93, 0x92, 0x91, 0, 0, 0, 0, 0]);
  assertEquals(bytes("host_store64.u64 v0, w2", 1), [0, ...w, 0]);
});

Deno.test("interp atomic_rmw returns the old value and stores the new one", () => {
  const run = (op: string, old: number, operand: number) => {
    i32[scratch >>> 2] = old;
    const got = value(
      `v0 = const ${scratch}\nv1 = const 0x${(operand >>> 0).toString(16)}\n` +
        `v9 = atomic_rmw.${op} v0, v1\nfence`,
    );
    return [Number(got), i32[scratch >>> 2] >>> 0];
  };
  assertEquals(run("add.u32", -1, 2), [0xffffffff, 1]);
  assertEquals(run("sub.u16", 0x10001, 2), [1, 0x1ffff]);
  assertEquals(run("and.u8", 0x12ff, 0xf0f), [0xff, 0x120f]);
  assertEquals(run("or.u32", 0xf0, 0x0f), [0xf0, 0xff]);
  assertEquals(run("xor.u32", 0xff, 0x0f), [0xff, 0xf0]);
  assertEquals(run("xchg.u16", 0x7777ffff, 0x12345678), [0xffff, 0x77775678]);
});

Deno.test("interp atomic_cas compares the low bits and stores on a match", () => {
  const run = (op: string, old: number, expected: string) => {
    i32[scratch >>> 2] = old;
    const got = value(
      `v0 = const ${scratch}\nv1 = const ${expected}\nv2 = const 0x99aabbcc\n` +
        `v9 = atomic_cas.${op} v0, v1, v2`,
    );
    return [Number(got), i32[scratch >>> 2] >>> 0];
  };
  assertEquals(run("u32", 5, "5"), [5, 0x99aabbcc]);
  assertEquals(run("u32", -1, "0xffffffff"), [0xffffffff, 0x99aabbcc]);
  assertEquals(run("u32", 5, "6"), [5, 5]);
  assertEquals(run("u16", 0x18001, "0xffff8001"), [0x8001, 0x1bbcc]);
  assertEquals(run("u8", 0x1ff, "-1"), [0xff, 0x1cc]);
  assertEquals(run("u8", 0x1ff, "0x1fe"), [0xff, 0x1ff]);
});

Deno.test("interp atomic_cas64 compares all 64 bits", () => {
  const run = (expected: string) => {
    host.views.u64[scratch / 8] = 0x8000000000000001n;
    const got = value(
      `v0 = const ${scratch}\nw1 = const64 ${expected}\nw2 = const64 0xffffffff00000002\n` +
        `w9 = atomic_cas64.u64 v0, w1, w2`,
      true,
    );
    return [got, host.views.u64[scratch / 8]];
  };
  assertEquals(run("0x8000000000000001"), [0x8000000000000001n, 0xffffffff00000002n]);
  assertEquals(run("0x0000000000000001"), [0x8000000000000001n, 0x8000000000000001n]);
});

Deno.test("interp guest accesses hit the softmmu TLB and swap big-endian data", () => {
  host.reset(3);
  i32[(ram + 0x10) >>> 2] = 0x80828486 | 0;
  i32[(ram + 0x14) >>> 2] = 0x11223344;
  const load = (op: string, offset = 0x10) =>
    value(`v0 = const ${guestBase + offset}\nv9 = guest_load.${op} v0`);
  assertEquals(load("u32"), 0x80828486n);
  assertEquals(load("u32.seq"), 0x80828486n);
  assertEquals(load("u32.be"), 0x86848280n);
  assertEquals(load("s16.be"), 0xffff8684n);
  assertEquals(load("s16.be.seq.mmu1"), 0xffff8684n);
  assertEquals(load("s8.seq"), 0xffffff86n);
  assertEquals(load("u16", 0x13), 0x4480n);
  assertEquals(load("u32.seq", 0x11), 0x44808284n);
  const load64 = (op: string) =>
    value(`v0 = const ${guestBase + 0x10}\nw9 = guest_load64.${op} v0`, true);
  assertEquals(load64("u64"), 0x1122334480828486n);
  assertEquals(load64("u64.seq"), 0x1122334480828486n);
  assertEquals(load64("u64.be"), 0x8684828044332211n);
  const store = (op: string, offset = 0x20) => {
    u8.fill(0, ram + 0x20, ram + 0x30);
    value(
      `v0 = const ${guestBase + offset}\nv1 = const 0x91929394\nw2 = const64 0xa1a2a3a4a5a6a7a8\n` +
        `guest_store${op}\nv9 = const 0`,
    );
    return Array.from(u8.slice(ram + 0x20, ram + 0x29));
  };
  assertEquals(store(".u8 v0, v1", 0x21), [0, 0x94, 0, 0, 0, 0, 0, 0, 0]);
  assertEquals(store(".u16.be v0, v1", 0x21), [0, 0x93, 0x94, 0, 0, 0, 0, 0, 0]);
  assertEquals(store(".u32.be.seq v0, v1"), [0x91, 0x92, 0x93, 0x94, 0, 0, 0, 0, 0]);
  const big = [0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8];
  assertEquals(store("64.u64.be v0, w2"), [...big, 0]);
  assertEquals(store("64.u64.seq v0, w2"), [...big.toReversed(), 0]);
  assertEquals(store("64.u64 v0, w2", 0x21), [0, ...big.toReversed()]);
  assertEquals(host.log, []);
});

Deno.test("interp guest accesses that the TLB cannot serve go to the slow path", () => {
  const first = (access: string, address: number) => {
    host.reset(4);
    runBlock(
      block(`insn 0x8004, 4, 0\nv0 = const ${address}\n${access}\ngoto_ptr`, "insns=1 bytes=4"),
    );
    return host.log[0]?.replace(/ [0-9a-f]+\/[0-9a-f]+$/, "");
  };
  const load = "v1 = guest_load.u32 v0";
  assertEquals(first(load, guestBase + 0xffd), "slow load 100ffd mmu0 ram pc 8004");
  assertEquals(first(load, guestBase + 0xffc), undefined);
  assertEquals(first(load, guestBase + 0x4000), "slow load 104000 mmu0 ram pc 8004");
  assertEquals(
    first("v1 = guest_load.u16.align2 v0", guestBase + 1),
    "slow load 100001 mmu0 ram pc 8004",
  );
  assertEquals(first("v1 = guest_load.u16.align2 v0", guestBase + 2), undefined);
  assertEquals(
    first("v1 = guest_load.u32.align2 v0", guestBase + 0xffe),
    "slow load 100ffe mmu0 ram pc 8004",
  );
  assertEquals(first("v1 = guest_load.u32.align2 v0", guestBase + 0x12), undefined);
  assertEquals(
    first("w1 = guest_load64.u64.align4 v0", guestBase + 0xffc),
    "slow load 100ffc mmu0 ram pc 8004",
  );
  assertEquals(first("w1 = guest_load64.u64.align4 v0", guestBase + 0xff4), undefined);
  assertEquals(
    first("guest_store.u8 v0, v0", guestBase + 0x5000),
    "slow store 0 105000 mmu0 ram pc 8004",
  );
  assertEquals(first("v1 = guest_load.u8 v0", guestBase + 0x5000), undefined);
  assertEquals(
    first("v1 = probe.u32.write.mmu1 v0", guestBase + 0x5000),
    "slow probe 105000 mmu1 ram pc 8004",
  );
  assertEquals(first("v1 = probe.u32 v0", guestBase + 0x5000), undefined);
});

Deno.test("interp probe gives the host address", () => {
  host.reset(1);
  assertEquals(value(`v0 = const ${guestBase + 0x1234}\nv9 = probe.u32 v0`), BigInt(ram + 0x1234));
  const device = guestBase + 0x6000;
  assertEquals(value(`v0 = const ${device}\nv9 = probe.u32.soft v0`), 0n);
});

Deno.test("interp leaves the block when a slow path or a helper took an exception", () => {
  const fault = guestBase + 0x7000;
  for (
    const access of [
      "v1 = guest_load.u32 v0",
      "w1 = guest_load64.u64 v0",
      "guest_store.u32 v0, v0",
      "w1 = extend_u v0\nguest_store64.u64 v0, w1",
      "v1 = probe.u32 v0",
    ]
  ) {
    host.reset(5);
    const marker = i32[env >>> 2];
    const lines = `v0 = const ${fault}\n${access}\nset state[0x0], v0\nexit WFI`;
    assertEquals(runBlock(block(lines)), EXIT.LOOKUP, access);
    assertEquals(i32[env >>> 2], marker, access);
    assertEquals(i32[(env + VCPU.PC) >>> 2] >>> 0, 0xffff0010, access);
  }
  host.reset(5);
  const lines = "v0 = const 1\ncall test_leave(v0)\nexit WFI";
  assertEquals(runBlock(block(lines)), EXIT.LOOKUP);
  host.reset(5);
  assertEquals(runBlock(block(lines.replace("const 1", "const 2"))), EXIT.WFI);
});

Deno.test("interp call passes arguments and the pc of the marker", () => {
  host.reset(6);
  const lines = "insn 0x8004, 2, 0\nv0 = const 3\nv1 = const 5\nv2 = const 9\n" +
    "v3 = call test_mix(v0, v1, v2)\nset state[0x0], v3\ncall test_note(v1, v2)\ngoto_ptr";
  runBlock(block(lines, "insns=1 bytes=2"));
  assertEquals(host.log, ["call test_mix 3 5 9 pc 8004 ", "call test_note 5 9 0 pc 8004 "]);
  assertEquals(i32[env >>> 2], Math.imul(6, 0x9e3779b1) + 9 | 0);
});

Deno.test("interp runs blocks with thousands of temporaries", () => {
  const b = new IrBuilder(host.helpers);
  b.begin(0x8000);
  let sum = b.const(0);
  for (let i = 1; i <= 3000; i++) sum = b.add(sum, b.const(i));
  b.set(0, sum);
  b.gotoPtr();
  runBlock(b.finish());
  assertEquals(i32[env >>> 2], 4501500);
});

Deno.test("interp refuses abstract operations and blocks without an end", () => {
  const text = (line: string) => `block 0x8000 insns=0 bytes=0 temps=0 {\n${line}\n}`;
  const abstract = parseBlock(text("memory_barrier all\ngoto_ptr"));
  assertThrows(() => runBlock(abstract), RangeError, "cannot run memory_barrier");
  const open = parseBlock(text("fence"));
  assertThrows(() => runBlock(open), RangeError, "has no terminator");
});

Deno.test("interp case labels match the opcode table", async () => {
  const source = await Deno.readTextFile(new URL("./runner.ts", import.meta.url));
  const labels = [...source.matchAll(/case (\d+): \{? ?\/\/ (\w+)/g)];
  for (const [, number, name] of labels) assertEquals(OPS[Number(number)]?.name, name);
  const expected = OPS.filter((row) => !row.abstract).map((row) => row.name);
  assertEquals(labels.map(([, , name]) => name), expected);
});
