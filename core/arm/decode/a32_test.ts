import { assert, assertEquals, assertThrows } from "@std/assert";
import { A32_ROWS } from "./a32.ts";
import { A32_DECODER, A32_INDEXING } from "./a32_decoder.ts";
import { Decoder, encodingOf } from "./decoder.ts";
import { Rng } from "../../ir/testing/rng.ts";

const encodings = A32_ROWS.map((row) => encodingOf(row));

Deno.test("A32 rows that overlap are ordered: one is a special case of the other", () => {
  for (const [i, a] of encodings.entries()) {
    for (const b of encodings.slice(i + 1)) {
      if (a.conditional !== b.conditional) continue;
      if (((a.value ^ b.value) & a.mask & b.mask) !== 0) continue;
      const common = (a.mask & b.mask) >>> 0;
      assert(
        common === a.mask && a.specificity < b.specificity ||
          common === b.mask && b.specificity < a.specificity,
        `rows ${a.row[1]} (${a.row[0]}) and ${b.row[1]} (${b.row[0]}) overlap`,
      );
    }
  }
});

Deno.test("A32 handler names are unique", () => {
  assertEquals(new Set(A32_ROWS.map((row) => row[1])).size, A32_ROWS.length);
});

Deno.test("A32 decoder finds what a search of all rows finds, over random words", () => {
  const rng = new Rng(1);
  for (let i = 0; i < 20_000; i++) {
    const word = rng.word() >>> 0;
    const unconditional = word >>> 28 === 15;
    const expected = encodings
      .filter((e) => e.conditional !== unconditional && (word & e.mask) >>> 0 === e.value)
      .sort((a, b) => b.specificity - a.specificity)[0];
    assertEquals(A32_DECODER.match(word)?.row, expected?.row);
  }
});

Deno.test("A32 decoder extracts fields, also split ones", () => {
  const add = A32_DECODER.decode(0xe2921fff)!; // adds r1, r2, #0x3fc
  assertEquals(add.encoding.row[1], "add_imm");
  assertEquals([add.fields.c, add.fields.S, add.fields.n, add.fields.d, add.fields.v], [
    14,
    1,
    2,
    1,
    0xfff,
  ]);
  const bkpt = A32_DECODER.decode(0xe1212374)!;
  assertEquals(bkpt.encoding.row[1], "bkpt");
  assertEquals(bkpt.fields.v, 0x1234);
  assertEquals(bkpt.fields.d, 0);
});

Deno.test("A32 decoder leaves VFP, Advanced SIMD and unallocated words undefined", () => {
  for (const word of [0xf2000000, 0xfe000000, 0xe7f00010, 0xe1000010, 0xff000000]) {
    assertEquals(A32_DECODER.match(word), null, word.toString(16));
  }
});

Deno.test("decoder refuses rows with the wrong length, letters or details", () => {
  const refused = (bits: string, message: string, details = "") =>
    assertThrows(
      () => new Decoder(() => [[bits, "odd", "v4", "g", "", details]], A32_INDEXING).encodings,
      RangeError,
      message,
    );
  refused("0101", "4 bits");
  refused("cccc" + "?".repeat(28), "letter ?");
  refused("cccc" + "d".repeat(28), "detail d=everything", "d=everything");
  refused("cccc" + "d".repeat(28), "excludes a value of n", "n!15");
});
