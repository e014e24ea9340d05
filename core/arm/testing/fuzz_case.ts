/**
 * The cases of a campaign: each is made from the campaign's seed and its own number alone, so that
 * one can be made again without those before it.
 * @module
 */
import { Rng } from "../../ir/testing/rng.ts";
import { randomCase, randomWords, type TestCase } from "./case.ts";
import { unpredictable, writesPc } from "./explained.ts";
import type { InstructionSet, Table, TestEncoding } from "./instruction_set.ts";
import { isComparable, randomWord } from "./random_word.ts";
import type { Tier } from "./subject_engine.ts";

/** A row of one of a campaign's tables. */
export interface CampaignRow {
  readonly table: Table;
  readonly encoding: TestEncoding;
}

/**
 * Ways to make a case: the row's instruction alone; behind others that compute, load and store; or
 * any word of the table's space instead, where both sides must agree on what is UNDEFINED.
 */
export const CASE_KINDS = ["single", "sequence", "any-word"] as const;
/** One of them. */
export type CaseKind = (typeof CASE_KINDS)[number];

/** What the cases of a campaign are made from. */
export interface CaseOptions {
  readonly seed: number;
  readonly tier: Tier;
  readonly kinds: readonly CaseKind[];
}

/** Share of each kind; a region needs several blocks. */
const SHARES: Readonly<Record<"alone" | "region", Readonly<Record<CaseKind, number>>>> = {
  alone: { single: 60, sequence: 30, "any-word": 10 },
  region: { single: 5, sequence: 90, "any-word": 5 },
};
const MOST_BEFORE = 5;
/** Opcodes, register and coprocessor of MCR and MRC: everything but Rt. */
const CP_REGISTER_BITS = 0x00ef0fef;

/** Groups whose instructions fall through to the next one. */
const STRAIGHT_GROUPS: ReadonlySet<string> = new Set([
  "data_processing",
  "multiply",
  "divide",
  "saturating",
  "parallel",
  "packing",
  "bits",
  "load_store",
  "load_store_multiple",
  "sync",
  "vfp",
  "vfp_convert",
  "vfp_transfer",
  "vfp_memory",
  "neon_integer",
  "neon_lengths",
  "neon_shifts",
  "neon_permute",
  "neon_float",
  "neon_load_store",
]);
/** Handlers of these groups that do not; the oracle forgets the IT state at ISB. */
const NOT_STRAIGHT = /^(ldm_eret|isb)$/;

/** Rows that may stand before the last instruction of a sequence. */
export function straightRows(tables: readonly Table[]): readonly CampaignRow[] {
  return tables.flatMap((table) =>
    table.rows.filter(({ row }) => STRAIGHT_GROUPS.has(row[3]) && !NOT_STRAIGHT.test(row[1]))
      .map((encoding) => ({ table, encoding }))
  );
}

/**
 * The case with a number, for a row; null when its word cannot be compared.
 * @param straight rows that may stand before the row's instruction, of its instruction set.
 */
export function makeCase(
  { table: { set, anyWord }, encoding }: CampaignRow,
  straight: readonly TestEncoding[],
  index: number,
  { seed, tier, kinds }: CaseOptions,
): TestCase | null {
  const rng = new Rng(seed ^ Math.imul(index + 1, 0x9e3779b1));
  const kind = pickKind(rng, tier, kinds);
  const chosen = kind === "any-word"
    ? [rng.pick(anyWord)]
    : [...kind === "sequence" ? before(rng, straight, set) : [], ...withWrite(encoding, set)];
  const last = chosen.length - 1;
  const words = kind === "any-word"
    ? Uint32Array.of(randomWord(rng, chosen[0]))
    : randomWords(rng, chosen, (i, word) => i === last || continues(set, chosen[i], word));
  readBack(chosen, words);
  // A special case of the row may have come out of its random fields.
  const encodings = chosen.map((e, i) => set.match(words[i], e) ?? e);
  if (!encodings.every((e, i) => isComparable(e, words[i]))) return null;
  const test = randomCase(rng, encodings, words, set.thumb);
  const split = tier === "region" || rng.chance(0.3);
  return split ? { ...test, blockInsns: 1 + rng.below(3) } : test;
}

function pickKind(rng: Rng, tier: Tier, kinds: readonly CaseKind[]): CaseKind {
  const shares = SHARES[tier === "region" ? "region" : "alone"];
  let at = rng.below(kinds.reduce((sum, kind) => sum + shares[kind], 0));
  for (const kind of kinds) {
    at -= shares[kind];
    if (at < 0) return kind;
  }
  return kinds[0];
}

/** Instructions before the last one of a sequence; Thumb ones begin with IT now and then. */
function before(
  rng: Rng,
  straight: readonly TestEncoding[],
  set: InstructionSet,
): TestEncoding[] {
  const rest = Array.from({ length: 1 + rng.below(MOST_BEFORE) }, () => rng.pick(straight));
  const it = set.thumb && rng.chance(0.4) ? set.match(0xbf08, SIXTEEN_BITS) : null;
  return it ? [it, ...rest] : rest;
}

/** Any encoding of 16 bits: only its size matters. */
const SIXTEEN_BITS = { row: ["-".repeat(16)] } as unknown as TestEncoding;

/** A read of a coprocessor register follows a write of the same one. */
function withWrite(encoding: TestEncoding, set: InstructionSet): TestEncoding[] {
  if (!/^(mcr|mrc)$/.test(encoding.row[1])) return [encoding];
  const rows = [0xee000f10, 0xee100f10].map((word) => set.match(word, encoding)!);
  return rows;
}

function readBack(encodings: readonly TestEncoding[], words: Uint32Array): void {
  for (let i = 1; i < words.length; i++) {
    if (encodings[i].row[1] !== "mrc" || encodings[i - 1].row[1] !== "mcr") continue;
    words[i] = words[i] & ~CP_REGISTER_BITS | words[i - 1] & CP_REGISTER_BITS;
  }
}

/** Whether what comes after the instruction can be compared. */
function continues(set: InstructionSet, encoding: TestEncoding, word: number): boolean {
  const exact = set.match(word, encoding) ?? encoding;
  return unpredictable(exact, word, set.thumb) === null && !writesPc(exact, word, set.thumb);
}
