import { assert, assertEquals } from "@std/assert";
import { Rng } from "../../ir/testing/rng.ts";
import { a32OfT32, VFP_NEON_DECODER } from "../decode/vfp_neon_decoder.ts";
import { disassembleA32, disassembleT32 } from "./disassemble.ts";
import { normalise, oracle, randomWord } from "./testing/llvm.ts";

/** Numbers in one form, and LLVM's names for what has two. */
function plain(text: string): string {
  return normalise(text, 8)
    .replace(/#0x([0-9a-f]+)/g, (_, digits) => `#${BigInt(`0x${digits}`)}`)
    .replace(
      /^vext\.(16|32|64) (.*)#(\d+)$/,
      (_, bits, operands, lane) => `vext.8 ${operands}#${Number(lane) * Number(bits) / 8}`,
    )
    .replace(/\[(\w+)(?:, )?:(\d+)\]/g, "[$1:$2]");
}

/** The T32 form of an A32 word, the inverse of `a32OfT32`. */
function t32Of(word: number): number {
  const top = word >>> 24;
  if (top === 0xf4) return (word & 0x00ffffff | 0xf9000000) >>> 0;
  if (top === 0xf2 || top === 0xf3) return (word & 0x00ffffff | 0xef000000 | (top & 1) << 28) >>> 0;
  return (word & 0x0fffffff | 0xe0000000) >>> 0;
}

for (const set of ["A32", "T32"] as const) {
  Deno.test(`disassembler agrees with llvm-mc on VFP and Advanced SIMD in ${set}`, async () => {
    const rng = new Rng(5);
    const words = VFP_NEON_DECODER.encodings.flatMap((encoding) =>
      // Most random register lists are too long.
      Array.from({ length: /^v(ld|st)m$/.test(encoding.row[1]) ? 400 : 40 }, () =>
        randomWord(encoding, rng))
    ).map((word) => set === "T32" ? t32Of(word) : word);
    const answers = await oracle(words, set === "A32" ? "arm" : "thumb32");
    if (answers === null) {
      console.log("skipped: llvm-mc is not installed");
      return;
    }
    const differences: string[] = [];
    const compared = new Set<string>();
    for (const word of words) {
      const expected = answers.get(word);
      const encoding = VFP_NEON_DECODER.match(set === "A32" ? word : a32OfT32(word));
      if (expected === undefined || encoding === null) continue;
      const actual = plain(set === "A32" ? disassembleA32(word, 0) : disassembleT32(word, 0));
      // LLVM has odd names for registers beyond d31, which are UNPREDICTABLE.
      if (/\bd3[2-9]\b/.test(actual)) continue;
      if (actual === plain(expected)) compared.add(encoding.row[1]);
      else {differences.push(
          `${word.toString(16)} ${encoding.row[1]}: ${actual} | ${plain(expected)}`,
        );}
    }
    assertEquals(differences, []);
    const missing = VFP_NEON_DECODER.encodings.map((e) => e.row[1])
      .filter((name) => !compared.has(name));
    assert(missing.length === 0, `no word of these rows was compared: ${missing.join(", ")}`);
  });
}
