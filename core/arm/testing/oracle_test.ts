import { assert, assertEquals } from "@std/assert";
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.ts";
import { randomCase } from "./case.ts";
import { Differ } from "./differ.ts";
import { explain, unpredictable } from "./explained.ts";
import { INSTRUCTION_SETS } from "./instruction_set.ts";
import { unicornInstalled } from "./unicorn.ts";
import { Rng } from "../../ir/testing/rng.ts";

const installed = unicornInstalled();

/** A test that needs the oracle; where it is missing, the name says why it is skipped. */
function oracleTest(name: string, fn: () => void): void {
  const skipped = installed ? "" : " (skipped: libunicorn not installed)";
  Deno.test({ name: name + skipped, ignore: !installed, fn });
}

function assertClean(options: CampaignOptions): CampaignResult {
  const result = runCampaign(options);
  assertEquals(result.failures.map(({ handler, example }) => `${handler}\n${example}`), []);
  return result;
}

oracleTest("A32 instructions do what the oracle does, one at a time", () => {
  const { perHandler } = assertClean({ count: 25_000, seed: 1, instructionSet: "a32", length: 1 });
  const expected = A32_DECODER.encodings.filter(({ row }) => row[3] !== "coprocessor");
  assertEquals(perHandler.size >= new Set(expected.map(({ row }) => row[1])).size, true);
});

oracleTest("A32 instructions do what the oracle does in sequences", () => {
  assertClean({ count: 3_000, seed: 2, instructionSet: "a32", length: 5 });
});

oracleTest("Thumb instructions do what the oracle does, one at a time, in IT blocks too", () => {
  const { perHandler } = assertClean({
    count: 25_000,
    seed: 1,
    instructionSet: "thumb",
    length: 1,
  });
  const expected = INSTRUCTION_SETS.thumb.encodings.filter(({ row }) => row[3] !== "coprocessor");
  assertEquals(perHandler.size >= new Set(expected.map(({ row }) => row[1])).size, true);
});

oracleTest("Thumb instructions do what the oracle does in sequences and under IT", () => {
  assertClean({ count: 5_000, seed: 2, instructionSet: "thumb", length: 5 });
});

oracleTest("Any Thumb word is UNDEFINED exactly when it is for the oracle", () => {
  assertClean({ count: 15_000, seed: 3, instructionSet: "thumb", length: 1, anyWord: true });
});

oracleTest("Any 32-bit word is UNDEFINED exactly when it is for the oracle", () => {
  assertClean({ count: 10_000, seed: 3, instructionSet: "a32", length: 1, anyWord: true });
});

oracleTest("Differ finds a subject that goes wrong", () => {
  const differ = new Differ();
  try {
    const encoding = A32_DECODER.encodings.find(({ row }) => row[1] === "add_reg")!;
    const file = new Uint32Array(18);
    file.set([0x13, 1, 2]);
    file[16] = 0x8000;
    const words = Uint32Array.of(0xe0812001); // add r2, r1, r1
    assertEquals(differ.run({ pc: 0x8000, words, encodings: [encoding], file }), null);
    // The subject alone runs another instruction.
    const { writeCode } = differ.subject;
    differ.subject.writeCode = (at) =>
      writeCode.call(differ.subject, at, Uint32Array.of(0xe0813001)); // add r3, r1, r1
    const difference = differ.run({ pc: 0x8000, words, encodings: [encoding], file });
    assertEquals(difference?.lines, ["r2: oracle 0x4, subject 0x0", "r3: oracle 0x0, subject 0x4"]);
  } finally {
    differ.close();
  }
});

Deno.test("Explanations leave ordinary instructions alone", () => {
  const rng = new Rng(5);
  const ordinary = ["add_reg", "mul", "ldr_imm", "stm", "clz", "ssat", "uadd8", "strex"];
  for (const name of ordinary) {
    const encoding = A32_DECODER.encodings.find(({ row }) => row[1] === name)!;
    let predictable = 0;
    for (let i = 0; i < 100; i++) {
      const test = randomCase(rng, [encoding], false);
      if (unpredictable(encoding, test.words[0], false) !== null) continue;
      predictable++;
      const outcome = { stop: "done", file: test.file, misaligned: false } as const;
      const wrong = test.file.slice();
      wrong[3] ^= 1;
      const subject = { ...outcome, file: wrong };
      const lines = ["r2: oracle 0x0, subject 0x1"];
      const exceptionReturn = name === "add_reg" && (test.words[0] & 0x10f000) === 0x10f000;
      assertEquals(
        explain(test, { oracle: outcome, subject, lines }) !== null,
        exceptionReturn,
        name,
      );
    }
    assert(predictable > 30, `${name} was predictable ${predictable} times`);
  }
});
