import { assert, assertEquals } from "@std/assert";
import { GLOBAL } from "../memory/machine_layout.ts";
import { DEVICE_LOCKS, LOCK_BYTES } from "./access_guard.ts";
import { ALARM_BYTES, ALARM_SLOTS, AlarmTable } from "./alarm_table.ts";
import { CONSOLE_CAPACITY, ConsoleRing } from "./console_ring.ts";
import { TIMER_HZ } from "./device.ts";
import { GIC_BYTES, GicState } from "./gic/state.ts";
import { CLOCK_BYTES, HostClock, startHostClock } from "./host_clock.ts";
import { deviceBench } from "./testing/bench.ts";

function worker(file: string): Worker {
  return new Worker(new URL(`./testing/${file}`, import.meta.url), { type: "module" });
}

/** The next message of a worker. */
function message(from: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    from.onmessage = (event) => resolve(event.data);
    from.onerror = (event) => reject(new Error(event.message));
  });
}

Deno.test("consoleRing loses no byte of two producers that outrun the consumer", async () => {
  const { views, layout, arena } = deviceBench(2);
  const ring = new ConsoleRing(views, layout.console, layout.global);
  const lock = arena.allocate(64);
  const count = CONSOLE_CAPACITY;
  const producers = [0x40, 0x80].map((mark) => {
    const producer = worker("ring_producer.ts");
    const done = message(producer);
    producer.postMessage({ memory: views.memory, lock, mark, count });
    return { producer, done, mark };
  });
  // Nobody drains until the ring is full.
  const head = layout.console >>> 2;
  while (Atomics.load(views.i32, head) < CONSOLE_CAPACITY) {
    await new Promise((r) => setTimeout(r, 1));
  }
  const seen = new Map<number, number>(producers.map(({ mark }) => [mark, 0]));
  const wake = (layout.global + GLOBAL.MAIN_WAKE) >>> 2;
  for (let left = 2 * count; left > 0;) {
    const before = Atomics.load(views.i32, wake);
    const bytes = ring.drain();
    left -= bytes.length;
    for (const byte of bytes) {
      const mark = byte & 0xf0;
      const expected = seen.get(mark)!;
      assert((byte & 15) === (expected & 15), `byte ${expected} of producer ${mark} is ${byte}`);
      seen.set(mark, expected + 1);
    }
    if (bytes.length === 0) {
      assertEquals(Atomics.wait(views.i32, wake, before, 10_000) === "timed-out", false);
    }
  }
  assertEquals([...seen.values()], [count, count]);
  for (const { producer, done } of producers) {
    assertEquals(await done, "done");
    producer.terminate();
  }
  assertEquals(ring.drain().length, 0);
});

Deno.test("consoleRing lets a producer on the consumer's thread drain", () => {
  const { views, layout } = deviceBench(1);
  const ring = new ConsoleRing(views, layout.console, layout.global);
  let drained = 0;
  ring.onFull = () => drained += ring.drain().length;
  for (let i = 0; i < CONSOLE_CAPACITY + 5; i++) ring.push(i & 255);
  assertEquals(drained, CONSOLE_CAPACITY);
  assertEquals([...ring.drain()], [0, 1, 2, 3, 4]);
});

Deno.test("alarmTable served by a thread fires each alarm once its time has come", async () => {
  const { views, layout, arena } = deviceBench(2);
  const table = arena.allocate(ALARM_BYTES);
  const clockState = arena.allocate(CLOCK_BYTES);
  const seen = arena.allocate(8 * ALARM_SLOTS);
  startHostClock(views, clockState);
  const clock = new HostClock(views, clockState);
  const alarms = new AlarmTable(views, table, layout.global, clock);
  alarms.reset();
  const server = worker("alarm_server.ts");
  let next = message(server);
  server.postMessage({ memory: views.memory, table, clock: clockState, seen });
  assertEquals(await next, "ready");
  next = message(server);
  // A late one first, then earlier ones: the sleeper must wake for them.
  for (const round of [3, 2, 1]) {
    const wanted = new Map<number, number>();
    for (let slot = ALARM_SLOTS - 1; slot >= 0; slot--) {
      const at = clock.ticks() + ((slot % 4) * round * TIMER_HZ) / 1000;
      wanted.set(slot, at);
      views.f64[(seen >>> 3) + slot] = 0;
      alarms.set(slot, at);
    }
    for (const [slot, at] of wanted) {
      while (views.f64[(seen >>> 3) + slot] === 0) await new Promise((r) => setTimeout(r, 1));
      assert(views.f64[(seen >>> 3) + slot] >= at, `slot ${slot} came early`);
    }
  }
  Atomics.store(views.i32, (layout.global + GLOBAL.END) >>> 2, 1);
  alarms.wake();
  assertEquals(await next, "done");
  server.terminate();
});

Deno.test("gicv2 on two threads loses no SGI and no wake-up", async () => {
  const { views, arena } = deviceBench(2);
  const gic = arena.allocate(GIC_BYTES);
  const locks = arena.allocate(DEVICE_LOCKS * LOCK_BYTES);
  new GicState(views, gic, 2).reset();
  const players = [0, 1].map((vcpu) => {
    const player = worker("sgi_player.ts");
    const done = message(player);
    player.postMessage({ memory: views.memory, gic, locks, vcpu, rounds: 5000 });
    return { player, done };
  });
  for (const { done } of players) assertEquals(await done, "done");
  for (const { player } of players) player.terminate();
});
