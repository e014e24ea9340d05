/**
 * A run of many random cases.
 * @module
 */
import { encodingOf } from "../decode/decoder.ts";
import { A32_DECODER } from "../decode/a32_decoder.ts";
import { disassembleA32 } from "../disasm/disassemble.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { type A32Encoding, randomCase, type TestCase } from "./case.ts";
import { Differ, type Difference } from "./differ.ts";
import { explain, unpredictable, writesPc } from "./explained.ts";

/** What to run. */
export interface CampaignOptions {
  /** Number of cases. */
  readonly count: number;
  readonly seed: number;
  /** Instructions in a case; those of a longer case only compute, load and store. */
  readonly length: number;
  /**
   * Take any 32-bit words instead of words made from the rows: most are UNDEFINED, and both sides
   * must agree on which.
   */
  readonly anyWord?: boolean;
  /** Which rows, by handler and group; all without. */
  readonly wanted?: (handler: string, group: string) => boolean;
}

/** Cases of one handler that differ without explanation. */
export interface Failure {
  readonly handler: string;
  count: number;
  /** Text of the first one, and the IR of its blocks before and after the passes. */
  readonly example: string;
  readonly listing: string;
}

/** What a campaign found. */
export interface CampaignResult {
  readonly cases: number;
  /** Number of cases of each handler (of the first instruction). */
  readonly perHandler: ReadonlyMap<string, number>;
  readonly failures: readonly Failure[];
  /** Explained differences by reason. */
  readonly explained: ReadonlyMap<string, number>;
}

/**
 * Rows that are not compared: the registers behind them differ from machine to machine. They have
 * unit tests of their own.
 */
const SKIPPED_GROUPS: ReadonlySet<string> = new Set(["coprocessor"]);
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
]);

/** Runs random cases; needs the oracle. The rows take turns, so that each gets its share. */
export function runCampaign(options: CampaignOptions): CampaignResult {
  const rng = new Rng(options.seed);
  const rows = A32_DECODER.encodings.filter(({ row }) =>
    !SKIPPED_GROUPS.has(row[3]) && (options.wanted?.(row[1], row[3]) ?? true) &&
    (options.length === 1 || STRAIGHT_GROUPS.has(row[3]) && row[1] !== "ldm_eret")
  );
  if (options.anyWord) rows.splice(0, rows.length, NO_ENCODING);
  if (rows.length === 0) throw new RangeError("No encoding row is wanted; choose another pattern");
  const perHandler = new Map<string, number>();
  const failures = new Map<string, Failure>();
  const explained = new Map<string, number>();
  const differ = new Differ();
  try {
    for (let i = 0; i < options.count; i++) {
      const encodings = chooseRows(rng, rows, i, options.length);
      const test = options.length === 1
        ? randomCase(rng, encodings)
        : randomCase(rng, encodings, continues);
      // A special case of the row may have come out of its random fields.
      const exact = { ...test, encodings: encodings.map((e, k) => matching(test.words[k], e)) };
      const handler = exact.encodings[0].row[1];
      if (SKIPPED_GROUPS.has(exact.encodings[0].row[3])) continue;
      perHandler.set(handler, (perHandler.get(handler) ?? 0) + 1);
      const difference = differ.run(exact);
      if (difference === null) continue;
      const reason = explain(exact, difference);
      if (reason !== null) explained.set(reason, (explained.get(reason) ?? 0) + 1);
      else noteFailure(failures, handler, exact, difference, differ);
    }
  } finally {
    differ.close();
  }
  return { cases: options.count, perHandler, failures: [...failures.values()], explained };
}

/** Stands for words that no row matches, and makes random words that any row may match. */
const NO_ENCODING: A32Encoding = encodingOf([
  "-".repeat(32),
  "none",
  "v4",
  "none",
  "",
]) as unknown as A32Encoding;

function chooseRows(
  rng: Rng,
  rows: readonly A32Encoding[],
  i: number,
  length: number,
): A32Encoding[] {
  const first = rows[i % rows.length];
  return Array.from({ length }, (_, k) => k === 0 ? first : rng.pick(rows));
}

/** Whether what comes after the instruction in a longer case can be compared. */
function continues(encoding: A32Encoding, word: number): boolean {
  const exact = matching(word, encoding);
  return unpredictable(exact, word) === null && !writesPc(exact, word);
}

function matching(word: number, otherwise: A32Encoding): A32Encoding {
  return A32_DECODER.match(word) ?? otherwise;
}

function noteFailure(
  failures: Map<string, Failure>,
  handler: string,
  test: TestCase,
  difference: Difference,
  differ: Differ,
): void {
  const known = failures.get(handler);
  if (known) known.count++;
  else {failures.set(handler, {
      handler,
      count: 1,
      example: describe(test, difference),
      listing: listingOf(test, differ),
    });}
}

/** What is needed to run the case again and to see how it differs. */
function describe(test: TestCase, difference: Difference): string {
  const code = Array.from(test.words, (word, i) => {
    const at = test.pc + 4 * i;
    const text = disassembleA32(word, at);
    return `  ${at.toString(16)}: ${word.toString(16).padStart(8, "0")} ${text}`;
  });
  const file = Array.from(test.file, (word) => word.toString(16)).join(" ");
  const lines = difference.lines.slice(0, 12).map((line) => `  ${line}`);
  return [...code, `  cpsr r0-r15 spsr: ${file}`, ...lines].join("\n");
}

function listingOf(test: TestCase, differ: Differ): string {
  const { subject } = differ;
  subject.listing = [];
  differ.run(test);
  const text = subject.listing.join("");
  subject.listing = null;
  return text;
}
