import { assert, assertEquals } from "@std/assert";
import { A32_DECODER } from "../decode/a32_decoder.ts";
import type { Encoding } from "../decode/decoder.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { disassembleA32 } from "./disassemble.ts";

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
    [0xf2000000, ".word 0xf2000000"],
  ];
  for (const [word, text] of expected) {
    assertEquals(disassembleA32(word, 0x8000), text);
  }
});

const LLVM_MC = [
  "llvm-mc",
  "--disassemble",
  "-triple=armv7a",
  "-mattr=+hwdiv-arm,+virtualization,+mp,+trustzone",
  "--show-encoding",
];

/** What llvm-mc prints for each word it accepts; null when it is not installed. */
async function oracle(words: readonly number[]): Promise<Map<number, string> | null> {
  const input = words.map((w) =>
    [0, 8, 16, 24].map((s) => `0x${(w >>> s & 255).toString(16)}`).join(" ")
  ).join("\n");
  let child;
  try {
    child = new Deno.Command(LLVM_MC[0], {
      args: LLVM_MC.slice(1),
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const writer = child.stdin.getWriter();
  const written = writer.write(new TextEncoder().encode(input + "\n")).then(() => writer.close());
  const { stdout } = await child.output();
  await written;
  const result = new Map<number, string>();
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    const match = line.match(/^\s*(.*?)\s*@ encoding: \[(.*)\]/);
    if (!match) continue;
    const bytes = match[2].split(",").map(Number);
    const word = (bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24) >>> 0;
    result.set(word, normalise(match[1]));
  }
  return result;
}

/** Spelling differences that say the same. */
function normalise(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ")
    .replace(/^ssbb$/, "dsb #0x0").replace(/^pssbb$/, "dsb #0x4")
    .replace(/#(\d{10})/g, (_, n) => `#${Number(n) | 0}`)
    .replace(/\bspsr_([fsxc]+)|\bcpsr_([fsxc]+)/g, (all) => {
      const [name, letters] = all.split("_");
      return `${name}_${[..."fsxc"].filter((l) => letters.includes(l)).join("")}`;
    })
    .replace(
      /^(b|bl|blx)([a-z]{2})? #(-?\d+)$/,
      (_, name, cond, offset) =>
        `${name}${cond ?? ""} 0x${((Number(offset) + 8) >>> 0).toString(16)}`,
    );
}

/** A random word of an encoding. */
function randomWord(encoding: Encoding, rng: Rng): number {
  let word = (encoding.value | rng.word() & ~encoding.mask) >>> 0;
  if (encoding.conditional) {
    const condition = rng.word() & 1 ? 14 : (rng.word() >>> 8) % 15;
    word = (word & 0x0fff_ffff | condition << 28) >>> 0;
  }
  return word;
}

function isFloatingPoint(encoding: Encoding, word: number): boolean {
  return encoding.row[3] === "coprocessor" && (word >>> 9 & 7) === 5;
}

Deno.test("disassembler agrees with llvm-mc on random words of every row", async () => {
  const rng = new Rng(7);
  const words: number[] = [];
  for (const encoding of A32_DECODER.encodings) {
    for (let i = 0; i < 40; i++) words.push(randomWord(encoding, rng));
  }
  const answers = await oracle(words);
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
    const actual = normalise(disassembleA32(word, 0));
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
