import { assertEquals } from "@std/assert";
import { UNGUARDED } from "./access_guard.ts";
import { NEVER, POWER_KEY_ALARM, RTC_ALARM } from "./alarm_table.ts";
import { ConsoleRing } from "./console_ring.ts";
import type { Device } from "./device.ts";
import { FW_CFG_BYTES, FwCfg } from "./fw_cfg.ts";
import { INPUT_CAPACITY, Pl011, PL011_BYTES } from "./pl011.ts";
import { Pl031, PL031_BYTES } from "./pl031.ts";
import { Pl061, PL061_BYTES } from "./pl061.ts";
import { PowerKey } from "./power_key.ts";
import { type DeviceBench, deviceBench, LineRecorder } from "./testing/bench.ts";
import { emptyVirtioSlots } from "./virtio_mmio.ts";
import { TIMER_HZ } from "./device.ts";

interface Bench<T extends Device> extends DeviceBench {
  readonly device: T;
  readonly lines: LineRecorder;
  readonly read: (offset: number) => number;
  readonly write: (offset: number, value: number) => void;
}

function bench<T extends Device>(make: (base: DeviceBench, lines: LineRecorder) => T): Bench<T> {
  const base = deviceBench(1);
  const lines = new LineRecorder();
  const device = make(base, lines);
  device.reset();
  return {
    ...base,
    device,
    lines,
    read: (offset) => device.read(offset, 4, 0),
    write: (offset, value) => device.write(offset, 4, value, 0),
  };
}

/** Offset and value of every register in a table. */
type Table = readonly (readonly [offset: number, value: number])[];

function checkTable(read: (offset: number) => number, table: Table): void {
  for (const [offset, value] of table) {
    assertEquals(read(offset), value, `register 0x${offset.toString(16)}`);
  }
}

/** PrimeCell identification: four bytes of our own, then the same four for all. */
function identification(part: readonly number[]): Table {
  return [...part, 0x0d, 0xf0, 0x05, 0xb1].map((value, i) => [0xfe0 + 4 * i, value]);
}

function uart(): Bench<Pl011> & { readonly output: ConsoleRing; readonly poll: () => void } {
  let output: ConsoleRing | undefined;
  const made = bench(({ views, layout, arena, alarms }, lines) => {
    output = new ConsoleRing(views, layout.console, layout.global);
    const state = arena.allocate(PL011_BYTES);
    return new Pl011(views, state, output, alarms, UNGUARDED, lines, { base: 0, spi: 1 });
  });
  const poll = (): void => {
    made.alarms.runDue(() => made.device.alarm());
  };
  return { ...made, output: output!, poll };
}

Deno.test("pl011 registers have their reset values", () => {
  const { read } = uart();
  checkTable(read, [
    [0x00, 0],
    [0x04, 0],
    [0x18, 0x90],
    [0x20, 0],
    [0x24, 0],
    [0x28, 0],
    [0x2c, 0],
    [0x30, 0x300],
    [0x34, 0x12],
    [0x38, 0],
    [0x3c, 0],
    [0x40, 0],
    [0x44, 0],
    [0x48, 0],
    ...identification([0x11, 0x10, 0x14, 0x00]),
  ]);
});

Deno.test("pl011 registers keep the bits that exist", () => {
  const { read, write } = uart();
  const table: Table = [
    [0x20, 0xff],
    [0x24, 0xffff],
    [0x28, 0x3f],
    [0x2c, 0xff],
    [0x30, 0xffff],
    [0x34, 0x3f],
    [0x38, 0x7ff],
    [0x48, 7],
  ];
  for (const [offset] of table) write(offset, 0xffffffff);
  checkTable(read, table);
});

Deno.test("pl011 sends what is written and raises the transmit interrupt", () => {
  const { read, write, output, lines } = uart();
  write(0x38, 0x20);
  assertEquals(lines.levels.get("spi1"), 0);
  for (const byte of [0x48, 0x169]) write(0x00, byte);
  assertEquals([...output.drain()], [0x48, 0x69]);
  assertEquals([read(0x3c), read(0x40), lines.levels.get("spi1")], [0x20, 0x20, 1]);
  write(0x44, 0x20);
  assertEquals([read(0x3c), lines.levels.get("spi1")], [0, 0]);
});

