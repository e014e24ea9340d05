import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CONSOLE_INPUT_BYTES, VIRTIO_CONSOLE_BYTES, VirtioConsole } from "./console.ts";
import { virtioBlock } from "./block.ts";
import type { VirtioModel } from "./model.ts";
import { REGISTER } from "./registers.ts";
import { VIRTIO_RNG } from "./rng.ts";
import { MAX_DESCRIPTORS } from "./split_queue.ts";
import { AREA, INDIRECT, NEXT, RAM, RAM_BYTES, TestDriver, WRITE } from "./testing/driver.ts";
import { deviceBench } from "../testing/bench.ts";

function rngDriver(): TestDriver {
  const d = new TestDriver(() => VIRTIO_RNG);
  d.negotiate();
  d.setUp();
  return d;
}

/** Whether the chain breaks the queue. */
function breaks(prepare: (d: TestDriver) => void): boolean {
  const d = rngDriver();
  prepare(d);
  d.notify();
  assertEquals(d.used().length, d.needsReset ? 0 : 1);
  return d.needsReset;
}

Deno.test("each rule of a chain is checked", () => {
  const one = (at: number, length: number, flags = WRITE) => (d: TestDriver) => {
    d.describe(0, { at, length, flags });
    d.offer(0);
  };
  const end = RAM + RAM_BYTES;
  assertEquals(breaks(one(AREA.data, 4)), false);
  assertEquals(breaks(one(end - 4, 4)), false, "the last bytes of RAM");
  assertEquals(breaks(one(end - 4, 5)), true, "one byte too many");
  assertEquals(breaks(one(RAM - 1, 4)), true, "one byte too low");
  assertEquals(breaks(one(AREA.data, 0)), true, "nothing");
  assertEquals(breaks(one(AREA.data, 0xffffffff)), true, "length wraps");
  assertEquals(breaks(one(2 ** 32 + AREA.data, 4)), true, "above 4 GiB");
  assertEquals(breaks((d) => d.offer(8)), true, "head outside the table");
  assertEquals(
    breaks((d) => {
      d.describe(0, { at: AREA.data, length: 4, flags: WRITE | NEXT, next: 8 });
      d.offer(0);
    }),
    true,
    "next outside the table",
  );
  assertEquals(
    breaks((d) => {
      d.describe(0, { at: AREA.data, length: 4, flags: WRITE | NEXT, next: 0 });
      d.offer(0);
    }),
    true,
    "a loop",
  );
  assertEquals(
    breaks((d) => {
      d.describe(0, { at: AREA.data, length: 4, flags: WRITE | NEXT, next: 1 });
      d.describe(1, { at: AREA.data, length: 4 });
      d.offer(0);
    }),
    true,
    "readable after writable",
  );
  assertEquals(breaks((d) => d.poke16(AREA.avail + 2, 9)), true, "more chains than descriptors");
});

Deno.test("areas of the queue must be aligned RAM", () => {
  const end = RAM + RAM_BYTES;
  for (
    const [register, address] of [
      [REGISTER.QUEUE_DESC_LOW, end - 8 * 16 + 16],
      [REGISTER.QUEUE_DESC_LOW, RAM + 2],
      [REGISTER.QUEUE_DRIVER_LOW, end - 18],
      [REGISTER.QUEUE_DRIVER_LOW, AREA.avail + 1],
      [REGISTER.QUEUE_DRIVER_HIGH, 1],
      [REGISTER.QUEUE_DEVICE_LOW, end - 66],
      [REGISTER.QUEUE_DEVICE_LOW, AREA.used + 2],
      [REGISTER.QUEUE_DEVICE_LOW, 0x0800_0000],
    ]
  ) {
    const d = rngDriver();
    d.describe(0, { at: AREA.data, length: 4, flags: WRITE });
    d.write(REGISTER.QUEUE_READY, 0);
    d.write(register, address);
    d.write(REGISTER.QUEUE_READY, 1);
    // Wherever the driver area is: one chain in it, if it is RAM.
    const at = register === REGISTER.QUEUE_DRIVER_LOW ? address : AREA.avail;
    d.poke16(at + 2, 1);
    d.notify();
    assertEquals(d.needsReset, true, `${register.toString(16)} ${address.toString(16)}`);
  }
});

Deno.test("each rule of an indirect table is checked", () => {
  /** A queue's only descriptor names `length` bytes of a table that begins with the given ones. */
  const table = (
    length: number,
    entries: readonly (readonly [at: number, length: number, flags: number, next: number])[],
    flags = INDIRECT,
  ) =>
  (d: TestDriver) => {
    entries.forEach(([at, length, flags, next], index) => {
      d.poke32(AREA.data + 16 * index, at);
      d.poke32(AREA.data + 16 * index + 8, length);
      d.poke16(AREA.data + 16 * index + 12, flags);
      d.poke16(AREA.data + 16 * index + 14, next);
    });
    d.describe(0, { at: AREA.data, length, flags, next: 1 });
    d.offer(0);
  };
  const buffer = [RAM + 0x8000, 4, WRITE, 0] as const;
  assertEquals(breaks(table(16, [buffer])), false);
  assertEquals(breaks(table(32, [[RAM + 0x8000, 4, WRITE | NEXT, 1], buffer])), false);
  assertEquals(breaks(table(0, [buffer])), true, "no table");
  assertEquals(breaks(table(24, [buffer])), true, "half a descriptor");
  assertEquals(breaks(table(RAM_BYTES, [buffer])), true, "a table beyond RAM");
  assertEquals(breaks(table(16, [buffer], INDIRECT | NEXT)), true, "something behind the table");
  assertEquals(breaks(table(16, [[AREA.data, 16, INDIRECT, 0]])), true, "a table in a table");
  assertEquals(breaks(table(16, [[RAM, 4, WRITE | NEXT, 1]])), true, "next outside the table");
  assertEquals(breaks(table(16, [[RAM, 4, WRITE | NEXT, 0]])), true, "a loop");
  assertEquals(breaks(table(16, [[RAM - 4, 4, WRITE, 0]])), true, "outside RAM");
});

