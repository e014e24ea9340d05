import { assert, assertEquals } from "@std/assert";
import { REGISTER, STATUS } from "./registers.ts";
import { VIRTIO_RNG } from "./rng.ts";
import { AREA, RAM, TestDriver, WRITE } from "./testing/driver.ts";

const rng = () => VIRTIO_RNG;

/** A random buffer of 64 bytes in which not all are zero. */
const filled = (bytes: Uint8Array): boolean => bytes.some((byte) => byte !== 0);

Deno.test("a transport identifies itself, its device and its version", () => {
  for (const version of [1, 2] as const) {
    const d = new TestDriver(rng, version);
    const ids = [REGISTER.MAGIC, REGISTER.VERSION, REGISTER.DEVICE_ID, REGISTER.VENDOR_ID];
    assertEquals(ids.map((id) => d.read(id)), [0x74726976, version, 4, 0x554d4551]);
    assertEquals(d.transport.read(REGISTER.MAGIC, 1, 0), 0, "registers are words");
  }
});

Deno.test("version 2 offers and insists on VERSION_1, the legacy interface has any layout", () => {
  const features = (version: 1 | 2) => {
    const d = new TestDriver(rng, version);
    return [0, 1, 2].map((word) => {
      d.write(REGISTER.DEVICE_FEATURES_SELECT, word);
      return d.read(REGISTER.DEVICE_FEATURES);
    });
  };
  assertEquals(features(1), [1 << 27 | 1 << 28, 0, 0]);
  assertEquals(features(2), [1 << 28, 1, 0]);
  const d = new TestDriver(rng);
  const accepted = () => (d.read(REGISTER.STATUS) & STATUS.FEATURES_OK) !== 0;
  d.negotiate();
  assertEquals(accepted(), true);
  d.negotiate(1);
  assertEquals(accepted(), false, "a feature that was not offered");
  d.write(REGISTER.STATUS, 0);
  d.write(REGISTER.STATUS, STATUS.FEATURES_OK);
  assertEquals(accepted(), false, "without VERSION_1");
});

Deno.test("a chain is filled, given back and announced until it is acknowledged", () => {
  const d = new TestDriver(rng);
  d.negotiate();
  d.setUp();
  d.submit([{ at: AREA.data, length: 40, flags: WRITE }, {
    at: AREA.data + 100,
    length: 24,
    flags: WRITE,
  }]);
  assertEquals(d.used(), [[0, 64]]);
  assert(filled(d.bytes(AREA.data, 40)) && filled(d.bytes(AREA.data + 100, 24)));
  assertEquals(d.bytes(AREA.data + 40, 60), new Uint8Array(60));
  assertEquals([d.read(REGISTER.INTERRUPT_STATUS), d.lines.levels.get("spi16")], [1, 1]);
  d.write(REGISTER.INTERRUPT_ACK, 1);
  assertEquals([d.read(REGISTER.INTERRUPT_STATUS), d.lines.levels.get("spi16")], [0, 0]);
});

Deno.test("no interrupt comes while the driver asks for none", () => {
  const d = new TestDriver(rng);
  d.negotiate();
  d.setUp();
  d.poke16(AREA.avail, 1);
  d.submit([{ at: AREA.data, length: 8, flags: WRITE }]);
  assertEquals([d.used().length, d.read(REGISTER.INTERRUPT_STATUS)], [1, 0]);
});

Deno.test("rings wrap around their size and their 16-bit counts", () => {
  const d = new TestDriver(rng);
  d.negotiate();
  d.setUp();
  d.describe(5, { at: AREA.data, length: 4, flags: WRITE });
  for (let n = 0; n < 65536 + 20; n++) {
    d.offer(5);
    d.notify();
  }
  assertEquals(d.peek16(AREA.used + 2), 20);
  assertEquals(d.needsReset, false);
});

