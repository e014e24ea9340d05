import { assert, assertEquals } from "@std/assert";
import { CLOCK_BYTES, HostClock, startHostClock } from "./host_clock.ts";
import { TIMER_HZ } from "./device.ts";
import { deviceBench } from "./testing/bench.ts";
import { VIRTUAL_EPOCH_SECONDS } from "./virtual_clock.ts";

Deno.test("hostClock counts from its start and never goes back", () => {
  const { views, arena } = deviceBench(1);
  const state = arena.allocate(CLOCK_BYTES);
  startHostClock(views, state);
  const clocks = [new HostClock(views, state), new HostClock(views, state)];
  let last = 0;
  for (let i = 0; i < 10_000; i++) {
    const now = clocks[i & 1].ticks();
    assert(now >= last && Number.isInteger(now), `${now} after ${last}`);
    last = now;
  }
  assert(last > 0 && last < 60 * TIMER_HZ);
});

Deno.test("hostClock waits for a thread whose clock is ahead", () => {
  const { views, arena } = deviceBench(1);
  const state = arena.allocate(CLOCK_BYTES);
  startHostClock(views, state);
  const clock = new HostClock(views, state);
  const ahead = (clock.ticks() + TIMER_HZ / 50) | 0;
  views.i32[(state + 8) >>> 2] = ahead;
  assertEquals(clock.ticks(), ahead);
});

Deno.test("hostClock goes on when 32 bits of ticks have run over", () => {
  const { views, arena } = deviceBench(1);
  const state = arena.allocate(CLOCK_BYTES);
  startHostClock(views, state);
  // As if the machine had run for 2^32 + 2^31 ticks and nobody had asked for long.
  const hours = 2 ** 32 + 2 ** 31;
  views.f64[state >>> 3] -= hours / (TIMER_HZ / 1000);
  const clock = new HostClock(views, state);
  const ticks = clock.ticks();
  assert(ticks >= hours && ticks < hours + 60 * TIMER_HZ, String(ticks));
});

Deno.test("hostClock tells the time of day and when a second comes", () => {
  const { views, arena } = deviceBench(1);
  const state = arena.allocate(CLOCK_BYTES);
  startHostClock(views, state);
  const clock = new HostClock(views, state);
  const seconds = clock.wallSeconds();
  assert(Math.abs(seconds - Date.now() / 1000) <= 2);
  const next = clock.ticksAtWallSeconds(seconds + 5);
  assert(next > clock.ticks() && next <= clock.ticks() + 5 * TIMER_HZ);
  assert(clock.nanosecondsUntil(next) > 0);
  assertEquals(clock.nanosecondsUntil(0), 0);
});

Deno.test("hostClock gives the newest answer of any thread all through a turn, then asks again", () => {
  const { views, arena } = deviceBench(1);
  const state = arena.allocate(CLOCK_BYTES);
  startHostClock(views, state);
  const clock = new HostClock(views, state);
  clock.turn();
  const seconds = clock.wallSeconds();
  const word = views.u32.indexOf(seconds, state >>> 2);
  views.u32[word] = seconds + 1000;
  assertEquals(clock.wallSeconds(), seconds + 1000);
  clock.turn();
  assert(Math.abs(clock.wallSeconds() - seconds) <= 60);
});

Deno.test("virtualClock moves only by instructions and jumps", () => {
  const { clock } = deviceBench(1);
  assertEquals(clock.ticks(), 0);
  clock.advance(16_000);
  assertEquals(clock.ticks(), 1000);
  clock.advance(8);
  assertEquals(clock.ticks(), 1000);
  clock.advance(8);
  assertEquals(clock.ticks(), 1001);
  clock.skipTo(500);
  assertEquals(clock.ticks(), 1001);
  clock.skipTo(3 * TIMER_HZ);
  assertEquals(clock.wallSeconds(), VIRTUAL_EPOCH_SECONDS + 3);
  assertEquals(clock.ticksAtWallSeconds(VIRTUAL_EPOCH_SECONDS + 4), 4 * TIMER_HZ);
  assertEquals(clock.nanosecondsUntil(4 * TIMER_HZ), 1e9);
});
