import { assert, assertEquals } from "@std/assert";
import type { Encoding } from "../decode/decoder.ts";
import { T16_DECODER, T32_DECODER } from "../decode/thumb_decoder.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { disassembleT16, disassembleT32 } from "./disassemble.ts";
import { isFloatingPoint, normalise, oracle, randomWord } from "./testing/llvm.ts";

Deno.test("disassembler prints Thumb instructions in UAL syntax", () => {
  const narrow: readonly (readonly [number, string, number?])[] = [
    [0x1888, "adds r0, r1, r2"],
    [0x1888, "addne r0, r1, r2", 0x18],
    [0xb510, "push {r4, lr}"],
    [0xbd10, "pop {r4, pc}"],
    [0xbf0b, "itete eq"],
    [0xe7fe, "b 0x8000"],
    [0x4801, "ldr r0, [pc, #4]"],
    [0xba80, ".hword 0xba80"],
  ];
  for (const [halfword, text, it] of narrow) {
    assertEquals(disassembleT16(halfword, 0x8000, it), text);
  }
  assertEquals(disassembleT32(0xf7fffffe, 0x8000), "bl 0x8000");
  assertEquals(disassembleT32(0xf8521f04, 0x8000), "ldr r1, [r2, #4]!");
  assertEquals(disassembleT32(0xe8d0f001, 0x8000), "tbb [r0, r1]");
  assertEquals(disassembleT32(0xf3bf8f1f, 0x8000), ".word 0xf3bf8f1f");
});

interface Table {
  readonly name: string;
  readonly encodings: readonly Encoding[];
  readonly match: (word: number) => Encoding | null;
  readonly print: (word: number) => string;
  /** Words of which LLVM says no more than that they are a hint, or that it has no name for. */
  readonly nameless: RegExp;
}

const TABLES: readonly Table[] = [
  {
    name: "16-bit",
    encodings: T16_DECODER.encodings,
    match: (word) => T16_DECODER.match(word),
    print: (word) => disassembleT16(word, 0),
    nameless: /^$/,
  },
  {
    name: "32-bit",
    encodings: T32_DECODER.encodings,
    match: (word) => T32_DECODER.match(word),
    print: (word) => disassembleT32(word, 0),
    nameless: /^mem_hint/,
  },
];

for (const { name, encodings, match, print, nameless } of TABLES) {
  Deno.test(`disassembler agrees with llvm-mc on random words of every ${name} row`, async () => {
    const rng = new Rng(7);
    const words: number[] = [];
    for (const encoding of encodings) {
      for (let i = 0; i < 40; i++) words.push(randomWord(encoding, rng));
    }
    // An IT instruction would change the names of what follows it.
    const asked = words.filter((word) => match(word)?.row[1] !== "it");
    const answers = await oracle(asked, name === "16-bit" ? "thumb16" : "thumb32");
    if (answers === null) {
      console.log("skipped: llvm-mc is not installed");
      return;
    }
    const differences: string[] = [];
    const compared = new Set<Encoding>();
    for (const word of asked) {
      const expected = answers.get(word);
      const encoding = match(word);
      if (expected === undefined || encoding === null || isFloatingPoint(encoding, word)) continue;
      // LLVM's way to print some UNPREDICTABLE words.
      if (expected.includes("<und>")) continue;
      const actual = normalise(print(word), 4);
      if (actual === expected) compared.add(encoding);
      else {differences.push(
          `${word.toString(16)} ${encoding.row[1]}: ${actual} | llvm-mc: ${expected}`,
        );}
    }
    assertEquals(differences, []);
    const missing = encodings.filter((e) =>
      !compared.has(e) && !nameless.test(e.row[1]) && e.row[1] !== "it"
    ).map((e) => `${e.row[1]} ${e.row[0]}`);
    assert(missing.length === 0, `no word of these rows was compared: ${missing.join(", ")}`);
  });
}