Deno.test("a legacy queue lies at its page with the used ring aligned", () => {
  const d = new TestDriver(rng, 1);
  d.write(REGISTER.GUEST_PAGE_SIZE, 4096);
  d.write(REGISTER.QUEUE_SELECT, 0);
  assertEquals([d.read(REGISTER.QUEUE_SIZE_MAX), d.read(REGISTER.QUEUE_PFN)], [8, 0]);
  d.write(REGISTER.QUEUE_SIZE, 8);
  d.write(REGISTER.QUEUE_ALIGN, 4096);
  d.write(REGISTER.QUEUE_PFN, RAM / 4096);
  assertEquals(d.read(REGISTER.QUEUE_PFN), RAM / 4096);
  d.write(REGISTER.STATUS, STATUS.ACKNOWLEDGE | STATUS.DRIVER | STATUS.DRIVER_OK);
  d.describe(0, { at: AREA.data, length: 16, flags: WRITE });
  // The available ring follows the 8 descriptors; the used ring begins on the next page.
  d.poke16(RAM + 8 * 16 + 2, 1);
  d.notify();
  assertEquals([d.peek16(RAM + 4096 + 2), d.peek32(RAM + 4096 + 8)], [1, 16]);
  d.write(REGISTER.QUEUE_PFN, 0);
  d.poke16(RAM + 8 * 16 + 2, 2);
  d.notify();
  assertEquals(d.peek16(RAM + 4096 + 2), 1, "the queue is out of use");
});

Deno.test("sizes that are no power of two or too large, and unknown queues, are ignored", () => {
  const d = new TestDriver(rng);
  d.negotiate();
  d.setUp(0, 4);
  d.write(REGISTER.QUEUE_READY, 0);
  for (const size of [0, 3, 16, 0x80000000]) d.write(REGISTER.QUEUE_SIZE, size);
  d.write(REGISTER.QUEUE_READY, 1);
  d.describe(0, { at: AREA.data, length: 4, flags: WRITE });
  for (let n = 0; n < 5; n++) {
    d.offer(0, 4);
    d.notify();
  }
  assertEquals([d.peek16(AREA.used + 2), d.needsReset], [5, false]);
  d.write(REGISTER.QUEUE_SELECT, 7);
  assertEquals([d.read(REGISTER.QUEUE_SIZE_MAX), d.read(REGISTER.QUEUE_READY)], [0, 0]);
  d.write(REGISTER.QUEUE_READY, 1);
  d.notify(7);
  assertEquals(d.needsReset, false);
});

Deno.test("a broken ring needs a reset and works again after it", () => {
  const d = new TestDriver(rng);
  d.negotiate();
  d.setUp();
  d.submit([{ at: 0x0900_0000, length: 4, flags: WRITE }]);
  assertEquals([d.needsReset, d.read(REGISTER.INTERRUPT_STATUS), d.used()], [true, 2, []]);
  d.submit([{ at: AREA.data, length: 4, flags: WRITE }]);
  assertEquals(d.used(), [], "nothing is done any more");
  d.write(REGISTER.STATUS, STATUS.DRIVER_OK);
  assertEquals(d.needsReset, true, "the driver cannot clear it");
  d.poke16(AREA.avail + 2, 0);
  d.negotiate();
  d.setUp();
  d.submit([{ at: AREA.data, length: 4, flags: WRITE }]);
  assertEquals([d.needsReset, d.used()], [false, [[0, 4]]]);
});

Deno.test("stores are seen by the strategy in aligned pieces, and by the code cache", () => {
  const d = new TestDriver(rng);
  d.negotiate();
  d.setUp();
  d.submit([{ at: AREA.data + 4, length: 20, flags: WRITE }]);
  assertEquals(d.seen, []);
  d.hooked = true;
  d.markCode(AREA.data + 0x1000);
  d.submit([{ at: AREA.data + 0xffc, length: 12, flags: WRITE }]);
  assertEquals(d.seen, [
    "store 40003ffc 4",
    "store 40004000 8",
    "code 40004000 8",
    "store 4000200c 4",
    "store 40002010 4",
    "store 40002002 2",
  ]);
});
