import { assertEquals } from "@std/assert";
import { gicBench, GICC, GICD } from "./testing/bench.ts";
import { canProbe, probeQemu, type ProbeStep } from "./testing/qemu_probe.ts";

const IAR = 0x0c;
const EOIR = 0x10;
const SPURIOUS = 1023;

/** Everything enabled, all shared interrupts to CPU 0 with priority 0xa0. */
function ready(vcpus: number): ReturnType<typeof gicBench> {
  const bench = gicBench(vcpus);
  bench.writeD(0, 1);
  for (let cpu = 0; cpu < vcpus; cpu++) {
    bench.writeC(0, 1, cpu);
    bench.writeC(4, 0xf0, cpu);
    for (let i = 0; i < 32; i += 4) bench.writeD(0x400 + i, 0xa0a0a0a0, cpu);
    bench.writeD(0x100, 0xffffffff, cpu);
  }
  for (let i = 32; i < 288; i += 4) {
    bench.writeD(0x400 + i, 0xa0a0a0a0);
    bench.writeD(0x800 + i, 0x01010101);
  }
  for (let w = 1; w < 9; w++) bench.writeD(0x100 + 4 * w, 0xffffffff);
  return bench;
}

/** Reset values of a two-CPU board: offset, value; read on QEMU 7.2. */
const DISTRIBUTOR_RESET: readonly (readonly [number, number])[] = [
  [0x000, 0],
  [0x004, 0x28],
  [0x008, 0x43b],
  [0x080, 0],
  [0x100, 0xffff],
  [0x104, 0],
  [0x180, 0xffff],
  [0x200, 0],
  [0x300, 0],
  [0x400, 0],
  [0x800, 0x01010101],
  [0x820, 0],
  [0xc00, 0xaaaaaaaa],
  [0xc04, 0],
  [0xf10, 0],
  [0xfd0, 0x04],
  [0xfe0, 0x90],
  [0xfe4, 0xb4],
  [0xfe8, 0x2b],
  [0xff0, 0x0d],
  [0xffc, 0xb1],
];
const CPU_RESET: readonly (readonly [number, number])[] = [
  [0x00, 0],
  [0x04, 0],
  [0x08, 0],
  [0x0c, SPURIOUS],
  [0x14, 0xff],
  [0x18, SPURIOUS],
  [0x1c, 1],
  [0xd0, 0],
  [0xdc, 0],
  [0xfc, 0x2043b],
];

Deno.test("gicv2 registers have QEMU's reset values", () => {
  const { readD, readC } = gicBench(2);
  for (const [offset, value] of DISTRIBUTOR_RESET) {
    assertEquals(readD(offset), value, `distributor ${offset.toString(16)}`);
  }
  for (const [offset, value] of CPU_RESET) {
    assertEquals(readC(offset), value, `CPU interface ${offset.toString(16)}`);
  }
});

/** Offset, what reads back after writing all ones. */
const ALL_ONES: readonly (readonly [string, number, number])[] = [
  ["D", 0x000, 3],
  ["D", 0x080, 0xffffffff],
  ["D", 0x100, 0xffffffff],
  ["D", 0x120, 0xffffffff],
  ["D", 0x124, 0],
  ["D", 0x400, 0xffffffff],
  ["D", 0x51c, 0xffffffff],
  ["D", 0x520, 0],
  ["D", 0x800, 0x01010101],
  ["D", 0x820, 0xffffffff],
  ["D", 0xc00, 0xaaaaaaaa],
  ["D", 0xc04, 0xaaaaaaaa],
  ["D", 0xc08, 0xaaaaaaaa],
  ["C", 0x000, 0x21f],
  ["C", 0x004, 0xff],
  ["C", 0x008, 7],
  ["C", 0x01c, 7],
];

Deno.test("gicv2 registers keep the bits that exist", () => {
  for (const [block, offset, value] of ALL_ONES) {
    const { readD, writeD, readC, writeC } = gicBench(2);
    if (block === "D") {
      writeD(offset, 0xffffffff);
      assertEquals(readD(offset), value, `distributor ${offset.toString(16)}`);
    } else {
      writeC(offset, 0xffffffff);
      assertEquals(readC(offset), value, `CPU interface ${offset.toString(16)}`);
    }
  }
});

Deno.test("gicv2 target registers are banked, and absent with one CPU", () => {
  const two = gicBench(2);
  assertEquals(two.readD(0x800, 1), 0x02020202);
  const one = ready(1);
  one.writeD(0x820, 0xffffffff);
  assertEquals(one.readD(0x820), 0);
  one.gic.setSpi(3, 1);
  assertEquals(one.lines(0), 1);
});

