import { assert, assertEquals } from "@std/assert";
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { disassembleA32 } from "./disassemble.ts";
import { isFloatingPoint, normalise, oracle, randomWord } from "./testing/llvm.ts";

Deno.test("disassembler prints UAL syntax", () => {
  const expected: readonly (readonly [number, string])[] = [
    [0xe5932000, "ldr r2, [r3]"],
    [0x02800001, "addeq r0, r0, #1"],
    [0xe92d4010, "push {r4, lr}"],
    [0xe8bd8010, "pop {r4, pc}"],
    [0xe12fff1e, "bx lr"],
    [0xe1a00101, "lsl r0, r1, #2"],
    [0xe1942f9f, "ldrex r2, [r4]"],
    [0xeafffffe, "b 0x8000"],
    [0xf57ff05b, "dmb ish"],
    [0xe7f000f0, "udf #0"],
    [0xee070fba, "mcr p15, #0, r0, c7, c10, #5"],
    [0xff000000, ".word 0xff000000"],
  ];
  for (const [word, text] of expected) {
    assertEquals(disassembleA32(word, 0x8000), text);
  }
});

Deno.test("disassembler agrees with llvm-mc on random words of every row", async () => {
  const rng = new Rng(7);
  const words: number[] = [];
  for (const encoding of A32_DECODER.encodings) {
    for (let i = 0; i < 40; i++) words.push(randomWord(encoding, rng));
  }
  const answers = await oracle(words, "arm");
  if (answers === null) {
    console.log("skipped: llvm-mc is not installed");
    return;
  }
  const differences: string[] = [];
  const compared = new Set<string>();
  for (const word of words) {
    const expected = answers.get(word);
    const encoding = A32_DECODER.match(word)!;
    // Coprocessors 10 and 11 are VFP and Advanced SIMD, which have no rows yet.
    if (expected === undefined || isFloatingPoint(encoding, word)) continue;
    const actual = normalise(disassembleA32(word, 0), 8);
    if (actual === expected) compared.add(encoding.row[1]);
    else {differences.push(
        `${word.toString(16)} ${encoding.row[1]}: ${actual} | llvm-mc: ${expected}`,
      );}
  }
  assertEquals(differences, []);
  // LLVM has no name for unallocated memory hints.
  const missing = A32_DECODER.encodings.map((e) => e.row[1])
    .filter((name) => !name.startsWith("mem_hint") && !compared.has(name));
  assert(missing.length === 0, `no word of these rows was compared: ${missing.join(", ")}`);
});