Deno.test("pl011 receives in order and interrupts while there is input", () => {
  const { device, read, write, lines, poll } = uart();
  write(0x2c, 0x10);
  write(0x38, 0x10);
  assertEquals(device.receive(new TextEncoder().encode("hello")), 5);
  poll();
  assertEquals([read(0x18), lines.levels.get("spi1")], [0x80, 1]);
  const text = Array.from({ length: 5 }, () => String.fromCharCode(read(0x00))).join("");
  assertEquals(text, "hello");
  assertEquals([read(0x18), read(0x3c), lines.levels.get("spi1")], [0x90, 0, 0]);
  assertEquals(read(0x00), 0);
});

Deno.test("pl011 without FIFO interrupts for each byte, also when it is cleared before the byte is read", () => {
  const { device, read, write, lines, poll } = uart();
  write(0x38, 0x10);
  device.receive(Uint8Array.of(1, 2, 3));
  poll();
  for (const byte of [1, 2, 3]) {
    assertEquals(lines.levels.get("spi1"), 1, `byte ${byte}`);
    write(0x44, 0x10);
    assertEquals([lines.levels.get("spi1"), read(0x00)], [0, byte]);
  }
  assertEquals([read(0x3c), lines.levels.get("spi1"), read(0x18) & 0x10], [0, 0, 0x10]);
});

Deno.test("pl011 shows a full FIFO of one or sixteen bytes, and takes no more input than fits", () => {
  const { device, read, write } = uart();
  device.receive(Uint8Array.of(1));
  assertEquals(read(0x18), 0xc0);
  write(0x2c, 0x10);
  assertEquals(read(0x18), 0x80);
  device.receive(new Uint8Array(15));
  assertEquals(read(0x18), 0xc0);
  assertEquals(device.receive(new Uint8Array(INPUT_CAPACITY)), INPUT_CAPACITY - 16);
  assertEquals(device.receive(Uint8Array.of(1)), 0);
});

function rtc(): Bench<Pl031> {
  return bench(({ views, arena, clock, alarms }, lines) => {
    const state = arena.allocate(PL031_BYTES);
    return new Pl031(views, state, clock, alarms, UNGUARDED, lines, { base: 0, spi: 2 });
  });
}

Deno.test("pl031 registers have their reset values", () => {
  const { read, clock } = rtc();
  checkTable(read, [
    [0x00, clock.wallSeconds()],
    [0x04, 0],
    [0x08, 0],
    [0x0c, 1],
    [0x10, 0],
    [0x14, 0],
    [0x18, 0],
    [0x1c, 0],
    ...identification([0x31, 0x10, 0x14, 0x00]),
  ]);
});

Deno.test("pl031 counts seconds from what was loaded", () => {
  const { read, write, clock } = rtc();
  write(0x08, 1000);
  clock.skipTo(2.5 * TIMER_HZ);
  assertEquals([read(0x00), read(0x08)], [1002, 1000]);
});

Deno.test("pl031 interrupts when the match second comes", () => {
  const { device, read, write, clock, alarms, lines } = rtc();
  const pass = (seconds: number): void => {
    clock.skipTo(clock.ticks() + seconds * TIMER_HZ);
    alarms.runDue((slot) => {
      assertEquals(slot, RTC_ALARM);
      device.alarm();
    });
  };
  write(0x08, 1000);
  write(0x10, 1);
  write(0x04, 1003);
  pass(2);
  assertEquals([read(0x14), lines.levels.get("spi2")], [0, 0]);
  pass(1);
  assertEquals([read(0x14), read(0x18), lines.levels.get("spi2")], [1, 1, 1]);
  write(0x1c, 1);
  assertEquals([read(0x14), lines.levels.get("spi2")], [0, 0]);
  write(0x04, read(0x00));
  assertEquals(lines.levels.get("spi2"), 1);
});

