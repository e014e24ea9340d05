import { assertEquals } from "@std/assert";
import { TB_FLAG } from "../state.ts";
import { insnLine, listBlock } from "./listing.ts";

function wordsAt(base: number, words: readonly number[]): (address: number) => number {
  return (address) => words[(address - base) >>> 2];
}

Deno.test("listBlock shows A32 code word by word", () => {
  const fetch = wordsAt(0x8000, [0xe2800001, 0xeafffffd]);
  assertEquals(
    listBlock(fetch, 0x8000, 8, 0).map(insnLine),
    [
      "00008000  e2800001  add r0, r0, #1",
      "00008004  eafffffd  b 0x8000",
    ],
  );
});

Deno.test("listBlock shows T32 code of both widths, from the middle of a word, with its conditions", () => {
  // 8002: ite eq; moveq r0, #1; movne r0, #2; 8008: bl 0x8010 (32 bits); 800c: bx lr
  const fetch = wordsAt(0x8000, [0xbf0cbf00, 0x20022001, 0xf802f000, 0x00004770]);
  const lines = listBlock(fetch, 0x8002, 12, TB_FLAG.THUMB).map(insnLine);
  assertEquals(lines.map((line) => line.slice(0, 18)), [
    "00008002  bf0c    ",
    "00008004  2001    ",
    "00008006  2002    ",
    "00008008  f000f802",
    "0000800c  4770    ",
  ]);
  assertEquals(lines.map((line) => line.slice(20).split(" ")[0]), [
    "ite",
    "moveq",
    "movne",
    "bl",
    "bx",
  ]);
});

Deno.test("listBlock takes the IT state at its start from the block flags", () => {
  // The else half of an ITE EQ: condition NE.
  const flags = TB_FLAG.THUMB | 0x18 << TB_FLAG.IT_SHIFT;
  const [insn] = listBlock(wordsAt(0x8000, [0x20022002]), 0x8000, 2, flags);
  assertEquals(insn.text.split(" ")[0], "movne");
});
