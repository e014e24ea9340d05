import { assertEquals } from "@std/assert";
import { CONSOLE_INPUT_BYTES, VIRTIO_CONSOLE_BYTES, VirtioConsole } from "./console.ts";
import { REGISTER } from "./registers.ts";
import { AREA, TestDriver, WRITE } from "./testing/driver.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);
/** The queues lie 256 bytes apart. */
const shiftOf = (queue: number): number => queue * 256;

function console() {
  let output = "";
  let model!: VirtioConsole;
  const d = new TestDriver(({ views, arena }) => {
    model = new VirtioConsole(views, arena.allocate(VIRTIO_CONSOLE_BYTES), (_env, part) => {
      output += text(part);
    });
    return model;
  });
  d.negotiate(2);
  for (let queue = 0; queue < 4; queue++) d.setUp(queue, 8, shiftOf(queue));
  let offered = [0, 0, 0, 0];
  /** One more chain in a queue; each has a descriptor and 64 bytes of its own. */
  const give = (queue: number, length: number, flags = 0, content?: Uint8Array): number => {
    const index = offered[queue];
    offered = offered.with(queue, index + 1);
    const at = AREA.data + queue * 0x400 + index * 64;
    if (content !== undefined) d.poke(at, content);
    d.describe(index, { at, length, flags }, shiftOf(queue));
    const ring = AREA.avail + shiftOf(queue);
    d.poke16(ring + 4 + 2 * index, index);
    d.poke16(ring + 2, index + 1);
    d.notify(queue);
    return at;
  };
  const control = (port: number, event: number, value: number): void => {
    const message = new DataView(new ArrayBuffer(8));
    message.setUint32(0, port, true);
    message.setUint16(4, event, true);
    message.setUint16(6, value, true);
    give(3, 8, 0, new Uint8Array(message.buffer));
  };
  return { d, model, give, control, output: () => output };
}

Deno.test("console: one port is announced and opened as the driver asks", () => {
  const { d, give, control } = console();
  assertEquals(d.transport.read(REGISTER.CONFIG + 4, 4, 0), 1, "number of ports");
  const buffers = [give(2, 8, WRITE), give(2, 8, WRITE)];
  control(0, 0, 1);
  assertEquals([...d.bytes(buffers[0], 8)], [0, 0, 0, 0, 1, 0, 1, 0], "PORT_ADD");
  control(0, 3, 1);
  assertEquals([...d.bytes(buffers[1], 8)], [0, 0, 0, 0, 4, 0, 1, 0], "CONSOLE_PORT");
  // The last message waits for a buffer.
  const third = give(2, 8, WRITE);
  assertEquals([...d.bytes(third, 8)], [0, 0, 0, 0, 6, 0, 1, 0], "PORT_OPEN");
  assertEquals(d.used(8, shiftOf(2)), [[0, 8], [1, 8], [2, 8]]);
  control(5, 3, 1);
  const fourth = give(2, 8, WRITE);
  assertEquals([...d.bytes(fourth, 8)], Array(8).fill(0), "there is no port 5");
});

Deno.test("console: output is passed on, in order", () => {
  const { give, output } = console();
  give(1, 5, 0, bytes("hello"));
  give(1, 6, 0, bytes(" world"));
  assertEquals(output(), "hello world");
});

Deno.test("console: input goes into the buffers that are there and waits for more", () => {
  const { d, model, give } = console();
  assertEquals(model.receive(bytes("early")), 5);
  const first = give(0, 3, WRITE);
  const second = give(0, 64, WRITE);
  assertEquals([text(d.bytes(first, 3)), text(d.bytes(second, 2))], ["ear", "ly"]);
  const third = give(0, 64, WRITE);
  model.receive(bytes("late"));
  d.transport.work(0);
  assertEquals(text(d.bytes(third, 4)), "late");
  assertEquals(d.used(8, shiftOf(0)), [[0, 3], [1, 2], [2, 4]]);
});

Deno.test("console: input that the guest does not read is refused when there is no room", () => {
  const { model } = console();
  assertEquals(model.receive(new Uint8Array(3000)), 3000);
  assertEquals(model.receive(new Uint8Array(3000)), CONSOLE_INPUT_BYTES - 3000);
  assertEquals(model.receive(new Uint8Array(1)), 0);
});

Deno.test("console: a reset forgets messages, not input", () => {
  const { d, model, give, control } = console();
  control(0, 0, 1);
  model.receive(bytes("x"));
  d.write(REGISTER.STATUS, 0);
  d.negotiate(2);
  for (let queue = 0; queue < 4; queue++) {
    d.poke16(AREA.avail + shiftOf(queue) + 2, 0);
    d.poke16(AREA.used + shiftOf(queue) + 2, 0);
    d.setUp(queue, 8, shiftOf(queue));
  }
  give(2, 8, WRITE);
  assertEquals(d.used(8, shiftOf(2)), []);
  assertEquals(text(d.bytes(give(0, 4, WRITE), 1)), "x");
});
