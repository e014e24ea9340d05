import { assertEquals } from "@std/assert";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM, CP, TB_FLAG } from "../state.ts";
import { vcpuBase } from "../../memory/machine_layout.ts";
import { CP_REGISTERS, findCpRegister, isWide } from "./cp15.ts";
import { cpKey, cpKey64 } from "./cp_register.ts";
import { MODE, PSR, writeCpsr } from "./psr.ts";
import { Fixture } from "./testing/fixture.ts";

const PC = 0x40001000;

type Place = readonly [number, number, number, number, number];

const read = (f: Fixture, place: Place) => f.call("arm_cp_read", PC, cpKey(...place)) >>> 0;
const write = (f: Fixture, place: Place, value: number) =>
  f.call("arm_cp_write", PC, cpKey(...place), value);

function userFixture(): Fixture {
  const f = new Fixture();
  writeCpsr(f.views.i32, f.env, MODE.USR, PSR.ALL);
  return f;
}

/** Whether the last access was undefined. */
function undefinedTaken(f: Fixture): boolean {
  return f.left() && f.get(ARM.PC) === 4 && (f.get(ARM.CPSR) & PSR.MODE) === MODE.UND;
}

/** What QEMU's Cortex-A15 shows (two CPUs). */
const IDENTIFICATION: readonly [Place, number][] = [
  [[15, 0, 0, 0, 0], 0x414fc0f0],
  [[15, 0, 0, 0, 1], 0x8444c004],
  [[15, 0, 0, 0, 2], 0],
  [[15, 0, 0, 0, 3], 0],
  [[15, 0, 0, 0, 5], 0x80000000],
  [[15, 0, 0, 0, 6], 0x414fc0f0],
  [[15, 0, 0, 1, 0], 0x00001131],
  [[15, 0, 0, 1, 1], 0x00010001],
  [[15, 0, 0, 1, 3], 0],
  [[15, 0, 0, 1, 4], 0x10201105],
  [[15, 0, 0, 1, 5], 0x20000000],
  [[15, 0, 0, 1, 6], 0x01240000],
  [[15, 0, 0, 1, 7], 0x02102211],
  [[15, 0, 0, 2, 0], 0x02101110],
  [[15, 0, 0, 2, 1], 0x13112111],
  [[15, 0, 0, 2, 2], 0x21232041],
  [[15, 0, 0, 2, 3], 0x11112131],
  [[15, 0, 0, 2, 4], 0x10011142],
  [[15, 0, 0, 2, 5], 0],
  [[15, 1, 0, 0, 0], 0x701fe00a],
  [[15, 1, 0, 0, 1], 0x0a200023],
  [[15, 1, 0, 0, 7], 0],
  [[15, 0, 1, 0, 0], 0x00c50078],
  [[15, 0, 1, 0, 1], 0],
  [[15, 0, 1, 0, 2], 0],
  [[15, 0, 2, 0, 2], 0],
  [[15, 0, 12, 0, 0], 0],
  [[15, 0, 14, 0, 0], 0x03b9aca0],
  [[15, 0, 14, 1, 0], 0],
  [[15, 1, 9, 0, 2], 0x01800000],
  [[15, 0, 9, 12, 0], 0x410f3000],
  [[15, 4, 15, 0, 0], 0x08000000],
];

Deno.test("identification and reset values are those of QEMU's cortex-a15", () => {
  const f = new Fixture();
  for (const [place, value] of IDENTIFICATION) {
    assertEquals(read(f, place), value, place.join(" "));
  }
  assertEquals(f.left(), false);
});

Deno.test("no hardware breakpoints are announced, as none ever hits", () => {
  const f = new Fixture();
  assertEquals(read(f, [14, 0, 0, 0, 0]) >>> 16 & 0xf, 0, "DBGDIDR.Version");
  assertEquals(read(f, [15, 0, 0, 1, 2]) & 0xfff, 0, "ID_DFR0: debug through cp14, secure, memory");
  assertEquals(read(f, [15, 0, 0, 1, 2]) >>> 24, 2, "ID_DFR0: performance monitors version 2");
});

