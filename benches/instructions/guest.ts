/**
 * A bare-metal guest that times instructions: for each a loop over copies of it, run for a warm-up
 * and then for a measured time by the guest's own counter. The same image runs on ours and on QEMU.
 * @module
 */
import type { TimedInstruction } from "./rows.ts";

/** Where a raw image lies on both, and so the offsets in it. */
const BASE = 0x4001_0000;
/** Copies of the instruction in a round, and rounds of a call. */
export const COPIES = 8, ROUNDS = 1000;
/** Frequency of the counter. */
const HERTZ = 62_500_000;
const WORDS = 0x100, FIRST_ROW = 0x1000, PAGE = 0x1000;
const STACK_BYTES = 0x1000;
/** What a row's code begins and ends with; its constants and the loop lie between. */
const HEAD_WORDS = 14;

// deno-fmt-ignore
/** Turns the extension on, then for each address of the table: warm-up, measurement, two numbers. */
const DRIVER = [
  0xee110f50, // mrc p15, 0, r0, c1, c0, 2
  0xe380060f, // orr r0, r0, #0xf00000
  0xee010f50, // mcr p15, 0, r0, c1, c0, 2
  0xf57ff06f, // isb
  0xe3a00101, // mov r0, #0x40000000
  0xeee80a10, // vmsr fpexc, r0
  0xe59fd0e0, // ldr sp, stack
  0xe320f000, // nop
  0xe59fa0dc, // ldr r10, table
  // next:
  0xe49ab004, // ldr r11, [r10], #4
  0xe35b0000, // cmp r11, #0
  0x0a000008, // beq off
  0xe59f80d0, // ldr r8, warm
  0xeb000008, // bl timed
  0xe59f80cc, // ldr r8, ticks
  0xeb000006, // bl timed
  0xe1a00009, // mov r0, r9
  0xeb000014, // bl print
  0xe1a00006, // mov r0, r6
  0xeb000012, // bl print
  0xeafffff3, // b next
  // off: PSCI SYSTEM_OFF
  0xe59f00b8, // ldr r0, psci
  0xe1400070, // hvc #0
  // timed: calls r11 until r8 ticks are over; r9 calls, r6 ticks
  0xe92d4010, // push {r4, lr}
  0xe3a09000, // mov r9, #0
  0xeb000009, // bl now
  0xe1a07000, // mov r7, r0
  0xe92d0fc0, // 1: push {r6-r11}
  0xe12fff3b, // blx r11
  0xe8bd0fc0, // pop {r6-r11}
  0xe2899001, // add r9, r9, #1
  0xeb000003, // bl now
  0xe0406007, // sub r6, r0, r7
  0xe1560008, // cmp r6, r8
  0x3afffff7, // blo 1b
  0xe8bd8010, // pop {r4, pc}
  // now:
  0xf57ff06f, // isb
  0xec510f1e, // mrrc p15, 1, r0, r1, c14
  0xe12fff1e, // bx lr
  // print: r0 in hexadecimal
  0xe59f106c, // ldr r1, uart
  0xe3a02008, // mov r2, #8
  0xe1a00e60, // 2: ror r0, r0, #28
  0xe200300f, // and r3, r0, #15
  0xe353000a, // cmp r3, #10
  0x32833030, // addlo r3, r3, #'0'
  0x22833057, // addhs r3, r3, #'a' - 10
  0xe5813000, // str r3, [r1]
  0xe2522001, // subs r2, r2, #1
  0x1afffff7, // bne 2b
  0xe3a0300a, // mov r3, #'\n'
  0xe5813000, // str r3, [r1]
  0xe12fff1e, // bx lr
];

