import { assertEquals } from "@std/assert";
import { ByteWriter, putS32, putS64, putU32, sizeU32 } from "./byte_writer.ts";

/** LEB128 by its definition, on BigInt. */
function leb(value: bigint, signed: boolean): number[] {
  const bytes: number[] = [];
  for (;;) {
    const byte = Number(value & 0x7fn);
    value >>= 7n;
    const done = signed
      ? (value === 0n && !(byte & 0x40)) || (value === -1n && byte & 0x40)
      : value === 0n;
    if (done) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
}

function written(put: (bytes: Uint8Array, at: number) => number): number[] {
  const bytes = new Uint8Array(16);
  return [...bytes.subarray(0, put(bytes, 0))];
}

const INTERESTING = [...Array(32).keys()].flatMap((bit) =>
  [2 ** bit - 1, 2 ** bit, 2 ** bit + 1].flatMap((n) => [n, -n])
);

Deno.test("putU32 and sizeU32 follow the definition of LEB128", () => {
  for (const n of INTERESTING) {
    const expected = leb(BigInt(n >>> 0), false);
    assertEquals(written((bytes, at) => putU32(bytes, at, n)), expected);
    assertEquals(sizeU32(n), expected.length);
  }
});

Deno.test("putS32 takes addresses above 2 GiB as their signed value", () => {
  for (const n of INTERESTING) {
    assertEquals(written((bytes, at) => putS32(bytes, at, n)), leb(BigInt(n | 0), true));
  }
});

Deno.test("putS64 follows the definition for every pair of halves", () => {
  for (const lo of INTERESTING) {
    for (const hi of [0, -1, 1, lo]) {
      const value = BigInt.asIntN(64, BigInt(hi | 0) << 32n | BigInt(lo >>> 0));
      assertEquals(written((bytes, at) => putS64(bytes, at, lo, hi)), leb(value, true));
    }
  }
});

Deno.test("ByteWriter grows and keeps what was written", () => {
  const out = new ByteWriter(1);
  for (let i = 0; i < 1000; i++) out.u8(i & 0xff);
  out.append(new Uint8Array(5000).fill(7));
  out.name("ab");
  assertEquals(out.length, 6003);
  assertEquals(out.bytes[999], 999 & 0xff);
  assertEquals([...out.copy().subarray(5999)], [7, 2, 97, 98]);
});