Deno.test("MPIDR shows the vCPU's number", () => {
  const f = new Fixture();
  const second = vcpuBase(f.layout, 1);
  assertEquals(f.views.u32[(second + CP.MPIDR) >>> 2], 0x80000001);
});

Deno.test("no two registers share an encoding", () => {
  assertEquals(new Set(CP_REGISTERS.map((r) => r.key)).size, CP_REGISTERS.length);
});

Deno.test("every register says what its allowed accesses do", () => {
  for (const r of CP_REGISTERS) {
    const value = isWide(r) ? r.read64 : r.read;
    const readable = value ?? r.slot ?? r.constant;
    if (r.privileged.includes("r")) assertEquals(readable !== undefined, true, r.name);
  }
});

Deno.test("unknown registers and coprocessors are undefined", () => {
  for (const place of [[15, 0, 1, 1, 0], [15, 7, 15, 15, 7], [14, 7, 0, 0, 0], [13, 0, 0, 0, 0]]) {
    const f = new Fixture();
    read(f, place as unknown as Place);
    assertEquals(undefinedTaken(f), true, place.join(" "));
  }
});

Deno.test("reads and writes follow the rights of each mode", () => {
  // Encoding, User reads, User writes, privileged reads, privileged writes.
  const rights: readonly [Place, boolean, boolean, boolean, boolean][] = [
    [[15, 0, 0, 0, 0], false, false, true, false],
    [[15, 0, 1, 0, 0], false, false, true, true],
    [[15, 0, 13, 0, 2], true, true, true, true],
    [[15, 0, 13, 0, 3], true, false, true, true],
    [[15, 0, 13, 0, 4], false, false, true, true],
    [[15, 0, 8, 7, 0], false, false, false, true],
    [[15, 0, 7, 10, 5], false, true, false, true],
    [[14, 0, 0, 0, 0], true, false, true, false],
  ];
  for (const [place, userRead, userWrite, read, write] of rights) {
    const found = (user: boolean, w: boolean) =>
      findCpRegister(cpKey(...place), user, w) !== undefined;
    assertEquals(
      [found(true, false), found(true, true), found(false, false), found(false, true)],
      [userRead, userWrite, read, write],
      place.join(" "),
    );
  }
});

Deno.test("User mode reads the counters only when CNTKCTL lets it", () => {
  for (const [op1, bit] of [[0, 1], [1, 2]]) {
    const f = userFixture();
    f.call("arm_mrrc", PC, cpKey64(15, op1, 14));
    assertEquals(undefinedTaken(f), true);
    writeCpsr(f.views.i32, f.env, MODE.USR, PSR.MODE);
    f.set(CP.CNTKCTL, bit);
    f.ticks = 0x12_0000_0034;
    assertEquals(f.call("arm_mrrc", PC, cpKey64(15, op1, 14)), 0x34);
    assertEquals([f.get(ARM.SCRATCH_HI), f.left()], [0x12, false]);
  }
});

Deno.test("User mode reads CNTFRQ with either counter enabled, and TEEHBR unless TEECR forbids", () => {
  const f = userFixture();
  read(f, [15, 0, 14, 0, 0]);
  assertEquals(undefinedTaken(f), true);
  writeCpsr(f.views.i32, f.env, MODE.USR, PSR.MODE);
  f.set(CP.CNTKCTL, 2);
  assertEquals(read(f, [15, 0, 14, 0, 0]), 62_500_000);
  f.set(CP.TEEHBR, 5);
  assertEquals(read(f, [14, 6, 1, 0, 0]), 5);
  f.set(CP.TEECR, 1);
  read(f, [14, 6, 1, 0, 0]);
  assertEquals(undefinedTaken(f), true);
});

