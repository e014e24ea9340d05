import { assertEquals } from "@std/assert";
import { forgetSizes, isLargeAround, mayBeLarge, noteSize, sizeFact } from "./tlb_sizes.ts";
import { VCPU_STRIDE } from "./vcpu_layout.ts";

const ENV = 0;
const ADDRESS = 0xb77f_3000;

/** Execute tag of the page at `address` of a translation of 1 << `sizeBits` bytes. */
function tag(address: number, sizeBits: number): number {
  return address | sizeFact(sizeBits);
}

Deno.test("an entry of a larger translation stands for all of its addresses and no others", () => {
  for (const bits of [16, 20, 21, 24, 25, 30]) {
    const first = ADDRESS - ADDRESS % 2 ** bits;
    const last = first + 2 ** bits - 0x1000;
    for (const [address, inside] of [[first, true], [last, true], [first - 1, false]] as const) {
      assertEquals(isLargeAround(tag(ADDRESS, bits), address), inside, `${bits} bits`);
    }
    if (last < 0xffff_f000) assertEquals(isLargeAround(tag(ADDRESS, bits), last + 0x1000), false);
  }
  assertEquals(isLargeAround(tag(ADDRESS, 12), ADDRESS), false);
  assertEquals(isLargeAround(tag(ADDRESS, 32), 0x1000), true);
});

Deno.test("sizes that have no class of their own count as the next larger one", () => {
  assertEquals(sizeFact(13), sizeFact(16));
  assertEquals(sizeFact(22), sizeFact(24));
  assertEquals(sizeFact(34), sizeFact(32));
});

Deno.test("the map has every megabyte of a translation, until everything is forgotten", () => {
  const i32 = new Int32Array(VCPU_STRIDE / 4);
  noteSize(i32, ENV, ADDRESS, 12);
  assertEquals(mayBeLarge(i32, ENV, ADDRESS), false);
  noteSize(i32, ENV, ADDRESS, 16);
  noteSize(i32, ENV, 0x4512_3000, 24);
  const larger = (address: number) => mayBeLarge(i32, ENV, address);
  assertEquals([0xb770_0000, 0xb77f_f000].map(larger), [true, true]);
  assertEquals([0xb76f_f000, 0xb780_0000].map(larger), [false, false]);
  assertEquals([0x4500_0000, 0x45ff_f000].map(larger), [true, true]);
  assertEquals([0x44ff_f000, 0x4600_0000].map(larger), [false, false]);
  noteSize(i32, ENV, ADDRESS, 30);
  assertEquals([0x8000_0000, 0xbfff_f000].map(larger), [true, true]);
  assertEquals([0x7fff_f000, 0xc000_0000].map(larger), [false, false]);
  forgetSizes(i32, ENV);
  assertEquals([0xb770_0000, 0x4500_0000, 0x8000_0000].map(larger), [false, false, false]);
});