Deno.test("gicv2 level interrupt stays pending until its line falls", () => {
  const { gic, readC, writeC, readD, lines, kicks } = ready(2);
  gic.setSpi(1, 1);
  assertEquals([lines(0), lines(1)], [1, 0]);
  assertEquals(kicks, [0]);
  assertEquals(readC(IAR), 33);
  assertEquals(lines(0), 0);
  assertEquals(readD(0x304), 2);
  // Asserted still: pending and active, taken again after the end.
  assertEquals(readD(0x204), 2);
  writeC(EOIR, 33);
  assertEquals(lines(0), 1);
  assertEquals(readC(IAR), 33);
  gic.setSpi(1, 0);
  writeC(EOIR, 33);
  assertEquals(lines(0), 0);
  assertEquals(readC(IAR), SPURIOUS);
});

Deno.test("gicv2 edge interrupt is latched once per edge", () => {
  const { gic, readC, writeC, writeD, lines } = ready(1);
  writeD(0xc08, 2 << 2);
  gic.setSpi(1, 1);
  gic.setSpi(1, 0);
  assertEquals(readC(IAR), 33);
  gic.setSpi(1, 1);
  writeC(EOIR, 33);
  // An edge while active is not lost.
  assertEquals(lines(0), 1);
  assertEquals(readC(IAR), 33);
  writeC(EOIR, 33);
  assertEquals(lines(0), 0);
});

Deno.test("gicv2 higher priority preempts and ends in order", () => {
  const { gic, readC, writeC, writeD, lines } = ready(1);
  writeD(0x400 + 34, 0x80, 0, 1);
  writeD(0x400 + 35, 0xa0, 0, 1);
  gic.setSpi(1, 1);
  assertEquals(readC(IAR), 33);
  assertEquals(readC(0x14), 0xa0);
  gic.setSpi(3, 1);
  assertEquals(lines(0), 0, "equal priority does not preempt");
  gic.setSpi(2, 1);
  assertEquals(lines(0), 1);
  assertEquals(readC(0x18), 34);
  assertEquals(readC(IAR), 34);
  assertEquals(readC(0x14), 0x80);
  gic.setSpi(2, 0);
  writeC(EOIR, 34);
  assertEquals(readC(0x14), 0xa0);
  assertEquals(lines(0), 0);
  gic.setSpi(1, 0);
  writeC(EOIR, 33);
  assertEquals(readC(0x14), 0xff);
  assertEquals(readC(IAR), 35);
});

Deno.test("gicv2 binary point decides what preempts", () => {
  const { gic, readC, writeC, writeD, lines } = ready(1);
  writeC(0x08, 5);
  writeD(0x400 + 33, 0x9f, 0, 1);
  writeD(0x400 + 34, 0x88, 0, 1);
  writeD(0x400 + 35, 0x7f, 0, 1);
  gic.setSpi(1, 1);
  assertEquals(readC(IAR), 33);
  gic.setSpi(2, 1);
  assertEquals(lines(0), 0, "same group priority 0x80");
  gic.setSpi(3, 1);
  assertEquals(readC(IAR), 35);
  assertEquals(readC(0x14), 0x40);
});

Deno.test("gicv2 equal priorities are taken in order of number", () => {
  const { gic, readC, writeC } = ready(1);
  for (const spi of [9, 4, 200, 0]) gic.setSpi(spi, 1);
  for (const spi of [0, 4, 9, 200]) {
    assertEquals(readC(IAR), 32 + spi);
    gic.setSpi(spi, 0);
    writeC(EOIR, 32 + spi);
  }
  assertEquals(readC(IAR), SPURIOUS);
});

Deno.test("gicv2 priority mask hides interrupts of its priority and lower", () => {
  const { gic, readC, writeC, lines } = ready(1);
  writeC(4, 0xa0);
  gic.setSpi(1, 1);
  assertEquals(lines(0), 0);
  assertEquals(readC(IAR), SPURIOUS);
  assertEquals(readC(0x18), SPURIOUS);
  writeC(4, 0xa1);
  assertEquals(lines(0), 1);
});

