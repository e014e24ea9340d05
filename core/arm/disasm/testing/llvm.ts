/**
 * LLVM's disassembler as the oracle of the disassembler tests.
 * @module
 */
import { type Encoding, matches } from "../../decode/decoder.ts";
import type { Rng } from "../../../ir/testing/rng.ts";

/** Instruction set and size of the words. */
export type Words = "arm" | "thumb16" | "thumb32";

const ATTRIBUTES: Readonly<Record<Words, string>> = {
  arm: "-mattr=+hwdiv-arm,+virtualization,+mp,+trustzone,+vfp4,+neon",
  thumb16: "-mattr=+hwdiv,+virtualization,+mp,+trustzone",
  thumb32: "-mattr=+hwdiv,+virtualization,+mp,+trustzone,+vfp4,+neon",
};

/**
 * Of a 32-bit word that it rejects, LLVM takes the lower half as an instruction, which may be an IT;
 * so many NOPs end its block.
 */
const NOPS: readonly number[] = Array.from({ length: 5 }, () => [0x00, 0xbf]).flat();

/** Bytes of a word in memory: 32-bit Thumb instructions are two halfwords, the upper one first. */
function bytesOf(word: number, kind: Words): number[] {
  const halves = kind === "arm"
    ? [word & 0xffff, word >>> 16]
    : kind === "thumb16"
    ? [word]
    : [word >>> 16, word & 0xffff];
  return halves.flatMap((half) => [half & 255, half >>> 8]);
}

function wordOf(bytes: readonly number[], kind: Words): number {
  const low = bytes[0] | bytes[1] << 8;
  if (kind === "thumb16") return low;
  const high = bytes[2] | bytes[3] << 8;
  return (kind === "arm" ? high << 16 | low : low << 16 | high) >>> 0;
}

/** What llvm-mc prints for each word it accepts; null when it is not installed. */
export async function oracle(
  words: readonly number[],
  kind: Words,
): Promise<Map<number, string> | null> {
  // Brackets keep LLVM in step behind a word that it rejects.
  const input = words.map((w) => bytesOf(w, kind).concat(kind === "arm" ? [] : NOPS))
    .map((bytes) => `[${bytes.map((b) => `0x${b.toString(16)}`).join(" ")}]`).join("\n");
  let child;
  try {
    child = new Deno.Command("llvm-mc", {
      args: [
        "--disassemble",
        kind === "arm" ? "-triple=armv7a" : "-triple=thumbv7a",
        ATTRIBUTES[kind],
        "--show-encoding",
      ],
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
    result.set(
      wordOf(match[2].split(",").map(Number), kind),
      normalise(match[1], kind === "arm" ? 8 : 4),
    );
  }
  return result;
}

/**
 * Spelling differences that say the same. Branch offsets, which llvm-mc prints, become addresses
 * for an instruction at 0 that reads `pc` as the program counter.
 */
export function normalise(text: string, pc: number): string {
  return text.toLowerCase().replace(/\s+/g, " ")
    .replace(/^ssbb$/, "dsb #0x0").replace(/^pssbb$/, "dsb #0x4")
    .replace(/#(\d{10})/g, (_, n) => `#${Number(n) | 0}`)
    .replace(/\bspsr_([fsxc]+)|\bcpsr_([fsxc]+)/g, (all) => {
      const [name, letters] = all.split("_");
      return `${name}_${[..."fsxc"].filter((l) => letters.includes(l)).join("")}`;
    })
    .replace(
      /^(b|bl|blx)([a-z]{2})?(\.w)? #(-?\d+)$/,
      (_, name, cond, width, offset) =>
        `${name}${cond ?? ""}${width ?? ""} 0x${((Number(offset) + pc) >>> 0).toString(16)}`,
    )
    .replace(
      /^(cbn?z) (r\d), #(\d+)$/,
      (_, name, n, offset) => `${name} ${n}, 0x${(Number(offset) + pc).toString(16)}`,
    );
}

/** A random word of an encoding that no exclusion of it forbids. */
export function randomWord(encoding: Encoding, rng: Rng): number {
  let word: number;
  do {
    word = (encoding.value | rng.word() & ~encoding.mask) >>> 0;
    if (encoding.row[0].length === 16) word &= 0xffff;
  } while (!matches(encoding, word));
  if (encoding.conditional) {
    const condition = rng.word() & 1 ? 14 : (rng.word() >>> 8) % 15;
    word = (word & 0x0fff_ffff | condition << 28) >>> 0;
  }
  return word;
}

/** Coprocessors 10 and 11 are VFP and Advanced SIMD, which have no rows in these tables. */
export function isFloatingPoint(encoding: Encoding, word: number): boolean {
  return encoding.row[3] === "coprocessor" && (word >>> 9 & 7) === 5;
}
