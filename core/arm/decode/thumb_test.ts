import { assert, assertEquals } from "@std/assert";
import { type Encoding, encodingOf, matches } from "./decoder.ts";
import { advanceIt, conditionOf } from "./it_state.ts";
import { T16_ROWS } from "./t16.ts";
import { T32_ROWS } from "./t32.ts";
import { isWide, T16_DECODER, T32_DECODER } from "./thumb_decoder.ts";
import { Rng } from "../../ir/testing/rng.ts";

const TABLES = [T16_ROWS.map((row) => encodingOf(row)), T32_ROWS.map((row) => encodingOf(row))];

/** Whether a row never matches what the other one does. */
function excludes(a: Encoding, b: Encoding): boolean {
  return ((a.value ^ b.value) & a.mask & b.mask) !== 0 ||
    a.exclusions.some(({ mask, value }) =>
      (b.mask & mask) >>> 0 === mask && (b.value & mask) >>> 0 === value
    );
}

Deno.test("Thumb rows that overlap are ordered: one is a special case of the other", () => {
  for (const encodings of TABLES) {
    for (const [i, a] of encodings.entries()) {
      for (const b of encodings.slice(i + 1)) {
        if (excludes(a, b) || excludes(b, a)) continue;
        const common = (a.mask & b.mask) >>> 0;
        assert(
          common === a.mask && a.specificity < b.specificity ||
            common === b.mask && b.specificity < a.specificity,
          `rows ${a.row[1]} (${a.row[0]}) and ${b.row[1]} (${b.row[0]}) overlap`,
        );
      }
    }
  }
});

Deno.test("Thumb rows have the size that their first bits say", () => {
  for (const encoding of TABLES[0]) assert(!isWide(encoding.value), encoding.row[1]);
  for (const encoding of TABLES[1]) assert(isWide(encoding.value >>> 16), encoding.row[1]);
});

Deno.test("Thumb decoders find what a search of all rows finds", () => {
  const rng = new Rng(1);
  const search = (encodings: readonly Encoding[], word: number) =>
    encodings.filter((e) => matches(e, word)).sort((a, b) => b.specificity - a.specificity)[0]?.row;
  for (let halfword = 0; halfword < 0xe800; halfword++) {
    assertEquals(T16_DECODER.match(halfword)?.row, search(TABLES[0], halfword) as never);
  }
  for (let i = 0; i < 10_000; i++) {
    const word = (0xe8000000 + rng.below(0x18000000)) >>> 0;
    assertEquals(T32_DECODER.match(word)?.row, search(TABLES[1], word) as never);
  }
});

Deno.test("16-bit data processing sets the flags outside of IT blocks only", () => {
  const adds = T16_DECODER.decode(0x1888)!; // adds r0, r1, r2
  assertEquals([adds.encoding.row[1], adds.fields.S, adds.fields.c], ["add_reg", 1, 14]);
  const addne = T16_DECODER.decode(0x1888, 0x18)!;
  assertEquals([addne.fields.S, addne.fields.c], [0, 1]);
  assertEquals(T16_DECODER.decode(0xd0fe, 0)!.fields.c, 0); // beq .
});

Deno.test("the IT state goes through the conditions of its block", () => {
  const conditions: number[] = [];
  for (let it = 0x0b; it !== 0; it = advanceIt(it)) conditions.push(conditionOf(it)); // itete eq
  assertEquals(conditions, [0, 1, 0, 1]);
  assertEquals(conditionOf(0), 14);
});

Deno.test("branch offsets are signed bytes in every encoding", () => {
  const offsets: readonly (readonly [number, number])[] = [
    [0xf7fffffe, -4], // bl .
    [0xf0008000, 0x0], // beq.w, the next instruction but one
    [0xf000b801, 2], // b.w
    [0xf43fafff, -2], // beq.w
    [0xf000d000, 0xc00000], // bl with J1 and J2 clear
  ];
  for (const [word, offset] of offsets) {
    assertEquals(T32_DECODER.decode(word)!.fields.v, offset, word.toString(16));
  }
  assertEquals(T16_DECODER.decode(0xe7fe)!.fields.v, -4);
  assertEquals(T16_DECODER.decode(0xd0fe)!.fields.v, -4);
  assertEquals(T16_DECODER.decode(0xbbf8)!.fields.v, 126); // cbnz
});

Deno.test("ThumbEE, VFP and unallocated words are undefined", () => {
  for (const word of [0xf3bf8f1f, 0xf3bf8f0f, 0xef000000, 0xf84f0000, 0xe8c00000]) {
    assertEquals(T32_DECODER.match(word), null, word.toString(16));
  }
  for (const halfword of [0xb6f0, 0xba80, 0x4701, 0xb800]) {
    assertEquals(T16_DECODER.match(halfword), null, halfword.toString(16));
  }
});
