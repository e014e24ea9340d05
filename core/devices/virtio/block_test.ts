import { assertEquals } from "@std/assert";
import { SECTOR, virtioBlock } from "./block.ts";
import { DISK_OP } from "./disk_channel.ts";
import { overlayImage, rawImage } from "./disk_image.ts";
import { AREA, INDIRECT, NEXT, RAM, TestDriver, WRITE } from "./testing/driver.ts";
import { REGISTER } from "./registers.ts";

const SECTORS = 64;
const HEADER = AREA.data;
const STATUS_AT = AREA.data + 0x10;
const DATA = AREA.data + 0x1000;
const OK = 0;
const IO_ERROR = 1;
const UNSUPPORTED = 2;

/** A disk of which sector n is filled with n; `bytes` is the file. */
function disk(options: { readOnly?: boolean; sectors?: number } = {}) {
  const bytes = Uint8Array.from({ length: SECTORS * SECTOR }, (_, at) => Math.floor(at / SECTOR));
  const file = { bytes };
  const image = overlayImage(rawImage(
    bytes.length,
    (target, offset) => {
      const part = file.bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
    () => {},
  ));
  const requests: string[] = [];
  const d = new TestDriver(({ views }) =>
    virtioBlock(
      {
        disk: 3,
        sectors: options.sectors ?? SECTORS,
        readOnly: options.readOnly ?? false,
        serial: "a-serial-number-that-is-long",
      },
      {
        request: (_vcpu, number, op, offset, data) => {
          requests.push(`${number} ${op} ${offset} ${data.length}`);
          if (op === DISK_OP.READ) return image.read(offset, data);
          return op === DISK_OP.WRITE ? image.write(offset, data) : image.flush();
        },
      },
      views.i32,
    )
  );
  d.negotiate();
  d.setUp();
  /** Sends a request; gives the status byte and what the used ring says was written. */
  const send = (type: number, sector: number, data?: { length: number; write: boolean }) => {
    d.poke32(HEADER, type);
    d.poke32(HEADER + 8, sector >>> 0);
    d.poke32(HEADER + 12, Math.floor(sector / 2 ** 32));
    d.poke(STATUS_AT, Uint8Array.of(0xff));
    d.submit([
      { at: HEADER, length: 16 },
      ...(data === undefined ? [] : [{
        at: DATA,
        length: data.length,
        flags: data.write ? WRITE : 0,
      }]),
      { at: STATUS_AT, length: 1, flags: WRITE },
    ]);
    return [d.bytes(STATUS_AT, 1)[0], d.used().at(-1)?.[1]];
  };
  const into = (length: number) => ({ length, write: true });
  const from = (length: number) => ({ length, write: false });
  return { d, send, into, from, requests, file };
}

Deno.test("block: the configuration says how large the disk is and what it can do", () => {
  const { d } = disk({ sectors: 2 ** 33 + 5, readOnly: true });
  const word = (at: number) => d.transport.read(REGISTER.CONFIG + at, 4, 0);
  assertEquals([word(0), word(4), word(12), word(20), word(24)], [5, 2, 254, 512, 0]);
  assertEquals(d.transport.read(REGISTER.CONFIG + 21, 1, 0), 2, "in any size");
  d.write(REGISTER.DEVICE_FEATURES_SELECT, 0);
  assertEquals(d.read(REGISTER.DEVICE_FEATURES), 1 << 2 | 1 << 5 | 1 << 6 | 1 << 9 | 1 << 28);
});

Deno.test("block: sectors are read, written and read back", () => {
  const { d, send, into, from, requests, file } = disk();
  assertEquals(send(0, 7, into(1024)), [OK, 1025]);
  assertEquals([...d.bytes(DATA, 1024)], [...Array(512).fill(7), ...Array(512).fill(8)]);
  d.poke(DATA, new Uint8Array(512).fill(0xab));
  assertEquals(send(1, 7, from(512)), [OK, 1]);
  assertEquals(send(4, 0), [OK, 1]);
  d.poke(DATA, new Uint8Array(1024));
  assertEquals(send(0, 7, into(1024)), [OK, 1025]);
  assertEquals([...d.bytes(DATA, 1024)], [...Array(512).fill(0xab), ...Array(512).fill(8)]);
  assertEquals(file.bytes[7 * SECTOR], 7, "the file is as it was");
  assertEquals(requests.slice(0, 3), ["3 0 3584 1024", "3 1 3584 512", "3 2 0 0"]);
});

Deno.test("block: a chain laid out in any way is the same request", () => {
  const { d } = disk();
  d.poke32(HEADER, 0);
  d.poke32(HEADER + 8, 9);
  d.submit([
    { at: HEADER, length: 5 },
    { at: HEADER + 5, length: 11 },
    { at: DATA, length: 300, flags: WRITE },
    { at: DATA + 300, length: 213, flags: WRITE },
  ]);
  assertEquals([...d.bytes(DATA, 513)], [...Array(512).fill(9), OK]);
});

Deno.test("block: what lies outside the disk or is no whole sector is an error", () => {
  const { send, into, from, requests } = disk();
  assertEquals(send(0, SECTORS - 1, into(512)), [OK, 513]);
  const asked = requests.length;
  assertEquals(send(0, SECTORS - 1, into(1024)), [IO_ERROR, 1025]);
  assertEquals(send(1, SECTORS, from(512)), [IO_ERROR, 1]);
  assertEquals(send(0, 2 ** 53, into(512)), [IO_ERROR, 513]);
  assertEquals(send(0, 0, into(100)), [IO_ERROR, 101]);
  assertEquals(requests.length, asked, "the image is not asked");
});

Deno.test("block: a read-only disk refuses writes, an unknown request is unsupported", () => {
  const { send, from, into } = disk({ readOnly: true });
  assertEquals(send(1, 0, from(512)), [IO_ERROR, 1]);
  assertEquals(send(0, 0, into(512)), [OK, 513]);
  assertEquals(send(77, 0), [UNSUPPORTED, 1]);
  assertEquals(send(77, 0, into(512)), [UNSUPPORTED, 513], "all that may be written, as on QEMU");
});

Deno.test("block: the serial number has 20 bytes", () => {
  const { d, send, into } = disk();
  assertEquals(send(8, 0, into(20)), [OK, 21]);
  assertEquals(new TextDecoder().decode(d.bytes(DATA, 20)), "a-serial-number-that");
});

Deno.test("block: an image that fails gives the guest an error", () => {
  const { send, into, file } = disk();
  file.bytes = file.bytes.subarray(0, 10 * SECTOR);
  assertEquals(send(0, 9, into(512)), [OK, 513]);
  assertEquals(send(0, 9, into(1024)), [IO_ERROR, 1025]);
});

Deno.test("block: a request without room for the answer or without a header is given back", () => {
  const { d } = disk();
  d.submit([{ at: HEADER, length: 16 }]);
  d.submit([{ at: HEADER, length: 15 }, { at: STATUS_AT, length: 1, flags: WRITE }]);
  assertEquals([d.used(), d.needsReset], [[[0, 0], [0, 0]], false]);
});

const PIECE = 0x8000;

/** Bytes that the requests moved, checking that they follow each other. */
function moved(requests: readonly string[], from: number): number {
  return requests.reduce((at, request) => {
    const [, , offset, length] = request.split(" ").map(Number);
    assertEquals(offset, at);
    return at + length;
  }, from) - from;
}

Deno.test("block: a request through every descriptor of a long queue", () => {
  const { d, requests } = disk({ sectors: 200_000 });
  const at = { desc: RAM + 0x4000, avail: RAM + 0x8000, used: RAM + 0x9000 };
  d.write(REGISTER.QUEUE_READY, 0);
  d.write(REGISTER.QUEUE_SIZE, 1024);
  d.write(REGISTER.QUEUE_DESC_LOW, at.desc);
  d.write(REGISTER.QUEUE_DRIVER_LOW, at.avail);
  d.write(REGISTER.QUEUE_DEVICE_LOW, at.used);
  d.write(REGISTER.QUEUE_READY, 1);
  d.poke32(HEADER, 1);
  d.describe(0, { at: HEADER, length: 16, flags: NEXT, next: 1 }, 0x4000);
  for (let n = 1; n < 1023; n++) {
    d.describe(n, { at: RAM, length: PIECE, flags: NEXT, next: n + 1 }, 0x4000);
  }
  d.describe(1023, { at: STATUS_AT, length: 1, flags: WRITE }, 0x4000);
  d.poke16(at.avail + 2, 1);
  d.poke(STATUS_AT, Uint8Array.of(0xff));
  d.notify();
  assertEquals([d.needsReset, d.bytes(STATUS_AT, 1)[0], d.peek32(at.used + 8)], [false, OK, 1]);
  assertEquals(moved(requests, 0), 1022 * PIECE);
});

Deno.test("block: one request of more than 64 MiB through an indirect table of thousands", () => {
  const { d, requests } = disk({ sectors: 200_000 });
  const table = RAM + 0x4000, pieces = 2100;
  const describe = (index: number, host: number, length: number, flags: number) => {
    d.poke32(table + 16 * index, host);
    d.poke32(table + 16 * index + 8, length);
    d.poke16(table + 16 * index + 12, flags);
    d.poke16(table + 16 * index + 14, index + 1);
  };
  d.poke32(HEADER, 1);
  describe(0, HEADER, 16, NEXT);
  for (let n = 1; n <= pieces; n++) describe(n, RAM, PIECE, NEXT);
  describe(pieces + 1, STATUS_AT, 1, WRITE);
  d.poke(STATUS_AT, Uint8Array.of(0xff));
  d.submit([{ at: table, length: 16 * (pieces + 2), flags: INDIRECT }]);
  assertEquals([d.needsReset, d.bytes(STATUS_AT, 1)[0], d.used()], [false, OK, [[0, 1]]]);
  assertEquals(moved(requests, 0), pieces * PIECE);
});

Deno.test("block: requests larger than the channel go in pieces", () => {
  const { d, requests } = disk({ sectors: 10_000 });
  d.poke32(HEADER, 1);
  d.poke32(HEADER + 8, 1);
  // The same 32 KiB of RAM three times.
  const piece = { at: AREA.data, length: 0x8000 };
  d.submit([
    { at: HEADER, length: 16 },
    piece,
    piece,
    piece,
    { at: STATUS_AT, length: 1, flags: WRITE },
  ]);
  assertEquals(requests, ["3 1 512 65536", "3 1 66048 32768"]);
});