function gpio(): Bench<Pl061> {
  return bench(({ views, arena }, lines) =>
    new Pl061(views, arena.allocate(PL061_BYTES), UNGUARDED, lines, { base: 0, spi: 7 })
  );
}

Deno.test("pl061 registers have their reset values", () => {
  const { read } = gpio();
  const zero: Table = [0, 0x3fc, ...Array.from({ length: 9 }, (_, i) => 0x400 + 4 * i)]
    .map((offset) => [offset, 0]);
  checkTable(read, [...zero, ...identification([0x61, 0x10, 0x04, 0x00])]);
});

Deno.test("pl061 data register masks pins by address and direction", () => {
  const { device, read, write } = gpio();
  write(0x400, 0x0f);
  write(0x3fc, 0xff);
  assertEquals(read(0x3fc), 0x0f);
  write(0x03 << 2, 0);
  assertEquals(read(0x3fc), 0x0c);
  assertEquals(read(0x08 << 2), 0x08);
  device.setInput(7, 1);
  assertEquals(read(0x3fc), 0x8c);
});

Deno.test("pl061 interrupts on edges until cleared and on levels while they hold", () => {
  const { device, read, write, lines } = gpio();
  const level = (): number | undefined => lines.levels.get("spi7");
  write(0x40c, 0x08);
  write(0x410, 0x08);
  device.setInput(3, 1);
  device.setInput(3, 0);
  assertEquals([read(0x414), read(0x418), level()], [0x08, 0x08, 1]);
  write(0x41c, 0x08);
  assertEquals(level(), 0);
  write(0x404, 0x08);
  device.setInput(3, 1);
  assertEquals(level(), 1);
  write(0x41c, 0x08);
  assertEquals(level(), 1);
  device.setInput(3, 0);
  assertEquals(level(), 0);
});

Deno.test("the power key is held for a tenth of a second", () => {
  const { views, arena, clock, alarms } = deviceBench(1);
  const lines = new LineRecorder();
  const place = { base: 0, spi: 7 };
  const device = new Pl061(views, arena.allocate(PL061_BYTES), UNGUARDED, lines, place);
  device.reset();
  const key = new PowerKey(device, 3, alarms, clock);
  const pin = (): number => device.read(0x3fc, 4, 0);
  const run = (): number => alarms.runDue((slot) => slot === POWER_KEY_ALARM && key.alarm());
  // Rising edges of pin 3 interrupt.
  device.write(0x40c, 4, 8, 0);
  device.write(0x410, 4, 8, 0);
  run();
  assertEquals(pin(), 0);
  key.press();
  run();
  assertEquals([pin(), lines.levels.get("spi7")], [8, 1]);
  clock.skipTo(clock.ticks() + 6_249_000);
  run();
  assertEquals(pin(), 8);
  clock.skipTo(clock.ticks() + 2000);
  assertEquals([run() === NEVER, pin()], [true, 0]);
});

Deno.test("fwCfg shows its signature and an empty directory", () => {
  const { device } = bench(({ views, arena }) => new FwCfg(views, arena.allocate(FW_CFG_BYTES), 0));
  const select = (key: number): void => device.write(8, 2, ((key & 0xff) << 8) | (key >> 8), 0);
  const text = (): string =>
    Array.from({ length: 4 }, () => String.fromCharCode(device.read(0, 1, 0))).join("");
  assertEquals(text(), "QEMU");
  assertEquals(device.read(0, 1, 0), 0);
  select(0);
  assertEquals(device.read(0, 4, 0), 0x554d4551);
  select(1);
  assertEquals(device.read(0, 4, 0), 1);
  select(0x19);
  assertEquals(device.read(0, 4, 0), 0);
});

Deno.test("emptyVirtioSlots identify themselves and hold no device", () => {
  const device = emptyVirtioSlots(0x0a000000, 32);
  assertEquals(device.size, 0x4000);
  for (const slot of [0, 31]) {
    const registers = [0, 4, 8, 12, 16, 0x70].map((at) => device.read(slot * 0x200 + at, 4, 0));
    assertEquals(registers, [0x74726976, 1, 0, 0x554d4551, 0, 0]);
  }
});
