import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { overlayImage, rawImage } from "./disk_image.ts";

/** A file in memory of which a read gives at most 100 bytes, as a read may. */
function fileOf(bytes: Uint8Array) {
  const file = { bytes, said: [] as string[] };
  const image = rawImage(
    bytes.length,
    (target, offset) => {
      const part = file.bytes.subarray(offset, offset + Math.min(100, target.length));
      target.set(part);
      return part.length;
    },
    (what) => file.said.push(what),
  );
  return { file, image };
}

Deno.test("a raw image reads the file and zeros behind its end", () => {
  const { image, file } = fileOf(Uint8Array.from({ length: 700 }, (_, at) => at));
  const target = new Uint8Array(512).fill(1);
  assertEquals(image.read(512, target), true);
  assertEquals([target[0], target[187], target[188], target[511]], [0, 187, 0, 0]);
  assertEquals([image.write(0, target), file.said], [false, []]);
});

Deno.test("a file that has shrunk is an error, said once", () => {
  const { image, file } = fileOf(new Uint8Array(2048));
  file.bytes = file.bytes.subarray(0, 1000);
  assertEquals([0, 512, 1024].map((at) => image.read(at, new Uint8Array(512))), [
    true,
    false,
    false,
  ]);
  assertEquals(file.said, [
    "has shrunk: it had 2048 bytes at the start and now ends at byte 1000",
  ]);
});

Deno.test("a file that cannot be read is an error, not an exception", () => {
  const said: string[] = [];
  const image = rawImage(512, () => {
    throw new Error("no medium");
  }, (what) => said.push(what));
  assertEquals(image.read(0, new Uint8Array(512)), false);
  assertEquals(said, ["reading at byte 0 failed: Error: no medium"]);
});

Deno.test("an overlay reads as a file that is written would", () => {
  const size = 20_000;
  const step = fc.record({
    at: fc.nat({ max: size - 1 }),
    length: fc.nat({ max: 9000 }),
    value: fc.nat({ max: 255 }),
    write: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
    const original = Uint8Array.from({ length: size }, (_, at) => at % 253);
    const { image, file } = fileOf(original.slice());
    const overlay = overlayImage(image);
    const model = original.slice();
    for (const { at, length, value, write } of steps) {
      const end = Math.min(size, at + length);
      if (write) {
        assertEquals(overlay.write(at, new Uint8Array(end - at).fill(value)), true);
        model.fill(value, at, end);
      } else {
        const found = new Uint8Array(end - at);
        assertEquals(overlay.read(at, found), true);
        assertEquals(found, model.slice(at, end));
      }
    }
    assertEquals(file.bytes, original);
  }));
});
