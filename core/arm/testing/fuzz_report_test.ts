import { assert, assertStringIncludes } from "@std/assert";
import type { CampaignResult } from "./campaign.ts";
import { fuzzReport, type FuzzRequest } from "./fuzz_report.ts";

const REQUEST: FuzzRequest = {
  count: 10,
  first: 0,
  seed: 7,
  set: "t32",
  tiers: ["wasm"],
  rows: "^ldr",
  ir: false,
};
const ROW = { table: "t16", bits: "0100001010mmmnnn", handler: "cmn_reg" };
const CLEAN: CampaignResult = {
  cases: 10,
  skipped: 0,
  rows: [{ ...ROW, same: 10, different: 0 }],
  failures: [],
  explained: new Map([["a reason", 2]]),
};

Deno.test("fuzz report counts the rows of each table and the known differences", () => {
  const text = fuzzReport(REQUEST, "wasm", CLEAN, 2);
  assertStringIncludes(text, "wasm: 10 cases in 2.0 s, 0 unexplained differences\n");
  assertStringIncludes(text, "t16        1 of 1 rows equal");
  assertStringIncludes(text, "2 known: a reason");
});

Deno.test("fuzz report says how to run an unexplained case again", () => {
  const failure = {
    handler: "ldr_imm",
    count: 3,
    index: 41,
    example: "  8000: ...",
    listing: "IR",
  };
  const text = fuzzReport(REQUEST, "wasm", { ...CLEAN, failures: [failure] }, 2);
  assertStringIncludes(text, "3 unexplained differences in 1 instructions");
  assertStringIncludes(
    text,
    "Again: deno task fuzz --seed 7 --set t32 --rows '^ldr' --tier wasm --case 41",
  );
  assert(!text.includes("IR"));
});

Deno.test("fuzz report names rows that were not compared, and why", () => {
  const rows = [{ ...ROW, same: 0, different: 4 }, {
    ...ROW,
    handler: "it",
    same: 0,
    different: 0,
  }];
  const text = fuzzReport(REQUEST, "interp", { ...CLEAN, rows }, 2);
  assertStringIncludes(text, "0 of 2 rows equal");
  assertStringIncludes(text, "cmn_reg: 4 known differences only");
  assertStringIncludes(text, "it: not drawn");
});
