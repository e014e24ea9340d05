import { assertEquals } from "@std/assert";
import { UNGUARDED } from "./access_guard.ts";
import { NEVER } from "./alarm_table.ts";
import { TIMER_HZ } from "./device.ts";
import { GenericTimers, TIMER, TIMER_BYTES } from "./generic_timer.ts";
import { type DeviceBench, deviceBench, LineRecorder } from "./testing/bench.ts";

const STATUS = 4;

interface Bench extends DeviceBench {
  readonly timers: GenericTimers;
  readonly lines: LineRecorder;
  /** Lets `ticks` pass and handles what is due. */
  readonly pass: (ticks: number) => void;
}

function bench(): Bench {
  const base = deviceBench(2);
  const lines = new LineRecorder();
  const { views, arena, clock, alarms } = base;
  const state = arena.allocate(TIMER_BYTES);
  const timers = new GenericTimers(views, state, clock, alarms, UNGUARDED, lines);
  timers.reset();
  const pass = (ticks: number): void => {
    clock.skipTo(clock.ticks() + ticks);
    alarms.runDue((slot) => timers.alarm(slot));
  };
  return { ...base, timers, lines, pass };
}

Deno.test("genericTimers raise the line at the compare value, not before", () => {
  const { timers, lines, pass, alarms } = bench();
  timers.writeCval(0, TIMER.VIRTUAL, 1000n);
  assertEquals(alarms.earliest(), NEVER);
  timers.writeCtl(0, TIMER.VIRTUAL, 1);
  assertEquals(alarms.earliest(), 1000);
  pass(999);
  assertEquals(lines.levels.get("cpu0.ppi27"), 0);
  assertEquals(timers.readCtl(0, TIMER.VIRTUAL), 1);
  pass(1);
  assertEquals(lines.levels.get("cpu0.ppi27"), 1);
  assertEquals(timers.readCtl(0, TIMER.VIRTUAL), 1 | STATUS);
  assertEquals(alarms.earliest(), NEVER);
});

Deno.test("genericTimers lower the line when rearmed, masked or disabled", () => {
  const { timers, lines, pass } = bench();
  const level = (): number | undefined => lines.levels.get("cpu1.ppi30");
  timers.writeTval(1, TIMER.PHYSICAL, 10);
  timers.writeCtl(1, TIMER.PHYSICAL, 1);
  pass(10);
  assertEquals(level(), 1);
  timers.writeTval(1, TIMER.PHYSICAL, 50);
  assertEquals(level(), 0);
  pass(50);
  assertEquals(level(), 1);
  timers.writeCtl(1, TIMER.PHYSICAL, 3);
  assertEquals(level(), 0);
  assertEquals(timers.readCtl(1, TIMER.PHYSICAL), 3 | STATUS);
  timers.writeCtl(1, TIMER.PHYSICAL, 1);
  assertEquals(level(), 1);
  timers.writeCtl(1, TIMER.PHYSICAL, 0);
  assertEquals(level(), 0);
  assertEquals(timers.readCtl(1, TIMER.PHYSICAL), 0);
});

Deno.test("genericTimers of different vCPUs and kinds are independent", () => {
  const { timers, lines, pass } = bench();
  timers.writeCval(0, TIMER.VIRTUAL, 100n);
  timers.writeCval(0, TIMER.PHYSICAL, 200n);
  timers.writeCval(1, TIMER.VIRTUAL, 300n);
  for (const [vcpu, timer] of [[0, 0], [0, 1], [1, 0]] as const) timers.writeCtl(vcpu, timer, 1);
  const high = (): string[] =>
    [...lines.levels].filter(([, level]) => level === 1).map(([name]) => name).sort();
  pass(100);
  assertEquals(high(), ["cpu0.ppi27"]);
  pass(100);
  assertEquals(high(), ["cpu0.ppi27", "cpu0.ppi30"]);
  pass(100);
  assertEquals(high(), ["cpu0.ppi27", "cpu0.ppi30", "cpu1.ppi27"]);
});

Deno.test("genericTimers timer value is a signed 32-bit distance", () => {
  const { timers, pass } = bench();
  pass(2 ** 33);
  timers.writeTval(0, TIMER.VIRTUAL, 7);
  assertEquals(timers.readCval(0, TIMER.VIRTUAL), 2n ** 33n + 7n);
  assertEquals(timers.readTval(0, TIMER.VIRTUAL), 7);
  pass(10);
  assertEquals(timers.readTval(0, TIMER.VIRTUAL), 0xfffffffd);
  timers.writeTval(0, TIMER.VIRTUAL, 0xffffffff);
  assertEquals(timers.readCval(0, TIMER.VIRTUAL), 2n ** 33n + 9n);
});

Deno.test("genericTimers keep all 64 bits of a compare value that never comes", () => {
  const { timers, lines, pass, alarms } = bench();
  timers.writeCval(0, TIMER.VIRTUAL, 0xffff_ffff_ffff_fffen);
  timers.writeCtl(0, TIMER.VIRTUAL, 1);
  pass(TIMER_HZ * 1e6);
  assertEquals(timers.readCval(0, TIMER.VIRTUAL), 0xffff_ffff_ffff_fffen);
  assertEquals(lines.levels.get("cpu0.ppi27"), 0);
  assertEquals(alarms.earliest(), NEVER);
  assertEquals(timers.count(), TIMER_HZ * 1e6);
});