// deno-fmt-ignore
/** Loads d0 to d31 from the data, r4 with an address behind them, r0 to r3 with small numbers. */
const HEAD = [
  0xe92d4ff0, // push {r4-r11, lr}
  0xe59f002c, // ldr r0, data
  0xe1a01000, // mov r1, r0
  0xecb00b20, // vldmia r0!, {d0-d15}
  0xecf00b20, // vldmia r0!, {d16-d31}
  0xe3a00010, // mov r0, #0x10: the inexact flag is set, as in any program that has computed
  0xeee10a10, // vmsr fpscr, r0
  0xe2814c02, // add r4, r1, #0x200
  0xe59fc014, // ldr r12, rounds
  0xe3a00001, // mov r0, #1
  0xe3a01002, // mov r1, #2
  0xe3a02003, // mov r2, #3
  0xe3a03005, // mov r3, #5
  0xea000001, // b loop
];

/** Kinds of operands: what the registers hold. */
export const OPERANDS = ["integers", "singles", "doubles", "halves"] as const;
/** One of them. */
export type Operands = (typeof OPERANDS)[number];

/** A sequence of words that looks random and is always the same. */
function* words(): Generator<number, never> {
  for (let x = 0x2545f491;;) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    yield x;
  }
}

/** The 64 words of the registers. */
function registers(kind: Operands): number[] {
  const random = words();
  return Array.from({ length: 64 }, (_, i) => {
    const word: number = random.next().value;
    switch (kind) {
      case "singles":
        return 0x3f800000 | word & 0xffffff;
      case "doubles":
        return (i & 1) === 0 ? word : 0x3ff00000 | word & 0xfffff;
      case "halves":
        return 0x3c003c00 | word & 0x03ff03ff;
      default:
        return word;
    }
  });
}

/** The raw image for a list of instructions; each is warmed up and measured for these times. */
export function timingImage(
  list: readonly TimedInstruction[],
  warmSeconds: number,
  seconds: number,
): Uint8Array<ArrayBuffer> {
  const rowWords = HEAD_WORDS + 2 + COPIES + 3;
  const dataAt = align(FIRST_ROW + 4 * rowWords * list.length);
  const stackAt = dataAt + PAGE * OPERANDS.length;
  const tableAt = stackAt + STACK_BYTES;
  const image = new Uint32Array((tableAt + 4 * (list.length + 1)) / 4);
  const address = (at: number): number => BASE + at;
  image.set(DRIVER);
  const ticks = (time: number): number => Math.round(time * HERTZ);
  image.set(
    [
      address(tableAt),
      address(tableAt),
      ticks(warmSeconds),
      ticks(seconds),
      0x09000000,
      0x84000008,
    ],
    WORDS / 4,
  );
  for (const [i, kind] of OPERANDS.entries()) image.set(registers(kind), (dataAt + PAGE * i) / 4);
  for (const [i, { words, operands }] of list.entries()) {
    const at = FIRST_ROW + 4 * rowWords * i;
    const data = address(dataAt + PAGE * OPERANDS.indexOf(operands));
    const copies = Array.from({ length: COPIES }, (_, k) => words[k % words.length]);
    // subs r12, r12, #1; bne; pop {r4-r11, pc}
    const back = 0x1a000000 | -(COPIES + 3) & 0xffffff;
    image.set([...HEAD, data, ROUNDS, ...copies, 0xe25cc001, back, 0xe8bd8ff0], at / 4);
    image[tableAt / 4 + i] = address(at);
  }
  return new Uint8Array(image.buffer);
}

function align(at: number): number {
  return Math.ceil(at / PAGE) * PAGE;
}

/**
 * Nanoseconds of one instruction by what the guest printed.
 * @throws Error when the guest ended before all were measured.
 */
export function timesOf(output: string, count: number): number[] {
  const numbers = output.trim().split(/\s+/).filter((text) => /^[0-9a-f]{8}$/.test(text))
    .map((text) => Number.parseInt(text, 16));
  if (numbers.length !== 2 * count) {
    throw new Error(
      `The guest measured ${numbers.length >> 1} of ${count} instructions: ${output.slice(-300)}`,
    );
  }
  return Array.from(
    { length: count },
    (_, i) => numbers[2 * i + 1] / HERTZ * 1e9 / (numbers[2 * i] * COPIES * ROUNDS),
  );
}