Deno.test("timer registers go to the vCPU's timers", () => {
  const f = new Fixture();
  write(f, [15, 0, 14, 3, 1], 7);
  write(f, [15, 0, 14, 2, 0], -1);
  f.call("arm_mcrr", PC, cpKey64(15, 3, 14), -1, 0x12);
  assertEquals(f.log, ["ctl 0 7", "tval 1 -1", "cval 0 12ffffffff"]);
  assertEquals(read(f, [15, 0, 14, 2, 1]), 0x11);
  assertEquals(read(f, [15, 0, 14, 3, 0]), 0xfffffffe);
  assertEquals(f.call("arm_mrrc", PC, cpKey64(15, 2, 14)), 0x23456789);
  assertEquals(f.get(ARM.SCRATCH_HI), 1);
});

Deno.test("SCTLR keeps its fixed bits and changes the block flags", () => {
  const f = new Fixture();
  write(f, [15, 0, 1, 0, 0], 0x30c5387d | 0x402);
  assertEquals(read(f, [15, 0, 1, 0, 0]), 0x30c53c7f);
  assertEquals(f.get(VCPU.TB_FLAGS), TB_FLAG.ALIGN | TB_FLAG.SWP);
  write(f, [15, 0, 1, 0, 0], 0);
  assertEquals(read(f, [15, 0, 1, 0, 0]), 0x00c50078);
  assertEquals(f.get(VCPU.TB_FLAGS), 0);
});

Deno.test("TTBCR has the bits of the format that it chooses", () => {
  const f = new Fixture();
  write(f, [15, 0, 2, 0, 2], 0x7fffffff);
  assertEquals(read(f, [15, 0, 2, 0, 2]), 0x37);
  write(f, [15, 0, 2, 0, 2], 0xffffffff);
  assertEquals(read(f, [15, 0, 2, 0, 2]) >>> 0, 0xffc73f87);
});

Deno.test("64-bit TTBR and PAR share their low words with the 32-bit ones", () => {
  const f = new Fixture();
  f.call("arm_mcrr", PC, cpKey64(15, 1, 2), 0x40004000, 0x00010000);
  assertEquals(read(f, [15, 0, 2, 0, 1]), 0x40004000);
  assertEquals(f.call("arm_mrrc", PC, cpKey64(15, 1, 2)), 0x40004000);
  assertEquals(f.get(ARM.SCRATCH_HI), 0x00010000);
});

Deno.test("CCSIDR shows the cache that CSSELR chooses", () => {
  const f = new Fixture();
  const sizes = [0, 1, 2].map((level) => {
    write(f, [15, 2, 0, 0, 0], level);
    return read(f, [15, 1, 0, 0, 0]);
  });
  assertEquals(sizes, [0x701fe00a, 0x201fe00a, 0x711fe07a]);
});

Deno.test("VBAR drops its low five bits", () => {
  const f = new Fixture();
  write(f, [15, 0, 12, 0, 0], 0x4000ffff);
  assertEquals(read(f, [15, 0, 12, 0, 0]), 0x4000ffe0);
});

Deno.test("instruction cache maintenance reaches the engine by physical line or as a whole", () => {
  const f = new Fixture();
  write(f, [15, 0, 7, 5, 1], 0x40001274);
  write(f, [15, 0, 7, 5, 0], 0);
  write(f, [15, 0, 7, 1, 0], 0);
  assertEquals(f.log, ["invalidateCode 40001240 64", "invalidateAllCode", "invalidateAllCode"]);
});

Deno.test("only the Inner Shareable TLB operations reach the other vCPUs", () => {
  const f = new Fixture();
  for (const crm of [3, 5, 6, 7]) {
    for (const op2 of [0, 1, 2]) write(f, [15, 0, 8, crm, op2], 0x40001023);
  }
  write(f, [15, 0, 8, 3, 3], 0x80001000);
  write(f, [15, 0, 8, 7, 3], 0x80001000);
  assertEquals(f.log, [
    "flushOtherTlbs 1",
    "flushOtherTlbs 40001000",
    "flushOtherTlbs 2",
    "flushOtherTlbs 80001000",
  ]);
  assertEquals(f.left(), false);
});

