/** Random cases of every row of every table against the oracle, on every tier. */
import { assert, assertEquals } from "@std/assert";
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { type CampaignOptions, type CampaignResult, runCampaign, SPOILT } from "./campaign.ts";
import { randomCase, randomWords } from "./case.ts";
import { Differ } from "./differ.ts";
import { explain, REASONS, unpredictable } from "./explained.ts";
import { TABLES } from "./instruction_set.ts";
import { TIERS } from "./subject_engine.ts";
import { unicornInstalled } from "./unicorn.ts";
import { Rng } from "../../ir/testing/rng.ts";

const installed = unicornInstalled();

/** A test that needs the oracle; where it is missing, the name says why it is skipped. */
function oracleTest(name: string, fn: () => void): void {
  const skipped = installed ? "" : " (skipped: Debian's package libunicorn2 is not installed)";
  Deno.test({ name: name + skipped, ignore: !installed, fn });
}

function assertClean(options: CampaignOptions): CampaignResult {
  const result = runCampaign(options);
  assertEquals(
    result.failures.map(({ handler, index, example }) => `${handler}, case ${index}\n${example}`),
    [],
  );
  return result;
}

const COUNTS = { interp: 24_000, wasm: 10_000, region: 6_000 } as const;

for (const tier of TIERS) {
  oracleTest(`Every row of every table on ${tier} does what the oracle does`, () => {
    const { rows } = assertClean({ count: COUNTS[tier], seed: 1, tier });
    const untried = rows.filter(({ same, different }) => same + different === 0);
    assertEquals(untried.map(({ table, handler, bits }) => `${table} ${handler} ${bits}`), []);
  });
}

oracleTest("Any word is UNDEFINED exactly when it is for the oracle", () => {
  assertClean({ count: 10_000, seed: 3, tier: "interp", kinds: ["any-word"] });
});

oracleTest("Differ finds a subject that goes wrong", () => {
  const differ = new Differ("interp");
  try {
    const encoding = A32_DECODER.encodings.find(({ row }) => row[1] === "add_reg")!;
    const file = new Uint32Array(18);
    file.set([0x13, 1, 2]);
    file[16] = 0x8000;
    const words = Uint32Array.of(0xe0812001); // add r2, r1, r1
    const test = { pc: 0x8000, words, encodings: [encoding], file, vectors: null, blockInsns: 1 };
    assertEquals(differ.run(test), null);
    // The subject alone runs another instruction.
    const { writeCode } = differ.subject;
    differ.subject.writeCode = (at) =>
      writeCode.call(differ.subject, at, Uint32Array.of(0xe0813001)); // add r3, r1, r1
    const difference = differ.run(test);
    assertEquals(difference?.lines, ["r2: oracle 0x4, subject 0x0", "r3: oracle 0x0, subject 0x4"]);
  } finally {
    differ.close();
  }
});

Deno.test("Thumb rows of VFP and Advanced SIMD are decoded as those rows", () => {
  const rng = new Rng(9);
  for (const { name, set, rows } of TABLES) {
    for (const encoding of rows) {
      const [word] = randomWords(rng, [encoding]);
      assert(set.match(word, encoding) !== null, `${name} ${encoding.row[1]} ${word.toString(16)}`);
    }
  }
});

Deno.test("Explanations leave ordinary instructions alone", () => {
  const rng = new Rng(5);
  const ordinary = ["add_reg", "mul", "ldr_imm", "stm", "clz", "ssat", "uadd8", "strex"];
  for (const name of ordinary) {
    const encoding = A32_DECODER.encodings.find(({ row }) => row[1] === name)!;
    let predictable = 0;
    for (let i = 0; i < 100; i++) {
      const test = randomCase(rng, [encoding], randomWords(rng, [encoding]), false);
      if (unpredictable(encoding, test.words[0], false) !== null) continue;
      predictable++;
      const outcome = {
        stop: "done",
        file: test.file,
        vectors: null,
        misaligned: false,
      } as const;
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

Deno.test("Every known difference is listed in docs/fuzzing.md", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/fuzzing.md", import.meta.url));
  const words = text.replaceAll(/\s+/g, " ");
  assertEquals([...REASONS, SPOILT].filter((reason) => !words.includes(reason)), []);
});
