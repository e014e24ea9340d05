import { assertEquals } from "@std/assert";
import { GLOBAL } from "../../memory/machine_layout.ts";
import { UNGUARDED } from "../access_guard.ts";
import { deviceBench } from "../testing/bench.ts";
import { DISK_CHANNEL_BYTES, DISK_OP, DiskChannel } from "./disk_channel.ts";
import type { DiskServerJob } from "./testing/disk_server.ts";

function setUp() {
  const { views, layout, arena } = deviceBench(1);
  const at = arena.allocate(DISK_CHANNEL_BYTES);
  const channel = new DiskChannel(views, at, layout.global, UNGUARDED);
  const end = (): void => {
    Atomics.store(views.i32, (layout.global + GLOBAL.END) >>> 2, 1);
  };
  return { memory: views.memory, at, channel, end };
}

Deno.test("disk channel: requests are done by the other thread, in order, until the end", async () => {
  const { memory, at, channel, end } = setUp();
  const url = new URL("./testing/disk_server.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const done = new Promise((resolve) => worker.onmessage = resolve);
  // The arena's first addresses are the bench's own, on both sides.
  worker.postMessage({ memory, channel: at } satisfies DiskServerJob);
  const none = new Uint8Array(0);
  const read = (disk: number, offset: number): [boolean, number[]] => {
    const bytes = new Uint8Array(4);
    return [channel.request(0, disk, DISK_OP.READ, offset, bytes), [...bytes]];
  };
  assertEquals(channel.request(0, 0, DISK_OP.WRITE, 8, Uint8Array.of(1, 2, 3, 4)), true);
  assertEquals(read(0, 10), [true, [3, 4, 0, 0]]);
  assertEquals(read(0, 2 ** 40), [true, [0x77, 0x77, 0x77, 0x77]]);
  assertEquals(channel.request(0, 0, DISK_OP.FLUSH, 0, none), true);
  assertEquals(read(1, 0), [false, [0, 0, 0, 0]]);
  assertEquals(channel.request(0, 1, DISK_OP.WRITE, 0, none), false);
  end();
  await done;
  worker.terminate();
});

Deno.test("disk channel: who waits for an answer gives up when the machine ends", () => {
  const { channel, end } = setUp();
  end();
  assertEquals(channel.request(0, 0, DISK_OP.READ, 0, new Uint8Array(4)), false);
});