Deno.test("gicv2 SGI reaches listed, other or own CPUs with its source", () => {
  const { readC, writeC, writeD, readD, lines } = ready(4);
  writeD(0xf00, 0x000b0005, 2);
  assertEquals([0, 1, 2, 3].map(lines), [1, 1, 0, 1]);
  writeD(0xf00, 0x01000006, 1);
  assertEquals([0, 1, 2, 3].map(lines), [1, 1, 1, 1]);
  writeD(0xf00, 0x02000007, 3);
  writeD(0xf00, 0x00010005, 1);
  assertEquals(readD(0xf14, 0), 0x00000600 | (1 << 17));
  // The lowest source first; each source is taken by itself.
  assertEquals(readC(IAR, 0), 5 | (1 << 10));
  writeC(EOIR, 5 | (1 << 10), 0);
  assertEquals(readC(IAR, 0), 5 | (2 << 10));
  writeC(EOIR, 5 | (2 << 10), 0);
  assertEquals(readC(IAR, 0), 6 | (1 << 10));
  writeC(EOIR, 6, 0);
  assertEquals(readC(IAR, 3), 5 | (2 << 10));
  writeC(EOIR, 5, 3);
  assertEquals(readC(IAR, 3), 6 | (1 << 10));
  writeC(EOIR, 6, 3);
  assertEquals(readC(IAR, 3), 7 | (3 << 10));
  assertEquals(readC(IAR, 2), 6 | (1 << 10));
});

Deno.test("gicv2 pending SGIs can be cleared and set by source", () => {
  const { writeD, readD, lines } = ready(2);
  writeD(0xf20, 2, 0, 1);
  assertEquals([readD(0xf20), lines(0)], [2, 1]);
  assertEquals(readD(0x200), 1);
  writeD(0xf10, 2, 0, 1);
  assertEquals([readD(0xf10), lines(0)], [0, 0]);
});

Deno.test("gicv2 shared interrupt goes to its targets and is taken by one", () => {
  const { gic, readC, writeD, lines } = ready(4);
  writeD(0x800 + 40, 0b1010, 0, 1);
  gic.setSpi(8, 1);
  assertEquals([0, 1, 2, 3].map(lines), [0, 1, 0, 1]);
  assertEquals(readC(IAR, 3), 40);
  assertEquals([0, 1, 2, 3].map(lines), [0, 0, 0, 0]);
  assertEquals(readC(IAR, 1), SPURIOUS);
  writeD(0x800 + 40, 0b0001, 0, 1);
  assertEquals(lines(0), 0, "active still");
  writeD(0x384, 1 << 8, 0);
  assertEquals(lines(0), 1);
});

Deno.test("gicv2 private interrupts are banked", () => {
  const { gic, readC, lines, readD } = ready(2);
  gic.setPpi(1, 27, 1);
  assertEquals([lines(0), lines(1)], [0, 1]);
  assertEquals([readD(0x200, 0), readD(0x200, 1)], [0, 1 << 27]);
  assertEquals(readC(IAR, 0), SPURIOUS);
  assertEquals(readC(IAR, 1), 27);
});

Deno.test("gicv2 disabled or not forwarded interrupts are not signalled", () => {
  const { gic, writeD, writeC, lines, kicks } = ready(1);
  writeD(0x184, 2);
  gic.setSpi(1, 1);
  assertEquals(lines(0), 0);
  writeD(0x104, 2);
  assertEquals(lines(0), 1);
  writeD(0, 0);
  assertEquals(lines(0), 0);
  writeD(0, 1);
  writeC(0, 0);
  assertEquals(lines(0), 0);
  assertEquals(kicks, [0, 0]);
});

Deno.test("gicv2 splits priority drop and deactivation when asked", () => {
  const { gic, readC, writeC, readD, lines } = ready(1);
  writeC(0, 0x201);
  gic.setSpi(1, 1);
  assertEquals(readC(IAR), 33);
  writeC(EOIR, 33);
  assertEquals(readC(0x14), 0xff);
  assertEquals([readD(0x304), lines(0)], [2, 0]);
  writeC(0x1000, 33);
  assertEquals([readD(0x304), lines(0)], [0, 1]);
});

Deno.test("gicv2 group 0 can be signalled as FIQ, group 1 is read by its alias", () => {
  const { gic, readC, writeC, writeD, lines } = ready(1);
  writeD(0, 3);
  writeC(0, 0xb);
  writeD(0x084, 2);
  gic.setSpi(2, 1);
  assertEquals(lines(0), 2);
  assertEquals(readC(0x20), SPURIOUS);
  assertEquals(readC(IAR), 34);
  gic.setSpi(2, 0);
  writeC(EOIR, 34);
  gic.setSpi(1, 1);
  assertEquals(lines(0), 1);
  assertEquals(readC(IAR), 1022);
  assertEquals(readC(0x20), 33);
  writeC(0x24, 33);
  assertEquals(lines(0), 1);
});

/** Deterministic stream of 32-bit numbers (xorshift). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/**
 * Random accesses of CPU 0. Left out, as QEMU does not do what the architecture says: setting private
 * interrupts pending (it ignores that), and pending interrupts of other targets than CPU 0 (it keeps a
 * pending state for each target).
 */
