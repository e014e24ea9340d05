import { assertEquals } from "@std/assert";
import type { TranslateOptions } from "../../exec/guest_cpu.ts";
import { IrBuilder } from "../../ir/builder.ts";
import { HelperTable } from "../../ir/helper.ts";
import { parseBlock } from "../../ir/parser.ts";
import { printBlock } from "../../ir/printer.ts";
import { assertGolden } from "../../ir/testing/golden.ts";
import { verify } from "../../ir/verifier.ts";
import { disassembleA32 } from "../disasm/disassemble.ts";
import { ARM_HELPERS } from "../helpers.ts";
import { ARM_SLOT_NAMES } from "../slot_names.ts";
import { TB_FLAG } from "../state.ts";
import { translateBlock } from "./translate_block.ts";

const OPTIONS: TranslateOptions = {
  maxInsns: 64,
  leaveAfterLoadExclusive: false,
  leaveAfterStoreExclusive: false,
  countExclusives: false,
};

interface Sample {
  readonly words: readonly number[];
  readonly flags?: number;
  readonly pc?: number;
  readonly options?: Partial<TranslateOptions>;
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  increment: { words: [0xe5932000, 0xe2822001, 0xe5832000, 0xe12fff1e] },
  compare_and_branch: { words: [0xe1500001, 0xb2800001, 0xcafffffc] },
  test_and_return: { words: [0xe3100001, 0x112fff1e, 0xeb000010] },
  conditional_flags: { words: [0xe3500000, 0x13510005, 0x0a000001] },
  shared_condition: { words: [0xe3500000, 0x15901000, 0x12811001, 0x15801000, 0x112fff1e] },
  push_call_pop: { words: [0xe92d4010, 0xe8bd8010] },
  shift_by_register: { words: [0xe1b00211, 0xe12fff1e] },
  add_with_carry: { words: [0xe0900002, 0xe0a11003, 0xe0b22004, 0xe12fff1e] },
  long_multiply: { words: [0xe0910392, 0xe0e10392, 0xe12fff1e] },
  exclusive_increment: { words: [0xe1901f9f, 0xe2811001, 0xe1802f91, 0xf57ff05b, 0xe12fff1e] },
  exclusive_counted: {
    words: [0xe1802f91],
    options: { countExclusives: true, leaveAfterStoreExclusive: true },
  },
  doubleword_user: { words: [0xe1c020d8, 0xe0c020f8, 0xe12fff1e], flags: TB_FLAG.USER },
  doubleword_big_endian: { words: [0xe1c020d8, 0xe12fff1e], flags: TB_FLAG.BIG_ENDIAN },
  aligned_half: { words: [0xe1d010b2, 0xe12fff1e], flags: TB_FLAG.ALIGN },
  exception_return: { words: [0xe25ef004] },
  undefined: { words: [0xe7f000f0] },
  wait_for_interrupt: { words: [0xe320f003] },
  page_end: { words: [0xe2800001, 0xe2800001], pc: 0x8ffc },
  saturate: { words: [0xe1010052, 0xe6e80011, 0xe12fff1e] },
  select_bytes: { words: [0xe6510f92, 0xe6810fb2, 0xe12fff1e] },
};

const helpers = new HelperTable(ARM_HELPERS);
const print = { helpers, slots: ARM_SLOT_NAMES };

function translate(sample: Sample): ReturnType<IrBuilder["finish"]> {
  const pc = sample.pc ?? 0x8000;
  const b = new IrBuilder(helpers);
  b.begin(pc);
  const fetch = (address: number): number => sample.words[(address - pc) >>> 2];
  translateBlock(b, pc, sample.flags ?? 0, fetch, { ...OPTIONS, ...sample.options });
  return b.finish();
}

for (const [name, sample] of Object.entries(SAMPLES)) {
  Deno.test(`translateBlock gives the golden IR of ${name}`, async () => {
    const block = translate(sample);
    verify(block, { helpers });
    const text = printBlock(block, print);
    assertEquals(parseBlock(text, print), block);
    const start = sample.pc ?? 0x8000;
    const assembly = sample.words.map((w, i) => `; ${disassembleA32(w, start + 4 * i)}\n`);
    await assertGolden(
      new URL(`testdata/${name}.ir`, import.meta.url),
      assembly.join("") + text,
    );
  });
}

Deno.test("translateBlock ends a block after maxInsns instructions", () => {
  const block = translate({
    words: [0xe1a00000, 0xe1a00000, 0xe1a00000],
    options: { maxInsns: 2 },
  });
  assertEquals([block.guestInsns, block.guestBytes], [2, 8]);
});