Deno.test("address translation operations put the result or the fault into PAR", () => {
  const f = new Fixture();
  write(f, [15, 0, 7, 8, 0], 0x40001234);
  assertEquals(read(f, [15, 0, 7, 4, 0]), 0x40001000);
  f.set(CP.TTBR0, 0x40004000);
  f.set(CP.SCTLR, 1);
  write(f, [15, 0, 7, 8, 0], 0x40001234);
  assertEquals(read(f, [15, 0, 7, 4, 0]), 1 | 5 << 1, "section translation fault");
  // A section that only privileged code may write.
  f.setWord(0x40004000 + 0x400 * 4, 0x40000c02 & ~0x800);
  f.set(CP.DACR, 1);
  write(f, [15, 0, 7, 8, 1], 0x40001234);
  assertEquals(read(f, [15, 0, 7, 4, 0]), 0x40001000);
  write(f, [15, 0, 7, 8, 3], 0x40001234);
  assertEquals(read(f, [15, 0, 7, 4, 0]), 1 | 13 << 1, "section permission fault");
});

Deno.test("address translation with long descriptors fills all of PAR's 64 bits", () => {
  const f = new Fixture();
  const par = (op2: number, address: number) => {
    write(f, [15, 0, 7, 8, op2], address);
    const low = f.call("arm_mrrc", PC, cpKey64(15, 0, 7));
    return [f.get(ARM.SCRATCH_HI) >>> 0, low >>> 0].map((word) => word.toString(16));
  };
  f.set(CP.TTBCR, 0x80000000);
  f.set(CP.TTBR0, 0x40004000);
  assertEquals(par(0, 0x40001234), ["0", "40001900"], "MMU off: strongly-ordered");
  f.set(CP.SCTLR, 1);
  f.set(CP.PRRR, 0x0044ff00);
  assertEquals(par(0, 0x40001234), ["0", (1 | 5 << 1 | 0x800).toString(16)]);
  // 1 GiB at 0x12_40000000, read-only for both, inner shareable write-back; then non-cacheable.
  f.setWord(0x40004000 + 8, 0x40000000 | 0x7c5);
  f.setWord(0x40004000 + 12, 0x12);
  assertEquals(par(2, 0x40001234), ["ff000012", "40001980"]);
  assertEquals(par(3, 0x40001234), ["0", (1 | 13 << 1 | 0x800).toString(16)]);
  f.setWord(0x40004000 + 8, 0x40000000 | 0x7c9);
  assertEquals(par(0, 0x40001234), ["44000012", "40001900"]);
});

Deno.test("the cycle counter runs only while it is enabled and keeps its count", () => {
  const f = new Fixture();
  const cycles = () => read(f, [15, 0, 9, 13, 0]);
  f.ticks = 100;
  assertEquals(cycles(), 0);
  write(f, [15, 0, 9, 12, 1], 0x80000000);
  write(f, [15, 0, 9, 12, 0], 1);
  f.ticks = 110;
  assertEquals(cycles(), 160);
  write(f, [15, 0, 9, 12, 0], 0);
  f.ticks = 1000;
  assertEquals(cycles(), 160);
  write(f, [15, 0, 9, 12, 0], 1 | 4);
  f.ticks = 1001;
  assertEquals(cycles(), 16);
});

Deno.test("debug registers keep what is written, each in a word of its own", () => {
  const f = new Fixture();
  const places: Place[] = [[14, 0, 0, 2, 2]];
  for (const [count, op2] of [[6, 4], [6, 5], [4, 6], [4, 7]]) {
    for (let n = 0; n < count; n++) places.push([14, 0, 0, n, op2]);
  }
  places.forEach((place, n) => write(f, place, 0x8000 + n));
  assertEquals(places.map((place) => read(f, place)), places.map((_, n) => 0x8000 + n));
  assertEquals(read(f, [14, 0, 0, 1, 0]), 0x8000, "DBGDSCRint shows DBGDSCRext");
  assertEquals(f.left(), false);
});