function randomSteps(seed: number, count: number): ProbeStep[] {
  const random = randomNumbers(seed);
  const pick = <T>(values: readonly T[]): T => values[random(values.length)];
  const irqs = [0, 1, 3, 27, 30, 33, 34, 40, 62, 287];
  const shared = irqs.filter((irq) => irq >= 32);
  const bit = (base: number): ProbeStep => {
    const irq = pick(base === 0x200 ? shared : irqs);
    return {
      kind: "write",
      address: GICD + base + 4 * (irq >>> 5),
      value: (1 << (irq & 31)) >>> 0,
    };
  };
  const steps: ProbeStep[] = [
    { kind: "write", address: GICD, value: 3 },
    { kind: "write", address: GICC, value: 3 },
    { kind: "write", address: GICC + 4, value: 0xf0 },
    { kind: "write", address: GICC + 8, value: random(6) },
  ];
  for (const irq of irqs) {
    if (irq >= 32) steps.push({ kind: "write8", address: GICD + 0x800 + irq, value: 1 });
    steps.push({ kind: "write", address: GICD + 0x100 + 4 * (irq >>> 5), value: 0xffffffff });
  }
  const generators: readonly (() => ProbeStep)[] = [
    () => bit(0x100),
    () => bit(0x100),
    () => bit(0x180),
    () => bit(0x200),
    () => bit(0x200),
    () => bit(0x200),
    () => bit(0x280),
    () => bit(0x380),
    () => ({ kind: "write8", address: GICD + 0x400 + pick(irqs), value: random(16) * 16 }),
    () => ({
      kind: "write",
      address: GICD + 0xf00,
      value: random(3) * 0x1000000 + 0x30000 + random(4),
    }),
    () => ({ kind: "write", address: GICC + 4, value: pick([0xf0, 0xf0, 0xff, 0x80, 0x40]) }),
    () => ({ kind: "write", address: GICC, value: pick([3, 3, 1, 7, 0x203]) }),
    () => ({ kind: "write", address: GICD, value: pick([3, 3, 3, 1, 0]) }),
    () => ({ kind: "read", address: GICC + 0x0c }),
    () => ({ kind: "read", address: GICC + 0x0c }),
    () => ({ kind: "write", address: GICC + 0x10, value: pick(irqs) }),
    () => ({ kind: "write", address: GICC + 0x10, value: pick(irqs) }),
    () => ({ kind: "write", address: GICC + 0x1000, value: pick(irqs) }),
    () => ({ kind: "read", address: GICC + 0x14 }),
    () => ({ kind: "read", address: GICC + 0x18 }),
    () => ({ kind: "read", address: GICC + 0xd0 + 4 * random(4) }),
    () => ({ kind: "read", address: GICD + pick([0x200, 0x300, 0x100]) + 4 * random(3) }),
    () => ({ kind: "read", address: GICD + 0xf10 + 4 * random(2) }),
  ];
  while (steps.length < count) steps.push(pick(generators)(), { kind: "lines" });
  return steps;
}

/** Runs the steps on our controller. */
function runOurs(steps: readonly ProbeStep[], vcpus: number): number[] {
  const { gic, lines } = gicBench(vcpus);
  const answers: number[] = [];
  for (const step of steps) {
    if (step.kind === "lines") {
      answers.push(((lines(0) & 1) << 7) | ((lines(0) & 2) << 5));
      continue;
    }
    const device = step.address >= GICC ? gic.cpuInterface : gic.distributor;
    const offset = step.address - device.base;
    if (step.kind === "write") device.write(offset, 4, step.value, 0);
    else if (step.kind === "write8") device.write(offset, 1, step.value, 0);
    else answers.push(device.read(offset, step.kind === "read8" ? 1 : 4, 0));
  }
  return answers;
}

const probing = await canProbe();
if (!probing) console.warn("qemu-system-arm is not installed: GIC comparison is skipped");

for (const seed of [1, 2, 3]) {
  Deno.test({
    name: `gicv2 answers random accesses as QEMU does, seed ${seed}`,
    ignore: !probing,
    fn: async () => {
      const steps = randomSteps(seed * 7919, 4000);
      const theirs = await probeQemu(steps, 2);
      const ours = runOurs(steps, 2);
      const reads = steps.map((step, at) => ({ step, at })).filter(({ step }) =>
        !step.kind.startsWith("write")
      );
      const wrong = ours.findIndex((value, i) => value !== theirs[i]);
      const context = wrong < 0
        ? []
        : steps.slice(Math.max(0, reads[wrong].at - 12), reads[wrong].at + 1);
      assertEquals(ours[wrong], theirs[wrong], `read ${wrong}, after ${JSON.stringify(context)}`);
    },
  });
}
