import { assertEquals } from "@std/assert";
import { MODE } from "../system/psr.ts";
import { FILE_CPSR, FILE_PC, FILE_R0, FILE_WORDS, GUEST, Subject } from "./subject.ts";
import { type Tier, TIERS } from "./subject_engine.ts";

/** Runs three additions, one a block; gives r0 and how many blocks were translated. */
function additions(tier: Tier): { sum: number; blocks: number } {
  const subject = new Subject(tier);
  const file = new Uint32Array(FILE_WORDS);
  file[FILE_CPSR] = MODE.SVC;
  file[FILE_PC] = GUEST.code;
  subject.writeCode(GUEST.code, Uint32Array.of(0xe2800001, 0xe2800002, 0xe2800004, 0xeafffffe));
  subject.setRegisters(file);
  subject.listing = [];
  assertEquals(subject.run(3, 1, GUEST.code + 12), "done");
  subject.getRegisters(file);
  // Each block is listed before and after the passes.
  return { sum: file[FILE_R0], blocks: subject.listing.length / 2 };
}

Deno.test("every tier of the subject runs all blocks of a case", () => {
  for (const tier of TIERS) assertEquals(additions(tier).sum, 7, tier);
});

Deno.test("a region holds all blocks of a case and what follows, translated once", () => {
  assertEquals(additions("wasm").blocks, 3);
  assertEquals(additions("region").blocks, 4);
});