Deno.test("a table of more descriptors than any queue may have is refused", () => {
  const bench = deviceBench(1, undefined, 2 * 16 * MAX_DESCRIPTORS);
  const d = new TestDriver(() => VIRTIO_RNG, 2, bench);
  for (const [count, reset] of [[MAX_DESCRIPTORS, false], [MAX_DESCRIPTORS + 1, true]] as const) {
    d.negotiate();
    d.setUp();
    d.poke32(AREA.data, RAM);
    d.poke32(AREA.data + 8, 4);
    d.poke16(AREA.data + 12, WRITE);
    d.submit([{ at: AREA.data, length: 16 * count, flags: INDIRECT }]);
    assertEquals(d.needsReset, reset);
  }
});

Deno.test("a chain that names the same memory over and over costs what the device gives", () => {
  const d = new TestDriver(() => VIRTIO_RNG, 2);
  d.negotiate();
  d.setUp();
  d.submit(Array.from({ length: 8 }, () => ({ at: AREA.data, length: 0xd000, flags: WRITE })));
  assertEquals([d.needsReset, d.used()], [false, [[0, 65536]]]);
});

/** A sum of all memory outside RAM and the devices' state, to see that nothing touches it. */
function outside(d: TestDriver): number {
  const { u32 } = d.views;
  let sum = 0;
  const add = (start: number, end: number): void => {
    for (let at = start >>> 2; at < end >>> 2; at++) sum = (Math.imul(sum, 31) + u32[at]) | 0;
  };
  add(0, d.layout.devices);
  add(d.layout.console, d.layout.ram);
  return sum;
}

const MODELS: Readonly<
  Record<string, (bench: ReturnType<typeof deviceBench>) => VirtioModel>
> = {
  rng: () => VIRTIO_RNG,
  console: ({ views, arena }) => {
    const model = new VirtioConsole(views, arena.allocate(VIRTIO_CONSOLE_BYTES), () => {});
    model.receive(new Uint8Array(CONSOLE_INPUT_BYTES).fill(7));
    return model;
  },
  block: ({ views }) => {
    // Every request fails: it is the ring that is tested.
    const channel = { request: () => false };
    const facts = { disk: 0, sectors: 100, readOnly: false, serial: "x" };
    return virtioBlock(facts, channel, views.i32);
  },
};

const address = fc.oneof(
  fc.integer({ min: RAM, max: RAM + RAM_BYTES }),
  fc.integer({ min: RAM - 64, max: RAM + 64 }),
  fc.integer({ min: RAM + RAM_BYTES - 64, max: RAM + RAM_BYTES + 64 }),
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.maxSafeNat(),
);
const length = fc.oneof(fc.integer({ min: 0, max: 64 }), fc.integer({ min: 0, max: 0xffffffff }));
const step = fc.oneof(
  fc.record({
    kind: fc.constant("describe" as const),
    index: fc.integer({ min: 0, max: 7 }),
    at: address,
    length,
    flags: fc.integer({ min: 0, max: 7 }),
    next: fc.integer({ min: 0, max: 9 }),
  }),
  fc.record({ kind: fc.constant("offer" as const), head: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant("notify" as const), queue: fc.integer({ min: 0, max: 5 }) }),
  fc.record({
    kind: fc.constant("register" as const),
    register: fc.integer({ min: 0, max: 0x50 }).map((n) => n * 4),
    value: fc.oneof(fc.integer({ min: 0, max: 16 }), fc.nat({ max: 0xffffffff }), address),
  }),
  fc.record({
    kind: fc.constant("poke" as const),
    at: fc.integer({ min: RAM, max: RAM + 0x3000 }),
    value: fc.nat({ max: 0xffff }),
  }),
);

for (const [name, model] of Object.entries(MODELS)) {
  for (const version of [1, 2] as const) {
    Deno.test(`${name}, version ${version}: a hostile driver reaches nothing outside RAM`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const d = new TestDriver(model, version);
          const before = outside(d);
          d.negotiate();
          for (let queue = 0; queue < 4; queue++) d.setUp(queue);
          if (version === 1) {
            d.write(REGISTER.QUEUE_SELECT, 0);
            d.write(REGISTER.QUEUE_SIZE, 8);
            d.write(REGISTER.QUEUE_PFN, RAM / 4096);
          }
          for (const one of steps) {
            switch (one.kind) {
              case "describe":
                d.describe(one.index, one);
                break;
              case "offer":
                d.offer(one.head);
                break;
              case "notify":
                d.notify(one.queue);
                break;
              case "register":
                d.write(one.register, one.value >>> 0);
                break;
              case "poke":
                d.poke16(one.at, one.value);
            }
          }
          for (let queue = 0; queue < 4; queue++) d.notify(queue);
          d.transport.work(0);
          assertEquals(outside(d), before);
        }),
        { numRuns: 150 },
      );
    });
  }
}
